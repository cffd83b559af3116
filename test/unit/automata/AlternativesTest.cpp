// SPDX-License-Identifier: Apache-2.0
#include "automata/Alternatives.h"
#include <gmock/gmock.h>

using namespace snapsecc::automata;
using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

namespace {

std::vector<std::string> flatTexts(llvm::StringRef text) {
  Pattern pattern = llvm::cantFail(parsePattern(text));
  std::optional<std::vector<FlatPattern>> flattened = flatten(pattern);
  std::vector<std::string> texts;
  for (const FlatPattern &flat : flattened.value()) {
    Pattern sequence;
    sequence.children = flat;
    texts.push_back(print(sequence));
  }
  return texts;
}

} // namespace

TEST(Alternatives, MultipliesOutInTheOrderOfWriting) {
  EXPECT_THAT(flatTexts("/dev/{tty{S,USB}[0-9]*,mice}"),
              ElementsAre("/dev/ttyS[0-9]*", "/dev/ttyUSB[0-9]*", "/dev/mice"));
  EXPECT_THAT(flatTexts("{a,b}{c,}"), ElementsAre("ac", "a", "bc", "b"));
  EXPECT_THAT(flatTexts("/a/b"), ElementsAre("/a/b"));
}

TEST(Alternatives, JoinsNeighbouringLiterals) {
  Pattern pattern = llvm::cantFail(parsePattern("/d{ev,}/x"));
  EXPECT_EQ(flatten(pattern)->front().size(), 1u);
}

TEST(Alternatives, StopsAtTheLimit) {
  std::string text;
  for (int i = 0; i < 64; ++i)
    text += "{a,b}";
  Pattern pattern = llvm::cantFail(parsePattern(text));
  EXPECT_FALSE(flatten(pattern).has_value());
  EXPECT_TRUE(flatten(llvm::cantFail(parsePattern("{a,b}{a,b}")), 4).has_value());
  EXPECT_FALSE(flatten(llvm::cantFail(parsePattern("{a,b}{a,b}")), 3).has_value());
}

TEST(LiteralText, IsWhatTheEscapesMean) {
  EXPECT_THAT(literalText("/a b/c"), Optional(Eq("/a b/c")));
  EXPECT_THAT(literalText("/a\\*b\\{\\x20"), Optional(Eq("/a*b{ ")));
  EXPECT_THAT(literalText(escapeLiteral("/we[i]rd {na,me}?\n\\")), Optional(Eq("/we[i]rd {na,me}?\n\\")));
  EXPECT_THAT(literalText(""), Optional(Eq("")));
}

TEST(LiteralText, IsNoneOfAPattern) {
  EXPECT_FALSE(literalText("/a*"));
  EXPECT_FALSE(literalText("/a?"));
  EXPECT_FALSE(literalText("/{a,b}"));
  EXPECT_FALSE(literalText("@{HOME}/a"));
  EXPECT_FALSE(literalText("/a{")); // no pattern at all
}
