// SPDX-License-Identifier: Apache-2.0
// Pass `factor-alternations`: paths below one directory that have the rest of the rule in common become one pattern,
// which loads faster: apparmor_parser simplifies the tree of all rules with the same permissions, and compares each
// alternative with each.
//   before: file "/d/a", "/d/b*" r;  file "/d/e/f" r;  mount -> "/m/a" options rw;  mount -> "/m/b" options rw;
//   after:  file "/d/{a,b*,e/f}" r;                    mount -> "/m/{a,b}" options rw;
// Left alone: an executed path that another transition comes near, because apparmor_parser lets exact paths beat
// patterns there.
#include "ir/Passes.h"
#include "ir/Text.h"
#include "ir/passes/FileRules.h"
#include "ir/passes/PathTree.h"

namespace snapsecc::ir {
namespace {

// Where a rule of this kind has paths that stand for themselves.
struct PathPart {
  RuleKind kind;
  const char *role;
};
constexpr PathPart parts[] = {{RuleKind::File, "GLOB"},
                              {RuleKind::Umount, "GLOB"},
                              {RuleKind::Mqueue, "GLOB"},
                              {RuleKind::Mount, "->"},
                              {RuleKind::Mount, "GLOB"}};

class Factoring {
public:
  Factoring(std::vector<Rule> &list, PathPart which)
      : rules(list), part(which), paths(automata::standardVariables()), moves(list, which.role) {}
  void run();

private:
  struct Group {
    std::vector<std::pair<uint32_t, uint32_t>> places; // rule, value
    std::vector<std::string> paths;
  };
  void collect();
  bool mayMove(const Rule &rule, llvm::StringRef path);
  void make(const Group &group, const JoinedPath &joined);

  std::vector<Rule> &rules;
  PathPart part;
  automata::PatternTable paths;
  llvm::StringMap<size_t> index; // the rest of the rule -> group
  std::vector<Group> groups;
  PathMoves moves;
};

// No other transition on a path that is executed.
bool Factoring::mayMove(const Rule &rule, llvm::StringRef path) {
  if (rule.kind != RuleKind::File || rule.is(Deny) || !(parsePermissions(rule.text("PERMS")) & Execute)) return true;
  llvm::Expected<automata::PatternTable::Id> own = paths.add(path);
  if (!own) {
    llvm::consumeError(own.takeError());
    return false;
  }
  for (const Rule &other : rules) {
    if (other.kind != RuleKind::Exec) continue;
    for (const Value &value : other.get("GLOB")) {
      llvm::Expected<automata::PatternTable::Id> id = paths.add(value.text);
      bool near = !id || paths.overlap(*own, *id);
      llvm::consumeError(id.takeError());
      if (near) return false;
    }
  }
  return true;
}

void Factoring::collect() {
  for (uint32_t i = 0; i < rules.size(); ++i) {
    const Rule &rule = rules[i];
    if (rule.kind != part.kind || (rule.signature().find("except") && rule.has("except"))) continue;
    Rule rest = rule;
    rest.set(part.role, {});
    std::string key = printRule(rest);
    llvm::ArrayRef<Value> values = rule.get(part.role);
    for (uint32_t v = 0; v < values.size(); ++v) {
      bool isPath = llvm::StringRef(values[v].text).startswith("/") || llvm::StringRef(values[v].text).startswith("@{");
      if (!isPath || !mayMove(rule, values[v].text)) continue;
      auto [at, isNew] = index.try_emplace(key, groups.size());
      if (isNew) groups.emplace_back();
      groups[at->second].places.emplace_back(i, v);
      groups[at->second].paths.push_back(values[v].text);
    }
  }
}

void Factoring::make(const Group &group, const JoinedPath &joined) {
  uint32_t first = group.places[joined.from.front()].first;
  Rule rule = rules[first];
  rule.origins.clear();
  rule.set(part.role, {Value::string(joined.text)});
  for (uint32_t i : joined.from) {
    auto [from, value] = group.places[i];
    moves.take(from, value);
    mergeOrigins(rule, rules[from]);
  }
  moves.make(first, std::move(rule));
}

void Factoring::run() {
  collect();
  for (const Group &group : groups)
    for (const JoinedPath &joined : joinPaths(group.paths))
      if (joined.from.size() > 1) make(group, joined);
  moves.apply();
}

} // namespace

void factorAlternations(Policy &policy, const Target &, Engine &) {
  forEachRuleList(policy, [](std::vector<Rule> &rules) {
    for (const PathPart &part : parts)
      Factoring(rules, part).run();
  });
}

} // namespace snapsecc::ir
