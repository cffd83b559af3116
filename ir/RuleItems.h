// SPDX-License-Identifier: Apache-2.0
// A rule's operands as the items of a statement, in the order of writing. What is printed, and what verify matches
// against the signature.
#pragma once
#include "ir/Policy.h"

namespace snapsecc::ir {

struct RuleItem {
  llvm::StringRef word;         // of the signature: "except", "->"; empty: values
  llvm::ArrayRef<Value> values; // of an operand; a flag holds its word
};
// For operands that are sorted and have parts of the kind's signature.
std::vector<RuleItem> itemsOf(const Rule &rule);

// What the matcher sees of a value.
Shape shapeOf(const Value &value);
// Is this, beyond fitting the slot, a value with nothing left to decide: text in a pattern, no list, no call of a
// function?
bool isConcrete(SlotType type, const Value &value);
bool isComparison(llvm::StringRef text);
// May a Value::Word have this text, so that it reads back as one?
bool isWord(llvm::StringRef text);

inline constexpr unsigned maxTextDepth = 8; // of calls and lists in values, of child profiles

} // namespace snapsecc::ir
