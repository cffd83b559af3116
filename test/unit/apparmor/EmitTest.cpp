// SPDX-License-Identifier: Apache-2.0
// The text of profiles: its layout, that apparmor_parser reads it, and that no operand can end a statement or begin
// one.
#include "automata/Pattern.h"
#include "backends/apparmor/AppArmor.h"
#include "backends/apparmor/Operand.h"
#include "test/unit/apparmor/Rules.h"
#include "gmock/gmock.h"
#include <random>

using namespace snapsecc;
using namespace snapsecc::test;
using ir::Modifier;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string textOf(const ir::Policy &policy, const ir::Target &on, bool annotate = false) {
  SourceManager sources;
  Engine engine(sources);
  apparmor::Plan plan = apparmor::lower(policy, on, engine);
  for (const Diagnostic &diagnostic : engine.diagnostics())
    if (diagnostic.severity == Severity::Error) ADD_FAILURE() << diagnostic.message;
  auto artifacts = apparmor::emit(plan, policy, annotate);
  return artifacts.empty() ? "" : artifacts[0].bytes;
}

ir::Policy policyOf(std::vector<Rule> rules) {
  ir::Policy policy;
  ir::Label &label = policy.labels.emplace_back();
  label.name = "snap.foo.bar";
  label.rules = std::move(rules);
  return policy;
}

TEST(Emit, Layout) {
  Rule child = rule(RuleKind::Child, {{"WORD", {w("helper")}}});
  child.body = {rule(RuleKind::Flags, {{"FLAG", {w("attach_disconnected")}}}), file("/h", "r")};
  ir::Policy policy = policyOf({child, file("/b", "rw"), rule(RuleKind::Abstraction, {{"WORD", {w("base")}}}),
                                rule(RuleKind::Flags, {{"FLAG", {w("attach_disconnected"), w("mediate_deleted")}}})});
  EXPECT_EQ(textOf(policy, target("full")), R"(#include <tunables/global>
#include if exists "/etc/apparmor.d/tunables/home.d"
#include if exists "/var/lib/snapd/apparmor/snap-tuning"

profile "snap.foo.bar" flags=(attach_disconnected,mediate_deleted) {
  #include <abstractions/base>
  "/b" rw,

  profile "helper" flags=(attach_disconnected) {
    "/h" r,
  }
}
)");
  policy.labels[0].kind = ir::LabelKind::MountHelper;
  EXPECT_THAT(textOf(policy, target("full")), Not(HasSubstr("snap-tuning")));
}

TEST(Emit, Annotations) {
  ir::Policy policy = policyOf({file("/a", "r"), file("/b", "r"), rule(RuleKind::Userns)});
  ir::OriginId home = policy.addOrigin({"interfaces/home.sif", 12, 5, "interface home plug", "what people keep"});
  ir::OriginId odd = policy.addOrigin({"a\nb.sif", 3, 1, "template default", "include <x>\n/** rwmklix,\r"});
  policy.labels[0].rules[0].origins = {home, odd};
  policy.labels[0].rules[2].origins = {home};
  std::string text = textOf(policy, target("full"), true);
  EXPECT_THAT(text, HasSubstr(R"(profile "snap.foo.bar" {
  # ---- files
  # interfaces/home.sif:12: interface home plug: what people keep
  # a b.sif:3: template default: include <x> /** rwmklix, 
  "/a" r,
  "/b" r,

  # ---- user namespaces
  # interfaces/home.sif:12: interface home plug: what people keep
  userns,
}
)"));
}

// Every kind that the installed parser reads, with operands that need care.
std::vector<Rule> oneOfEachKind() {
  Rule child = rule(RuleKind::Child, {{"WORD", {w("helper")}}});
  child.body = {file("/h", "rix")};
  std::string odd = "/o d\"d, {}[]\\@#'\n\t<>^$\x01\x7f\xff";
  std::string pattern = automata::escapeLiteral(odd);
  Parts anyPart = {{"any", {w("any")}}};
  return {
      rule(RuleKind::Flags, {{"FLAG", {w("attach_disconnected"), w("mediate_deleted"), w("complain")}}}),
      rule(RuleKind::Abstraction, {{"WORD", {w("base"), w("dbus-session-strict")}}}),
      child,
      file(pattern, "rwmklx"),
      file("{@{PROC},/proc}/{a,b[^c],**}/*", "r", Modifier::Audit | Modifier::Deny | Modifier::Owner),
      file("@{HOME}/[^.]**", "r", Modifier::Prompt),
      rule(RuleKind::Device, {{"char|block", {w("char")}}, {"GLOB", {s("/dev/video[0-9]*")}}, {"PERMS", {w("rw")}}}),
      rule(RuleKind::Exec, {{"GLOB", {s("/p1")}}, {"->", {Value::call("child", {w("helper")})}}}),
      rule(RuleKind::Exec, {{"GLOB", {s("/p2")}}, {"->", {Value::call("profile", {s(pattern)})}}}),
      rule(RuleKind::Exec, {{"GLOB", {s("/p3")}}, {"->", {w("profile"), w("unconfined")}}, {"unsafe", {w("unsafe")}}}),
      rule(RuleKind::ChangeProfile, {{"GLOB", {s("/**")}}, {"->", {s(pattern)}}, {"unsafe", {w("unsafe")}}}),
      rule(RuleKind::ChangeProfile, anyPart, Modifier::Audit),
      rule(RuleKind::Capability, {{"CAPABILITY", {w("chown"), w("checkpoint_restore")}}}),
      rule(RuleKind::Network,
           {{"FAMILY", {Value::call("netlink", {w("NETLINK_ROUTE")}), w("qipcrtr")}}, {"SOCKTYPE", {w("raw")}}}),
      rule(RuleKind::Unix, {{"UNIXVERB", {w("connect"), w("send")}},
                            {"SOCKTYPE", {w("stream")}},
                            {"addr", {s("@" + pattern + "\\x00")}},
                            {"peer", {s(pattern)}},
                            {"peer-addr", {w("none")}}}),
      rule(RuleKind::Dbus,
           {{"DBUSVERB", {w("any")}}, {"BUS", {w("session"), w("fcitx")}}, {"name", {s(pattern.substr(1))}}}),
      rule(RuleKind::Dbus, {{"DBUSVERB", {w("send")}},
                            {"BUS", {w("system")}},
                            {"name", {s("a.b")}},
                            {"path", {s(pattern)}},
                            {"iface", {s("a,\"b")}},
                            {"member", {s("{Get,Set}*")}},
                            {"peer", {s(pattern)}}}),
      rule(RuleKind::Signal, {{"SIGVERB", {w("send")}}, {"set", {w("kill"), w("rtmin+32")}}, {"peer", {s(pattern)}}}),
      rule(RuleKind::Ptrace, {{"PTVERB", {w("readby"), w("tracedby")}}, {"peer", {s(pattern)}}}, Modifier::Deny),
      rule(RuleKind::Mqueue, {{"GLOB", {s(pattern)}}, {"MQPERM", {w("read"), w("getattr")}}}),
      rule(RuleKind::Userns),
      rule(RuleKind::IoUring, anyPart),
      rule(RuleKind::Mount, {{"GLOB", {s(pattern)}},
                             {"->", {s("/{a,b}/")}},
                             {"fstype", {s("fuse.*"), s(pattern)}},
                             {"options", {w("ro"), w("bind")}}}),
      rule(RuleKind::Umount, {{"GLOB", {s(pattern), s("{/a,/b}/")}}}),
      rule(RuleKind::PivotRoot, {{"GLOB", {s(pattern)}}, {"old", {s(pattern)}}}),
  };
}

TEST(Emit, TheParserReadsEveryKind) {
  if (!parserIsInstalled()) GTEST_SKIP() << "apparmor_parser is not installed";
  ir::Target modern = target("full"); // as far as the installed parser reads it
  modern.parserFeatures.clear();
  modern.prompting = true;
  std::string text = textOf(policyOf(oneOfEachKind()), modern);
  EXPECT_EQ(parserComplaint(text), "") << text;
  text = textOf(policyOf(oneOfEachKind()), target("debian12"), true);
  EXPECT_EQ(parserComplaint(text, "stdlib/targets/debian12.features"), "") << text;
  std::vector<Rule> all = {rule(RuleKind::Everything), file("/a", "rx")};
  text = textOf(policyOf(all), target("debian12"));
  EXPECT_EQ(parserComplaint(text, "stdlib/targets/debian12.features"), "") << text;
}

TEST(Emit, WhatOlderParsersLackIsLeftOut) {
  std::string text = textOf(policyOf(oneOfEachKind()), target("debian12"));
  for (const char *word : {"userns", "mqueue", "io_uring", "prompt", "allow all", "dbus (", "unix ("})
    EXPECT_THAT(text, Not(HasSubstr(word)));
  text = textOf(policyOf(oneOfEachKind()), target("full"));
  for (const char *word : {"\n  userns,", "\n  mqueue (read, getattr, open) type=posix \"/o d\\x22d", "\n  io_uring,"})
    EXPECT_THAT(text, HasSubstr(word));
}

// The text with a `$` for each quoted name. No name may hold a quote or end in a backslash: the lexer would read on.
std::string outsideOfQuotes(llvm::StringRef text, std::vector<std::string> &quoted) {
  std::string outside;
  while (!text.empty()) {
    auto [before, rest] = text.split('"');
    outside += before;
    if (rest.empty()) break;
    auto [name, behind] = rest.split('"');
    EXPECT_FALSE(name.endswith("\\")) << text.str();
    quoted.push_back(name.str());
    outside += '$';
    text = behind;
  }
  return outside;
}

TEST(Emit, NoOperandLeavesItsPlace) {
  std::mt19937 random(1);
  const std::string bad = "\"\\,{}[]*?^@#()<>=- \n\r\t/\x01";
  std::vector<Rule> rules;
  for (int round = 0; round < 2000; ++round) {
    std::string value = "/";
    for (unsigned length = random() % 12; length > 0; --length) {
      // A NUL is in no path and no label.
      value += random() % 2 ? bad[random() % bad.size()] : static_cast<char>(1 + random() % 255);
    }
    std::string pattern = automata::escapeLiteral(value);
    std::vector<Rule> one = {
        file(pattern, "rw"), rule(RuleKind::Signal, {{"SIGVERB", {w("send")}}, {"peer", {s(pattern)}}}),
        rule(RuleKind::Dbus,
             {{"DBUSVERB", {w("send")}}, {"BUS", {w("system")}}, {"iface", {s(pattern)}}, {"peer", {s(pattern)}}}),
        rule(RuleKind::Mount, {{"GLOB", {s(pattern)}}, {"->", {s(pattern)}}, {"fstype", {s(pattern)}}})};
    const char *shapes[] = {"$ rw", "signal (send) peer=$", "dbus (send) bus=system interface=$ peer=(label=$)",
                            "mount fstype=($) $ -> $"};
    for (size_t i = 0; i < one.size(); ++i) {
      SourceManager sources;
      Engine engine(sources);
      apparmor::Plan plan = apparmor::lower(policyOf({one[i]}), target("full"), engine);
      ASSERT_EQ(plan.profiles[0].lines.size(), 1u);
      const std::string &text = plan.profiles[0].lines[0].text;
      std::vector<std::string> quoted;
      ASSERT_EQ(outsideOfQuotes(text, quoted), shapes[i]) << text;
      for (const std::string &name : quoted) {
        auto parsed = automata::parsePattern(name);
        ASSERT_TRUE(bool(parsed)) << text;
        ASSERT_EQ(parsed->children.size(), 1u) << text;
        EXPECT_EQ(parsed->children[0].text, value) << text;
      }
    }
    if (round % 10 == 0) rules.insert(rules.end(), one.begin(), one.end());
  }
  if (!parserIsInstalled()) GTEST_SKIP() << "apparmor_parser is not installed";
  EXPECT_EQ(parserComplaint(textOf(policyOf(rules), target("full"))), "");
}

TEST(Operand, Quotes) {
  EXPECT_EQ(apparmor::quoteText("a*\"b\\{,}"), R"("a\*\x22b\x5c\{,\}")");
  EXPECT_EQ(apparmor::quoteText("@{HOME}"), "\"@\\{HOME\\}\"");
  EXPECT_EQ(cantFail(apparmor::quotePattern("/a[\"b]{c,\\,}")), R"("/a[\x22b]{c,\,}")");
  EXPECT_EQ(apparmor::quotePaths("{{/a,@{HOME}},/b/*}/c")->size(), 3u);
  EXPECT_THAT(toString(apparmor::quotePaths("{/a,*}").takeError()), HasSubstr("begins with '/'"));
  std::string many = "{/";
  for (int i = 0; i < 300; ++i)
    many += ",/" + std::to_string(i);
  EXPECT_THAT(toString(apparmor::quotePaths(many + "}").takeError()), HasSubstr("too many ways"));
}
} // namespace
