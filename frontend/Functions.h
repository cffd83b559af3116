// SPDX-License-Identifier: Apache-2.0
// The implementations of Functions.def, by what they work on.
#pragma once
#include "frontend/Evaluate.h"

namespace snapsecc {

// The argument by position or name; absent where it is left out.
const Value &argument(const Arguments &arguments, unsigned position, llvm::StringRef name);
bool matchesRegex(llvm::StringRef text, llvm::StringRef regex);     // anchored at both ends
bool matchesPattern(llvm::StringRef text, llvm::StringRef pattern); // AppArmor's

// nullopt: not one of these.
std::optional<Value> callPathFunction(llvm::StringRef name, const Arguments &arguments, const Context &context);
std::optional<Value> callMachineFunction(llvm::StringRef name, const Arguments &arguments, const Context &context);

// The text of a file of the snap that the path belongs to: $SNAP/meta/x. nullopt: it is not there, or the snap's files
// are not at hand.
std::optional<std::string> readSnapFile(const Value &path, const Context &context);

// Options of mount(8).
bool areConsistent(const Value &options);
bool isFileSystemOption(llvm::StringRef option, const Value &types);

} // namespace snapsecc
