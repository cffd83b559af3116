// SPDX-License-Identifier: Apache-2.0
// Pass `order`: rules in the order of kinds, grants before denials, then by their parts; lists that are sets are
// sorted. The same policy is the same text, however the library is arranged. Rules whose order has a meaning keep it.
//   before: unix bind;  file "/b", "/a" r;  deny file "/c" r;
//   after:  file "/a", "/b" r;  deny file "/c" r;  unix bind;
#include "ir/Passes.h"
#include "ir/passes/FileRules.h"
#include "ir/passes/Operands.h"

namespace snapsecc::ir {
namespace {

void sortRules(std::vector<Rule> &rules) {
  for (Rule &rule : rules) {
    for (Rule::Operand &operand : rule.operands)
      if (isSet(rule.signature().parts[operand.part])) llvm::sort(operand.values);
    llvm::sort(rule.origins);
  }
  llvm::stable_sort(rules, [](const Rule &a, const Rule &b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    if (isOrdered(a.kind)) return false;
    if (a.is(Deny) != b.is(Deny)) return b.is(Deny);
    if (a.operands != b.operands) return a.operands < b.operands;
    return a.modifiers < b.modifiers;
  });
}

} // namespace

void orderRules(Policy &policy, const Target &, Engine &) { forEachRuleList(policy, sortRules); }

} // namespace snapsecc::ir
