// SPDX-License-Identifier: Apache-2.0
// Rules of one kind compared part by part: a part that is absent stands for anything, `any` for all words, patterns by
// their languages. For the kinds whose parts are independent conditions (isComparable).
#pragma once
#include "automata/PatternTable.h"
#include "ir/Policy.h"

namespace snapsecc::ir {

// Are a rule's parts conditions, each of which must hold, so that less of them is more?
bool isComparable(RuleKind kind);
// The part whose values are rights of their own, one independent of the other, where nothing else is in the rule.
std::optional<llvm::StringRef> divisibleList(RuleKind kind);
// Does the last rule that matches decide? Such rules keep their order, and what stands twice is no mistake.
bool isOrdered(RuleKind kind);
// Is the order of the part's values, and how often one is there, without meaning?
bool isSet(const Part &part);
// The first part of several values: verbs, families, paths; what a weak rule gives up one by one.
std::optional<unsigned> firstList(const Signature &signature);

class OperandTables {
public:
  OperandTables();
  // Does `strong` grant (or deny) all that `rule` does?
  bool implies(const Rule &strong, const Rule &rule);
  // The same for one value of a list alone.
  bool impliesValue(const Rule &strong, const Rule &rule, llvm::StringRef list, uint32_t value);
  // Do other rules together, each the same or more but for one part of patterns, grant (or deny) all that `rule` does?
  bool impliedByUnion(llvm::ArrayRef<Rule> others, const Rule &rule);
  // Is there an access that both speak of? `list`, if given, is left to overlapsValue().
  bool overlaps(const Rule &a, const Rule &b, std::optional<unsigned> list = std::nullopt);
  bool overlapsValue(const Rule &other, unsigned part, const Value &value);

private:
  // The source of a mount may be a word, "tmpfs", which is no path.
  automata::PatternTable &tableOf(RuleKind kind, SlotType type) {
    return type == SlotType::Glob && kind != RuleKind::Mount ? paths : names;
  }
  bool implies(const Rule &strong, const Rule &rule, std::optional<unsigned> but);
  bool includes(RuleKind kind, const Part &part, llvm::ArrayRef<Value> all, const Value &value);
  bool meets(RuleKind kind, const Part &part, const Value &a, const Value &b);

  automata::PatternTable paths, names;
};

// The values of a part; empty where it is absent.
llvm::ArrayRef<Value> valuesOf(const Rule &rule, unsigned part);

} // namespace snapsecc::ir
