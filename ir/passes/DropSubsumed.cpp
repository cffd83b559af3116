// SPDX-License-Identifier: Apache-2.0
// Pass `drop-subsumed`.
//   before: file "/a/**" r;  file "/a/b" r;          dbus send session;  dbus send session path "/x";
//   after:  file "/a/**" r;                          dbus send session;
// A path of a file or exec rule goes when other rules together give all that it gives; a rule of another kind, or a
// value of a list of capabilities or system calls, when one other rule does.
//   1. paths from the longest common beginning to the shortest, so that the narrow ones go first
//   2. each is held against those that are still there
// A path that is executed stays where another transition is near: apparmor_parser lets exact paths beat patterns.
#include "ir/Passes.h"
#include "ir/passes/FileRules.h"
#include "ir/passes/Operands.h"

namespace snapsecc::ir {
namespace {

// Unions are asked within a small budget: what needs more is rare, and not worth the wait.
constexpr unsigned unionStates = 500;

bool otherTransitionIsNear(const PathGrant &grant, llvm::ArrayRef<PathGrant> grants, llvm::ArrayRef<uint32_t> near,
                           automata::PatternTable &paths) {
  return llvm::any_of(near, [&](uint32_t index) {
    const PathGrant &other = grants[index];
    return (other.permissions & Execute) && other.transition != grant.transition &&
           paths.overlap(grant.path, other.path);
  });
}

void dropPaths(std::vector<Rule> &rules) {
  automata::PatternTable paths(automata::standardVariables());
  std::vector<PathGrant> grants = pathGrants(rules, paths);
  GrantIndex index(grants, paths);
  std::vector<uint32_t> order(grants.size());
  for (uint32_t i = 0; i < order.size(); ++i)
    order[i] = i;
  llvm::stable_sort(order, [&](uint32_t a, uint32_t b) {
    size_t x = paths.prefix(grants[a].path).size(), y = paths.prefix(grants[b].path).size();
    return x != y ? x > y : paths.text(grants[a].path).size() > paths.text(grants[b].path).size();
  });
  std::vector<bool> gone(grants.size(), false);
  std::vector<std::vector<uint32_t>> dropped(rules.size());
  for (uint32_t i : order) {
    if (!grants[i].removable) continue;
    std::vector<uint32_t> near = index.meeting(grants[i]);
    llvm::erase_if(near, [&](uint32_t other) { return other == i || gone[other]; });
    if (near.empty() || isImplied(grants[i], grants, near, paths, unionStates) != true) continue;
    if ((grants[i].permissions & Execute) && otherTransitionIsNear(grants[i], grants, near, paths)) continue;
    gone[i] = true;
    dropped[grants[i].rule].push_back(grants[i].value);
  }
  std::vector<Rule> kept;
  for (size_t i = 0; i < rules.size(); ++i)
    if (dropped[i].empty() || !removeValues(rules[i], "GLOB", dropped[i])) kept.push_back(std::move(rules[i]));
  rules = std::move(kept);
}

void dropOthers(std::vector<Rule> &rules) {
  OperandTables tables;
  std::vector<bool> gone(rules.size(), false);
  auto anyOther = [&](size_t i, auto implies) {
    for (size_t j = 0; j < rules.size(); ++j)
      if (i != j && !gone[j] && rules[i].kind == rules[j].kind && implies(rules[j])) return true;
    return false;
  };
  for (size_t i = 0; i < rules.size(); ++i)
    if (isComparable(rules[i].kind))
      gone[i] = anyOther(i, [&](const Rule &other) { return tables.implies(other, rules[i]); });
  for (size_t i = 0; i < rules.size(); ++i) {
    std::optional<llvm::StringRef> list = divisibleList(rules[i].kind);
    if (!list || gone[i]) continue;
    std::vector<uint32_t> dropped;
    for (uint32_t v = 0; v < rules[i].get(*list).size(); ++v)
      if (anyOther(i, [&](const Rule &other) { return tables.impliesValue(other, rules[i], *list, v); }))
        dropped.push_back(v);
    if (!dropped.empty()) gone[i] = removeValues(rules[i], *list, dropped);
  }
  size_t at = 0;
  llvm::erase_if(rules, [&](const Rule &) { return gone[at++]; });
}

} // namespace

void dropSubsumed(Policy &policy, const Target &, Engine &) {
  forEachRuleList(policy, [](std::vector<Rule> &rules) {
    dropPaths(rules);
    dropOthers(rules);
  });
}

} // namespace snapsecc::ir
