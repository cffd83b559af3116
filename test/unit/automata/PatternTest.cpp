// SPDX-License-Identifier: Apache-2.0
// Pattern text to tree and back. That the meaning is apparmor_parser's is shown by test/automata.
#include "automata/Pattern.h"
#include <gmock/gmock.h>

using namespace snapsecc::automata;

namespace {

std::string reprint(llvm::StringRef text) {
  llvm::Expected<Pattern> pattern = parsePattern(text);
  return pattern ? print(*pattern) : llvm::toString(pattern.takeError());
}

Pattern star(bool doubled, bool atLeastOne) {
  Pattern pattern;
  pattern.kind = doubled ? Pattern::Kind::DoubleStar : Pattern::Kind::Star;
  pattern.atLeastOne = atLeastOne;
  return pattern;
}
Pattern literal(llvm::StringRef text) {
  Pattern pattern;
  pattern.kind = Pattern::Kind::Literal;
  pattern.text = text.str();
  return pattern;
}
Pattern sequence(std::vector<Pattern> children) {
  Pattern pattern;
  pattern.children = std::move(children);
  return pattern;
}

TEST(Pattern, PrintsWhatItRead) {
  for (const char *text : {"",
                           "/",
                           "/a/b",
                           "/a/*",
                           "/a/**",
                           "/a/*/b",
                           "/a/**/",
                           "/a/**.so",
                           "/a/{b,c}",
                           "/{,usr/}lib/{,**}",
                           "/d/{a,{b,c}d}*",
                           "[a-z]",
                           "[^.]**",
                           "@{HOME}/x",
                           "/a?b",
                           "/a,b",
                           "[-a-z]",
                           "[ab^]",
                           "[^-^]",
                           "{,/,/**}",
                           "/a/{*,**}",
                           "a\\{b\\}",
                           "/[0-9]*/?*",
                           "@{HOME}/[^.]{,**}",
                           "[^/\\]]"})
    EXPECT_EQ(reprint(text), text);
}

TEST(Pattern, ReadsEscapes) {
  EXPECT_EQ(reprint("/\\141\\x62\\d99"), "/abc");
  EXPECT_EQ(reprint("\\052\\*\\x2a\\d42"), "\\*\\*\\*\\*");
  EXPECT_EQ(reprint("a\\056b\\-\\.\\,\\@\\^\\/"), "a.b-.,@^/");
  EXPECT_EQ(reprint("{a\\,b,c}"), "{a\\,b,c}");
  EXPECT_EQ(reprint("\\x00\\n"), "\\x00\\x0a");
  EXPECT_EQ(reprint("\\777"), "\\?7"); // three digits would be over 255
  EXPECT_EQ(reprint("\\@\\{HOME\\}"), "@\\{HOME\\}");
  EXPECT_EQ(reprint("@{1,2}"), "@{1,2}"); // no variable's name, so an alternation
}

TEST(Pattern, ReadsClassesAsTheParserDoes) {
  EXPECT_EQ(reprint("[z-x]"), "[x-z]");
  EXPECT_EQ(reprint("[a]"), "a");
  EXPECT_EQ(reprint("[^/\\x00]"), "?");
  EXPECT_EQ(reprint("[\\^a]"), "[^a]");   // a backslash does not keep '^' from negating
  EXPECT_EQ(reprint("[a\\-c]"), "[a-c]"); // nor '-' from making a range
  EXPECT_EQ(reprint("[\\,]"), "[,\\\\]"); // and in front of ',' is an element
  EXPECT_EQ(reprint("[^^]"), "[^^]");
  EXPECT_EQ(reprint("[[{}(.*]"), "column 6: '*' and '?' in [] need a '\\' in front");
}

TEST(Pattern, KnowsWhereAStarNeedsAByte) {
  auto stars = [](llvm::StringRef text) {
    std::string out;
    auto walk = [&out](auto &self, const Pattern &pattern) -> void {
      if (pattern.kind == Pattern::Kind::Star) out += pattern.atLeastOne ? "+" : "*";
      if (pattern.kind == Pattern::Kind::DoubleStar) out += pattern.atLeastOne ? "#" : "@";
      for (const Pattern &child : pattern.children)
        self(self, child);
    };
    walk(walk, llvm::cantFail(parsePattern(text)));
    return out;
  };
  EXPECT_EQ(stars("/a/*"), "+");
  EXPECT_EQ(stars("/a/**"), "#");
  EXPECT_EQ(stars("/a/*/b"), "+");
  EXPECT_EQ(stars("/a/**b"), "@");
  EXPECT_EQ(stars("/a*"), "*");
  EXPECT_EQ(stars("/{*,b}"), "*");
  EXPECT_EQ(stars("{,/**}"), "@");
  EXPECT_EQ(stars("{/*/,b}"), "+");
  EXPECT_EQ(stars("/***"), "#*");
  EXPECT_EQ(stars("/****"), "#@");
  EXPECT_EQ(stars("/*\\/"), "*"); // an escaped slash does not count behind a star
  EXPECT_EQ(stars("\\/*"), "+");  // but before one
  EXPECT_EQ(stars("@{PROC}*"), "*");
}

TEST(Pattern, PrintsAStarSoThatItKeepsItsMeaning) {
  EXPECT_EQ(print(sequence({literal("/a/"), star(true, false)})), "/a/{,**}");
  EXPECT_EQ(print(sequence({literal("/a/"), star(true, true)})), "/a/**");
  EXPECT_EQ(print(sequence({literal("/a/"), star(false, true), literal("b")})), "/a/?*b");
  EXPECT_EQ(print(sequence({literal("/a/"), star(false, false), literal("/b")})), "/a/{,*}/b");
  EXPECT_EQ(print(sequence({star(false, false), star(false, false)})), "*{,*}");
}

TEST(Pattern, NamesTheColumnOfAnError) {
  EXPECT_EQ(reprint("/a/{b"), "column 3: '{' without '}'");
  EXPECT_EQ(reprint("/a/b}"), "column 4: '}' without '{'");
  EXPECT_EQ(reprint("/a/{b}"), "column 3: {} needs at least two alternatives");
  EXPECT_EQ(reprint("/a[b"), "column 2: '[' without ']'");
  EXPECT_EQ(reprint("/a]b"), "column 2: ']' without '['");
  EXPECT_EQ(reprint("/a[]"), "column 2: an empty []");
  EXPECT_EQ(reprint("/a[^]"), "column 2: an empty []");
  EXPECT_EQ(reprint("[a-]"), "column 2: '-' in [] stands for itself only in front");
  EXPECT_EQ(reprint("[a-c-e]"), "column 4: '-' in [] stands for itself only in front");
  EXPECT_EQ(reprint("/a\\"), "column 2: '\\' at the end");
  EXPECT_EQ(reprint("@{}"), "column 0: a variable without a name");
  EXPECT_EQ(reprint("[@{PROC}]"), "column 1: a variable cannot stand in []");
  EXPECT_EQ(reprint(std::string(60, '{')), "column 49: {} nested 50 deep");
}

TEST(Pattern, EscapedTextMatchesItselfAlone) {
  const std::string text = "/a*b?[c]{d,e}\\f^g@{HOME}\n\x01\"#";
  llvm::Expected<Pattern> pattern = parsePattern(escapeLiteral(text));
  ASSERT_TRUE(bool(pattern));
  EXPECT_EQ(pattern->children, std::vector<Pattern>{literal(text)});
  EXPECT_EQ(print(llvm::cantFail(parsePattern("{" + escapeLiteral("a,b") + ",c}"))), "{a\\,b,c}");
  EXPECT_FALSE(hasMeta("/a.b-c,d^"));
  EXPECT_TRUE(hasMeta("/a{b,c}"));
  EXPECT_TRUE(hasMeta("@{PROC}/"));
}

} // namespace
