// SPDX-License-Identifier: Apache-2.0
#include "test/unit/grammar/Sif.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

// The dump of text that has no mistake.
std::string dump(llvm::StringRef text) {
  Sif sif(text);
  EXPECT_THAT(sif.messages(), IsEmpty());
  return sif.dump();
}

template <class Node> const Node &first(const Sif &sif) { return std::get<Node>(sif.file.statements.at(0).node); }

} // namespace

TEST(BuildAst, EveryKindOfStatement) {
  EXPECT_EQ(dump("let a: [path] nonempty max 3 = \"/x\";\n"
                 "check a in b \"no\";\n"
                 "when a { userns; } else when b { } else { userns; }\n"
                 "for p in a + [1] { file p r; }\n"
                 "attrs plug closed { a?: text matching \"x\" = y; b: { c: int 1..0xf; }; d: [{ e: bool; }] unique; }\n"
                 "exec \"/a\", b -> child(c) unsafe if x == 1;\n"),
            "let 1:1 a : list of path [nonempty] [max] [3] = \"/x\"\n"
            "check 2:1 (in a b) \"no\"\n"
            "when 3:1 a\n"
            "  rule 3:10 [userns]\n"
            "else\n"
            "  when 3:25 b\n"
            "  else\n"
            "    rule 3:43 [userns]\n"
            "for 4:1 p in (+ a (list 1))\n"
            "  rule 4:20 [file] [p] [r]\n"
            "rule 5:1 [attrs] [plug] [closed] {}\n"
            "  field 5:21 a? : text [matching] [\"x\"] = y\n"
            "  field 5:48 b : {\n"
            "    field 5:53 c : int [1..15]\n"
            "  }\n"
            "  field 5:71 d : list of {\n"
            "    field 5:77 e : bool\n"
            "  } [unique]\n"
            "rule 6:1 [exec] [\"/a\", b] -> [child(c)] [unsafe] if (== x 1)\n");
}

TEST(BuildAst, OperatorsBindAsTheLanguageSays) {
  EXPECT_EQ(dump("let x = not a == b and c or d + e + f in g;"),
            "let 1:1 x = (or (and (not (== a b)) c) (in (+ (+ d e) f) g))\n");
  EXPECT_EQ(dump("let x = a if b else c if d else e;"), "let 1:1 x = (choose a b (choose c d e))\n");
  EXPECT_EQ(dump("let x = a or b if c or d else e;"), "let 1:1 x = (choose (or a b) (or c d) e)\n");
  EXPECT_EQ(dump("let x = not (a and b);"), "let 1:1 x = (not (and a b))\n");
  EXPECT_EQ(dump("let x = a < 1 and b <= 2 and c > 3 and d >= 4 and e != 5;"),
            "let 1:1 x = (and (and (and (and (< a 1) (<= b 2)) (> c 3)) (>= d 4)) (!= e 5))\n");
}

TEST(BuildAst, Values) {
  EXPECT_EQ(dump("let x = [f(), f(a, as: b.c), a.b.g(1), {a: 1, b: [2,],}, -5, 0o17, []];"),
            "let 1:1 x = (list f() f(a, as: b.c) a.b.g(1) {a: 1, b: (list 2)} -5 15 (list ))\n");
  EXPECT_EQ(dump("exec root->child;"), "rule 1:1 [exec] [root] -> [child]\n");
}

TEST(BuildAst, NumbersKeepTheirBits) {
  EXPECT_EQ(dump("let x = [0xffffffffffffffff, -9223372036854775808, 9223372036854775807];"),
            "let 1:1 x = (list -1 -9223372036854775808 9223372036854775807)\n");
  auto wide = [](llvm::StringRef number) {
    Sif sif("let x = " + number.str() + ";");
    return std::get<ast::Number>(first<ast::Let>(sif).value.node).wide;
  };
  EXPECT_FALSE(wide("0xffffffffffffffff"));
  EXPECT_TRUE(wide("0x1ffffffff00005412"));
  EXPECT_FALSE(wide("18446744073709551615"));
  EXPECT_TRUE(wide("18446744073709551616"));
  EXPECT_TRUE(wide("-9223372036854775809"));
}

TEST(BuildAst, StringsAreCutAtTheirReferences) {
  Sif sif("let x = \"/a\\\"${p.q}/\\\\${f(x, y: [1])}$z\\${no}\";");
  EXPECT_THAT(sif.messages(), IsEmpty());
  EXPECT_EQ(sif.dump(), "let 1:1 x = \"/a\\\"<p.q>/\\\\<f(x, y: (list 1))>$z${no}\"\n");
  const auto &pieces = std::get<ast::StringLiteral>(first<ast::Let>(sif).value.node).pieces;
  ASSERT_EQ(pieces.size(), 5u);
  EXPECT_EQ(pieces[0].text, "/a\\\"");
  EXPECT_EQ(pieces[1].range, (SourceRange{1, 13, 19}));
  EXPECT_EQ(pieces[1].embedded.at(0).range, (SourceRange{1, 15, 18}));
  EXPECT_EQ(pieces[4].text, "$z${no}");
  EXPECT_TRUE(std::get<ast::StringLiteral>(first<ast::Let>(Sif("let x = \"\";")).value.node).pieces.empty());
}

TEST(BuildAst, EmbeddedTextIsANameOrACall) {
  for (llvm::StringRef text : {"${}", "${a b}", "${1}", "${a.}", "${f(\\\"x\\\")}", "${a # b}", "${not a}", "${if}",
                               "${a + b}", "${[a]}", "${\xc3\xa4}"}) {
    Sif sif("let x = \"/" + text.str() + "\";");
    EXPECT_THAT(sif.messages(), ElementsAre(HasSubstr("'${' holds a name or a call, without quotes"))) << text.str();
  }
  std::string deep = "${" + std::string(70, '(') + "}";
  EXPECT_FALSE(Sif("let x = \"" + deep + "\";").messages().empty());
}

TEST(BuildAst, RangesAreThoseOfTheSource) {
  Sif sif("  file \"/a\", \"/b\" r ;");
  EXPECT_EQ(sif.file.statements[0].range, (SourceRange{1, 2, 21}));
  EXPECT_EQ(first<ast::Rule>(sif).items[1].range, (SourceRange{1, 7, 17}));
  EXPECT_EQ(first<ast::Rule>(sif).items[1].values[1].range, (SourceRange{1, 13, 17}));
}

TEST(BuildAst, DocsBelongToTheStatementTheyStandAtOrBehind) {
  EXPECT_EQ(dump("## One\n"
                 "## two.\n"
                 "# not this\n"
                 "interface a { ## and this\n"
                 "  file \"/a\", ## within\n"
                 "       \"/b\" r; ## behind\n"
                 "  userns; capability any; ## the second\n"
                 "  ##\n"
                 "  attrs plug {\n"
                 "    ### field ###\n"
                 "    a: text;\n"
                 "  } ## the block\n"
                 "}\n"),
            "## One two. and this\n"
            "rule 4:1 [interface] [a] {}\n"
            "  ## within behind\n"
            "  rule 5:3 [file] [\"/a\", \"/b\"] [r]\n"
            "  rule 7:3 [userns]\n"
            "  ## the second\n"
            "  rule 7:11 [capability] [any]\n"
            "  ## the block\n"
            "  rule 9:3 [attrs] [plug] {}\n"
            "    ## field ###\n"
            "    field 11:5 a : text\n");
  Sif sif("## a\n## b\nuserns;");
  EXPECT_EQ(sif.file.statements[0].docRange, (SourceRange{1, 0, 9}));
  EXPECT_EQ(sif.file.statements[0].range.begin, 10u);
}

TEST(BuildAst, ADocThatDocumentsNothingIsNamed) {
  EXPECT_THAT(
      Sif("file \"/a\",\n## x\n\"/b\" r;\ninterface a {\n  userns;\n  ## y\n}\nwhen a { }\n## z\nelse { }\n## end")
          .messages(),
      ElementsAre("2:1 this '##' documents nothing [stray-doc]", "6:3 this '##' documents nothing [stray-doc]",
                  "9:1 this '##' documents nothing [stray-doc]", "11:1 this '##' documents nothing [stray-doc]"));
}

TEST(BuildAst, StrayLinesThatFollowOneAnotherAreOneWarning) {
  Sif sif("userns;\n## a\n## b\n\n## c");
  EXPECT_THAT(sif.messages(), ElementsAre("2:1 this '##' documents nothing [stray-doc]"));
  EXPECT_EQ(sif.engine.diagnostics()[0].range, (SourceRange{1, 8, 23}));
}

TEST(BuildAst, MistakesAreNotSaidWithoutEnd) {
  std::string lines, strings, docs;
  for (unsigned i = 0; i < 1000; ++i) {
    lines += "file \"/a\" r\n";
    strings += "${}";
    docs += "a,\n## x\n";
  }
  EXPECT_THAT(Sif(lines + ";").messages(), testing::SizeIs(20));
  EXPECT_THAT(Sif("let x = \"" + strings + "\";").messages(), testing::SizeIs(20));
  EXPECT_THAT(Sif("file " + docs + "a r;").messages(), testing::SizeIs(20));
}

TEST(BuildAst, NothingIsSaidAboutTheDocsOfWhatCouldNotBeRead) {
  EXPECT_THAT(Sif("## a\nlet x = ; ## b\nlet ## c\n = 5;").messages(),
              testing::Each(testing::Not(HasSubstr("stray-doc"))));
}

TEST(BuildAst, ShapesOfValues) {
  Sif sif("a b(1), c.d, c.d(), \"x${y}\", 5, 1..2, [a];");
  std::vector<ir::Shape> shapes;
  for (const ast::Expr &value : first<ast::Rule>(sif).items[1].values)
    shapes.push_back(shapeOf(value));
  using Kind = ir::Shape::Kind;
  std::vector<Kind> kinds;
  for (const ir::Shape &shape : shapes)
    kinds.push_back(shape.kind);
  EXPECT_THAT(kinds, ElementsAre(Kind::Call, Kind::Reference, Kind::Reference, Kind::String, Kind::Number, Kind::Number,
                                 Kind::List));
  EXPECT_EQ(shapes[0].text, "b");
  EXPECT_EQ(shapes[1].text, "c.d");
  EXPECT_EQ(shapes[3].text, "x${...}");
}
