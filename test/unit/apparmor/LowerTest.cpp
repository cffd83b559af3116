// SPDX-License-Identifier: Apache-2.0
// Every kind of rule as AppArmor's statements; what targets cannot mediate; what AppArmor cannot say.
#include "backends/apparmor/AppArmor.h"
#include "test/unit/apparmor/Rules.h"
#include "gmock/gmock.h"

using namespace snapsecc;
using namespace snapsecc::test;
using ir::Modifier;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

ir::Policy policyOf(std::vector<Rule> rules) {
  ir::Policy policy;
  ir::Label &label = policy.labels.emplace_back();
  label.name = "snap.foo.bar";
  label.snap = "foo";
  label.app = "bar";
  label.rules = std::move(rules);
  return policy;
}

class Lower : public testing::Test {
protected:
  std::vector<std::string> lines(std::vector<Rule> rules, const char *targetName = "full") {
    return lines(std::move(rules), target(targetName));
  }
  // The statements of the only profile.
  std::vector<std::string> lines(std::vector<Rule> rules, const ir::Target &on) {
    plan = apparmor::lower(policyOf(std::move(rules)), on, engine);
    std::vector<std::string> texts;
    for (const auto &line : plan.profiles.at(0).lines)
      texts.push_back(line.text);
    return texts;
  }
  std::string lastMessage() const { return engine.diagnostics().empty() ? "" : engine.diagnostics().back().message; }

  SourceManager sources;
  Engine engine{sources};
  apparmor::Plan plan;
};

TEST_F(Lower, Files) {
  EXPECT_THAT(lines({file("/a b", "r"), file("/x", "rwamklx"), file("@{HOME}/**", "r", Modifier::Owner),
                     file("/d", "x", Modifier::Deny),
                     file("/e", "wl", Modifier::Deny | Modifier::Audit | Modifier::Owner), file("/a", "a")}),
              ElementsAre("\"/a b\" r", "\"/a\" a", "\"/x\" rwmklix", "audit deny owner \"/e\" wl", "deny \"/d\" x",
                          "owner \"@{HOME}/**\" r"));
  EXPECT_THAT(lines({file("{,/snap/x/1}/bin/{a,b}", "r")}),
              ElementsAre("\"/bin/{a,b}\" r", "\"/snap/x/1/bin/{a,b}\" r"));
  EXPECT_THAT(lines({rule(RuleKind::Device, {{"GLOB", {s("/dev/video[0-9]*"), s("/dev/vchiq")}}, {"PERMS", {w("rw")}}}),
                     rule(RuleKind::Device, {{"GLOB", {s("/dev/null")}}})}),
              ElementsAre("\"/dev/vchiq\" rw", "\"/dev/video[0-9]*\" rw"));
  EXPECT_FALSE(engine.hasErrors());
}

TEST_F(Lower, PromptsWhereTheTargetCanAsk) {
  ir::Target asking = target("full");
  Rule prompted = file("/home/*/a", "rx", Modifier::Prompt | Modifier::Owner);
  EXPECT_THAT(lines({prompted}, asking), ElementsAre("owner \"/home/*/a\" rix"));
  asking.prompting = true;
  EXPECT_THAT(lines({prompted}, asking), ElementsAre("prompt owner \"/home/*/a\" rix"));
  asking.parserFeatures.erase("prompt");
  EXPECT_THAT(lines({prompted}, asking), ElementsAre("owner \"/home/*/a\" rix"));
}

TEST_F(Lower, Transitions) {
  auto exec = [](std::vector<Value> to, bool unsafe = false, ir::Modifiers modifiers = 0) {
    Parts parts = {{"GLOB", {s("/p")}}, {"->", std::move(to)}};
    if (unsafe) parts.push_back({"unsafe", {w("unsafe")}});
    return rule(RuleKind::Exec, parts, modifiers);
  };
  Value child = Value::call("child", {w("helper")}), other = Value::call("profile", {s("/usr/bin/{a,b}")});
  for (const auto &[to, safe, unsafe] : std::vector<std::tuple<std::vector<Value>, const char *, const char *>>{
           {{child}, "\"/p\" Cx -> \"helper\"", "\"/p\" cx -> \"helper\""},
           {{child, w("inherit")}, "\"/p\" Cix -> \"helper\"", "\"/p\" cix -> \"helper\""},
           {{child, w("unconfined")}, "\"/p\" CUx -> \"helper\"", "\"/p\" cux -> \"helper\""},
           {{w("profile")}, "\"/p\" Px", "\"/p\" px"},
           {{w("profile"), w("inherit")}, "\"/p\" Pix", "\"/p\" pix"},
           {{w("profile"), w("unconfined")}, "\"/p\" PUx", "\"/p\" pux"},
           {{other}, "\"/p\" Px -> \"/usr/bin/{a,b}\"", "\"/p\" px -> \"/usr/bin/{a,b}\""},
           {{w("unconfined")}, "\"/p\" Ux", "\"/p\" ux"},
           {{w("inherit")}, "\"/p\" ix", "\"/p\" ix"}}) {
    EXPECT_THAT(lines({exec(to)}), ElementsAre(safe));
    EXPECT_THAT(lines({exec(to, true)}), ElementsAre(unsafe));
  }
  EXPECT_THAT(lines({exec({w("unconfined")}, false, Modifier::Deny)}), ElementsAre("deny \"/p\" x"));
  EXPECT_THAT(lines({exec({w("profile")}, false, Modifier::Owner | Modifier::Audit)}),
              ElementsAre("audit owner \"/p\" Px"));
  EXPECT_FALSE(engine.hasErrors());
  EXPECT_THAT(lines({exec({w("inherit"), w("unconfined")})}), IsEmpty());
  EXPECT_THAT(lastMessage(),
              HasSubstr("AppArmor cannot say 'exec \"/p\" -> inherit, unconfined': 'inherit' and 'unconfined'"));
}

TEST_F(Lower, ChangeProfile) {
  EXPECT_THAT(lines({rule(RuleKind::ChangeProfile, {{"any", {w("any")}}}),
                     rule(RuleKind::ChangeProfile,
                          {{"GLOB", {s("/**")}}, {"->", {s("docker-default")}}, {"unsafe", {w("unsafe")}}}),
                     rule(RuleKind::ChangeProfile, {{"GLOB", {s("/a")}}}),
                     rule(RuleKind::ChangeProfile, {{"->", {s("l-*")}}})}),
              ElementsAre("change_profile", "change_profile \"/a\"", "change_profile -> \"l-*\"",
                          "change_profile unsafe \"/**\" -> \"docker-default\""));
  lines({rule(RuleKind::ChangeProfile, {{"->", {s("a")}}, {"unsafe", {w("unsafe")}}})});
  EXPECT_THAT(lastMessage(), HasSubstr("'unsafe' needs the programs"));
}

TEST_F(Lower, ChildProfiles) {
  Rule child = rule(RuleKind::Child, {{"WORD", {w("helper")}}});
  child.body = {file("/a", "r"), rule(RuleKind::Flags, {{"FLAG", {w("attach_disconnected")}}})};
  Rule again = child;
  again.body = {file("/b", "r")};
  EXPECT_THAT(lines({child, file("/c", "r"), again}), ElementsAre("\"/c\" r"));
  ASSERT_EQ(plan.profiles[0].children.size(), 1u);
  EXPECT_EQ(plan.profiles[0].children[0].name, "helper");
  EXPECT_THAT(plan.profiles[0].children[0].flags, ElementsAre("attach_disconnected"));
  EXPECT_EQ(plan.profiles[0].children[0].lines.size(), 2u);
  again.body = {child};
  lines({again});
  EXPECT_THAT(lastMessage(), HasSubstr("no children of its own"));
}

TEST_F(Lower, Network) {
  EXPECT_THAT(lines({rule(RuleKind::Network, {{"any", {w("any")}}}),
                     rule(RuleKind::Network, {{"FAMILY", {w("inet"), w("inet6")}}}),
                     rule(RuleKind::Network, {{"FAMILY", {Value::call("netlink", {w("NETLINK_ROUTE")})}},
                                              {"SOCKTYPE", {w("raw"), w("dgram")}}}),
                     rule(RuleKind::Network, {{"FAMILY", {w("any")}}, {"SOCKTYPE", {w("stream")}}}, Modifier::Deny)}),
              ElementsAre("deny network stream", "network", "network inet", "network inet6", "network netlink dgram",
                          "network netlink raw"));
  ir::Target old = target("debian12");
  old.features.erase("network_v8/af_mask/xdp");
  EXPECT_THAT(lines({rule(RuleKind::Network, {{"FAMILY", {w("xdp"), w("can")}}})}, old), ElementsAre("network can"));
  EXPECT_THAT(lastMessage(), HasSubstr("network xdp is not enforced: the target's kernel does not know the family"));
}

TEST_F(Lower, Capabilities) {
  EXPECT_THAT(lines({rule(RuleKind::Capability, {{"CAPABILITY", {w("chown"), w("bpf")}}}),
                     rule(RuleKind::Capability, {{"any", {w("any")}}}, Modifier::Audit),
                     rule(RuleKind::Capability, {{"CAPABILITY", {w("mknod")}}}, Modifier::Deny)}),
              ElementsAre("audit capability", "capability bpf", "capability chown", "deny capability mknod"));
}

TEST_F(Lower, UnixSockets) {
  EXPECT_THAT(lines({rule(RuleKind::Unix, {{"UNIXVERB", {w("any")}}}),
                     rule(RuleKind::Unix, {{"UNIXVERB", {w("bind"), w("listen")}},
                                           {"SOCKTYPE", {w("stream")}},
                                           {"addr", {s("@{mbim,qmi}-proxy\\x00")}}}),
                     rule(RuleKind::Unix, {{"UNIXVERB", {w("send"), w("receive")}},
                                           {"addr", {w("none")}},
                                           {"peer", {s("snap.*")}},
                                           {"peer-addr", {w("none")}}}),
                     rule(RuleKind::Unix, {{"UNIXVERB", {w("connect")}}, {"peer-addr", {s("@a")}}})}),
              ElementsAre("unix", "unix (bind, listen) type=stream addr=\"@{mbim,qmi}-proxy\\x00\"",
                          "unix (connect) peer=(addr=\"@a\")",
                          "unix (send, receive) addr=none peer=(label=\"snap.*\", addr=none)"));
  EXPECT_FALSE(engine.hasErrors());
  lines({rule(RuleKind::Unix, {{"UNIXVERB", {w("bind")}}, {"peer", {s("a")}}})});
  EXPECT_THAT(lastMessage(), HasSubstr("only accept, connect, send and receive have a peer"));
}

TEST_F(Lower, UnixSocketsOfOlderKernels) {
  EXPECT_THAT(lines({rule(RuleKind::Unix, {{"UNIXVERB", {w("bind")}}, {"SOCKTYPE", {w("dgram")}}, {"addr", {s("@a")}}}),
                     rule(RuleKind::Unix, {{"UNIXVERB", {w("any")}}}, Modifier::Deny)},
                    "debian12"),
              ElementsAre("network unix dgram"));
  ASSERT_EQ(plan.notEnforced.size(), 1u);
  EXPECT_EQ(plan.notEnforced[0].what, "unix");
  EXPECT_EQ(plan.notEnforced[0].rules, 2u);
}

TEST_F(Lower, Dbus) {
  auto dbus = [](std::vector<Value> verbs, std::vector<Value> buses, Parts more = {}) {
    Parts parts = {{"DBUSVERB", std::move(verbs)}, {"BUS", std::move(buses)}};
    parts.insert(parts.end(), more.begin(), more.end());
    return rule(RuleKind::Dbus, parts);
  };
  EXPECT_THAT(lines({dbus({w("send")}, {w("session"), w("system")},
                          {{"name", {s("org.a")}},
                           {"path", {s("/org/{a,b}")}},
                           {"iface", {s("org.a.*")}},
                           {"member", {s("Get*")}},
                           {"peer", {w("unconfined")}}})}),
              ElementsAre("dbus (send) bus=session path=\"/org/{a,b}\" interface=\"org.a.*\" member=\"Get*\" "
                          "peer=(name=\"org.a\", label=\"unconfined\")",
                          "dbus (send) bus=system path=\"/org/{a,b}\" interface=\"org.a.*\" member=\"Get*\" "
                          "peer=(name=\"org.a\", label=\"unconfined\")"));
  EXPECT_THAT(
      lines({dbus({w("own")}, {w("session")}, {{"name", {s("a.b{,.*}")}}}),
             dbus({w("send"), w("receive")}, {w("any")}, {{"peer", {s("l")}}}), dbus({w("eavesdrop")}, {w("system")})}),
      ElementsAre("dbus (bind) bus=session name=\"a.b{,.*}\"", "dbus (eavesdrop) bus=system",
                  "dbus (send, receive) peer=(label=\"l\")"));
  EXPECT_THAT(lines({dbus({w("any")}, {w("any")})}),
              ElementsAre("dbus (bind)", "dbus (eavesdrop)", "dbus (send, receive)"));
  EXPECT_THAT(lines({dbus({w("any")}, {w("session")}, {{"name", {s("a")}}})}),
              ElementsAre("dbus (bind) bus=session name=\"a\"", "dbus (send, receive) bus=session peer=(name=\"a\")"));
  EXPECT_THAT(lines({dbus({w("any")}, {w("session")}, {{"path", {s("/a")}}})}),
              ElementsAre("dbus (send, receive) bus=session path=\"/a\""));
  EXPECT_FALSE(engine.hasErrors());
  lines({dbus({w("own"), w("send")}, {w("session")}, {{"path", {s("/a")}}})});
  EXPECT_THAT(lastMessage(), HasSubstr("a name that is owned has no path"));
  lines({dbus({w("eavesdrop")}, {w("session")}, {{"name", {s("a")}}})});
  EXPECT_THAT(lastMessage(), HasSubstr("by its bus alone"));
}

TEST_F(Lower, SignalsTracingQueuesNamespaces) {
  EXPECT_THAT(
      lines({rule(RuleKind::Signal,
                  {{"SIGVERB", {w("send")}}, {"set", {w("term"), w("rtmin+3")}}, {"peer", {s("snap.{a,b}.*")}}}),
             rule(RuleKind::Signal, {{"SIGVERB", {w("any")}}}),
             rule(RuleKind::Ptrace, {{"PTVERB", {w("read"), w("trace")}}, {"peer", {w("unconfined")}}}, Modifier::Deny),
             rule(RuleKind::Mqueue, {{"GLOB", {s("/q"), s("/p*")}}, {"MQPERM", {w("read"), w("open")}}}),
             rule(RuleKind::Mqueue, {{"any", {w("any")}}}), rule(RuleKind::Userns),
             rule(RuleKind::IoUring, {{"IOURING", {w("sqpoll")}}, {"peer", {s("l")}}}),
             rule(RuleKind::IoUring, {{"any", {w("any")}}})}),
      ElementsAre("signal", "signal (send) set=(term, rtmin+3) peer=\"snap.{a,b}.*\"",
                  "deny ptrace (read, trace) peer=\"unconfined\"", "mqueue",
                  "mqueue (read, open, getattr) type=posix \"/p*\"", "mqueue (read, open, getattr) type=posix \"/q\"",
                  "userns", "io_uring", "io_uring (sqpoll) label=\"l\""));
}

TEST_F(Lower, QueuesAreOpenedAndLookedAtByWhoeverUsesThem) {
  auto queue = [](const char *right, ir::Modifiers modifiers = 0) {
    return rule(RuleKind::Mqueue, {{"GLOB", {s("/q")}}, {"MQPERM", {w(right)}}}, modifiers);
  };
  EXPECT_THAT(lines({queue("write")}), ElementsAre("mqueue (write, open, getattr, setattr) type=posix \"/q\""));
  EXPECT_THAT(lines({queue("delete")}), ElementsAre("mqueue (delete, open, getattr) type=posix \"/q\""));
  EXPECT_THAT(lines({queue("getattr")}), ElementsAre("mqueue (getattr) type=posix \"/q\""));
  // Who may not write may still look.
  EXPECT_THAT(lines({queue("write", Modifier::Deny)}), ElementsAre("deny mqueue (write) type=posix \"/q\""));
}

TEST_F(Lower, Mounts) {
  EXPECT_THAT(lines({rule(RuleKind::Mount, {{"any", {w("any")}}}),
                     rule(RuleKind::Mount, {{"GLOB", {s("*:**")}},
                                            {"->", {s("/m/{,**}")}},
                                            {"fstype", {s("nfs{,4}"), w("cifs")}},
                                            {"options", {w("rw"), w("nosuid")}}}),
                     rule(RuleKind::Mount, {{"->", {s("/")}}, {"options", {w("rprivate")}}}),
                     rule(RuleKind::Umount, {{"GLOB", {s("/m/"), s("{/a,/b}/c")}}}, Modifier::Deny),
                     rule(RuleKind::Umount, {{"any", {w("any")}}}),
                     rule(RuleKind::PivotRoot, {{"GLOB", {s("/new/")}}, {"old", {s("/new/old/")}}}),
                     rule(RuleKind::PivotRoot, {{"any", {w("any")}}})}),
              ElementsAre("deny umount \"/m/\"", "deny umount \"{/a,/b}/c\"", "mount",
                          "mount fstype=(\"nfs{,4}\", \"cifs\") options=(rw, nosuid) \"*:**\" -> \"/m/{,**}\"",
                          "mount options=(rprivate) -> \"/\"", "pivot_root",
                          "pivot_root oldroot=\"/new/old/\" \"/new/\"", "umount"));
  EXPECT_FALSE(engine.hasErrors());
  Rule lazy = rule(RuleKind::Mount, {{"->", {s("/m/")}}, {"options", {w("lazytime")}}});
  EXPECT_THAT(lines({lazy}), ElementsAre("mount options=(lazytime) -> \"/m/\""));
  EXPECT_THAT(lines({lazy}, "debian12"), IsEmpty());
  EXPECT_THAT(lastMessage(), HasSubstr("mount option lazytime is not enforced"));
  lines({rule(RuleKind::Mount, {{"GLOB", {s("/a")}}, {"options", {w("make-rslave")}}})});
  EXPECT_THAT(lastMessage(), HasSubstr("'make-rslave' changes a mount point"));
}

TEST_F(Lower, FlagsAndAbstractions) {
  auto flags = [](std::vector<Value> list) { return rule(RuleKind::Flags, {{"FLAG", std::move(list)}}); };
  lines({flags({w("attach_disconnected"), w("complain")}), flags({w("unconfined"), w("attach_disconnected")})});
  EXPECT_THAT(plan.profiles[0].flags, ElementsAre("attach_disconnected", "unconfined"));
  lines({flags({w("complain"), w("unconfined"), w("prompt")})}, "debian12");
  EXPECT_THAT(plan.profiles[0].flags, ElementsAre("complain"));
  EXPECT_EQ(plan.notEnforced.size(), 2u);
  EXPECT_THAT(lines({rule(RuleKind::Abstraction, {{"WORD", {w("base"), w("dbus-session-strict")}}})}),
              ElementsAre("#include <abstractions/base>", "#include <abstractions/dbus-session-strict>"));
  for (const char *name : {"../../tmp/x", "a>\n/** rwmklix,", "", "a/b", ".a"}) {
    EXPECT_THAT(lines({rule(RuleKind::Abstraction, {{"WORD", {s(name)}}})}), IsEmpty());
    EXPECT_THAT(lastMessage(), HasSubstr("the name of an abstraction"));
  }
}

TEST_F(Lower, Everything) {
  EXPECT_THAT(lines({rule(RuleKind::Everything)}), ElementsAre("allow all"));
  EXPECT_THAT(lines({rule(RuleKind::Everything)}, "debian12"),
              ElementsAre("capability", "file", "mount", "network", "pivot_root", "ptrace", "remount", "signal",
                          "umount", "unix"));
}

TEST_F(Lower, CountsWhatTheTargetCannotMediate) {
  std::vector<Rule> rules = {rule(RuleKind::Userns),
                             rule(RuleKind::Userns, {}, Modifier::Deny),
                             rule(RuleKind::Dbus, {{"DBUSVERB", {w("own")}}, {"BUS", {w("session"), w("system")}}}),
                             rule(RuleKind::Mqueue, {{"any", {w("any")}}}),
                             rule(RuleKind::IoUring, {{"any", {w("any")}}}),
                             file("/a", "r")};
  EXPECT_THAT(lines(rules, "debian12"), ElementsAre("\"/a\" r"));
  std::vector<std::string> counts;
  for (const auto &left : plan.notEnforced)
    counts.push_back(left.what + " " + std::to_string(left.rules) + " " + left.labels.at(0));
  EXPECT_THAT(counts, ElementsAre("dbus 1 snap.foo.bar", "io_uring 1 snap.foo.bar", "mqueue 1 snap.foo.bar",
                                  "userns 2 snap.foo.bar"));
  EXPECT_EQ(engine.warningCount(), 4u);
  EXPECT_EQ(engine.diagnostics()[3].message,
            "userns is not enforced: the target's kernel does not mediate it (rules: 2, of snap.foo.bar)");
  EXPECT_STREQ(engine.diagnostics()[3].info->name, "not-enforced");
  EXPECT_THAT(print(plan),
              HasSubstr("# not enforced: userns: the target's kernel does not mediate it (2 rules of snap.foo.bar)\n"));
  // A kernel that mediates is no use to a parser that does not read.
  ir::Target half = target("full");
  half.parserFeatures.clear();
  EXPECT_THAT(lines({rule(RuleKind::Userns)}, half), IsEmpty());
  EXPECT_THAT(plan.notEnforced.at(0).reason, HasSubstr("parser"));
}

TEST_F(Lower, NotEnforcedCanBeAnError) {
  engine.makeError("not-enforced");
  lines({rule(RuleKind::Userns)}, "debian12");
  EXPECT_TRUE(engine.hasErrors());
}

TEST_F(Lower, RefusesWhatAppArmorCannotSay) {
  ir::Policy policy =
      policyOf({file("relative/**", "r"), file("**", "r"), file("{/a,b}", "r"), file("", "r"), file("/a[", "r")});
  for (Rule &each : policy.labels[0].rules)
    each.origins = {policy.addOrigin({"interfaces/x.sif", 7, 1, "interface x plug", ""})};
  plan = apparmor::lower(policy, target("full"), engine);
  ASSERT_EQ(engine.errorCount(), 5u);
  EXPECT_EQ(engine.diagnostics()[0].message,
            "interfaces/x.sif:7: AppArmor cannot say 'file \"relative/**\" r': a path begins with '/' or a variable");
  EXPECT_STREQ(engine.diagnostics()[0].info->name, "not-expressible");
}

TEST_F(Lower, JoinsEqualStatements) {
  Rule a = file("/a", "r"), b = file("/a", "r");
  a.origins = {1};
  b.origins = {0, 1};
  lines({a, b});
  ASSERT_EQ(plan.profiles[0].lines.size(), 1u);
  EXPECT_THAT(plan.profiles[0].lines[0].origins, ElementsAre(0u, 1u));
}
} // namespace
