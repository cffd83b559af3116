// SPDX-License-Identifier: Apache-2.0
#include "test/unit/seccomp/Support.h"

using namespace snapsecc;
using namespace snapsecc::seccomp;
using testing::ElementsAre;

TEST(SeccompLower, AllowsWhatIsNamedAndNothingElse) {
  Compiled c("read\n# a comment\n\nopenat\n");
  EXPECT_EQ(c.verdictOf("amd64", "read"), action::Allow);
  EXPECT_EQ(c.verdictOf("i386", "openat"), action::Allow);
  EXPECT_EQ(c.verdictOf("amd64", "write"), action::Eperm);
  EXPECT_EQ(c.verdictOf("arm64", "read"), action::KillThread) << "an architecture that the target does not run";
  EXPECT_EQ(verdict(c.label(), {0x40000000, 0xc000003e, 0, {}}), action::KillThread) << "x32";
  EXPECT_EQ(verdict(c.label(), {0xffffffff, 0xc000003e, 0, {}}), action::Eperm) << "a tracer skips the call";
}

TEST(SeccompLower, DenialsBeatGrantsButNotTheDefaultsErrno) {
  Compiled c("chmod\n~chmod - |S_ISUID\n~openat2\n");
  EXPECT_EQ(c.verdictOf("amd64", "chmod", {0, 04755}), action::Eacces);
  EXPECT_EQ(c.verdictOf("amd64", "chmod", {0, 0755}), action::Allow);
  EXPECT_EQ(c.verdictOf("amd64", "openat2"), action::Eperm) << "of two errnos that of the filter loaded last holds";
}

TEST(SeccompLower, ComplainLogsWhatIsNotGranted) {
  Compiled c("@complain\nread\n~openat2\n");
  EXPECT_EQ(c.verdictOf("amd64", "write"), action::Log);
  EXPECT_EQ(c.verdictOf("amd64", "openat2"), action::Eacces);
}

TEST(SeccompLower, UnrestrictedIsAFlag) { EXPECT_TRUE(Compiled("@unrestricted\n").label().unrestricted); }

TEST(SeccompLower, ComparesAllBitsButThoseOfIds) {
  Compiled c("socket AF_UNIX\nnice <=19\nsetuid 4294967295\nsetgid -1\n");
  EXPECT_EQ(c.verdictOf("amd64", "socket", {1}), action::Allow);
  EXPECT_EQ(c.verdictOf("amd64", "socket", {0x100000001}), action::Eperm);
  EXPECT_EQ(c.verdictOf("i386", "nice", {0xffffffff00000013}), action::Allow) << "32-bit calls have no high words";
  for (const char *call : {"setuid", "setgid"})
    for (uint64_t id : {~uint64_t(0), uint64_t(0xffffffff)})
      EXPECT_EQ(c.verdictOf("amd64", call, {id}), action::Allow) << call;
}

TEST(SeccompLower, OperatorsOfTheSourceForm) {
  struct {
    const char *line;
    uint64_t yes, no;
  } cases[] = {{"prctl >=5", 5, 4},   {"prctl >5", 0x100000000, 5}, {"prctl <5", 4, 0x100000000},
               {"prctl <=5", 5, 6},   {"prctl !5", 0x100000005, 5}, {"prctl |6", 0xf, 5},
               {"prctl 7|5", 0xd, 7}, {"prctl PR_SET_NAME", 15, 16}};
  for (const auto &test : cases) {
    Compiled c(test.line);
    EXPECT_EQ(c.verdictOf("amd64", "prctl", {test.yes}), action::Allow) << test.line;
    EXPECT_EQ(c.verdictOf("amd64", "prctl", {test.no}), action::Eperm) << test.line;
  }
}

TEST(SeccompLower, ReachesSubcallsThroughSocketcallAndIpc) {
  Compiled c("socket AF_UNIX\nshmat\n", "s390x");
  EXPECT_EQ(c.verdictOf("s390x", "socketcall", {1}), action::Allow);
  EXPECT_EQ(c.verdictOf("s390x", "socketcall", {2}), action::Eperm);
  EXPECT_EQ(c.verdictOf("s390x", "ipc", {21}), action::Allow);
}

TEST(SeccompLower, ConstantsAreThoseOfTheArchitecture) {
  const uint64_t onX86 = 020200000, onArm = 020040000;
  EXPECT_EQ(Compiled("open - |O_TMPFILE").verdictOf("amd64", "open", {0, onX86}), action::Allow);
  EXPECT_EQ(Compiled("open - |O_TMPFILE").verdictOf("amd64", "open", {0, onArm}), action::Eperm);
  EXPECT_EQ(Compiled("openat - - |O_TMPFILE", "arm64").verdictOf("arm64", "openat", {0, 0, onArm}), action::Allow);
}

TEST(SeccompLower, NamesWhatItCannotUse) {
  EXPECT_THAT(Compiled("pread\n").names(), ElementsAre("syscall-left-out"));
  EXPECT_THAT(Compiled("chown - u:nobody -\n").names(), ElementsAre("unknown-account"));
  EXPECT_THAT(Compiled("prctl -5|1\n").names(), ElementsAre("bad-argument-pattern"));
  EXPECT_THAT(Compiled("read 1 2 3 4\n").names(), ElementsAre("bad-seccomp-line"));
  EXPECT_THAT(Compiled("read 1 2 3 4 5 6 7\n").names(), ElementsAre("bad-seccomp-line"));
  EXPECT_THAT(Compiled("read AF_NOWHERE\n").names(), ElementsAre("bad-seccomp-line"));
  EXPECT_THAT(Compiled("sysmips\n").names(), ElementsAre("syscall-nowhere"));
  EXPECT_THAT(Compiled("read\n", "vax").names(), ElementsAre("no-syscalls-of-arch"));
}

namespace {
using ir::Value;
std::vector<std::string> diagnosticsOf(Value call) {
  SourceManager sources;
  Engine engine(sources);
  ir::Policy policy;
  ir::Label label;
  ir::Rule rule;
  rule.kind = ir::RuleKind::Syscall;
  rule.set("SYSCALL", {std::move(call)});
  label.rules = {rule};
  policy.labels = {label};
  lower(policy, {}, engine);
  std::vector<std::string> out;
  for (const Diagnostic &d : engine.diagnostics())
    out.push_back(d.message + " [" + d.info->name + "]");
  return out;
}
Value list(std::vector<Value> values) { return {Value::Kind::List, "", 0, 0, std::move(values)}; }
} // namespace

TEST(SeccompLower, SuggestsNames) {
  EXPECT_THAT(diagnosticsOf(Value::word("opennat")),
              ElementsAre("'opennat' is no system call of Linux; did you mean 'openat'? [filter-unknown-syscall]"));
  EXPECT_THAT(diagnosticsOf(Value::call("socket", {Value::word("AF_UNICS")})),
              ElementsAre(testing::HasSubstr("did you mean 'AF_UNIX'? [filter-unknown-constant]")));
  EXPECT_THAT(diagnosticsOf(Value::call("close", {Value::integer(1), Value::integer(2)})),
              ElementsAre("'close' has 1 arguments, not 2 [too-many-arguments]"));
}

TEST(SeccompLower, BoundsCombinations) {
  std::vector<Value> many;
  for (int i = 0; i < 100; ++i)
    many.push_back(Value::integer(i));
  EXPECT_THAT(diagnosticsOf(Value::call("socket", {list(many), list(many)})),
              ElementsAre("'socket' has more than 4096 combinations of arguments [too-many-patterns]"));
}

TEST(SeccompLower, OtherKindsOpenTheirCalls) {
  SourceManager sources;
  Engine engine(sources);
  ir::Policy policy;
  ir::Label label;
  auto add = [&](ir::RuleKind kind, std::vector<std::pair<const char *, std::vector<Value>>> parts,
                 ir::Modifiers modifiers = 0) {
    ir::Rule rule;
    rule.kind = kind;
    rule.modifiers = modifiers;
    for (auto &[role, values] : parts)
      rule.set(role, values);
    label.rules.push_back(rule);
  };
  add(ir::RuleKind::Network,
      {{"FAMILY", {Value::word("inet"), Value::call("netlink", {Value::word("NETLINK_ROUTE")})}}});
  add(ir::RuleKind::Mqueue, {{"GLOB", {Value::string("/q")}}, {"MQPERM", {Value::word("read")}}});
  add(ir::RuleKind::Userns, {});
  policy.labels = {label};
  auto plan = lower(policy, {}, engine);
  std::string text = print(*plan);
  for (const char *line :
       {"41 socket ALLOW if a0 == 0x10 and a2 == 0x0\n", "240 mq_open ALLOW\n", "243 mq_timedreceive ALLOW\n",
        "245 mq_getsetattr ALLOW\n", "244 mq_notify ALLOW\n", "56 clone ALLOW\n", "272 unshare ALLOW\n",
        "102 socketcall ALLOW if a0 == 0x1 and a2 == 0x0\n"})
    EXPECT_THAT(text, testing::HasSubstr(line));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("mq_timedsend")));
  EXPECT_FALSE(engine.hasErrors());
}
