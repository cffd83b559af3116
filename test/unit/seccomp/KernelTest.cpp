// SPDX-License-Identifier: Apache-2.0
// Filters in the running kernel: it loads them, and a process under them sees what the interpreter says.
#include "backends/seccomp/Stats.h"
#include "test/unit/seccomp/Support.h"
#ifdef __x86_64__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace snapsecc;
using namespace snapsecc::seccomp;

namespace {
constexpr const char *source = "read\nwrite\ngetpid\nexit\nexit_group\nprctl >=2000000000\nopenat\n~openat - - "
                               "|O_CREAT |S_ISUID\n~openat - - |O_TMPFILE |S_ISGID\n"
                               "chmod\n~chmod - |S_ISUID\n~chmod - |S_ISGID\nsocket AF_UNIX\nsocket AF_INET\nsocket "
                               "AF_NETLINK - NETLINK_ROUTE\nsetpriority PRIO_PROCESS 0 <=19\n"
                               "chown - u:root -1\nchown - -1 g:root\nchown - u:root g:root\nmknod - "
                               "|S_IFIFO\nioctl\n~ioctl - 4294967295|TIOCSTI\n~personality\n";

bool install(const Program &program) {
  std::vector<sock_filter> code;
  for (const Instruction &i : program)
    code.push_back({i.code, i.yes, i.no, i.k});
  sock_fprog filter{static_cast<unsigned short>(code.size()), code.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

enum class Entry : uint8_t { Native, Compat };
// The call's errno (0: it went well), or minus the signal that ended the process; the exit code 255: the filter does
// not load.
int outcomeOf(const std::vector<Program> &stack, const CallData &data, Entry entry) {
  const pid_t child = fork();
  if (child == 0) {
    for (const Program &program : stack)
      if (!install(program)) _exit(255);
    const auto &a = data.arguments;
    long result = 0;
    if (entry == Entry::Native) {
      result = syscall(data.number, a[0], a[1], a[2], a[3], a[4], a[5]) == -1 ? -errno : 0;
    } else {
      asm volatile("int $0x80"
                   : "=a"(result)
                   : "a"(data.number), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4])
                   : "memory", "r8", "r9", "r10", "r11");
      result = static_cast<int>(result);
    }
    syscall(SYS_exit_group, result < 0 && result > -200 ? -result : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void expectAsSimulated(const std::vector<Program> &stack, const CallData &data, Entry entry) {
  const uint32_t action = runStack(stack, data, false).action;
  const int outcome = outcomeOf(stack, data, entry);
  ASSERT_NE(outcome, 255) << "the kernel refuses the filter";
  if (action == action::KillThread)
    EXPECT_EQ(outcome, -SIGSYS) << data.number;
  else if (action == action::Allow)
    EXPECT_TRUE(outcome != EPERM && outcome != EACCES && outcome >= 0) << data.number << " " << outcome;
  else
    EXPECT_EQ(outcome, static_cast<int>(action & 0xffff)) << data.number;
}

std::vector<std::pair<uint32_t, std::array<uint64_t, 6>>> calls() {
  constexpr uint64_t high = uint64_t(1) << 32;
  std::vector<std::pair<uint32_t, std::array<uint64_t, 6>>> list{
      {SYS_getpid, {}}, {SYS_getuid, {}}, {SYS_personality, {0xffffffff}}, {0x40000000 + SYS_getpid, {}}};
  for (uint64_t flags : {0, 0100, 020200000, 020000000})
    for (uint64_t mode : {0, 04000, 02000, 0777})
      list.push_back({SYS_openat, {~0u, 0, flags, mode}});
  for (uint64_t mode : {uint64_t(0), uint64_t(04755), uint64_t(02000), high})
    list.push_back({SYS_chmod, {0, mode}}), list.push_back({SYS_mknod, {0, mode | 010000}}),
        list.push_back({SYS_mknod, {0, mode}});
  for (uint64_t family : {uint64_t(0), uint64_t(1), uint64_t(2), uint64_t(16), uint64_t(17), 1 + high, 16 + high})
    for (uint64_t protocol : {uint64_t(0), uint64_t(15), high})
      list.push_back({SYS_socket, {family, 77, protocol}});
  for (uint64_t nice : {uint64_t(19), uint64_t(20), ~uint64_t(0)})
    list.push_back({SYS_setpriority, {0, 0, nice}}), list.push_back({SYS_setpriority, {0, 1, nice}});
  for (uint64_t uid : {uint64_t(0), uint64_t(0xffffffff), ~uint64_t(0), uint64_t(1000)})
    for (uint64_t gid : {uint64_t(0), ~uint64_t(0), uint64_t(5)})
      list.push_back({SYS_chown, {0, uid, gid}});
  for (uint64_t request : {uint64_t(0x5412), 0x5412 + 7 * high, uint64_t(0x5413)})
    list.push_back({SYS_ioctl, {~0u, request}});
  return list;
}
} // namespace

TEST(SeccompKernel, AProcessSeesWhatTheInterpreterSays) {
  Compiled c(source);
  const std::vector<Program> one{c.program()},
      two{c.program(Tune::Balanced, Part::DenyFilter), c.program(Tune::Balanced, Part::AllowFilter)};
  for (const auto &[number, arguments] : calls())
    for (const auto &stack : {one, two})
      expectAsSimulated(stack, {number, 0xc000003e, 0, arguments}, Entry::Native);
}

// From 64-bit code int 0x80 leaves the high halves of the registers to the filter, and the kernel does not look at
// them.
TEST(SeccompKernel, CompatCallsHaveNoHighWords) {
  if (outcomeOf({}, {20, 0x40000003, 0, {}}, Entry::Compat) != 0) GTEST_SKIP() << "this kernel runs no 32-bit calls";
  Compiled c(source);
  constexpr uint64_t high = uint64_t(0xffffffff) << 32;
  for (uint64_t family : {1, 2, 3, 16})
    for (uint64_t more : {uint64_t(0), high})
      expectAsSimulated({c.program()}, {359, 0x40000003, 0, {family | more, 77 | more, more}}, Entry::Compat);
  for (uint64_t nice : {19, 20})
    expectAsSimulated({c.program()}, {97, 0x40000003, 0, {high, high, nice | high}}, Entry::Compat);
}

TEST(SeccompKernel, LoadsFiltersOfEveryTune) {
  for (Tune tune : {Tune::Balanced, Tune::Uniform, Tune::Traces, Tune::Cached, Tune::Size}) {
    Compiled c(source);
    EXPECT_EQ(outcomeOf({c.program(tune)}, {SYS_getpid, 0xc000003e, 0, {}}, Entry::Native), 0);
  }
}
#endif
