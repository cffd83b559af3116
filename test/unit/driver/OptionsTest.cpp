// SPDX-License-Identifier: Apache-2.0
// Command lines against a table of all kinds of options.
#include "driver/Options.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace snapsecc::driver;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

constexpr Option options[] = {
    {"--flag", "-f"},
    {"--value", "-V", Option::Kind::Value, "X"},
    {"--many", nullptr, Option::Kind::Value, "X", "", true},
    {"-o", nullptr, Option::Kind::Value, "DIR"},
    {"-j", nullptr, Option::Kind::Value, "N"},
    {"-MD"},
    {"-MF", nullptr, Option::Kind::Value, "FILE"},
    {"-Werror", nullptr, Option::Kind::Optional, "NAME", "", true},
    {"--verify", nullptr, Option::Kind::Switch},
    {"--choice", nullptr, Option::Kind::Value, "WORD", "", false, "one|two"},
};
constexpr OptionGroup groups[] = {{"Options", options}};
const Command command = {"try", "A B", "", "", {"", ""}, groups, 0, 2, nullptr};

struct Parsed {
  Arguments arguments{command};
  std::string error;
  explicit Parsed(std::vector<const char *> words) { error = parseArguments(words, arguments); }
};

} // namespace

TEST(Options, ValuesInAllSpellings) {
  Parsed p({"--value", "1", "--many=a", "--many", "b=c", "-o", "dir", "-j4", "-MD", "-MF", "deps"});
  EXPECT_EQ(p.error, "");
  EXPECT_EQ(p.arguments.get("--value"), "1");
  EXPECT_THAT(p.arguments.all("--many"), ElementsAre("a", "b=c"));
  EXPECT_EQ(p.arguments.get("-o"), "dir");
  EXPECT_EQ(p.arguments.get("-j"), "4");
  EXPECT_TRUE(p.arguments.has("-MD"));
  EXPECT_EQ(p.arguments.get("-MF"), "deps");
  EXPECT_EQ(p.arguments.get("--choice", "else"), "else");
}

TEST(Options, AliasesAndTheLastOneCounts) {
  Parsed p({"-f", "-V", "1", "--value=2", "-V3"});
  EXPECT_EQ(p.error, "");
  EXPECT_TRUE(p.arguments.has("--flag"));
  EXPECT_EQ(p.arguments.get("--value"), "3");
}

TEST(Options, OptionalValues) {
  Parsed p({"-Werror", "-Werror=name", "operand"});
  EXPECT_EQ(p.error, "");
  EXPECT_THAT(p.arguments.all("-Werror"), ElementsAre("", "name"));
  EXPECT_THAT(p.arguments.operands, ElementsAre("operand"));
}

TEST(Options, Switches) {
  EXPECT_TRUE(Parsed({}).arguments.isOn("--verify", true));
  EXPECT_FALSE(Parsed({}).arguments.isOn("--verify", false));
  EXPECT_FALSE(Parsed({"--verify", "--no-verify"}).arguments.isOn("--verify", true));
  EXPECT_TRUE(Parsed({"--no-verify", "--verify"}).arguments.isOn("--verify", false));
}

TEST(Options, OperandsAnywhereAndBehindTwoDashes) {
  EXPECT_THAT(Parsed({"a", "-f", "-"}).arguments.operands, ElementsAre("a", "-"));
  EXPECT_THAT(Parsed({"--", "--flag", "-x"}).arguments.operands, ElementsAre("--flag", "-x"));
}

TEST(Options, Errors) {
  EXPECT_EQ(Parsed({"--flog"}).error, "unknown option '--flog'; did you mean '--flag'?");
  EXPECT_EQ(Parsed({"-x"}).error.substr(0, 19), "unknown option '-x'");
  EXPECT_EQ(Parsed({"--no-flag"}).error, "unknown option '--no-flag'; did you mean '--flag'?");
  EXPECT_EQ(Parsed({"--flag=1"}).error, "'--flag' takes no value");
  EXPECT_EQ(Parsed({"-o"}).error, "'-o' needs a value: DIR");
  EXPECT_EQ(Parsed({"--choice", "three"}).error, "'--choice' is one of one|two, not 'three'");
  EXPECT_EQ(Parsed({"a", "b", "c"}).error, "one operand too many: 'c'");
}
