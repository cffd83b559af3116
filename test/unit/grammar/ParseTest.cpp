// SPDX-License-Identifier: Apache-2.0
// What the parser and its guards say about mistakes, and that they go on behind them.
#include "test/unit/grammar/Sif.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

std::string repeat(llvm::StringRef text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

} // namespace

TEST(Parse, AMissingSemicolonIsFoundBetweenLines) {
  Sif sif("interface a {\n"
          "  plug {\n"
          "    file \"/a\" r\n"
          "    file \"/b\" r\n"
          "    weak deny owner file \"/c\" r;\n"
          "    let x = 5\n"
          "    capability chown }\n"
          "}\n");
  EXPECT_THAT(sif.messages(), ElementsAre("7:5 missing ';' before 'capability' [missing-semicolon]",
                                          "7:22 missing ';' before '}' [missing-semicolon]",
                                          "4:5 missing ';' before 'file' [missing-semicolon]",
                                          "5:5 missing ';' before 'weak' [missing-semicolon]"));
  EXPECT_EQ(sif.dump(), "rule 1:1 [interface] [a] {}\n"
                        "  rule 2:3 [plug] {}\n"
                        "    rule 3:5 [file] [\"/a\"] [r]\n"
                        "    rule 4:5 [file] [\"/b\"] [r]\n"
                        "    rule 5:5 [weak] [deny] [owner] [file] [\"/c\"] [r]\n"
                        "    let 6:5 x = 5\n"
                        "    rule 7:5 [capability] [chown]\n");
}

TEST(Parse, AMissingSemicolonIsFoundBetweenDeclarations) {
  Sif sif("interface a {\n  implicit slot core, classic\n  provider system\n  connect auto;\n"
          "  test \"x\" {\n    given host core\n    allow file \"/a\" r\n    deny file \"/b\" r;\n  }\n}");
  EXPECT_THAT(sif.messages(), ElementsAre("3:3 missing ';' before 'provider' [missing-semicolon]",
                                          "4:3 missing ';' before 'connect' [missing-semicolon]",
                                          "7:5 missing ';' before 'allow' [missing-semicolon]",
                                          "8:5 missing ';' before 'deny' [missing-semicolon]"));
  // What follows could be an attribute's name and value, but the whole is then no statement.
  EXPECT_THAT(Sif("test \"x\" {\n  given plug connected\n  allow file \"/a\" r;\n}").messages(),
              ElementsAre("3:3 missing ';' before 'allow' [missing-semicolon]"));
  EXPECT_THAT(Sif("test \"x\" {\n  given\n  plug flavor\n  allow;\n}").messages(), IsEmpty());
  EXPECT_THAT(Sif("interface a {\n  implicit\n  slot\n  core;\n  connect\n  never;\n}").messages(), IsEmpty());
}

TEST(Parse, TheFixOfAMissingSemicolonIsBehindTheTokenBefore) {
  Sif sif("let x = 5\nlet y = 6;");
  ASSERT_THAT(sif.messages(), SizeIs(1));
  const FixIt &fix = sif.engine.diagnostics()[0].fixIts.at(0);
  EXPECT_EQ(fix.range.begin, 9u);
  EXPECT_EQ(fix.range.end, 9u);
  EXPECT_EQ(fix.text, ";");
}

TEST(Parse, WordsOfRulesMayBeginALineWithinOne) {
  EXPECT_THAT(Sif("unix\nbind, listen\nstream\npeer\nslot;").messages(), IsEmpty());
  EXPECT_THAT(Sif("kmod\ndeny\nfile;").messages(), IsEmpty());
  EXPECT_THAT(Sif("dbus send session path \"/a\"\n  member \"b\";").messages(), IsEmpty());
}

TEST(Parse, EachStatementHasItsOwnError) {
  Sif sif("interface a {\n"
          "  connect auto if ;\n"
          "  let if = 5;\n"
          "  attrs plug { in: text; out: text; }\n"
          "  x = 3;\n"
          "  check not \"a\";\n"
          "  when a { b; } else c;\n"
          "  let y = (a;\n"
          "  provider app;\n"
          "}\n"
          "interface b { }\n");
  EXPECT_THAT(sif.messages(),
              ElementsAre("8:11 '(' is not closed [unclosed-bracket]",
                          "8:13 ')' is missing before this ';' [bracket-missing-here]",
                          "2:19 an expression is missing before ';' [missing-expression]",
                          "3:7 'if' is reserved and cannot be a name [reserved-word]",
                          "4:16 'in' is reserved and cannot be a name [reserved-word]",
                          "5:5 unexpected '='; expected a value, ';', ':' or a block [unexpected-token]",
                          "6:16 unexpected ';'; expected a string [unexpected-token]",
                          "7:22 unexpected 'c'; expected a block [unexpected-token]"));
  EXPECT_EQ(sif.dump(), "rule 1:1 [interface] [a] {}\n"
                        "  rule 4:3 [attrs] [plug] {}\n"
                        "    field 4:26 out : text\n"
                        "  rule 9:3 [provider] [app]\n"
                        "rule 11:1 [interface] [b] {}\n");
}

TEST(Parse, StringsEndOnTheirLine) {
  Sif sif("file \"/a r;\nfile \"/b\" r;\nlet x = \"${f(\"a\")}\";\nlet y = 1;");
  EXPECT_THAT(sif.messages(), ElementsAre("1:6 the string is not closed on its line [unclosed-string]",
                                          "3:10 '${' holds a name or a call, without quotes [bad-embedded]"));
  EXPECT_EQ(sif.dump(), "rule 2:1 [file] [\"/b\"] [r]\nlet 4:1 y = 1\n");
}

TEST(Parse, UnquotedPathsAreSaidOnceALine) {
  Sif sif("file /etc/passwd r;\nfile ~ r; let 'x';\nfile \"/b\" r;");
  EXPECT_THAT(sif.messages(),
              ElementsAre("1:6 unexpected character '/'; paths and patterns stand in quotes [unexpected-character]",
                          "2:6 unexpected character '~'; paths and patterns stand in quotes [unexpected-character]"));
  EXPECT_THAT(Sif("let x = 'a';").messages(), ElementsAre("1:9 unexpected character ''' [unexpected-character]"));
}

TEST(Parse, AnOpenBraceIsFoundByIndentation) {
  EXPECT_THAT(Sif("interface a {\n  plug {\n    when x {\n      userns;\n  }\n}\ninterface b { userns; }\n").messages(),
              ElementsAre("3:12 '{' is not closed [unclosed-bracket]",
                          "5:3 this '}' closes it, but is indented otherwise [bracket-closes-early]"));
  EXPECT_THAT(Sif("interface a {\n  plug {\n").messages(), ElementsAre("2:8 '{' is not closed [unclosed-bracket]"));
}

TEST(Parse, ABraceTooManyNamesTheOneThatClosedEarly) {
  EXPECT_THAT(Sif("interface a {\n  plug {\n    userns;\n    }\n  }\n}\nlet x = ;").messages(),
              ElementsAre("6:1 '}' closes nothing [unopened-bracket]",
                          "4:5 this '}' closes it, but is indented otherwise [bracket-closes-early]",
                          "7:9 an expression is missing before ';' [missing-expression]"));
  EXPECT_THAT(Sif("let a = [1);\nlet b = 2];").messages(),
              ElementsAre("1:11 ')' closes nothing [unopened-bracket]", "1:9 '[' is not closed [unclosed-bracket]",
                          "1:12 ']' is missing before this ';' [bracket-missing-here]",
                          "2:10 ']' closes nothing [unopened-bracket]"));
}

TEST(Parse, StrayTokensBetweenStatementsAreSkipped) {
  Sif sif("; let x = 1;\n) let y = 2;\nelse { userns; }\nlet z = 3;");
  EXPECT_THAT(sif.messages(), ElementsAre("2:1 ')' closes nothing [unopened-bracket]",
                                          "1:1 unexpected ';'; expected a statement [unexpected-token]",
                                          "3:1 'else' is reserved and cannot be a name [reserved-word]"));
  EXPECT_EQ(sif.dump(), "let 1:3 x = 1\nlet 4:1 z = 3\n");
}

TEST(Parse, NumbersAreWellFormed) {
  EXPECT_THAT(Sif("let a = [0x, 12abc, 010, -0o9];").messages(),
              ElementsAre("1:10 '0x' is not a number [bad-number]", "1:14 '12abc' is not a number [bad-number]",
                          "1:21 '010' is not a number; octal numbers begin with 0o [bad-number]",
                          "1:26 '-0o9' is not a number [bad-number]"));
}

TEST(Parse, ColumnsAreBytes) {
  Sif sif("## \xc3\xa4\xc3\xb6\nlet x = [\"\xc3\xa4\", b c];");
  EXPECT_THAT(sif.messages(), ElementsAre("2:18 unexpected 'c'; expected ']' [unexpected-token]"));
  EXPECT_EQ(sif.engine.diagnostics()[0].range.begin, 25u);
}

TEST(Parse, TextMustBeUtf8) {
  EXPECT_THAT(Sif("let x = \"\xff\";").messages(), ElementsAre("1:10 not valid UTF-8 [invalid-utf8]"));
  EXPECT_THAT(Sif("let x = \"\xe2\x82\";").messages(), ElementsAre("1:10 not valid UTF-8 [invalid-utf8]"));
  EXPECT_THAT(Sif(std::string("a\0;", 3)).messages(), SizeIs(1));
}

TEST(Parse, DepthAndSizeAreBounded) {
  auto one = [](const std::string &text) { return Sif(text).messages(); };
  EXPECT_THAT(one(repeat("a {", 64) + repeat("}", 64)), IsEmpty());
  EXPECT_THAT(one(repeat("a {", 65)), ElementsAre(HasSubstr("[nesting-too-deep]")));
  EXPECT_THAT(one("let x = " + repeat("[", 100000)), ElementsAre(HasSubstr("[nesting-too-deep]")));
  EXPECT_THAT(one("let x = " + repeat("not ", 300) + "a;"), IsEmpty());
  EXPECT_THAT(one("let x = " + repeat("not ", 100000) + "a;"), ElementsAre(HasSubstr("[nesting-too-deep]")));
  EXPECT_THAT(one("let x = a" + repeat(" + a", 100000) + ";"), ElementsAre(HasSubstr("[nesting-too-deep]")));
  EXPECT_THAT(one("when a {}" + repeat(" else when a {}", 20000)), ElementsAre(HasSubstr("[nesting-too-deep]")));
  EXPECT_THAT(one(repeat("when a and b {} ", 2000) + repeat("let x = a + b;", 2000)), IsEmpty());
  EXPECT_THAT(one("let x = [a" + repeat(", a + b", 20000) + "];"), IsEmpty());
  EXPECT_THAT(one("file \"/a\"" + repeat(", \"/b\"", 50000) + " r;"), IsEmpty());
  EXPECT_THAT(one(std::string((1 << 20) + 1, ' ')), ElementsAre("1:1 the file is larger than 1 MiB [file-too-large]"));
}

TEST(Parse, StopsAfterTwentyErrors) {
  auto last = [](const std::string &text) {
    std::vector<std::string> messages = Sif(text).messages();
    return std::to_string(messages.size()) + " " + messages.back();
  };
  EXPECT_EQ(last(repeat("let x = ;\n", 30)),
            "21 21:9 more than 20 syntax errors; the rest of the file is not read [too-many-syntax-errors]");
  EXPECT_EQ(last(repeat("'\n", 30)),
            "21 21:1 more than 20 syntax errors; the rest of the file is not read [too-many-syntax-errors]");
}
