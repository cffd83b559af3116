// SPDX-License-Identifier: Apache-2.0
// A |= B and B |= A, rule by rule: a path of one list that the other does not hold in the same words must be implied by
// the union of the other's paths (FileRules.h says how); another rule must be implied by one rule of the other list, or
// be there itself.
#include "ir/passes/Meaning.h"
#include "ir/passes/FileRules.h"
#include "llvm/ADT/StringSet.h"

namespace snapsecc::ir {
namespace {

// The answer must be found: the budget is a hundred times that of the passes.
constexpr unsigned unionStates = 50000;

// A rule without its origins, lists that are sets sorted: equal for rules that differ in nothing that counts.
std::string describe(const Rule &rule) {
  std::string out = printModifiers(rule.modifiers);
  if (!out.empty()) out += ' ';
  out += ruleKindInfo(rule.kind).keyword;
  for (const Rule::Operand &operand : rule.operands) {
    const Part &part = rule.signature().parts[operand.part];
    std::vector<std::string> values;
    for (const Value &value : operand.values)
      values.push_back(print(value));
    if (isSet(part)) {
      llvm::sort(values);
      values.erase(std::unique(values.begin(), values.end()), values.end());
    }
    if (!part.isFlag && (part.role[0] < 'A' || part.role[0] > 'Z')) out += " " + part.role;
    for (size_t i = 0; i < values.size(); ++i)
      out += (i == 0 ? " " : ", ") + values[i];
  }
  return out;
}

// Paths are compared elsewhere; the rest of a device (its kind, its matches) belongs to the rule.
bool isPathRule(const Rule &rule) {
  return (rule.kind == RuleKind::File || rule.kind == RuleKind::Exec) && !rule.has("except");
}

// What one permission on one pattern is, in words: two grants with the same key are the same.
using Keys = llvm::StringSet<>;

template <class Visit> void forEachKey(const PathGrant &grant, automata::PatternTable::Id path, Visit visit) {
  for (unsigned bit = Read; bit <= Execute; bit <<= 1)
    if (grant.permissions & bit)
      visit(bit, std::to_string(path) + " " + std::to_string(bit) + " " + std::to_string(grant.modifiers) + " " +
                     (bit == Execute ? grant.transition : ""));
}

// Takes from the grants what stands under a key.
void cancel(std::vector<PathGrant> &grants, const Keys &keys) {
  for (PathGrant &grant : grants) {
    Permissions left = grant.permissions;
    forEachKey(grant, grant.path, [&](unsigned bit, const std::string &key) {
      if (keys.contains(key)) left &= static_cast<Permissions>(~bit);
    });
    grant.permissions = left;
  }
  llvm::erase_if(grants, [](const PathGrant &grant) { return grant.permissions == 0; });
}

Keys keysOf(llvm::ArrayRef<PathGrant> grants) {
  Keys keys;
  for (const PathGrant &grant : grants)
    forEachKey(grant, grant.path, [&](unsigned, const std::string &key) { keys.insert(key); });
  return keys;
}

std::vector<PathGrant> withoutAlternations(llvm::ArrayRef<PathGrant> grants, automata::PatternTable &paths) {
  std::vector<PathGrant> out;
  for (PathGrant grant : grants)
    for (automata::PatternTable::Id path : paths.alternatives(grant.path)) {
      grant.path = path;
      out.push_back(grant);
    }
  return out;
}

} // namespace

MeaningComparison::MeaningComparison() : paths(automata::standardVariables()) {}

// 1. what both lists hold in the same words, 2. what they hold in the same words once {..} is multiplied out, 3. the
// rest by its languages.
std::string MeaningComparison::missingPath(llvm::ArrayRef<Rule> a, llvm::ArrayRef<Rule> b) {
  std::vector<PathGrant> own = pathGrants(a, paths), grants = pathGrants(b, paths), others = grants;
  Keys ownKeys = keysOf(own), otherKeys = keysOf(others);
  cancel(own, otherKeys);
  if (own.empty()) return "";
  cancel(others, ownKeys);
  otherKeys = keysOf(withoutAlternations(others, paths));
  GrantIndex index(grants, paths);
  for (const PathGrant &grant : own) {
    std::vector<PathGrant> alternatives = withoutAlternations(grant, paths);
    cancel(alternatives, otherKeys);
    if (alternatives.empty()) continue;
    if (ir::isImplied(grant, grants, index.meeting(grant), paths, unionStates) != true)
      return paths.text(grant.path).str() + " " + printPermissions(grant.permissions);
  }
  return "";
}

bool MeaningComparison::isImplied(const Rule &rule, llvm::ArrayRef<Rule> by) {
  if (rule.kind == RuleKind::Child)
    return llvm::any_of(by, [&](const Rule &other) {
      return other.kind == RuleKind::Child && other.operands == rule.operands &&
             difference(rule.body, other.body).empty();
    });
  if (!isComparable(rule.kind)) return false;
  if (llvm::any_of(by, [&](const Rule &other) { return operands.implies(other, rule); })) return true;
  if (operands.impliedByUnion(by, rule)) return true;
  std::optional<llvm::StringRef> list = divisibleList(rule.kind);
  if (!list || !rule.has(*list)) return false;
  for (uint32_t v = 0; v < rule.get(*list).size(); ++v)
    if (llvm::none_of(by, [&](const Rule &other) { return operands.impliesValue(other, rule, *list, v); }))
      return false;
  return true;
}

std::string MeaningComparison::missingOther(llvm::ArrayRef<Rule> a, llvm::ArrayRef<Rule> b) {
  llvm::StringSet<> present;
  for (const Rule &rule : b)
    if (!isPathRule(rule) && rule.kind != RuleKind::Child) present.insert(describe(rule));
  for (const Rule &rule : a)
    if (!isPathRule(rule) && !present.contains(describe(rule)) && !isImplied(rule, b)) return describe(rule);
  return "";
}

std::string MeaningComparison::missing(llvm::ArrayRef<Rule> a, llvm::ArrayRef<Rule> b) {
  std::string path = missingPath(a, b);
  return path.empty() ? missingOther(a, b) : path;
}

std::string MeaningComparison::difference(llvm::ArrayRef<Rule> before, llvm::ArrayRef<Rule> after) {
  std::string lost = missing(before, after);
  if (!lost.empty()) return "lost: " + lost;
  std::string won = missing(after, before);
  return won.empty() ? "" : "new: " + won;
}

} // namespace snapsecc::ir
