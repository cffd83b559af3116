// SPDX-License-Identifier: Apache-2.0
// How rules are weighed against one access, where the text tests do not reach.
#include "analysis/Query.h"
#include "ir/Text.h"
#include "gtest/gtest.h"

namespace snapsecc::analysis {
namespace {

ir::Policy policyOf(const std::string &rules) {
  SourceManager sources;
  Engine engine(sources);
  std::string text =
      "sir 1; target \"full\" system \"classic\" arch \"amd64\"; snap \"foo\" { name \"foo\"; revision \"1\"; "
      "type \"app\"; mode enforce; } label \"snap.foo.bar\" { snap \"foo\"; app \"bar\"; kind app; mode enforce; " +
      rules + " }";
  std::optional<ir::Policy> policy = ir::parse(sources.add("p.sir", text), engine);
  return policy ? std::move(*policy) : ir::Policy();
}

const char *ask(const char *rules, const char *access) {
  SourceManager sources;
  Engine engine(sources);
  std::optional<ir::Rule> parsed = ir::parseAccess(sources.add("ACCESS", access), engine);
  if (!parsed) return "not an access";
  RuleMatcher matcher;
  ir::Policy policy = policyOf(rules);
  return name(ask(policy.labels.front().rules, *parsed, matcher).verdict);
}

TEST(Query, ExceptTakesPathsOut) {
  EXPECT_STREQ(ask("file \"/a/*\" except \"/a/x\" r;", "file /a/y r"), "allowed");
  EXPECT_STREQ(ask("file \"/a/*\" except \"/a/x\" r;", "file /a/x r"), "denied");
  EXPECT_STREQ(ask("file \"/a/*\" except \"/a/x\" r;", "file /a/* r"), "partly");
}

TEST(Query, DenialsBeatGrantsForWhomTheyAreMeant) {
  EXPECT_STREQ(ask("file \"/a\" rw; deny owner file \"/a\" w;", "file /a w"), "partly"); // to others
  EXPECT_STREQ(ask("owner file \"/a\" r; deny file \"/a\" r;", "file /a r"), "denied");
  EXPECT_STREQ(ask("owner file \"/a\" w; file \"/a\" r;", "file /a rw"), "owner");
}

TEST(Query, WriteIncludesAppend) {
  EXPECT_STREQ(ask("file \"/a\" w;", "file /a a"), "allowed");
  EXPECT_STREQ(ask("file \"/a\" a;", "file /a w"), "denied");
  EXPECT_STREQ(ask("file \"/a\" w; deny file \"/a\" a;", "file /a w"), "allowed");
}

TEST(Query, WhoStaysMayMapWhatItExecutes) {
  EXPECT_STREQ(ask("file \"/a\" x;", "file /a m"), "allowed");
  EXPECT_STREQ(ask("exec \"/a\" -> unconfined;", "file /a m"), "denied");
}

TEST(Query, APatternIsAllowedAsAWhole) {
  EXPECT_STREQ(ask("file \"/a/x*\" r; file \"/a/[^x]*\" r;", "file /a/* r"), "partly"); // no rule alone has it all
  EXPECT_STREQ(ask("file \"/a/x*\", \"/a/[^x]*\" r;", "file /a/* r"), "allowed");
}

TEST(Query, EverythingIsWhatAppArmorMediates) {
  EXPECT_STREQ(ask("everything;", "signal send set kill peer unconfined"), "allowed");
  EXPECT_STREQ(ask("everything; deny capability mknod;", "capability mknod"), "denied");
  EXPECT_STREQ(ask("everything;", "syscall read"), "denied"); // the filter's
}

TEST(Query, WordsOfAddressesAreNoPatterns) {
  EXPECT_STREQ(ask("unix bind addr \"*\";", "unix bind addr none"), "denied");
  EXPECT_STREQ(ask("unix bind addr none;", "unix bind addr none"), "allowed");
}

TEST(Query, AnAccessOfTooManyPartsIsNotAllowed) {
  ir::Rule access;
  access.kind = ir::RuleKind::Mqueue;
  std::vector<ir::Value> names, permissions(5000, ir::Value::word("read"));
  access.set("GLOB", {ir::Value::string("/q")});
  access.set("MQPERM", permissions);
  EXPECT_TRUE(atomsOf(access).empty());
}

TEST(Query, FindsLabelsByNameAppAndChild) {
  ir::Policy policy = policyOf("child kid { file \"/k\" r; }");
  std::string label = policy.labels.front().name;
  EXPECT_TRUE(findRules(policy, label));
  EXPECT_EQ(findRules(policy, label + "//kid")->rules->size(), 1u);
  EXPECT_FALSE(findRules(policy, label + "//other"));
  EXPECT_FALSE(findRules(policy, ""));
}

} // namespace
} // namespace snapsecc::analysis
