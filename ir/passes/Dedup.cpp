// SPDX-License-Identifier: Apache-2.0
// Pass `dedup`: of rules that are the same the first stays, with the origins of all.
//   before: file "/a" r @0;  file "/a" r @3;
//   after:  file "/a" r @0,3;
#include "ir/Passes.h"
#include "ir/passes/FileRules.h"
#include "ir/passes/Operands.h"
#include "llvm/ADT/Hashing.h"
#include <unordered_map>

namespace snapsecc::ir {
namespace {

size_t hashOf(const Rule &rule) {
  llvm::hash_code hash = llvm::hash_combine(unsigned(rule.kind), rule.modifiers, rule.body.size());
  for (const Rule::Operand &operand : rule.operands)
    for (const Value &value : operand.values)
      hash = llvm::hash_combine(hash, operand.part, value.text, value.number);
  return hash;
}

// The same value twice in a list that is a set.
void dedupValues(Rule &rule) {
  for (Rule::Operand &operand : rule.operands) {
    if (!isSet(rule.signature().parts[operand.part])) continue;
    std::vector<Value> kept;
    for (Value &value : operand.values)
      if (!llvm::is_contained(kept, value)) kept.push_back(std::move(value));
    operand.values = std::move(kept);
  }
}

void dedupRules(std::vector<Rule> &rules) {
  std::unordered_multimap<size_t, size_t> seen;
  std::vector<Rule> kept;
  for (Rule &rule : rules) {
    dedupValues(rule);
    size_t hash = hashOf(rule);
    auto [begin, end] = seen.equal_range(hash);
    auto same = std::find_if(begin, end, [&](const auto &entry) { return kept[entry.second].sameAs(rule); });
    if (same != end && !isOrdered(rule.kind)) {
      mergeOrigins(kept[same->second], rule);
      continue;
    }
    seen.emplace(hash, kept.size());
    kept.push_back(std::move(rule));
  }
  rules = std::move(kept);
}

} // namespace

void dedup(Policy &policy, const Target &, Engine &) {
  forEachRuleList(policy, dedupRules);
  for (Snap &snap : policy.snaps)
    dedupRules(snap.rules);
}

} // namespace snapsecc::ir
