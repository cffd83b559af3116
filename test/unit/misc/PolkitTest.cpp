// SPDX-License-Identifier: Apache-2.0
#include "backends/misc/PolkitPolicy.h"
#include "backends/misc/Sha3.h"
#include "test/unit/misc/Fixture.h"

using namespace snapsecc;
using namespace snapsecc::misc;
using ir::RuleKind;
using ir::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

namespace {

const std::string good =
    "<!DOCTYPE policyconfig PUBLIC \"-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN\"\n"
    " \"http://www.freedesktop.org/standards/PolicyKit/1/policyconfig.dtd\">\n"
    "<policyconfig><vendor>V</vendor><action id=\"org.example.foo.act\">"
    "<description xml:lang=\"de\">D</description><message>M</message>"
    "<defaults><allow_any>no</allow_any><allow_active> auth_admin </allow_active></defaults>"
    "<annotate key=\"org.freedesktop.policykit.imply\">org.example.foo.a org.example.foo.b</annotate>"
    "</action></policyconfig>";

Value file(llvm::StringRef name, llvm::StringRef text) {
  return Value::call("file", {Value::string(name), Value::string(text)});
}

std::string replaced(std::string text, llvm::StringRef from, llvm::StringRef to) {
  size_t at = text.find(from.str());
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to.str());
}

std::string problem(const std::string &xml) { return checkPolkitPolicy(xml, "org.example.foo"); }

} // namespace

// FIPS 202 examples (openssl dgst -sha3-384), and lengths around the block of 104 bytes.
TEST(Sha3, KnowsTheStandardsExamples) {
  EXPECT_EQ(sha3_384(""), "DGOnW4ReT30BEH2FLkwkhcUaUKqqlPxhmV5xu-6YOirDcTgxJkrbR_tr0eBY1fAE");
  EXPECT_EQ(sha3_384("abc"), "7AFJgohRb8kmRZ9Y4satjfm0c8sPwIwlltp88OSb5LKY2IzqknrH9Tnx7fIoN20l");
  EXPECT_EQ(sha3_384(std::string(103, 'x')), "K4EesCxsSBd9kd9b7s0unre8vP4ePe3c3pGs9uqLpFytTWr9iEGeO9BRt5m5qgXD");
  EXPECT_EQ(sha3_384(std::string(104, 'x')), "bDeDW-U1nQKnykIvmXQbhelVJWdCBw7hzNPrYzXN9bYqTPGvnT-NiC5psTMa3_3m");
  EXPECT_EQ(sha3_384(std::string(105, 'x')), "GCBy14Zn31JaPhx8NZLUjq1lA09cOA1OV1JQhma7k_6F42uhs-5ibEA3RGFAKKhU");
  EXPECT_EQ(sha3_384("// js rule\npolkit.addRule(function(a,s){return;});\n"),
            "jtZq_12z0n__U11pO_9UOLytqNEJLcLgtMe4lNgAqkOjttOCUgHbsiq6UHQ2sCjQ");
}

TEST(PolkitPolicy, TakesActionsBelowThePrefix) {
  EXPECT_EQ(problem(good), "");
  EXPECT_EQ(problem("<policyconfig/>"), "");
  EXPECT_EQ(problem(replaced(good, "org.example.foo.act", "org.example.foo")), "");
}

TEST(PolkitPolicy, RefusesOtherActions) {
  EXPECT_THAT(problem(replaced(good, "org.example.foo.act", "org.example.food")), HasSubstr("does not begin with"));
  EXPECT_THAT(problem(replaced(good, " id=\"org.example.foo.act\"", "")), HasSubstr("does not begin with"));
  EXPECT_THAT(problem(replaced(good, "org.example.foo.b", "org.freedesktop.systemd1.manage-units")),
              HasSubstr("does not begin with"));
}

TEST(PolkitPolicy, RefusesWhatIsMoreThanAnAction) {
  EXPECT_THAT(problem(replaced(good, "policykit.imply", "policykit.exec.path")), HasSubstr("is not allowed"));
  EXPECT_THAT(problem(replaced(good, "<vendor>V</vendor>", "<exec/>")), HasSubstr("is not known there"));
  EXPECT_THAT(problem(replaced(good, " auth_admin ", "maybe")), HasSubstr("no answer"));
  EXPECT_THAT(problem("<action id=\"org.example.foo\"/>"), HasSubstr("is not known there"));
  EXPECT_THAT(problem("<policyconfig><policyconfig/></policyconfig>"), HasSubstr("is not known there"));
}

TEST(PolkitPolicy, RefusesTricksOfXml) {
  EXPECT_THAT(problem("<!DOCTYPE policyconfig [<!ENTITY e \"x\">]><policyconfig/>"), HasSubstr("entity"));
  EXPECT_THAT(problem("<policyconfig>"), HasSubstr("line 1"));
  EXPECT_NE(problem(""), "");
  std::string deep = "<policyconfig>";
  for (int i = 0; i < 1000; ++i)
    deep += "<action id=\"org.example.foo\">";
  EXPECT_THAT(problem(deep), HasSubstr("too deep"));
  EXPECT_THAT(problem(std::string(2 << 20, ' ')), HasSubstr("megabyte"));
}

TEST_F(Misc, PolkitFilesGetTheSnapsName) {
  std::string script = "// js rule\npolkit.addRule(function(a,s){return;});\n";
  EXPECT_THAT(
      ofSnap(emitPolkit,
             {rule(RuleKind::Polkit, {{"actions", {Value::call("files", {file("plug.a.policy", good)})}},
                                      {"prefix", texts({"org.example.foo"})}}),
              rule(RuleKind::Polkit,
                   {{"rules", {file("plug.foo.rules", script)}},
                    {"sha3-384", texts({"jtZq_12z0n__U11pO_9UOLytqNEJLcLgtMe4lNgAqkOjttOCUgHbsiq6UHQ2sCjQ"})}})}),
      ElementsAre(Pair("polkit-1/actions/snap.foo.interface.plug.a.policy", good),
                  Pair("polkit-1/rules.d/70-snap.foo.plug.foo.rules", script)));
}

TEST_F(Misc, PolkitFilesMustBeThoseThatWereMeant) {
  EXPECT_THAT(
      ofSnap(emitPolkit,
             {rule(RuleKind::Polkit, {{"rules", {file("a.rules", "x")}}, {"sha3-384", texts({sha3_384("y")})}}),
              rule(RuleKind::Polkit, {{"rules", {file("../a.rules", "x")}}, {"sha3-384", texts({sha3_384("x")})}}),
              rule(RuleKind::Polkit,
                   {{"actions", {Value::call("files", {file("a.policy", "<x/>")})}}, {"prefix", texts({"a"})}})}),
      testing::IsEmpty());
  EXPECT_THAT(reported(), ElementsAre("artifact-value", "artifact-value", "artifact-value"));
}
