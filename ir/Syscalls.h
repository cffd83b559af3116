// SPDX-License-Identifier: Apache-2.0
// System calls by name and number on every architecture, and the architectures themselves. Tables of our own, so that a
// name newer than the installed libseccomp is known. Sources: Syscalls.def; <linux/audit.h>, <linux/net.h>,
// <linux/ipc.h>.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace snapsecc::ir {

enum class SyscallTable : uint8_t {
#define SYSCALL_ARCHES(...) __VA_ARGS__
#define SYSCALL(...)
#include "ir/Syscalls.def"
#undef SYSCALL
#undef SYSCALL_ARCHES
};
constexpr unsigned syscallTables = 18;

struct ArchInfo {
  const char *kernel, *debian; // "x86_64", "amd64"; the kernel's name alone is unique
  uint32_t audit;              // AUDIT_ARCH_*
  SyscallTable table;
  uint32_t base; // added to the table's numbers: 0x40000000 for x32, 4000 for mips o32
  bool wide;     // arguments have 64 bits
  bool bigEndian;
  const char
      *compat; // the 32-bit architecture that its kernel runs beside it, as snapd's targets have it; nullptr: none
};
llvm::ArrayRef<ArchInfo> allArches();
// By the kernel's name, Debian's, or another in use (x64, i686, armv7l, ...).
const ArchInfo *findArch(llvm::StringRef name);

struct Syscall {
  const char *name;
  const char *arguments; // a letter each: i 32 bits, u user or group id, l machine word, p pointer; nullptr: not known
  int numbers[syscallTables];
};
llvm::ArrayRef<Syscall> allSyscalls(); // sorted by name
const Syscall *findSyscall(llvm::StringRef name);
const Syscall *findSyscall(const ArchInfo &arch, uint32_t number);
std::optional<uint32_t> syscallNumber(const Syscall &call, const ArchInfo &arch);
// For nearest(): all names.
std::vector<llvm::StringRef> syscallNames();

// A call that some architectures also (or only) reach through socketcall(2) or ipc(2), its first argument telling
// which.
struct Multiplexed {
  const char *through; // "socketcall", "ipc"
  uint32_t call;       // SYS_SOCKET, SEMOP, ...
};
std::optional<Multiplexed> multiplexed(llvm::StringRef name);
// The name of a sub-call; empty where there is none.
llvm::StringRef multiplexedName(llvm::StringRef through, uint32_t call);

// Whether the kernel reads 32 bits of this argument as a user or group id, so that -1 and 0xffffffff are the same.
bool isIdArgument(const Syscall &call, unsigned position);

} // namespace snapsecc::ir
