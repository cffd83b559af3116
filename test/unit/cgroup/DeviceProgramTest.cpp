// SPDX-License-Identifier: Apache-2.0
// The device filter, run by a small interpreter for all numbers that matter, and by the kernel that the test runs on.
#include "backends/cgroup/DeviceProgram.h"
#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <linux/bpf.h>
#include <optional>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace snapsecc::cgroup;

namespace {

// Runs the encoded program, little endian, as the kernel would; -1: something that the verifier refuses.
int run(const std::string &bytes, char type, uint32_t major, uint32_t minor, uint32_t access = 2) {
  const uint32_t context[3] = {access << 16 | (type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR), major, minor};
  uint64_t registers[11] = {};
  std::vector<bpf_insn> program(bytes.size() / sizeof(bpf_insn));
  memcpy(program.data(), bytes.data(), bytes.size());
  for (size_t at = 0; at < program.size(); ++at) {
    const bpf_insn &one = program[at];
    uint64_t &left = registers[one.dst_reg];
    const uint64_t right = static_cast<uint64_t>(static_cast<int64_t>(one.imm));
    bool jump = false;
    switch (one.code) {
    case BPF_LDX | BPF_MEM | BPF_W:
      if (one.src_reg != 1 || one.off < 0 || one.off > 8 || one.off % 4) return -1;
      left = context[one.off / 4];
      break;
    case BPF_ALU | BPF_AND | BPF_K: left = static_cast<uint32_t>(left & right); break;
    case BPF_ALU64 | BPF_MOV | BPF_K: left = right; break;
    case BPF_JMP | BPF_EXIT: return static_cast<int>(registers[0]);
    case BPF_JMP | BPF_JA: jump = true; break;
    case BPF_JMP | BPF_JEQ | BPF_K: jump = left == right; break;
    case BPF_JMP | BPF_JNE | BPF_K: jump = left != right; break;
    case BPF_JMP | BPF_JGT | BPF_K: jump = left > right; break;
    case BPF_JMP | BPF_JLT | BPF_K: jump = left < right; break;
    case BPF_JMP | BPF_JLE | BPF_K: jump = left <= right; break;
    default: return -1;
    }
    if (jump) at += one.off;
  }
  return -1;
}

bool isListed(const std::vector<DeviceEntry> &list, char type, int major, int minor) {
  for (const DeviceEntry &one : list)
    if (one.type == type && one.major == major && (one.minor < 0 || one.minor == minor)) return true;
  return false;
}

// All numbers of the list and their neighbours, for both types.
void expectExact(std::vector<DeviceEntry> list) {
  std::sort(list.begin(), list.end());
  std::string bytes = encode(assembleDeviceFilter(list), false);
  std::set<int> majors = {0, 1, 4095}, minors = {0, 1, 255, 256, (1 << 20) - 1};
  for (const DeviceEntry &one : list)
    for (int near : {-1, 0, 1}) {
      majors.insert(std::max(0, one.major + near));
      minors.insert(std::max(0, one.minor + near));
    }
  for (char type : {'b', 'c'})
    for (int major : majors)
      for (int minor : minors)
        ASSERT_EQ(run(bytes, type, major, minor), isListed(list, type, major, minor)) << type << major << ":" << minor;
}

std::vector<DeviceEntry> defaults() {
  std::vector<DeviceEntry> list = {{'c', 1, 3}, {'c', 1, 5}, {'c', 1, 7}, {'c', 1, 8},    {'c', 1, 9},
                                   {'c', 5, 0}, {'c', 5, 1}, {'c', 5, 2}, {'c', 10, 200}, {'c', 10, 239}};
  for (int major = 136; major <= 143; ++major)
    list.push_back({'c', major, -1});
  return list;
}

int bpf(bpf_cmd command, bpf_attr &attributes) {
  return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

// A file descriptor, or -1 with the verifier's words.
int load(const std::string &bytes, std::string &log) {
  bpf_attr attributes = {};
  log.assign(1 << 16, '\0');
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = reinterpret_cast<uintptr_t>(bytes.data());
  attributes.insn_cnt = static_cast<uint32_t>(bytes.size() / sizeof(bpf_insn));
  attributes.license = reinterpret_cast<uintptr_t>("Apache-2.0");
  attributes.log_buf = reinterpret_cast<uintptr_t>(log.data());
  attributes.log_size = static_cast<uint32_t>(log.size());
  attributes.log_level = 1;
  return bpf(BPF_PROG_LOAD, attributes);
}

std::string cgroupRoot() {
  std::ifstream mounts("/proc/self/mounts");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string what, where, type;
    fields >> what >> where >> type;
    if (type == "cgroup2") return where;
  }
  return "";
}

// What a process in `group` gets from opening each node: 0 or errno, a byte each.
std::string openedFrom(const std::string &group, const std::vector<const char *> &nodes) {
  int ends[2];
  if (pipe(ends) != 0) return "";
  pid_t child = fork();
  if (child == 0) {
    int procs = open((group + "/cgroup.procs").c_str(), O_WRONLY);
    std::string self = std::to_string(getpid());
    if (write(procs, self.data(), self.size()) < 0) _exit(1);
    close(procs);
    for (const char *node : nodes) {
      int fd = open(node, O_RDONLY | O_NONBLOCK);
      char result = static_cast<char>(fd < 0 ? errno : 0);
      if (write(ends[1], &result, 1) != 1) _exit(1);
      if (fd >= 0) close(fd);
    }
    _exit(0);
  }
  close(ends[1]);
  std::string results;
  for (char c; read(ends[0], &c, 1) == 1;)
    results += c;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return results;
}

} // namespace

TEST(DeviceProgram, AllowsTheListAndNothingElse) {
  expectExact({});
  expectExact({{'c', 1, 3}});
  expectExact({{'b', 7, -1}});
  expectExact({{'b', 7, -1}, {'c', 10, 237}});
  expectExact(defaults());
}

TEST(DeviceProgram, NeighboursBecomeRanges) {
  std::vector<DeviceEntry> list;
  for (int minor = 0; minor < 64; ++minor)
    list.push_back({'c', 4, minor});
  list.push_back({'c', 4, 70});
  list.push_back({'c', 226, 128});
  list.push_back({'c', 226, 129});
  expectExact(list);
  std::sort(list.begin(), list.end());
  EXPECT_LT(assembleDeviceFilter(list).size(), 20u);
}

TEST(DeviceProgram, AWholeMajorCoversItsMinors) {
  expectExact({{'c', 136, -1}, {'c', 136, 4}, {'c', 137, -1}, {'c', 138, 9}, {'b', 8, 0}, {'b', 8, -1}});
}

TEST(DeviceProgram, AccessDoesNotMatter) {
  std::string bytes = encode(assembleDeviceFilter({{'c', 1, 3}}), false);
  for (uint32_t access = 0; access < 8; ++access) {
    EXPECT_EQ(run(bytes, 'c', 1, 3, access), 1);
    EXPECT_EQ(run(bytes, 'c', 1, 4, access), 0);
  }
}

TEST(DeviceProgram, EndsInTheRefusal) {
  std::vector<Instruction> program = assembleDeviceFilter(defaults());
  EXPECT_EQ(program.back().code, BPF_JMP | BPF_EXIT);
  EXPECT_EQ(program[program.size() - 2].code, BPF_ALU64 | BPF_MOV | BPF_K);
  EXPECT_EQ(program[program.size() - 2].immediate, 0);
}

TEST(DeviceProgram, KnowsBothByteOrders) {
  std::vector<Instruction> program = {{0x61, 2, 1, 4, 0}, {0x55, 3, 0, -2, 0x01020304}};
  EXPECT_EQ(encode(program, false), std::string("\x61\x12\x04\0\0\0\0\0\x55\x03\xfe\xff\x04\x03\x02\x01", 16));
  EXPECT_EQ(encode(program, true), std::string("\x61\x21\0\x04\0\0\0\0\x55\x30\xff\xfe\x01\x02\x03\x04", 16));
}

TEST(DeviceProgram, CanBeRead) {
  EXPECT_EQ(print(assembleDeviceFilter({{'c', 1, 3}})), "   0: r2 = *(u32 *)(r1 +0)\n"
                                                        "   1: w2 &= 65535\n"
                                                        "   2: r3 = *(u32 *)(r1 +4)\n"
                                                        "   3: r4 = *(u32 *)(r1 +8)\n"
                                                        "   4: if r2 != 2 goto +5\n"
                                                        "   5: if r3 != 1 goto +1\n"
                                                        "   6: if r4 == 3 goto +1\n"
                                                        "   7: goto +2\n"
                                                        "   8: r0 = 1\n"
                                                        "   9: exit\n"
                                                        "  10: r0 = 0\n"
                                                        "  11: exit\n");
}

TEST(DeviceProgram, TheKernelTakesIt) {
  std::vector<DeviceEntry> many;
  for (int major = 1; major < 300; major += 2)
    for (int minor = 0; minor < 6; minor += 2)
      many.push_back({'c', major, minor});
  const std::vector<std::vector<DeviceEntry>> lists = {
      {}, {{'b', 7, -1}}, {{'b', 7, -1}, {'c', 1, 3}}, defaults(), many};
  for (const std::vector<DeviceEntry> &list : lists) {
    std::string log;
    int program = load(encode(assembleDeviceFilter(list), false), log);
    if (program < 0 && (errno == EPERM || errno == ENOSYS)) GTEST_SKIP() << "needs root and bpf(2)";
    EXPECT_GE(program, 0) << strerror(errno) << "\n" << log.c_str();
    close(program);
  }
}

TEST(DeviceProgram, TheKernelObeysIt) {
  std::string root = cgroupRoot(), log;
  if (root.empty() || geteuid() != 0) GTEST_SKIP() << "needs root and control groups of the second version";
  int program = load(encode(assembleDeviceFilter({{'c', 1, 3}, {'c', 1, 8}}), false), log);
  if (program < 0) GTEST_SKIP() << "the kernel loads no programs: " << strerror(errno);
  std::string group = root + "/snapsecc-test-" + std::to_string(getpid());
  ASSERT_EQ(mkdir(group.c_str(), 0755), 0) << strerror(errno);
  const std::vector<const char *> nodes = {"/dev/null", "/dev/zero", "/dev/random", "/dev/full"};
  EXPECT_EQ(openedFrom(group, nodes), std::string(4, '\0')) << "before the program is there";
  bpf_attr attributes = {};
  int directory = open(group.c_str(), O_RDONLY | O_DIRECTORY);
  attributes.target_fd = static_cast<uint32_t>(directory);
  attributes.attach_bpf_fd = static_cast<uint32_t>(program);
  attributes.attach_type = BPF_CGROUP_DEVICE;
  EXPECT_EQ(bpf(BPF_PROG_ATTACH, attributes), 0) << strerror(errno);
  EXPECT_EQ(openedFrom(group, nodes), std::string({0, EPERM, 0, EPERM}));
  close(directory);
  close(program);
  EXPECT_EQ(rmdir(group.c_str()), 0) << strerror(errno);
}
