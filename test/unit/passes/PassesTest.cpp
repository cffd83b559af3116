// SPDX-License-Identifier: Apache-2.0
// Each pass on rules as people write them; then all together, verified, on rules made at random.
#include "ir/Passes.h"
#include "ir/passes/Meaning.h"
#include "test/unit/passes/RuleText.h"
#include <gmock/gmock.h>
#include <random>

using namespace snapsecc;
using namespace snapsecc::ir;

namespace {

// What passes make of the rules; the mandatory ones always run. Diagnostics come behind them.
std::string run(llvm::StringRef passes, llvm::StringRef rules) {
  PassOptions options;
  EXPECT_EQ(parsePassList(passes, options), "");
  SourceManager sources;
  sources.add("t.sif", rules.str());
  Engine engine(sources);
  std::string out = ruletext::print(runPasses(ruletext::policy(rules), options, Target(), engine));
  for (const Diagnostic &diagnostic : engine.diagnostics())
    out += sources.describe(diagnostic.range) + " " + diagnostic.info->name + ": " + diagnostic.message + "\n";
  return out;
}

TEST(ResolveWeak, DenialsGiveUpWhatAGrantNames) {
  EXPECT_EQ(
      run("none", R"(weak deny file "@{PROC}/{self,@{pid}}/mountinfo", "/x" r; owner file "@{PROC}/@{pid}/mount*" r)"),
      "deny file \"/x\" r;\nowner file \"@{PROC}/@{pid}/mount*\" r;\n");
  EXPECT_EQ(run("none", R"(weak deny file "/a", "/b" rw; file "/b" r; device char "/a" w)"),
            "deny file \"/a\" r;\ndeny file \"/b\" w;\nfile \"/b\" r;\ndevice char \"/a\" w;\n");
  EXPECT_EQ(run("none", R"(weak deny file "/a" r; file "/b" r; deny file "/a" r; exec "/a" -> inherit)"),
            "deny file \"/a\" r;\nfile \"/b\" r;\ndeny file \"/a\" r;\nexec \"/a\" -> inherit;\n");
  EXPECT_EQ(run("none", R"(weak deny file "/a" a; file "/a" w)"), "file \"/a\" w;\n"); // w includes a
  EXPECT_EQ(run("none", R"(weak deny file "/a/*" except "/a/b" r; file "/a/b" r)"),
            "deny file \"/a/{[^\\\\x00/b],b?}*\" r;\nfile \"/a/b\" r;\n");
  EXPECT_EQ(run("none", R"(weak deny file "/a" r; weak file "/a" r)"), "file \"/a\" r;\n");
}

TEST(ResolveWeak, OtherDenialsGiveUpWords) {
  EXPECT_EQ(run("none", R"(weak deny ptrace trace; weak deny capability sys_ptrace, sys_admin; capability sys_admin;
                           ptrace trace peer "snap.x")"),
            "deny capability sys_ptrace;\ncapability sys_admin;\nptrace trace peer \"snap.x\";\n");
  EXPECT_EQ(run("none", R"(weak deny ptrace any; ptrace read, readby)"),
            "deny ptrace trace, tracedby;\nptrace read, readby;\n");
  EXPECT_EQ(run("none", R"(weak deny capability chown; capability any)"), "capability any;\n");
  EXPECT_EQ(run("none", R"(weak deny signal send peer "snap.a"; signal send peer "snap.b")"),
            "deny signal send peer \"snap.a\";\nsignal send peer \"snap.b\";\n");
  EXPECT_EQ(run("none", R"(weak deny userns; userns)"), "userns;\n");
  EXPECT_EQ(run("none", R"(weak deny unix send addr none; unix send addr "@x")"),
            "deny unix send addr none;\nunix send addr \"@x\";\n");
}

TEST(ResolveWeak, GrantsGiveUpExecution) {
  EXPECT_EQ(run("none", R"(weak owner file "/h/**", "/x" rx; exec "/h/a" -> unconfined)"),
            "owner file \"/h/**\" r;\nowner file \"/x\" rx;\nexec \"/h/a\" -> unconfined;\n");
  EXPECT_EQ(run("none", R"(weak file "/h/**" x; change_profile "/**" -> "docker-default" unsafe)"),
            "change_profile \"/**\" -> \"docker-default\" unsafe;\n");
  EXPECT_EQ(run("none", R"(weak file "/h/**" x; change_profile -> "docker-default"; file "/h/**" r)"),
            "file \"/h/**\" x;\nchange_profile -> \"docker-default\";\nfile \"/h/**\" r;\n");
  EXPECT_EQ(
      run("none", R"(weak exec "/h" -> inherit; weak exec "/i" -> unconfined; file "/h", "/i" x; deny file "/i" r)"),
      "file \"/h\", \"/i\" x;\ndeny file \"/i\" r;\n");
  EXPECT_EQ(run("none", R"(weak file "/a" r; deny file "/a" r)"), "file \"/a\" r;\ndeny file \"/a\" r;\n");
}

TEST(LowerExcept, WritesTheDifference) {
  EXPECT_EQ(run("none", R"(owner file "@{HOME}/[^.]**" except "@{HOME}/snap{,/,/**}" rwkl)"),
            "owner file \"@{HOME}/{[^.s],s[^\\\\x00n],sn[^\\\\x00a],sna[^\\\\x00p],snap?}**\", \"@{HOME}/{s,sn,sna}\" "
            "rwkl;\n");
  EXPECT_EQ(run("none", R"(change_profile "/{a,b}" except "/a" -> "p" unsafe; exec "/{a,b}" except "/b" -> unconfined;
                           device char "/dev/{a,b}" except "/dev/a" rw; file "/a" except "/*" r)"),
            "change_profile \"/b\" -> \"p\" unsafe;\nexec \"/a\" -> unconfined;\ndevice char \"/dev/b\" rw;\n");
}

TEST(LowerExcept, SaysWhatItCannotWrite) {
  EXPECT_EQ(run("dedup", R"(file "/a/*" except "/a/*.c", "/b" r;)"),
            "t.sif:1:1 except-not-plain: AppArmor patterns cannot say '/a/*' without '/a/*.c', '/b': "
            "it repeats more than a '*' or '**' does\n");
}

TEST(Dedup, KeepsTheOriginsOfAll) {
  SourceManager sources;
  Engine engine(sources);
  Policy policy =
      ruletext::policy(R"(file "/a", "/a" r; file "/b" r; file "/a" r; capability chown; owner file "/a" r)");
  dedup(policy, Target(), engine);
  EXPECT_EQ(ruletext::print(policy), "file \"/a\" r;\nfile \"/b\" r;\ncapability chown;\nowner file \"/a\" r;\n");
  EXPECT_THAT(policy.labels[0].rules[0].origins, testing::ElementsAre(0, 2));
}

TEST(MergePermissions, MakesOneRuleOfOnePath) {
  EXPECT_EQ(run("merge-permissions", R"(file "/a", "/b" ra; file "/b" w; owner file "/b" k; file "/c" r; file "/b" r)"),
            "file \"/a\" ra;\nfile \"/b\" rw;\nowner file \"/b\" k;\nfile \"/c\" r;\n");
}

TEST(DropSubsumed, DropsPathsThatOthersCover) {
  EXPECT_EQ(run("drop-subsumed", R"(file "/a/**" rw; file "/a/b", "/c" r; owner file "/a/x" w; file "/a/y" rk)"),
            "file \"/a/**\" rw;\nfile \"/c\" r;\nfile \"/a/y\" rk;\n");
  // By a union of paths, and of permissions.
  EXPECT_EQ(run("drop-subsumed", R"(file "/d/x/*" r; file "/d/*/[a-m]*" r; file "/d/*/[^a-m]*" r)"),
            "file \"/d/*/[a-m]*\" r;\nfile \"/d/*/[^a-m]*\" r;\n");
  EXPECT_EQ(run("drop-subsumed", R"(file "/d/x" rw; file "/d/*" r; file "/d/x*" w)"),
            "file \"/d/*\" r;\nfile \"/d/x*\" w;\n");
  // An owner's right is less than everybody's.
  EXPECT_EQ(run("drop-subsumed", R"(owner file "/a/**" r; file "/a/b" r)"),
            "owner file \"/a/**\" r;\nfile \"/a/b\" r;\n");
  // Equal languages in two spellings: one stays.
  EXPECT_EQ(run("drop-subsumed", R"(file "/{a,b}" r; file "/[ab]" r)"), "file \"/[ab]\" r;\n");
  // /d/** does not match /d/.
  EXPECT_EQ(run("drop-subsumed", R"(file "/d/" r; file "/d/**" r)"), "file \"/d/\" r;\nfile \"/d/**\" r;\n");
  // A device stays, and counts.
  EXPECT_EQ(run("drop-subsumed", R"(device char "/dev/a*" rw; file "/dev/a1" r; file "/dev/**" rw)"),
            "device char \"/dev/a*\" rw;\nfile \"/dev/**\" rw;\n");
}

TEST(DropSubsumed, MindsAuditDenyPromptAndTransitions) {
  const char *kept[] = {
      R"(file "/a/**" r; audit file "/a/b" r)",
      R"(file "/a/**" r; prompt file "/a/b" r)",
      R"(audit deny file "/a/**" r; deny file "/a/b" r)",
      R"(file "/a/**" r; deny file "/a/b" r)",
      R"(file "/**" x; exec "/a" -> unconfined)",
      R"(exec "/*" -> profile("a"); exec "/a" -> profile("b"))",
      R"(exec "/*" -> unconfined; exec "/a" -> unconfined unsafe)",
      R"(file "/**" x; file "/a" x; exec "/[a-c]" -> unconfined)",
  };
  for (const char *rules : kept)
    EXPECT_EQ(run("drop-subsumed", rules), run("none", rules)) << rules;
  EXPECT_EQ(run("drop-subsumed", R"(audit file "/a/**" r; file "/a/b" r)"), "audit file \"/a/**\" r;\n");
  EXPECT_EQ(run("drop-subsumed", R"(deny file "/a/**" r; deny file "/a/b" r)"), "deny file \"/a/**\" r;\n");
  EXPECT_EQ(run("drop-subsumed", R"(deny file "/a/**" rw; file "/a/b" r)"), "deny file \"/a/**\" rw;\n");
  EXPECT_EQ(run("drop-subsumed", R"(exec "/*" -> unconfined; exec "/a" -> unconfined)"),
            "exec \"/*\" -> unconfined;\n");
}

TEST(DropSubsumed, DropsOtherRulesThatOneRuleIncludes) {
  EXPECT_EQ(run("drop-subsumed", R"(capability chown, fowner; capability fowner, setuid; capability setuid)"),
            "capability chown;\ncapability fowner, setuid;\n");
  EXPECT_EQ(run("drop-subsumed", R"(capability chown; capability any; deny capability chown)"),
            "capability any;\ndeny capability chown;\n");
  EXPECT_EQ(run("drop-subsumed", R"(dbus send session; dbus send session path "/x" peer unconfined; dbus send system)"),
            "dbus send session;\ndbus send system;\n");
  EXPECT_EQ(run("drop-subsumed", R"(dbus send session path "/a{,/**}"; dbus send session path "/a/b" member "M";
                                    dbus receive session path "/a")"),
            "dbus send session path \"/a{,/**}\";\ndbus receive session path \"/a\";\n");
  EXPECT_EQ(run("drop-subsumed",
                R"(signal any peer "snap.x*"; signal send set term peer "snap.xy"; signal send peer unconfined)"),
            "signal any peer \"snap.x*\";\nsignal send peer unconfined;\n");
  EXPECT_EQ(run("drop-subsumed", R"(syscall read, ioctl; syscall ioctl(0, TIOCSTI); deny syscall read)"),
            "syscall read, ioctl;\ndeny syscall read;\n");
  EXPECT_EQ(run("drop-subsumed", R"(network any; network inet stream)"), "network any;\n");
  EXPECT_EQ(run("drop-subsumed", R"(unix send peer "a"; unix send)"), "unix send;\n");
  // An address that holds NUL is one like others.
  const char *addresses = R"(unix bind addr "@snap.foo.**"; unix bind addr "@\\x00\\x00")";
  EXPECT_EQ(run("drop-subsumed", addresses), run("none", addresses));
}

TEST(FactorAlternations, JoinsSiblings) {
  EXPECT_EQ(
      run("factor-alternations", R"(file "/d/a", "/d/b*" r; file "/d/{c,d}" r; file "/d/e" w; owner file "/d/f" r)"),
      "file \"/d/{a,b*,c,d}\" r;\nfile \"/d/e\" w;\nowner file \"/d/f\" r;\n");
  EXPECT_EQ(run("factor-alternations", R"(file "@{PROC}/@{pid}/a" r; file "@{PROC}/@{pid}/b" r)"),
            "file \"@{PROC}/@{pid}/{a,b}\" r;\n");
  EXPECT_EQ(run("factor-alternations", R"(file "/d/@{HOME}", "/d/@{HOME}/a", "/d/b@{run}c", "/d/x" r)"),
            "file \"/d/@{HOME}\", \"/d/@{HOME}/a\" r;\nfile \"/d/{b@{run}c,x}\" r;\n");
  // A comma, and a name that a star begins.
  EXPECT_EQ(run("factor-alternations", R"(file "/d/a,b", "/d/c" r)"), "file \"/d/{a\\\\,b,c}\" r;\n");
  EXPECT_EQ(run("factor-alternations", R"(file "/d/*", "/d/*/", "/d/a" r)"), "file \"/d/{?*,?*/,a}\" r;\n");
  EXPECT_EQ(run("factor-alternations", R"(file "/d/a", "/d/b" x; exec "/d/a*" -> unconfined)"),
            "file \"/d/a\", \"/d/b\" x;\nexec \"/d/a*\" -> unconfined;\n");
}

TEST(FactorAlternations, JoinsBelowTheFirstTwoLevels) {
  EXPECT_EQ(run("factor-alternations", R"(file "/d/a", "/e/a" r)"), "file \"/d/a\", \"/e/a\" r;\n");
  EXPECT_EQ(run("factor-alternations", R"(file "/d/", "/d/a/**", "/d/a/b/c", "/d/e" r)"),
            "file \"/d/{,a/{?**,b/c},e}\" r;\n");
  EXPECT_EQ(run("factor-alternations", R"(file "/{,usr/}lib/a", "/{,usr/}lib/b/c" r)"),
            "file \"/{,usr/}lib/{a,b/c}\" r;\n");
}

TEST(FactorAlternations, JoinsMounts) {
  EXPECT_EQ(run("factor-alternations",
                R"(umount "/m/a/"; umount "/m/b/"; mount -> "/m/a" options rw; mount -> "/m/b" options rw;
                                          mount -> "/m/c" options ro; mount "/x/s" -> "/m/a"; mount "/x/t" -> "/m/a")"),
            "umount \"/m/{a/,b/}\";\nmount -> \"/m/{a,b}\" options rw;\nmount -> \"/m/c\" options ro;\n"
            "mount \"/x/{s,t}\" -> \"/m/a\";\n");
  EXPECT_EQ(run("drop-subsumed", R"(mount -> "/m/*"; mount -> "/m/a" options rw; mount -> "/n" options ro)"),
            "mount -> \"/m/*\";\nmount -> \"/n\" options ro;\n");
  EXPECT_EQ(run("drop-subsumed", R"(mount -> "/m" options rw, bind; mount -> "/m" options rw)"),
            "mount -> \"/m\" options rw, bind;\nmount -> \"/m\" options rw;\n");
  // A source that is no path is in no pattern of paths.
  EXPECT_EQ(run("drop-subsumed", R"(mount "/d/**" -> "/m/**"; mount "tmpfs" -> "/m/**" fstype tmpfs)"),
            "mount \"/d/**\" -> \"/m/**\";\nmount \"tmpfs\" -> \"/m/**\" fstype tmpfs;\n");
}

TEST(FactorAlternations, IsBounded) {
  std::string paths, many;
  for (unsigned i = 0; i < 100; ++i)
    paths += (i ? ", \"/d/x" : "\"/d/x") + std::to_string(i) + "\"";
  std::string joined = run("factor-alternations", "file " + paths + " r");
  EXPECT_EQ(llvm::StringRef(joined).count("x"), 100u);
  EXPECT_EQ(llvm::StringRef(joined).count("{"), 2u); // 64 and 36
}

TEST(OrderRules, IsOneOrderForEveryOrder) {
  EXPECT_EQ(run("order", R"(unix bind; deny file "/c" r; file "/b", "/a" r; capability setuid, chown)"),
            "file \"/a\", \"/b\" r;\ndeny file \"/c\" r;\ncapability chown, setuid;\nunix bind;\n");
}

TEST(OrderRules, LeavesRulesWhoseLastOneDecides) {
  const char *rules = R"(busconfig default send "a.b"; deny busconfig default own "a.b"; busconfig default send "a.b")";
  EXPECT_EQ(run("order", rules), run("none", rules));
  EXPECT_EQ(run("dedup", rules), run("none", rules));
}

TEST(Passes, NamesAreCheckedAndRunInTheOrderOfAsking) {
  PassOptions options;
  EXPECT_EQ(parsePassList("dedupe", options), "no pass 'dedupe'; did you mean 'dedup'?");
  EXPECT_EQ(parsePassList("order,dedup", options), "");
  EXPECT_THAT(options.passes, testing::ElementsAre("order", "dedup"));
  EXPECT_FALSE(options.useDefault);
  EXPECT_EQ(run("none", R"(file "/a" r; file "/a" r)"), "file \"/a\" r;\nfile \"/a\" r;\n");
}

TEST(Meaning, TellsPoliciesApart) {
  auto difference = [](llvm::StringRef a, llvm::StringRef b) {
    return MeaningComparison().difference(ruletext::policy(a).labels[0].rules, ruletext::policy(b).labels[0].rules);
  };
  EXPECT_EQ(difference(R"(file "/a", "/b" r)", R"(file "/{b,a}" r)"), "");
  EXPECT_EQ(difference(R"(file "/a" rw)", R"(file "/a" r; file "/a" w)"), "");
  EXPECT_EQ(difference(R"(file "/a" rw)", R"(file "/a" r)"), "lost: /a w");
  EXPECT_EQ(difference(R"(owner file "/a" r)", R"(file "/a" r)"), "new: /a r");
  EXPECT_EQ(difference(R"(file "/a" r)", R"(deny file "/a" r)"), "new: /a r");
  EXPECT_EQ(difference(R"(capability chown)", R"(capability any)"), "new: capability any");
  EXPECT_EQ(difference(R"(capability chown; capability setuid)", R"(capability chown, setuid)"), "");
  EXPECT_EQ(difference(R"(exec "/a" -> unconfined)", R"(file "/a" x)"), "lost: /a x");
  EXPECT_EQ(difference(R"(mount any)", R"(umount any)"), "lost: mount any");
  EXPECT_EQ(difference(R"(umount "/a"; umount "/b")", R"(umount "/{a,b}")"), "");
  EXPECT_EQ(difference(R"(umount "/a"; umount "/b")", R"(umount "/{a,b,c}")"), "new: umount \"/{a,b,c}\"");
  EXPECT_EQ(difference(R"(mount "/a" -> "/x"; mount "/b" -> "/y")", R"(mount "/{a,b}" -> "/{x,y}")"),
            "new: mount \"/{a,b}\" -> \"/{x,y}\"");
}

// runPasses() verifies by itself and would abort; here the result is also held against the rules that went in.
TEST(Passes, KeepTheMeaningOfRandomRules) {
  std::mt19937 random(7);
  auto pick = [&](std::initializer_list<const char *> choices) { return choices.begin()[random() % choices.size()]; };
  for (unsigned round = 0; round < 60; ++round) {
    std::string text;
    for (unsigned i = 0; i < 30; ++i) {
      text += pick({"", "", "", "owner ", "deny ", "audit "});
      text += std::string("file \"/") + pick({"a", "b", "{a,b}", "*", "[^a]*", "a*", "**"});
      text += pick({"", "", "/", "/*", "/**", "/{,**}", "/c", "/{c,d}", "/c,d", "/*/x", "{,/**}"});
      text += std::string("\" ") + pick({"r", "rw", "w", "rwk", "x", "rx", "ra"}) + "; ";
    }
    Policy before = ruletext::policy(text);
    SourceManager sources;
    Engine engine(sources);
    Policy after = runPasses(before, PassOptions(), Target(), engine);
    EXPECT_EQ(MeaningComparison().difference(before.labels[0].rules, after.labels[0].rules), "") << text;
    EXPECT_LT(after.ruleCount(), before.ruleCount());
    Policy again = runPasses(after, PassOptions(), Target(), engine);
    EXPECT_EQ(ruletext::print(again), ruletext::print(after)) << text;
  }
}

} // namespace
