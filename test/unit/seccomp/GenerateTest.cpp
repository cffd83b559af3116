// SPDX-License-Identifier: Apache-2.0
// Programs mean what plans say: proved, and, for the proof itself, run.
#include "backends/seccomp/Libseccomp.h"
#include "backends/seccomp/WordSet.h"
#include "test/unit/seccomp/Support.h"
#include <random>
#include <seccomp.h>

using namespace snapsecc;
using namespace snapsecc::seccomp;

namespace {
constexpr Tune tunes[] = {Tune::Balanced, Tune::Uniform, Tune::Traces, Tune::Cached, Tune::Size};

std::string randomSource(std::mt19937 &random) {
  auto below = [&](unsigned n) { return random() % n; };
  const auto calls = ir::allSyscalls();
  auto number = [&]() -> std::string {
    switch (below(4)) {
    case 0: return std::to_string(below(8));
    case 1: return std::to_string(1u << below(32));
    case 2: return std::to_string(static_cast<uint32_t>(random()));
    default: return std::vector<std::string>{"O_CREAT", "S_ISUID", "AF_UNIX", "CLONE_NEWUSER", "4294967295"}[below(5)];
    }
  };
  std::string text = below(8) == 0 ? "@complain\n" : "";
  for (unsigned lines = 1 + below(60); lines > 0; --lines) {
    const ir::Syscall &call = calls[below(static_cast<unsigned>(calls.size()))];
    const unsigned repeat = below(4) == 0 ? 1 + below(6) : 1;
    for (unsigned i = 0; i < repeat; ++i) {
      text += below(5) == 0 ? "~" : "";
      text += call.name;
      const unsigned arguments =
          call.arguments && below(2) ? below(static_cast<unsigned>(llvm::StringRef(call.arguments).size()) + 1) : 0;
      for (unsigned a = 0; a < arguments; ++a) {
        static const char *const operators[] = {"", "", "", "|", "|", ">=", "<=", "<", ">", "!"};
        text += " ";
        if (below(3) == 0)
          text += "-";
        else if (below(8) == 0)
          text += "4095|" + std::to_string(below(4096));
        else
          text += operators[below(10)] + number();
      }
      text += "\n";
    }
  }
  return text;
}

// Values near what a plan compares with.
CallData randomCall(std::mt19937 &random, const LabelPlan &plan) {
  const ArchPlan &arch = plan.arches[random() % plan.arches.size()];
  CallData data{static_cast<uint32_t>(random() % 480), arch.arch->audit, 0, {}};
  std::vector<uint64_t> values{0, 1, 0xffffffff, ~uint64_t(0), 0x100000000};
  if (!arch.calls.empty() && random() % 8) {
    const Call &call = arch.calls[random() % arch.calls.size()];
    data.number = call.number;
    auto collect = [&](const Clause &clause) {
      for (const Test &t : clause)
        for (uint64_t v : {t.value, t.value - 1, t.value + 1, t.mask, t.value | uint64_t(1) << 32})
          values.push_back(v);
    };
    for (const Clause &clause : call.allow)
      collect(clause);
    for (const Deny &deny : call.deny)
      collect(deny.tests);
  }
  for (uint64_t &argument : data.arguments)
    argument = values[random() % values.size()];
  return data;
}

unsigned policies() {
  const char *count = std::getenv("SNAPSECC_RANDOM_POLICIES");
  return count ? static_cast<unsigned>(std::atoi(count)) : 150;
}
} // namespace

TEST(SeccompGenerate, RandomPoliciesAreProvedAndRun) {
  std::mt19937 random(1);
  const char *const arches[] = {"amd64", "arm64", "riscv64", "s390x", "ppc64el"};
  for (unsigned i = 0; i < policies(); ++i) {
    const std::string source = randomSource(random);
    Compiled c(source, arches[i % 5]);
    for (Part part : {Part::Both, Part::AllowFilter, Part::DenyFilter}) {
      const Program program = c.program(tunes[i % 5], part);
      ASSERT_EQ(whyInvalid(program), "") << source;
      auto disproof = disprove(program, c.label(), part, c.plan->bigEndian);
      ASSERT_FALSE(disproof) << describe(*disproof) << "\n" << source;
      for (unsigned n = 0; n < 60; ++n) {
        CallData data = randomCall(random, c.label());
        ASSERT_EQ(run(program, data, c.plan->bigEndian).action, verdict(c.label(), data, part))
            << source << data.number;
      }
    }
  }
}

TEST(SeccompGenerate, TheProofFindsEveryBrokenInstruction) {
  Compiled c(
      "read\nsocket AF_UNIX\nsocket AF_NETLINK - NETLINK_ROUTE\nchmod\n~chmod - |S_ISUID\nsetuid -1\nnice <=19\n");
  const Program program = c.program();
  ASSERT_FALSE(disprove(program, c.label(), Part::Both, false));
  unsigned found = 0;
  for (size_t i = 0; i < program.size(); ++i) {
    Program broken = program;
    Instruction &insn = broken[i];
    if (insn.code == bpf::Load) continue;
    if (insn.code == bpf::Return)
      insn.k = insn.k == action::Allow ? action::Eperm : action::Allow;
    else
      std::swap(insn.yes, insn.no);
    auto disproof = disprove(broken, c.label(), Part::Both, false);
    ASSERT_TRUE(disproof) << i;
    EXPECT_EQ(run(broken, disproof->data, false).action, disproof->got) << i;
    EXPECT_EQ(verdict(c.label(), disproof->data), disproof->expected) << i;
    ++found;
  }
  EXPECT_GT(found, 20u);
}

TEST(SeccompGenerate, UnconditionalCallsStayProvablyConstant) {
  Compiled c("read\nwrite\nopenat\nsocket AF_UNIX\nclose\nioctl\n~ioctl - TIOCSTI\nfutex\nexit_group\n");
  for (Tune tune : tunes)
    for (const char *arch : {"amd64", "i386"})
      for (const char *call : {"read", "write", "openat", "close", "futex", "exit_group"}) {
        const ir::ArchInfo &info = *ir::findArch(arch);
        EXPECT_TRUE(isConstantAllow(c.program(tune), info.audit, *ir::syscallNumber(*ir::findSyscall(call), info)))
            << arch << " " << call;
      }
}

TEST(SeccompGenerate, IsDeterministic) {
  const std::string source = "read\nchown - u:root -1\nsocket AF_INET\nopenat - - |O_CREAT\n";
  EXPECT_EQ(Compiled(source).program(), Compiled(source).program());
}

TEST(SeccompGenerate, EmptyPolicyRefusesAll) {
  Compiled c("");
  EXPECT_EQ(run(c.program(), {0, 0xc000003e, 0, {}}, false).action, action::Eperm);
  EXPECT_FALSE(disprove(c.program(), c.label(), Part::Both, false));
}

TEST(SeccompGenerate, LongFiltersReachTheirTargets) {
  std::string source;
  for (const ir::Syscall &call : ir::allSyscalls())
    if (call.numbers[static_cast<unsigned>(ir::SyscallTable::x86_64)] >= 0 && call.arguments && *call.arguments)
      source += std::string(call.name) + " " + std::to_string(call.numbers[1] * 7 + 1) + "\n";
  Compiled c(source);
  const Program program = c.program();
  EXPECT_GT(program.size(), 800u);
  EXPECT_EQ(whyInvalid(program), "");
  auto disproof = disprove(program, c.label(), Part::Both, false);
  EXPECT_FALSE(disproof) << describe(*disproof);
}

TEST(SeccompEmit, WritesSnapConfinesFile) {
  Compiled c("read\n~openat2\n");
  auto artifacts = emit(*c.plan, {}, c.engine);
  ASSERT_EQ(artifacts.size(), 2u);
  EXPECT_EQ(artifacts[0].path, "seccomp/bpf/snap.foo.bar.bin2");
  const std::string &bytes = artifacts[0].bytes;
  EXPECT_EQ(bytes.substr(0, 4), std::string("SC\1\0", 4));
  auto length = [&](size_t at) {
    return static_cast<unsigned>(static_cast<uint8_t>(bytes[at]) | static_cast<uint8_t>(bytes[at + 1]) << 8);
  };
  EXPECT_EQ(bytes.size(), 128 + length(8) + length(12));
  auto allow = decode(llvm::StringRef(bytes).substr(128, length(8)), false);
  EXPECT_EQ(run(*allow, {0, 0xc000003e, 0, {}}, false).action, action::Allow);
  EXPECT_EQ(artifacts[1].path, "seccomp/bpf/snap.foo.bar.bpf");
}

TEST(SeccompEmit, UnrestrictedHasAHeaderAlone) {
  Compiled c("@unrestricted\n");
  auto artifacts = emit(*c.plan, {}, c.engine);
  ASSERT_EQ(artifacts.size(), 1u);
  EXPECT_EQ(artifacts[0].bytes.size(), 128u);
  EXPECT_EQ(artifacts[0].bytes[3], '\1');
}

TEST(SeccompEmit, TooLargeFiltersAreErrors) {
  std::string source;
  for (int i = 0; i < 1500; ++i)
    source += "prctl " + std::to_string(i * 977) + " " + std::to_string(i * 31 % 1009) + " " + std::to_string(i) + "\n";
  Compiled c(source);
  EXPECT_TRUE(emit(*c.plan, {}, c.engine).empty());
  EXPECT_THAT(c.names(), testing::Contains("filter-too-large"));
}

TEST(SeccompEmit, ProfilesAreChecked) {
  Compiled c("read\n");
  Options options;
  options.profile = "snapsecc-profile 1\nread 0.5 3,*=0.5\n";
  EXPECT_EQ(emit(*c.plan, options, c.engine).size(), 2u);
  for (const char *bad : {"snapsecc-profile 2\n", "snapsecc-profile 1\nread\n", "snapsecc-profile 1\nread 2\n",
                          "snapsecc-profile 1\nread 0.1 1,x=1\n", "snapsecc-profile 1\nread 0.1\nread 0.2\n"}) {
    Compiled other("read\n");
    options.profile = bad;
    EXPECT_TRUE(emit(*other.plan, options, other.engine).empty()) << bad;
    EXPECT_THAT(other.names(), testing::ElementsAre("bad-call-profile")) << bad;
  }
}

TEST(SeccompWordSets, AreExact) {
  WordSets sets;
  auto a = sets.range(3, 10), b = sets.masked(1, 1), c = sets.both(a, b);
  for (uint32_t v = 0; v < 20; ++v)
    EXPECT_EQ(sets.contains(c, v), v >= 3 && v <= 10 && v % 2) << v;
  EXPECT_EQ(sets.either(sets.range(0, 4), sets.range(5, 7)), sets.range(0, 7));
  EXPECT_EQ(sets.both(c, sets.complement(c)), WordSets::None);
  EXPECT_EQ(sets.complement(sets.range(0, 0x7fffffff)), sets.masked(0x80000000, 0x80000000));
  EXPECT_EQ(sets.element(sets.range(~0u, ~0u)), ~0u);
  EXPECT_EQ(sets.element(c), 3u);
  for (uint32_t v : {~0u, ~0u - 1, ~0u - 2}) { // at the keys that a map keeps for itself
    EXPECT_EQ(sets.element(sets.range(v, v)), v);
    EXPECT_TRUE(sets.contains(sets.masked(v, v), v));
  }
}

// Calls that libseccomp's table has, with one condition an argument: what it can say.
TEST(SeccompLibseccomp, MeansWhatThePlanMeans) {
  std::mt19937 random(2);
  const char *const arches[] = {"amd64", "arm64", "riscv64", "s390x", "ppc64el"};
  unsigned compared = 0;
  for (unsigned i = 0; i < policies() / 5; ++i) {
    std::string source;
    const std::string all = randomSource(random);
    for (llvm::StringRef rest = all, line; !rest.empty();) {
      std::tie(line, rest) = rest.split('\n');
      llvm::StringRef name = line.ltrim('~').split(' ').first;
      if (seccomp_syscall_resolve_name(name.str().c_str()) != __NR_SCMP_ERROR || name == "@complain")
        source += (line + "\n").str();
    }
    Compiled c(source, arches[i % 5]);
    for (Part part : {Part::AllowFilter, Part::DenyFilter})
      for (bool tree : {false, true}) {
        auto result = throughLibseccomp(c.label(), part, tree, c.plan->bigEndian);
        ASSERT_TRUE(bool(result)) << llvm::toString(result.takeError()) << source;
        ASSERT_TRUE(result->lacking.empty());
        ASSERT_EQ(whyInvalid(result->program), "");
        auto disproof = disprove(result->program, c.label(), part, c.plan->bigEndian);
        ASSERT_FALSE(disproof) << describe(*disproof) << " " << arches[i % 5] << "\n" << source;
        ++compared;
      }
  }
  EXPECT_EQ(compared, policies() / 5 * 4);
}

TEST(SeccompLibseccomp, NamesWhatItsTableLacks) {
  Compiled c("read\nrseq_slice_yield\n");
  Options options;
  options.libseccomp = true;
  EXPECT_EQ(emit(*c.plan, options, c.engine).size(), 1u);
  EXPECT_THAT(c.names(), testing::ElementsAre("libseccomp-lacks"));
}
