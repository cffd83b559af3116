// SPDX-License-Identifier: Apache-2.0
// Pass `factor-alternations`: paths of one directory with the same permissions become one pattern, which loads faster.
//   before: file "/d/a", "/d/b*" r;  file "/d/c" r;
//   after:  file "/d/{a,b*,c}" r;
// The patterns are put together as trees, so that a star or a comma means what it meant. Left alone: a path whose last
// part begins with a star (it would have to be written otherwise) or has a variable at an end (what it stands for
// depends on the byte beside it), and an executed path that another transition comes near, because apparmor_parser lets
// exact paths beat patterns there.
#include "ir/Passes.h"
#include "ir/passes/FileRules.h"

namespace snapsecc::ir {
namespace {

using automata::Pattern;

// Of one pattern: siblings, bytes of text, and plain patterns that it stands for.
constexpr size_t maxSiblings = 64, maxLength = 2000, maxAlternatives = 1000;

// A pattern cut behind the last '/' that stands in its top level.
struct Cut {
  std::vector<Pattern> directory, name;
  size_t alternatives = 0; // plain patterns that the whole stands for
};

size_t countAlternatives(const Pattern &pattern) {
  bool braces = pattern.kind == Pattern::Kind::Alternation;
  size_t count = braces ? 0 : 1;
  for (const Pattern &child : pattern.children) {
    size_t own = std::min(countAlternatives(child), maxAlternatives + 1);
    count = std::min(braces ? count + own : count * own, maxAlternatives + 1);
  }
  return count;
}

bool isVariable(const Pattern &pattern) { return pattern.kind == Pattern::Kind::Variable; }

std::optional<Cut> cutName(llvm::StringRef text) {
  llvm::Expected<Pattern> pattern = automata::parsePattern(text);
  if (!pattern) {
    llvm::consumeError(pattern.takeError());
    return std::nullopt;
  }
  std::vector<Pattern> &parts = pattern->children;
  for (size_t i = parts.size(); i-- > 0;) {
    if (parts[i].kind != Pattern::Kind::Literal) continue;
    size_t slash = parts[i].text.rfind('/');
    if (slash == std::string::npos) continue;
    Cut cut;
    cut.alternatives = countAlternatives(*pattern);
    cut.directory.assign(parts.begin(), parts.begin() + i + 1);
    cut.name.assign(parts.begin() + i, parts.end());
    cut.directory.back().text.resize(slash + 1);
    cut.name.front().text.erase(0, slash + 1);
    if (cut.name.front().text.empty()) cut.name.erase(cut.name.begin());
    if (cut.name.empty()) return std::nullopt;
    bool star = cut.name[0].kind == Pattern::Kind::Star || cut.name[0].kind == Pattern::Kind::DoubleStar;
    bool variable = isVariable(cut.name.front()) || isVariable(cut.name.back());
    return star || variable ? std::nullopt : std::optional(std::move(cut));
  }
  return std::nullopt;
}

struct Sibling {
  uint32_t rule, value;
  Cut cut;
};

std::string join(llvm::ArrayRef<Sibling> siblings) {
  Pattern names;
  names.kind = Pattern::Kind::Alternation;
  for (const Sibling &sibling : siblings) {
    // An alternation that is all of the name opens up: {a,b} beside c is {a,b,c}.
    if (sibling.cut.name.size() == 1 && sibling.cut.name[0].kind == Pattern::Kind::Alternation) {
      llvm::append_range(names.children, sibling.cut.name[0].children);
      continue;
    }
    names.children.emplace_back().children = sibling.cut.name;
  }
  Pattern whole;
  whole.children = siblings[0].cut.directory;
  whole.children.push_back(std::move(names));
  return automata::print(whole);
}

class Factoring {
public:
  explicit Factoring(std::vector<Rule> &list) : rules(list), paths(automata::standardVariables()), moves(list) {}
  void run();

private:
  void collect();
  bool mayMove(const Rule &rule, llvm::StringRef path);
  void make(llvm::ArrayRef<Sibling> siblings);

  std::vector<Rule> &rules;
  automata::PatternTable paths;
  llvm::StringMap<std::vector<Sibling>> groups; // modifiers, permissions and directory
  std::vector<std::string> order;
  PathMoves moves;
};

// No other transition on a path that is executed.
bool Factoring::mayMove(const Rule &rule, llvm::StringRef path) {
  if (rule.is(Deny) || !(parsePermissions(rule.text("PERMS")) & Execute)) return true;
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
    if (rule.kind != RuleKind::File || rule.has("except")) continue;
    llvm::ArrayRef<Value> values = rule.get("GLOB");
    for (uint32_t v = 0; v < values.size(); ++v) {
      std::optional<Cut> cut = cutName(values[v].text);
      if (!cut || !mayMove(rule, values[v].text)) continue;
      Pattern directory;
      directory.children = cut->directory;
      std::string key = std::string(1, static_cast<char>(rule.modifiers)) + rule.text("PERMS").str() + " " +
                        automata::print(directory);
      std::vector<Sibling> &group = groups[key];
      if (group.empty()) order.push_back(key);
      group.push_back({i, v, std::move(*cut)});
    }
  }
}

void Factoring::make(llvm::ArrayRef<Sibling> siblings) {
  const Rule &first = rules[siblings[0].rule];
  Rule rule;
  rule.kind = RuleKind::File;
  rule.modifiers = first.modifiers;
  rule.set("GLOB", {Value::string(join(siblings))});
  rule.set("PERMS", {first.get("PERMS")[0]});
  for (const Sibling &sibling : siblings) {
    moves.take(sibling.rule, sibling.value);
    mergeOrigins(rule, rules[sibling.rule]);
  }
  moves.make(siblings[0].rule, std::move(rule));
}

void Factoring::run() {
  collect();
  for (const std::string &key : order) {
    llvm::ArrayRef<Sibling> group = groups[key];
    while (group.size() > 1) {
      size_t count = 0, length = 0, alternatives = 0;
      for (; count < group.size() && count < maxSiblings; ++count) {
        length += rules[group[count].rule].get("GLOB")[group[count].value].text.size();
        alternatives += group[count].cut.alternatives;
        if (count > 0 && (length > maxLength || alternatives > maxAlternatives)) break;
      }
      if (count > 1) make(group.take_front(count));
      group = group.drop_front(count);
    }
  }
  moves.apply();
}

} // namespace

void factorAlternations(Policy &policy, const Target &, Engine &) {
  forEachRuleList(policy, [](std::vector<Rule> &rules) { Factoring(rules).run(); });
}

} // namespace snapsecc::ir
