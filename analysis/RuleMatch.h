// SPDX-License-Identifier: Apache-2.0
// One rule against one question: does it speak of this access, of a part of it, or of something else? Whether it allows
// or denies is no part of that.
#pragma once
#include "automata/PatternTable.h"
#include "ir/Policy.h"

namespace snapsecc::analysis {

// Part: the rule asks for more than the question says (a peer, an address), or the question is a pattern that the rule
// does not cover.
enum class Extent : uint8_t { None, Part, Whole };

// Of what an access consists: a rule of one path, permission, verb, family ... each, so that a rule speaks of all of it
// or not. Options of a mount belong together. Empty: more than a few thousand.
std::vector<ir::Rule> atomsOf(const ir::Rule &access);

// File, exec and device rules answer the same questions: about paths.
bool isPathKind(ir::RuleKind kind);

class RuleMatcher {
public:
  RuleMatcher();
  // `spoken`, if given, becomes the rule with those of its values alone that speak of the atom.
  Extent match(const ir::Rule &rule, const ir::Rule &atom, ir::Rule *spoken = nullptr);

private:
  struct Found {
    Extent extent = Extent::None;
    std::vector<ir::Value> values;
  };
  Found matchPatterns(automata::PatternTable &table, llvm::ArrayRef<ir::Value> patterns, const ir::Value &word);
  Found matchValues(const ir::Part &part, llvm::ArrayRef<ir::Value> values, llvm::ArrayRef<ir::Value> asked);
  Extent matchPaths(const ir::Rule &rule, const ir::Rule &atom, ir::Rule *spoken);
  Extent matchParts(const ir::Rule &rule, const ir::Rule &atom, ir::Rule *spoken);

  automata::PatternTable paths, names;
};

} // namespace snapsecc::analysis
