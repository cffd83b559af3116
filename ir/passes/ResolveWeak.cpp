// SPDX-License-Identifier: Apache-2.0
// Pass `resolve-weak`: a weak rule holds only as far as no strong rule of its label says otherwise.
//   before: weak deny file "/p/mountinfo", "/p/x" r;  owner file "/p/*info" r;   weak file "/h/**" rx;  exec "/h/a" ->
//   unconfined; after:       deny file "/p/x" r;                  owner file "/p/*info" r;        file "/h/**" r; exec
//   "/h/a" -> unconfined;
//   1. weak grants: a path gives up `x` (an exec rule: the path) where a strong exec transition or change_profile has a
//   program
//      in common with it. Towards a strong deny there is nothing to do: it beats every grant
//   2. weak denials: a path gives up the permissions, a rule of another kind the values of its first list (verbs,
//   capabilities),
//      that a grant has in common with it; grants that were weak count, a weak denial takes no right away
// What is left is no longer weak.
#include "ir/Passes.h"
#include "ir/passes/FileRules.h"
#include "ir/passes/Operands.h"
#include <map>

namespace snapsecc::ir {
namespace {

using Table = automata::PatternTable;

class Resolver {
public:
  explicit Resolver(std::vector<Rule> &list) : rules(list), paths(automata::standardVariables()) {}
  void run();

private:
  bool isFileLike(const Rule &rule) const {
    return rule.kind == RuleKind::File || rule.kind == RuleKind::Exec || rule.kind == RuleKind::Device;
  }
  std::vector<Table::Id> ids(const Rule &rule, llvm::StringRef role);
  bool meet(const Rule &weak, const Value &path, const Rule &other);
  Permissions conflicts(const Rule &weak, const Value &path, const Rule &other);
  void resolvePaths(Rule &rule, std::vector<Rule> &out);
  void resolveOther(Rule rule, std::vector<Rule> &out);

  std::vector<Rule> &rules;
  Table paths;
  OperandTables operands;
};

// The patterns of a part; a text that is no pattern matches nothing (the frontend has reported it).
std::vector<Table::Id> Resolver::ids(const Rule &rule, llvm::StringRef role) {
  std::vector<Table::Id> out;
  for (const Value &value : rule.get(role)) {
    llvm::Expected<Table::Id> id = paths.add(value.text);
    if (id)
      out.push_back(*id);
    else
      llvm::consumeError(id.takeError());
  }
  return out;
}

// Is there a path that both rules speak of, their exceptions left out?
bool Resolver::meet(const Rule &weak, const Value &path, const Rule &other) {
  llvm::Expected<Table::Id> own = paths.add(path.text);
  if (!own) {
    llvm::consumeError(own.takeError());
    return false;
  }
  std::vector<Table::Id> without = ids(weak, "except"), more = ids(other, "except");
  without.insert(without.end(), more.begin(), more.end());
  return llvm::any_of(ids(other, "GLOB"), [&](Table::Id id) { return paths.overlap(*own, id, without); });
}

// The permissions of a weak rule on one of its paths that another rule takes from it.
Permissions Resolver::conflicts(const Rule &weak, const Value &path, const Rule &other) {
  auto permissions = [](const Rule &rule) {
    Permissions all = rule.kind == RuleKind::Exec ? Permissions(Execute) : parsePermissions(rule.text("PERMS"));
    return all & Write ? all | Append : all;
  };
  if (other.is(Deny)) return 0;
  Permissions common = 0;
  if (weak.is(Deny)) {
    if (isFileLike(other)) common = permissions(weak) & permissions(other);
  } else if (!other.is(Weak) && (permissions(weak) & Execute)) {
    bool otherWay = other.kind == RuleKind::Exec && (weak.kind != RuleKind::Exec || weak.get("->") != other.get("->") ||
                                                     weak.has("unsafe") != other.has("unsafe"));
    bool stays = weak.kind == RuleKind::Exec && other.kind == RuleKind::File && (permissions(other) & Execute);
    bool changes = other.kind == RuleKind::ChangeProfile && other.has("GLOB");
    if (otherWay || stays || changes) common = Execute;
  }
  return common != 0 && meet(weak, path, other) ? common : Permissions(0);
}

// A rule for each set of permissions that is left, in the order of the paths.
void Resolver::resolvePaths(Rule &rule, std::vector<Rule> &out) {
  std::vector<std::pair<Permissions, std::vector<Value>>> kept;
  for (const Value &path : rule.get("GLOB")) {
    Permissions left = rule.kind == RuleKind::Exec ? Permissions(Execute) : parsePermissions(rule.text("PERMS"));
    for (const Rule &other : rules)
      if (left != 0 && &other != &rule) left &= ~conflicts(rule, path, other);
    if (left == 0) continue;
    auto found = llvm::find_if(kept, [&](const auto &entry) { return entry.first == left; });
    if (found == kept.end()) found = kept.insert(kept.end(), {left, {}});
    found->second.push_back(path);
  }
  for (auto &[left, values] : kept) {
    Rule part = rule;
    part.modifiers &= ~Weak;
    part.set("GLOB", std::move(values));
    if (rule.kind != RuleKind::Exec) part.set("PERMS", {Value::word(printPermissions(left))});
    out.push_back(std::move(part));
  }
}

void Resolver::resolveOther(Rule rule, std::vector<Rule> &out) {
  std::optional<unsigned> list = firstList(rule.signature());
  if (rule.is(Deny)) {
    std::vector<const Rule *> against;
    for (const Rule &other : rules)
      if (!other.is(Deny) && operands.overlaps(rule, other, list)) against.push_back(&other);
    if (!list && !against.empty()) return;
    if (list && !against.empty()) {
      // `any` is every word of the list; where the list is open, all or nothing.
      std::vector<Value> values(valuesOf(rule, *list).begin(), valuesOf(rule, *list).end());
      const SlotTypeInfo &slot = slotTypeInfo(rule.signature().parts[*list].type);
      if (values.empty() || llvm::any_of(values, [](const Value &value) { return value.isWord("any"); })) {
        values.clear();
        for (llvm::StringRef word : slot.words)
          if (word != "any") values.push_back(Value::word(word));
      }
      llvm::erase_if(values, [&](const Value &value) {
        return llvm::any_of(against, [&](const Rule *other) { return operands.overlapsValue(*other, *list, value); });
      });
      if (values.empty()) return;
      if (std::optional<unsigned> any = rule.signature().find("any"))
        llvm::erase_if(rule.operands, [&](const Rule::Operand &operand) { return operand.part == *any; });
      rule.set(rule.signature().parts[*list].role, std::move(values));
    }
  }
  rule.modifiers &= ~Weak;
  out.push_back(std::move(rule));
}

void Resolver::run() {
  for (bool denials : {false, true}) {
    std::vector<Rule> out;
    for (Rule &rule : rules) {
      if (!rule.is(Weak) || rule.is(Deny) != denials)
        out.push_back(rule);
      else if (isFileLike(rule))
        resolvePaths(rule, out);
      else
        resolveOther(rule, out);
    }
    rules = std::move(out);
  }
}

} // namespace

void resolveWeak(Policy &policy, const Target &, Engine &) {
  forEachRuleList(policy, [](std::vector<Rule> &rules) {
    if (llvm::any_of(rules, [](const Rule &rule) { return rule.is(Weak); })) Resolver(rules).run();
  });
}

} // namespace snapsecc::ir
