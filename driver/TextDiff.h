// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>

namespace snapsecc::driver {

// What changes from one text to the other, as `diff -u` prints it with three lines of context; empty where they are the
// same.
std::string unifiedDiff(llvm::StringRef before, llvm::StringRef after, llvm::StringRef name);

} // namespace snapsecc::driver
