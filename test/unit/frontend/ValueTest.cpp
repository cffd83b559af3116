// SPDX-License-Identifier: Apache-2.0
// Texts by their places: nothing that is put into a pattern can widen it.
#include "frontend/Value.h"
#include "frontend/Compatibility.h"
#include "frontend/Instantiate.h"
#include <gtest/gtest.h>

using namespace snapsecc;
using Reading = Value::Reading;

namespace {

TEST(Value, EscapesOfLiteralsDependOnThePlace) {
  EXPECT_EQ(readLiteral(R"(a\"b\\c\x41\$d)", Reading::Plain), R"(a"b\cA$d)");
  EXPECT_EQ(readLiteral(R"(@/x/**.sock\x00)", Reading::Pattern), R"(@/x/**.sock\x00)");
  EXPECT_EQ(readLiteral(R"(\*\"\x2a\x41)", Reading::Pattern), R"(\*"\*A)") << "\\x2a is a star, not any text";
  EXPECT_EQ(readLiteral(R"([a-z]\.\"\x)", Reading::Regex), R"([a-z]\."\x)");
  EXPECT_EQ(readLiteral("${x}", Reading::Pattern), "$\\{x}") << "what \\${ was in the source";
  EXPECT_EQ(readLiteral("end\\", Reading::Plain), "end\\");
}

TEST(Value, TextIntoPatternsIsEscaped) {
  EXPECT_EQ(patternText(Value::string("a*[b]{c,d}?\\")), R"(a\*\[b\]\{c\,d\}\?\\)");
  EXPECT_EQ(patternText(Value::string("a*[b]{c,d}", Reading::Pattern)), "a*[b]{c,d}");
  EXPECT_EQ(patternText(Value::integer(-7)), "-7");
  EXPECT_EQ(patternText(Value::listOf({Value::string("a")})), std::nullopt);
  EXPECT_EQ(patternText(Value()), std::nullopt);
}

TEST(Value, APatternInBracesStaysOneAlternative) {
  EXPECT_EQ(patternText(Value::string("a,b{c,d}[,]\\,e", Reading::Pattern), true), R"(a\,b{c,d}[,]\,e)");
  EXPECT_EQ(braceDepth("a{b,{", 0), 2u);
  EXPECT_EQ(braceDepth("}[{]\\{", 2), 1u);
  EXPECT_EQ(braceDepth("@{HOME}/{", 0), 1u);
}

TEST(Value, AbsentIsEqualToNothing) {
  EXPECT_FALSE(sameValue(Value(), Value()));
  EXPECT_TRUE(sameValue(Value::word("session"), Value::string("session")));
  EXPECT_FALSE(sameValue(Value::integer(1), Value::string("1")));
  EXPECT_TRUE(sameValue(Value::listOf({Value::integer(1)}), Value::listOf({Value::integer(1)})));
}

TEST(Compatibility, Labels) {
  EXPECT_TRUE(areCompatible("vulkan-1-(2..5)-ubuntu-2404", "vulkan-1-(5..9)-ubuntu-2404"));
  EXPECT_FALSE(areCompatible("vulkan-1-(2..5)-ubuntu-2404", "vulkan-1-(6..9)-ubuntu-2404"));
  EXPECT_TRUE(areCompatible("gpu", "gpu-0")) << "a name alone has 0";
  EXPECT_FALSE(areCompatible("gpu-1", "gpu-1-1"));
  EXPECT_FALSE(areCompatible("gpu-1", "cpu-1"));
  for (const char *wrong : {"", "1", "gpu-", "gpu-01", "gpu-(5..2)", "gpu-(1..)", "gpu-1-gpu-2", "a-b-c-d", "a-1-2-3-4",
                            "Gpu-1", "gpu-123456789"})
    EXPECT_FALSE(parseCompatibility(wrong).label) << wrong;
}

TEST(Connect, Requests) {
  ConnectOptions options;
  EXPECT_EQ(parseConnect("none", options), "");
  EXPECT_EQ(parseConnect("auto", options), "");
  EXPECT_EQ(parseConnect("foo:home=:home", options), "");
  EXPECT_EQ(parseConnect(":libs=drivers:libs", options), "");
  EXPECT_TRUE(options.automatic);
  EXPECT_FALSE(options.all);
  ASSERT_EQ(options.asked.size(), 2u);
  EXPECT_EQ(options.asked[0].plugSnap, "foo");
  EXPECT_EQ(options.asked[0].slotSnap, "");
  EXPECT_EQ(options.asked[1].plug, "libs");
  for (const char *wrong :
       {"", "some", "foo:home", "foo=bar", "foo:home=bar", "foo:=:home", ":a=:b", "a:b=c:d=e:f", "a:b:c=:d"})
    EXPECT_NE(parseConnect(wrong, options), "") << wrong;
  EXPECT_EQ(options.asked.size(), 2u);
}

} // namespace
