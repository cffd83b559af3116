// SPDX-License-Identifier: Apache-2.0
#include "ir/Text.h"
#include "test/unit/ir/RandomPolicy.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using namespace snapsecc::ir;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

std::string text(const Policy &policy) {
  std::string made;
  llvm::raw_string_ostream out(made);
  print(policy, out);
  return out.str();
}

struct Read {
  explicit Read(llvm::StringRef source) : engine(sources) {
    policy = parse(sources.add("t.sir", source.str()), engine);
  }
  std::vector<std::string> messages() const {
    std::vector<std::string> list;
    for (const Diagnostic &one : engine.diagnostics()) {
      LineColumn at = sources.file(one.range.file).lineColumn(one.range.begin);
      list.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " + one.message + " [" +
                     one.info->name + "]");
    }
    EXPECT_EQ(policy.has_value(), list.empty());
    return list;
  }
  SourceManager sources;
  Engine engine;
  std::optional<Policy> policy;
};

// The rules of one label, read and printed.
std::string rules(llvm::StringRef source) {
  Read read("sir 1; snap \"a\" { } label \"l\" { snap \"a\"; app \"x\";\n" + source.str() + "}");
  std::vector<std::string> messages = read.messages();
  if (!messages.empty()) return messages[0];
  std::string made;
  for (const Rule &rule : read.policy->labels[0].rules)
    made += (made.empty() ? "" : " ") + printRule(rule);
  return made;
}

std::string access(llvm::StringRef query) {
  SourceManager sources;
  Engine engine(sources);
  std::optional<Rule> rule = parseAccess(sources.add("query", query.str()), engine);
  EXPECT_EQ(rule.has_value(), engine.diagnostics().empty());
  return rule ? printRule(*rule) : engine.diagnostics().at(0).message;
}

Policy sound() {
  Policy policy;
  policy.addOrigin({});
  Snap snap;
  snap.instance = "a";
  policy.snaps.push_back(snap);
  Rule rule;
  rule.kind = RuleKind::File;
  rule.set("GLOB", {Value::string("/a")});
  rule.set("PERMS", {Value::word("r")});
  policy.labels.push_back({"l", "a", "x", LabelKind::App, Mode::Enforce, false, {rule}});
  return policy;
}

} // namespace

TEST(Text, WhatIsPrintedReadsBack) {
  std::set<std::pair<RuleKind, unsigned>> seen;
  for (unsigned seed = 0; seed < 200; ++seed) {
    Policy policy = RandomPolicy(seed).make();
    ASSERT_THAT(verify(policy), IsEmpty()) << seed;
    std::string once = text(policy);
    Read read(once);
    ASSERT_THAT(read.messages(), IsEmpty()) << once;
    ASSERT_EQ(text(*read.policy), once) << seed;
    for (size_t i = 0; i < policy.labels[0].rules.size(); ++i) {
      ASSERT_TRUE(policy.labels[0].rules[i].sameAs(read.policy->labels[0].rules[i]))
          << printRule(policy.labels[0].rules[i]);
      ASSERT_EQ(policy.labels[0].rules[i].origins, read.policy->labels[0].rules[i].origins);
    }
    for (const auto *list : {&policy.labels[0].rules, &policy.snaps[0].rules})
      for (const Rule &rule : *list)
        for (const Rule::Operand &operand : rule.operands)
          seen.insert({rule.kind, operand.part});
  }
  for (const RuleKindInfo &info : allRuleKinds())
    for (unsigned part = 0; part < info.signature.parts.size(); ++part)
      EXPECT_TRUE(seen.count({info.kind, part})) << info.keyword << " " << info.signature.parts[part].role;
}

TEST(Text, SurvivesMutation) {
  std::string whole = text(RandomPolicy(7).make());
  std::mt19937 random(1);
  for (unsigned i = 0; i < 500; ++i) {
    std::string mutated = whole;
    size_t at = random() % mutated.size();
    switch (random() % 4) {
    case 0: mutated.erase(at, 1 + random() % 10); break;
    case 1: mutated.insert(at, std::string(1, "{}()[];\"@,_"[random() % 11])); break;
    case 2: mutated.insert(at, mutated.substr(random() % mutated.size(), random() % 50)); break;
    default: mutated.resize(at);
    }
    Read read(mutated);
    for (const Diagnostic &one : read.engine.diagnostics())
      ASSERT_LE(one.range.end, mutated.size()) << i;
    if (read.policy)
      ASSERT_THAT(Read(text(*read.policy)).messages(), IsEmpty()) << i;
    else
      ASSERT_TRUE(read.engine.hasErrors()) << i;
  }
}

TEST(Text, APolicyInFull) {
  std::string source = "sir 1;\n"
                       "target \"full\" system \"classic\" arch \"amd64\";\n"
                       "origin 0 \"interfaces/home.sif\" 12 5 \"interface home plug\" \"the reason\";\n"
                       "origin 1 \"foo.yaml\" 1 1 \"layout\";\n"
                       "snap \"foo\" {\n"
                       "  name \"foo\";\n"
                       "  revision \"1\";\n"
                       "  base \"core24\";\n"
                       "  type \"app\";\n"
                       "  mode enforce;\n"
                       "  layout bind \"/usr/share/foo\" from \"/snap/foo/1/usr/share/foo\";\n"
                       "  layout tmpfs \"/opt/x\" user \"root\" group \"root\" mode \"0755\";\n"
                       "  bind ro \"/a\" -> \"/b\" rename-on-clash @1;\n"
                       "}\n"
                       "label \"snap.foo.bar\" {\n"
                       "  snap \"foo\";\n"
                       "  app \"bar\";\n"
                       "  kind app;\n"
                       "  mode complain;\n"
                       "  daemon;\n"
                       "  weak deny owner file \"/home/*/[^.]**\", \"/x\" except \"/y\" rwkl @0,1;\n"
                       "  syscall nice(_ <= 19), socket([AF_UNIX, AF_INET], _, 1..4);\n"
                       "  child systemd_run @0 {\n"
                       "    userns;\n"
                       "    child inner {\n"
                       "    }\n"
                       "  }\n"
                       "}\n"
                       "connection \"home\" \"foo\" \"home\" \"system\" \"home\" \"asked for\";\n";
  Read read(source);
  EXPECT_THAT(read.messages(), IsEmpty());
  ASSERT_TRUE(read.policy);
  EXPECT_EQ(text(*read.policy), source);
  EXPECT_EQ(read.policy->origins[0].line, 12u);
  EXPECT_EQ(read.policy->labels[0].mode, Mode::Complain);
  EXPECT_TRUE(read.policy->labels[0].daemon);
  EXPECT_EQ(read.policy->labels[0].rules[2].body.size(), 2u);
  EXPECT_EQ(read.policy->snaps[0].layouts[1].kind, Layout::Kind::Tmpfs);
}

TEST(Text, RulesAreRulesOfTheLanguage) {
  EXPECT_EQ(rules("# a comment\n file \"/a\", \"\\x2fb\" r;"), "file \"/a\", \"/b\" r;");
  EXPECT_EQ(rules("dbus send session peer unconfined;"), "dbus send session peer unconfined;");
  EXPECT_EQ(rules("syscall mknod(_, 0o17, 0xffffffffffffffff);"), "syscall mknod(_, 15, -1);");
  EXPECT_EQ(rules("signal send set rtmin+1 peer \"a\";"), "signal send set rtmin+1 peer \"a\";");
  EXPECT_EQ(rules("dbus send sesion;"), "2:11 dbus: 'sesion' is not a bus; did you mean 'session'? [unknown-word]");
  EXPECT_EQ(rules("dbus send session peer \"a\" path \"/b\";"),
            "2:28 dbus: 'path' stands before 'peer' [part-out-of-order]");
  EXPECT_EQ(rules("file \"/a\";"),
            "2:1 file: a set of file permissions (letters of rwamklx) is missing [missing-part]");
  EXPECT_EQ(rules("userns \"/a\";"),
            "2:8 userns: \"/a\" cannot stand here; expected the end of the statement [unexpected-part]");
  EXPECT_EQ(rules("unix send peer \"a\", \"b\";"),
            "2:21 unix: \"b\" is one too many; a label stands alone here [not-a-list]");
  EXPECT_EQ(rules("fil \"/a\" r;"), "2:1 unknown statement 'fil'; did you mean 'file'? [unknown-statement]");
  EXPECT_EQ(rules("owner capability any;"), "2:1 'owner' does not apply to 'capability' [modifier-not-allowed]");
  EXPECT_EQ(rules("deny weak file \"/a\" r;"), "2:6 'weak' stands before 'deny' [modifier-order]");
  EXPECT_EQ(rules("deny deny file \"/a\" r;"), "2:6 'deny' is given twice [sir-twice]");
}

TEST(Text, ValuesAreDecided) {
  EXPECT_EQ(rules("file expand(a) r;"), "2:6 expected a path pattern, not expand(a) [sir-syntax]");
  EXPECT_EQ(rules("file [\"/a\"] r;"), "2:6 expected a path pattern, not [\"/a\"] [sir-syntax]");
  EXPECT_EQ(rules("file 5 r;"), "2:6 file: a number cannot stand here; expected a path pattern [unexpected-part]");
}

TEST(Text, MistakesOfFormAreNamed) {
  auto one = [](llvm::StringRef source) {
    std::vector<std::string> messages = Read(source).messages();
    return messages.empty() ? "" : messages[0];
  };
  EXPECT_EQ(one("sir 2;"), "1:5 expected 'sir 1;', not '2' [sir-syntax]");
  EXPECT_EQ(one(""), "1:1 expected 'sir 1;', not the end [sir-syntax]");
  EXPECT_EQ(one("sir 1; foo;"),
            "1:8 expected 'target', 'resolved', 'origin', 'snap', 'label' or 'connection', not 'foo' [sir-syntax]");
  EXPECT_EQ(one("sir 1; origin 1 \"a\" 1 1 \"b\";"), "1:15 the next origin is 0 [sir-origin-order]");
  EXPECT_EQ(one("sir 1; snap \"a\" { kmod load x @0; }"), "1:32 there is no origin 0 [sir-origin]");
  EXPECT_EQ(one("sir 1; snap \"a\" { mode loud; }"),
            "1:24 expected one of 'enforce', 'complain', 'unconfined', not 'loud' [sir-syntax]");
  EXPECT_EQ(one("sir 1; snap \"a\" { name \"a\"; name \"b\"; }"), "1:29 'name' is given twice [sir-twice]");
  EXPECT_EQ(one("sir 1; snap \"a\" { "), "1:19 expected '}', not the end [sir-syntax]");
  EXPECT_EQ(one("sir 1; snap \"a\\q\" { }"), "1:15 a backslash in a string is followed by \", \\ or xNN [sir-escape]");
  EXPECT_EQ(one("sir 1; snap \"a\n\" { }"), "1:13 the string is not closed on its line [unclosed-string]");
  EXPECT_EQ(one("sir 1; snap \"\xff\" { }"), "1:14 not valid UTF-8 [invalid-utf8]");
  EXPECT_EQ(one("sir 1; $"), "1:8 unexpected character '$' [unexpected-character]");
  EXPECT_EQ(one("sir 1; label \"l\" { snap \"a\"; app \"x\"; }"), "1:1 label l: there is no snap 'a' [sir-invalid]");
  EXPECT_EQ(one("sir 1; origin 99999999999999999999 \"a\" 1 1 \"b\";"),
            "1:15 '99999999999999999999' is not a number [bad-number]");
}

TEST(Text, GoesOnBehindAMistake) {
  EXPECT_THAT(Read("sir 1;\ntarget full;\nsnap \"a\" {\n  mode loud;\n  file \"/a\";\n  kmod load;\n}\nlabel {\n  x { "
                   "y; }\n}\nconnection;\n")
                  .messages(),
              ElementsAre(HasSubstr("2:8"), HasSubstr("4:8"), HasSubstr("5:3"), HasSubstr("6:3"), HasSubstr("8:7"),
                          HasSubstr("11:11")));
  std::string many = "sir 1; snap \"a\" {";
  for (unsigned i = 0; i < 100; ++i)
    many += " x;";
  EXPECT_THAT(Read(many + "}").messages(), SizeIs(testing::AllOf(testing::Ge(20u), testing::Le(22u))));
  EXPECT_THAT(Read("sir 1; " + std::string(100000, '$')).messages(), SizeIs(20));
}

TEST(Text, DepthIsBounded) {
  std::string calls = "syscall ", children;
  for (unsigned i = 0; i < 100; ++i) {
    calls += "f(";
    children += "child a {";
  }
  EXPECT_THAT(rules(calls), HasSubstr("nested deeper than 8 [sir-too-deep]"));
  EXPECT_THAT(rules(children), HasSubstr("nested deeper than 8 [sir-too-deep]"));
  EXPECT_EQ(rules("syscall f([g(_ <= h(1))]);"), "syscall f([g(_ <= h(1))]);");
}

TEST(Access, PathsAndNamesNeedNoQuotes) {
  EXPECT_EQ(access("file /etc/shadow w"), "file \"/etc/shadow\" w;");
  EXPECT_EQ(access("file /a, \"/b c\" r;"), "file \"/a\", \"/b c\" r;");
  EXPECT_EQ(access("device char 1:3"), "device char \"1:3\";");
  EXPECT_EQ(access("device block 259:0 rw"), "device block \"259:0\" rw;");
  EXPECT_EQ(access("syscall ioctl(_, TIOCSTI)"), "syscall ioctl(_, TIOCSTI);");
  EXPECT_EQ(access("syscall chmod(0, 0o4755)"), "syscall chmod(0, 2541);");
  EXPECT_EQ(access("capability net_admin"), "capability net_admin;");
  EXPECT_EQ(access("dbus send system name org.foo.Bar path /org/foo iface org.foo member Get peer snap.a.b"),
            "dbus send system name \"org.foo.Bar\" path \"/org/foo\" iface \"org.foo\" member Get peer \"snap.a.b\";");
  EXPECT_EQ(access("signal send set term peer unconfined"), "signal send set term peer unconfined;");
  EXPECT_EQ(access("unix connect stream peer-addr @/tmp/.X11-unix/X0"),
            "unix connect stream peer-addr \"@/tmp/.X11-unix/X0\";");
  EXPECT_EQ(access("exec /usr/bin/x -> unconfined"), "exec \"/usr/bin/x\" -> unconfined;");
  EXPECT_EQ(access("network inet6 stream"), "network inet6 stream;");
  EXPECT_EQ(access("mount /dev/sda1 -> /mnt fstype ext4 options ro, nosuid"),
            "mount \"/dev/sda1\" -> \"/mnt\" fstype ext4 options ro, nosuid;");
}

TEST(Access, OneRuleAndNothingElse) {
  EXPECT_EQ(access("fil /a r"), "unknown statement 'fil'; did you mean 'file'?");
  EXPECT_EQ(access("file /a r; file /b r"), "expected the end, not 'file'");
  EXPECT_EQ(access(""), "expected a rule, not the end");
  EXPECT_EQ(access("file /a"), "file: a set of file permissions (letters of rwamklx) is missing");
  EXPECT_EQ(access("child a { }"), "expected ';', not '{'");
  EXPECT_EQ(access("file /a r @0"),
            "file: \"@0\" cannot stand here; expected the end of the statement"); // a string: queries have no origins
}

TEST(Verify, ASoundPolicyPasses) { EXPECT_THAT(verify(sound()), IsEmpty()); }

TEST(Verify, NamesWhatIsWrong) {
  auto with = [](auto change) {
    Policy policy = sound();
    change(policy, policy.labels[0].rules[0]);
    return verify(policy);
  };
  using P = Policy;
  EXPECT_THAT(with([](P &, Rule &rule) { rule.modifiers = 1 << 6; }), SizeIs(1));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.kind = RuleKind::Kmod; }),
              ElementsAre("label l: 'kmod \"/a\" options r;': is a rule of a snap"));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.set("PERMS", {}); }),
              ElementsAre(HasSubstr("label l: 'file \"/a\";': does not fit")));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.set("PERMS", {Value::word("rz")}); }),
              ElementsAre(HasSubstr("does not fit")));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.set("GLOB", {Value::word("except")}); }),
              ElementsAre(HasSubstr("does not fit")));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.set("GLOB", {Value::word("a b")}); }),
              ElementsAre("label l: 'file': 'a b' is no word"));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.set("GLOB", {Value::call("expand", {})}); }),
              ElementsAre("label l: 'file': 'expand()' is not a path pattern"));
  EXPECT_THAT(with([](P &, Rule &rule) { std::swap(rule.operands[0], rule.operands[1]); }),
              ElementsAre("label l: 'file': operands are not sorted by their parts"));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.operands[0].part = 77; }),
              ElementsAre("label l: 'file': an operand is none of its parts"));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.operands[0].values.clear(); }),
              ElementsAre("label l: 'file': the operand 'GLOB' has no value"));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.origins = {1}; }),
              ElementsAre("label l: 'file \"/a\" r;': there is no origin 1"));
  EXPECT_THAT(with([](P &, Rule &rule) { rule.body.resize(1); }), SizeIs(testing::Ge(1u)));
  EXPECT_THAT(with([](P &policy, Rule &) { policy.snaps[0].rules = policy.labels[0].rules; }),
              ElementsAre("snap a: 'file \"/a\" r;': is a rule of a label"));
  EXPECT_THAT(with([](P &policy, Rule &) { policy.snaps.clear(); }), ElementsAre("label l: there is no snap 'a'"));
  EXPECT_THAT(with([](P &policy, Rule &) { policy.labels[0].app = ""; }), SizeIs(1));
  EXPECT_THAT(with([](P &policy, Rule &) { policy.labels.push_back(policy.labels[0]); }),
              ElementsAre("label: 'l' stands behind 'l'; names are sorted and differ"));
}

TEST(Verify, ModifiersMustApply) {
  Policy policy = sound();
  Rule rule;
  rule.kind = RuleKind::Capability;
  rule.modifiers = Owner;
  rule.set("any", {Value::word("any")});
  policy.labels[0].rules = {rule};
  EXPECT_THAT(verify(policy), ElementsAre("label l: 'owner capability any;': 'owner' does not apply"));
}
