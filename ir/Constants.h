// SPDX-License-Identifier: Apache-2.0
// The named constants of system call arguments (AF_UNIX, O_CREAT, S_IFREG, ...): Constants.def.
#pragma once
#include "ir/Syscalls.h"

namespace snapsecc::ir {

// The kernel's value on this architecture; nullopt: no such constant.
std::optional<int64_t> constantValue(llvm::StringRef name, const ArchInfo &arch);
bool isConstant(llvm::StringRef name);
std::vector<llvm::StringRef> constantNames(); // sorted
// "AF_NETLINK" for prefix "AF_" and 16; empty: none has this value.
llvm::StringRef constantName(llvm::StringRef prefix, int64_t value, const ArchInfo &arch);

} // namespace snapsecc::ir
