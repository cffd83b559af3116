// SPDX-License-Identifier: Apache-2.0
// See the header. A part that a rule does not have holds for anything; a part that the question does not have may be
// anything, so a rule that has it speaks of some such accesses alone.
#include "analysis/RuleMatch.h"
#include "ir/passes/FileRules.h"
#include "ir/passes/Operands.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

namespace snapsecc::analysis {

using ir::Part;
using ir::Rule;
using ir::RuleKind;
using ir::SlotClass;
using ir::SlotType;
using ir::Value;

namespace {

constexpr size_t maxAtoms = 4096;

bool isPattern(const Part &part) { return ir::slotTypeInfo(part.type).cls == SlotClass::Pattern; }

std::vector<Value> letters(llvm::StringRef permissions) {
  std::vector<Value> out;
  for (size_t i = 0; i < permissions.size(); ++i)
    out.push_back(Value::word(permissions.substr(i, 1)));
  return out;
}

// What every word of the pattern begins with, seen without reading it; less where that is not plain.
llvm::StringRef plainPrefix(llvm::StringRef pattern) {
  if (pattern.contains("//")) return "";
  return pattern.take_until([](char c) { return llvm::StringRef("*?[{\\@").contains(c); });
}

// The flags that mount(2) is called with: `rw` and the like say that a flag is not there.
std::vector<llvm::StringRef> mountFlags(llvm::ArrayRef<Value> options) {
  static const llvm::StringSet<> absent = {"rw",     "suid",     "dev",        "exec",         "async",     "nomand",
                                           "atime",  "diratime", "norelatime", "noiversion",   "symfollow", "loud",
                                           "nouser", "noacl",    "nolazytime", "nostrictatime"};
  std::vector<llvm::StringRef> flags;
  for (const Value &option : options)
    if (!absent.contains(option.text)) flags.push_back(option.text);
  llvm::sort(flags);
  return flags;
}

// netlink(PROTOCOL): AppArmor tells families apart and no protocols.
bool sameWord(const Value &a, const Value &b) { return a.text == b.text && a.kind != Value::Kind::Number; }

// What a rule gives on its paths.
ir::Permissions permissionsOf(const Rule &rule) {
  ir::Permissions out =
      rule.kind == RuleKind::Exec ? ir::Permissions(ir::Execute) : ir::parsePermissions(rule.text("PERMS"));
  if (out & ir::Write) out |= ir::Append; // apparmor.d(5): write includes append
  // Who stays in the profile may map what it executes (process_dfa_entry in the parser).
  bool stays = rule.kind == RuleKind::Exec
                   ? llvm::any_of(rule.get("->"), [](const Value &to) { return to.isWord("inherit"); })
                   : (out & ir::Execute) != 0;
  if (stays && !rule.is(ir::Deny)) out |= ir::Map;
  return out;
}

// May the rule be about executing in this way? A denial is about all ways.
bool hasTransition(const Rule &rule, const Value &transition) {
  if (rule.is(ir::Deny)) return true;
  return rule.kind == RuleKind::Exec ? llvm::is_contained(rule.get("->"), transition) : transition.isWord("inherit");
}

} // namespace

bool isPathKind(RuleKind kind) { return kind == RuleKind::File || kind == RuleKind::Exec || kind == RuleKind::Device; }

std::vector<Rule> atomsOf(const Rule &access) {
  std::vector<Rule> atoms{access};
  for (const Rule::Operand &operand : access.operands) {
    const Part &part = access.signature().parts[operand.part];
    bool isList = part.many && !part.isFlag && part.type != SlotType::MntOpt && part.role != "except";
    std::vector<Value> values = isList ? operand.values : std::vector<Value>();
    if (part.type == SlotType::Perms) values = letters(operand.values.front().text);
    if (values.size() < 2) continue;
    std::vector<Rule> more;
    if (atoms.size() * values.size() > maxAtoms) return {};
    for (const Rule &atom : atoms)
      for (const Value &value : values)
        more.emplace_back(atom).set(part.role, {value});
    atoms = std::move(more);
  }
  return atoms;
}

RuleMatcher::RuleMatcher()
    : paths(automata::standardVariables()), names(automata::standardVariables(), automata::Slashes::Keep) {}

RuleMatcher::Found RuleMatcher::matchPatterns(automata::PatternTable &table, llvm::ArrayRef<Value> patterns,
                                              const Value &word) {
  Found found;
  bool isPattern = automata::hasMeta(word.text);
  std::optional<automata::PatternTable::Id> asked;
  if (isPattern) {
    llvm::Expected<automata::PatternTable::Id> id = table.add(word.text);
    if (id)
      asked = *id;
    else
      llvm::consumeError(id.takeError());
  }
  std::vector<automata::PatternTable::Id> meeting;
  for (const Value &pattern : patterns) {
    if (!asked && !llvm::StringRef(word.text).startswith(plainPrefix(pattern.text))) continue;
    llvm::Expected<automata::PatternTable::Id> id = table.add(pattern.text);
    if (!id) {
      llvm::consumeError(id.takeError());
      continue;
    }
    if (!(asked ? table.overlap(*asked, *id) : table.matches(*id, word.text))) continue;
    meeting.push_back(*id);
    found.values.push_back(pattern);
  }
  constexpr unsigned unionStates = 20000;
  if (meeting.empty()) return found;
  bool whole = !asked || table.covered(*asked, meeting, unionStates) == true;
  found.extent = whole ? Extent::Whole : Extent::Part;
  return found;
}

RuleMatcher::Found RuleMatcher::matchValues(const Part &part, llvm::ArrayRef<Value> values,
                                            llvm::ArrayRef<Value> asked) {
  auto any = llvm::find_if(values, [](const Value &value) { return value.isWord("any"); });
  if (any != values.end()) return {Extent::Whole, {*any}};
  if (asked.empty()) return {Extent::Part, values.vec()};
  if (part.type == SlotType::MntOpt)
    return {mountFlags(values) == mountFlags(asked) ? Extent::Whole : Extent::None, values.vec()};
  const Value &one = asked.front();
  if (one.isWord("any") && !isPattern(part)) return {Extent::Part, values.vec()};
  // "none" is no address that a pattern matches.
  bool isWord = part.type == SlotType::Address && one.kind == Value::Kind::Word;
  if (isPattern(part) && !isWord) return matchPatterns(part.type == SlotType::Glob ? paths : names, values, one);
  for (const Value &value : values)
    if (value == one || sameWord(value, one)) return {Extent::Whole, {value}};
  return {};
}

Extent RuleMatcher::matchPaths(const Rule &rule, const Rule &atom, Rule *spoken) {
  bool isExec = atom.kind == RuleKind::Exec;
  ir::Permissions wanted = isExec ? ir::Permissions(ir::Execute) : ir::parsePermissions(atom.text("PERMS"));
  if (!(permissionsOf(rule) & wanted)) return Extent::None;
  if (isExec && !hasTransition(rule, atom.get("->").front())) return Extent::None;
  const Value &path = atom.get("GLOB").front();
  Found found = matchPatterns(paths, rule.get("GLOB"), path);
  if (found.extent == Extent::None) return Extent::None;
  Found excepted = matchPatterns(paths, rule.get("except"), path);
  if (excepted.extent == Extent::Whole) return Extent::None;
  if (spoken) {
    *spoken = rule;
    spoken->set("GLOB", found.values);
  }
  return excepted.extent == Extent::Part ? Extent::Part : found.extent;
}

Extent RuleMatcher::matchParts(const Rule &rule, const Rule &atom, Rule *spoken) {
  Extent extent = Extent::Whole;
  if (spoken) *spoken = rule;
  for (const Rule::Operand &operand : rule.operands) {
    const Part &part = rule.signature().parts[operand.part];
    llvm::ArrayRef<Value> asked = ir::valuesOf(atom, operand.part);
    if (part.isFlag) {
      // `any` is all; `unsafe` says how, not what.
      if (part.role == "any" || part.role == "unsafe") continue;
      if (asked.empty())
        extent = std::min(extent, Extent::Part);
      else if (asked.vec() != operand.values)
        return Extent::None;
      continue;
    }
    if (part.role == "except") {
      llvm::ArrayRef<Value> of = ir::valuesOf(atom, rule.signature().index("GLOB"));
      Found found = of.empty() ? Found{Extent::Part, {}} : matchPatterns(paths, operand.values, of.front());
      if (found.extent == Extent::Whole) return Extent::None;
      if (found.extent == Extent::Part) extent = Extent::Part;
      continue;
    }
    Found found = matchValues(part, operand.values, asked);
    if (found.extent == Extent::None) return Extent::None;
    extent = std::min(extent, found.extent);
    if (spoken && part.type != SlotType::MntOpt) spoken->set(part.role, std::move(found.values));
  }
  return extent;
}

Extent RuleMatcher::match(const Rule &rule, const Rule &atom, Rule *spoken) {
  if (rule.kind == RuleKind::Everything) {
    if (spoken) *spoken = rule;
    bool covered = (ir::backendsOf(atom.kind) & ir::AppArmor) && atom.kind != RuleKind::Child &&
                   atom.kind != RuleKind::Flags && atom.kind != RuleKind::Abstraction;
    return covered ? Extent::Whole : Extent::None;
  }
  if (isPathKind(rule.kind) && isPathKind(atom.kind)) return matchPaths(rule, atom, spoken);
  return rule.kind == atom.kind ? matchParts(rule, atom, spoken) : Extent::None;
}

} // namespace snapsecc::analysis
