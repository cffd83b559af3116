// SPDX-License-Identifier: Apache-2.0
#include "ir/Syscalls.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <cstring>

namespace snapsecc::ir {

static constexpr ArchInfo arches[] = {
    {"x86_64", "amd64", 0xc000003e, SyscallTable::x86_64, 0, true, false, "x86"},
    {"x86", "i386", 0x40000003, SyscallTable::x86, 0, false, false, nullptr},
    {"x32", "x32", 0xc000003e, SyscallTable::x32, 0x40000000, true, false, nullptr},
    {"aarch64", "arm64", 0xc00000b7, SyscallTable::aarch64, 0, true, false, "arm"},
    {"arm", "armhf", 0x40000028, SyscallTable::arm, 0, false, false, nullptr},
    {"riscv64", "riscv64", 0xc00000f3, SyscallTable::riscv64, 0, true, false, nullptr},
    {"ppc64le", "ppc64el", 0xc0000015, SyscallTable::ppc64, 0, true, false, nullptr},
    {"s390x", "s390x", 0x80000016, SyscallTable::s390x, 0, true, true, nullptr},
    {"loongarch64", "loong64", 0xc0000102, SyscallTable::loongarch64, 0, true, false, nullptr},
    {"ppc64", "ppc64", 0x80000015, SyscallTable::ppc64, 0, true, true, "ppc"},
    {"ppc", "powerpc", 0x14, SyscallTable::ppc, 0, false, true, nullptr},
    {"s390", "s390", 0x16, SyscallTable::s390, 0, false, true, nullptr},
    {"m68k", "m68k", 4, SyscallTable::m68k, 0, false, true, nullptr},
    {"mips", "mips", 8, SyscallTable::mips, 4000, false, true, nullptr},
    {"mipsel", "mipsel", 0x40000008, SyscallTable::mips, 4000, false, false, nullptr},
    {"mips64", "mips64", 0x80000008, SyscallTable::mips64, 5000, true, true, nullptr},
    {"mips64el", "mips64el", 0xc0000008, SyscallTable::mips64, 5000, true, false, nullptr},
    {"parisc", "hppa", 15, SyscallTable::parisc, 0, false, true, nullptr},
    {"parisc64", "hppa64", 0x8000000f, SyscallTable::parisc64, 0, true, true, nullptr},
    {"sh", "sh4", 0x4000002a, SyscallTable::sh, 0, false, false, nullptr},
};

static constexpr Syscall syscalls[] = {
#define SYSCALL(Name, Arguments, ...) {Name, Arguments, {__VA_ARGS__}},
#include "ir/Syscalls.def"
#undef SYSCALL
};

static constexpr const char *socketCalls[] = {"socket",      "bind",        "connect",    "listen",     "accept",
                                              "getsockname", "getpeername", "socketpair", "send",       "recv",
                                              "sendto",      "recvfrom",    "shutdown",   "setsockopt", "getsockopt",
                                              "sendmsg",     "recvmsg",     "accept4",    "recvmmsg",   "sendmmsg"};
struct IpcCall {
  const char *name;
  uint32_t call;
};
static constexpr IpcCall ipcCalls[] = {{"semop", 1},   {"semget", 2},  {"semctl", 3},  {"semtimedop", 4},
                                       {"msgsnd", 11}, {"msgrcv", 12}, {"msgget", 13}, {"msgctl", 14},
                                       {"shmat", 21},  {"shmdt", 22},  {"shmget", 23}, {"shmctl", 24}};

llvm::ArrayRef<ArchInfo> allArches() { return arches; }

const ArchInfo *findArch(llvm::StringRef name) {
  name = llvm::StringSwitch<llvm::StringRef>(name)
             .Cases("x64", "x86-64", "x86_64")
             .Cases("i486", "i586", "i686", "x86")
             .Cases("armv7l", "armv8l", "armel", "arm")
             .Case("ppc64el", "ppc64le")
             .Default(name);
  for (const ArchInfo &arch : arches)
    if (name == arch.kernel || name == arch.debian) return &arch;
  return nullptr;
}

llvm::ArrayRef<Syscall> allSyscalls() { return syscalls; }

const Syscall *findSyscall(llvm::StringRef name) {
  const Syscall *found = llvm::lower_bound(
      syscalls, name, [](const Syscall &a, llvm::StringRef b) { return llvm::StringRef(a.name) < b; });
  return found != std::end(syscalls) && name == found->name ? found : nullptr;
}

const Syscall *findSyscall(const ArchInfo &arch, uint32_t number) {
  for (const Syscall &call : syscalls)
    if (syscallNumber(call, arch) == number) return &call;
  return nullptr;
}

std::optional<uint32_t> syscallNumber(const Syscall &call, const ArchInfo &arch) {
  int number = call.numbers[static_cast<unsigned>(arch.table)];
  if (number < 0) return std::nullopt;
  return arch.base + static_cast<uint32_t>(number);
}

std::vector<llvm::StringRef> syscallNames() {
  std::vector<llvm::StringRef> names;
  for (const Syscall &call : syscalls)
    names.push_back(call.name);
  return names;
}

std::optional<Multiplexed> multiplexed(llvm::StringRef name) {
  for (unsigned i = 0; i < std::size(socketCalls); ++i)
    if (name == socketCalls[i]) return Multiplexed{"socketcall", i + 1};
  for (const IpcCall &ipc : ipcCalls)
    if (name == ipc.name) return Multiplexed{"ipc", ipc.call};
  return std::nullopt;
}

llvm::StringRef multiplexedName(llvm::StringRef through, uint32_t call) {
  if (through == "socketcall") return call >= 1 && call <= std::size(socketCalls) ? socketCalls[call - 1] : "";
  for (const IpcCall &ipc : ipcCalls)
    if (through == "ipc" && ipc.call == call) return ipc.name;
  return "";
}

bool isIdArgument(const Syscall &call, unsigned position) {
  return call.arguments && position < std::strlen(call.arguments) && call.arguments[position] == 'u';
}

} // namespace snapsecc::ir
