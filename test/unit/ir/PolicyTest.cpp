// SPDX-License-Identifier: Apache-2.0
#include "ir/Policy.h"
#include <gmock/gmock.h>

using namespace snapsecc::ir;
using testing::ElementsAre;

TEST(Value, PrintsInTheSpellingOfTheLanguage) {
  EXPECT_EQ(print(Value::word("rwk")), "rwk");
  EXPECT_EQ(print(Value::integer(-5)), "-5");
  EXPECT_EQ(print(Value{Value::Kind::Range, "", 1, 4, {}}), "1..4");
  Value upTo{Value::Kind::Compare, "<=", 0, 0, {Value::integer(19)}};
  Value any{Value::Kind::Any, "", 0, 0, {}};
  Value list{Value::Kind::List, "", 0, 0, {Value::word("AF_UNIX"), Value::word("AF_INET")}};
  EXPECT_EQ(print(Value::call("f", {any, upTo, list})), "f(_, _ <= 19, [AF_UNIX, AF_INET])");
  EXPECT_EQ(print(Value::call("dispatch", {})), "dispatch()");
}

TEST(Value, QuotesWhatIsNotReadable) {
  EXPECT_EQ(print(Value::string("/a \"b\" \\*")), "\"/a \\\"b\\\" \\\\*\"");
  EXPECT_EQ(print(Value::string(llvm::StringRef("a\nb\x7f\0", 5))), "\"a\\x0ab\\x7f\\x00\"");
  EXPECT_EQ(print(Value::string("/tmp/\xc3\xa4")), "\"/tmp/\xc3\xa4\"");
  EXPECT_EQ(print(Value::string("/tmp/\xc3")), "\"/tmp/\\xc3\"");
}

TEST(Rule, PartsAreReachedByTheirRoles) {
  Rule rule;
  rule.kind = RuleKind::File;
  rule.set("PERMS", {Value::word("rw")});
  rule.set("GLOB", {Value::string("/a"), Value::string("/b")});
  EXPECT_EQ(rule.text("PERMS"), "rw");
  EXPECT_EQ(rule.get("GLOB").size(), 2u);
  EXPECT_FALSE(rule.has("except"));
  EXPECT_EQ(rule.text("except"), "");
  EXPECT_LT(rule.operands[0].part, rule.operands[1].part);
  rule.set("PERMS", {Value::word("r")});
  EXPECT_EQ(rule.text("PERMS"), "r");
  rule.set("GLOB", {});
  EXPECT_FALSE(rule.has("GLOB"));
  EXPECT_EQ(rule.operands.size(), 1u);
}

TEST(Rule, OriginsAreNoPartOfIdentity) {
  Rule child;
  child.kind = RuleKind::Child;
  child.set("WORD", {Value::word("a")});
  Rule inner;
  inner.kind = RuleKind::Userns;
  child.body.push_back(inner);
  Rule other = child;
  other.origins.push_back(3);
  other.body[0].origins.push_back(4);
  EXPECT_TRUE(child.sameAs(other));
  other.body[0].modifiers = Deny;
  EXPECT_FALSE(child.sameAs(other));
}

TEST(Policy, FindsItsPiecesAndCountsRules) {
  Policy policy;
  Rule child;
  child.kind = RuleKind::Child;
  child.body.resize(2);
  policy.labels.push_back({"snap.a.b", "a", "b"});
  policy.labels[0].rules = {child, Rule{}};
  Snap snap;
  snap.instance = "a_1";
  snap.rules.resize(1);
  policy.snaps.push_back(snap);
  EXPECT_EQ(policy.ruleCount(), 5u);
  EXPECT_EQ(policy.findLabel("snap.a.b"), &policy.labels[0]);
  EXPECT_EQ(policy.findLabel("snap.a"), nullptr);
  EXPECT_EQ(policy.findSnap("a_1"), &policy.snaps[0]);
  EXPECT_EQ(policy.findSnap("a"), nullptr);
}

TEST(Policy, TheSameOriginTwiceInARowIsOne) {
  Policy policy;
  Origin origin{"a.sif", 1, 2, "template default", ""};
  EXPECT_EQ(policy.addOrigin(origin), 0u);
  EXPECT_EQ(policy.addOrigin(origin), 0u);
  origin.line = 2;
  EXPECT_EQ(policy.addOrigin(origin), 1u);
}
