// SPDX-License-Identifier: Apache-2.0
// Do two lists of rules mean the same? The check behind --verify.
#pragma once
#include "ir/passes/Operands.h"

namespace snapsecc::ir {

// Compares lists of rules; patterns are read once for all comparisons. Mandatory passes must have run.
class MeaningComparison {
public:
  MeaningComparison();
  // What one list grants or denies and the other does not; empty where they mean the same. Paths are compared by their
  // languages, permission by permission and owner by owner, other rules by inclusion.
  std::string difference(llvm::ArrayRef<Rule> before, llvm::ArrayRef<Rule> after);

private:
  std::string missing(llvm::ArrayRef<Rule> a, llvm::ArrayRef<Rule> b);
  std::string missingPath(llvm::ArrayRef<Rule> a, llvm::ArrayRef<Rule> b);
  std::string missingOther(llvm::ArrayRef<Rule> a, llvm::ArrayRef<Rule> b);
  bool isImplied(const Rule &rule, llvm::ArrayRef<Rule> by);

  automata::PatternTable paths;
  OperandTables operands;
};

} // namespace snapsecc::ir
