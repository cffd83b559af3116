// SPDX-License-Identifier: Apache-2.0
#include "ir/Syscalls.h"
#include "ir/Constants.h"
#include <gmock/gmock.h>

using namespace snapsecc::ir;

static const ArchInfo &arch(const char *name) { return *findArch(name); }
static std::optional<uint32_t> number(const char *name, const char *on) {
  return syscallNumber(*findSyscall(name), arch(on));
}

TEST(Syscalls, TableIsSortedSoThatEveryNameIsFound) {
  for (const Syscall &call : allSyscalls())
    EXPECT_EQ(findSyscall(call.name), &call) << call.name;
  EXPECT_EQ(findSyscall("opnat"), nullptr);
  EXPECT_EQ(findSyscall(""), nullptr);
}

TEST(Syscalls, NumbersDifferByArchitecture) {
  EXPECT_EQ(number("openat", "amd64"), 257u);
  EXPECT_EQ(number("openat", "arm64"), 56u);
  EXPECT_EQ(number("set_tls", "armhf"), 983045u);
  EXPECT_EQ(number("read", "x32"), 0x40000000u);
  EXPECT_EQ(number("open", "riscv64"), std::nullopt);
  EXPECT_STREQ(findSyscall(arch("x86"), 191)->name, "ugetrlimit");
  EXPECT_STREQ(findSyscall(arch("aarch64"), 274)->name, "sched_setattr");
  EXPECT_EQ(findSyscall(arch("x86_64"), 400), nullptr);
}

TEST(Syscalls, ArchitecturesHaveSeveralNames) {
  EXPECT_EQ(findArch("amd64"), findArch("x86_64"));
  EXPECT_EQ(findArch("i686"), findArch("i386"));
  EXPECT_EQ(findArch("ppc64el"), findArch("ppc64le"));
  EXPECT_EQ(findArch("vax"), nullptr);
  for (const ArchInfo &a : allArches()) {
    EXPECT_EQ(findArch(a.kernel), &a);
    EXPECT_EQ(findArch(a.debian), &a);
    EXPECT_EQ((a.audit & 0x40000000u) == 0, a.bigEndian) << a.kernel;
    if (a.compat) {
      EXPECT_FALSE(findArch(a.compat)->wide) << a.kernel;
    }
  }
}

TEST(Syscalls, SocketcallAndIpcHaveSubcalls) {
  EXPECT_EQ(multiplexed("socket")->call, 1u);
  EXPECT_EQ(multiplexed("sendmmsg")->call, 20u);
  EXPECT_STREQ(multiplexed("shmat")->through, "ipc");
  EXPECT_FALSE(multiplexed("openat"));
  EXPECT_EQ(multiplexedName("socketcall", 5), "accept");
  EXPECT_EQ(multiplexedName("socketcall", 21), "");
  EXPECT_EQ(multiplexedName("ipc", 24), "shmctl");
  for (const char *name : {"socketcall", "ipc"}) {
    EXPECT_TRUE(number(name, "s390x")) << name;
    EXPECT_FALSE(number(name, "amd64")) << name;
  }
}

TEST(Syscalls, ArgumentsAreKnown) {
  EXPECT_STREQ(findSyscall("openat")->arguments, "ipii");
  EXPECT_STREQ(findSyscall("getpid")->arguments, "");
  EXPECT_EQ(findSyscall("vserver")->arguments, nullptr);
  EXPECT_TRUE(isIdArgument(*findSyscall("fchownat"), 3));
  EXPECT_FALSE(isIdArgument(*findSyscall("fchownat"), 4));
  EXPECT_FALSE(isIdArgument(*findSyscall("vserver"), 0));
}

TEST(Constants, HaveTheValuesOfTheArchitecture) {
  EXPECT_EQ(constantValue("O_TMPFILE", arch("amd64")), 020200000);
  EXPECT_EQ(constantValue("O_TMPFILE", arch("arm64")), 020040000);
  EXPECT_EQ(constantValue("O_TMPFILE", arch("ppc64el")), 020040000);
  EXPECT_EQ(constantValue("O_TMPFILE", arch("s390x")), 020200000);
  EXPECT_EQ(constantValue("S_IFSOCK", arch("s390x")), 0140000);
  EXPECT_EQ(constantValue("AF_CONN", arch("amd64")), 123);
  EXPECT_EQ(constantValue("CLONE_INTO_CGROUP", arch("amd64")), 0x200000000);
  EXPECT_FALSE(constantValue("AF_INETT", arch("amd64")));
  EXPECT_EQ(constantName("NETLINK_", 15, arch("amd64")), "NETLINK_KOBJECT_UEVENT");
  for (llvm::StringRef name : constantNames())
    EXPECT_TRUE(isConstant(name)) << name.str();
}
