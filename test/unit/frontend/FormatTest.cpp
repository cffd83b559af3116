// SPDX-License-Identifier: Apache-2.0
#include "frontend/Format.h"
#include <gtest/gtest.h>

namespace snapsecc {
namespace {

std::string formatted(llvm::StringRef text) {
  SourceManager sources;
  Engine engine(sources);
  llvm::Expected<std::string> result = format(sources.add("t.sif", text.str()), engine);
  EXPECT_FALSE(engine.hasErrors());
  return result ? *result : llvm::toString(result.takeError());
}
// Formats to this, and this to itself.
void expect(const std::string &text, const std::string &wanted) {
  EXPECT_EQ(formatted(text), wanted);
  EXPECT_EQ(formatted(wanted), wanted);
}

TEST(Format, SetsSpacesAndIndents) {
  expect("interface x{plug{\nfile  \"/a\"  ,\"/b\"   r ;\n}}",
         "interface x {\n  plug {\n    file \"/a\", \"/b\" r;\n  }\n}\n");
  expect("let a:[ path ]nonempty=[ \"/x\" , \"/y\" , ] ;", "let a: [path] nonempty = [\"/x\", \"/y\"];\n");
  expect("type t { a ? : int 1 .. 3=2; }", "type t { a?: int 1..3 = 2; }\n");
  expect("let r = { a : f ( x , y : -1 ) };let s=not( a==b )or c;",
         "let r = {a: f(x, y: -1)};\nlet s = not (a == b) or c;\n");
  expect("template t{exec \"/a\"->child ( n )unsafe;child n{ }\n}",
         "template t { exec \"/a\" -> child(n) unsafe; child n {} }\n");
}

TEST(Format, KeepsOneEmptyLine) {
  expect("\n\nlet a = 1;\n\n\n\nlet b = 2;\nlet c = 3;\n\n", "let a = 1;\n\nlet b = 2;\nlet c = 3;\n");
  expect("type t {\n\n  a: int;\n\n}\n", "type t {\n  a: int;\n}\n");
}

TEST(Format, KeepsCommentsWhereTheyStand) {
  expect("# one  \n#two\n\n##  three\nlet a = 1;   ## behind\n  # end\n",
         "# one\n# two\n\n##  three\nlet a = 1; ## behind\n# end\n");
  expect("type t { # of t\n a: int; ##of a\n ##of b\n b: int;\n # last\n}",
         "type t { # of t\n  a: int; ## of a\n  ## of b\n  b: int;\n  # last\n}\n");
  expect("let a = [1, # one\n 2];", "let a = [1, # one\n    2];\n");
  expect("template t { file \"/a\", # why\n # and\n \"/b\" r; }",
         "template t {\n  file \"/a\", # why\n      # and\n      \"/b\" r;\n}\n");
  expect("# alone", "# alone\n");
  expect("", "");
}

TEST(Format, KeepsABlockOnItsLineWhereItFits) {
  expect("template t { file \"/a\" r; }", "template t { file \"/a\" r; }\n");
  expect("template t {\nfile \"/a\" r; }", "template t {\n  file \"/a\" r;\n}\n");
  std::string longPath = "\"/" + std::string(130, 'a') + "\"";
  expect("template t { file " + longPath + " r; }", "template t {\n  file " + longPath + " r;\n}\n");
  expect("template t {\nwhen a { flags x; } else { flags y; }\n}",
         "template t {\n  when a { flags x; } else { flags y; }\n}\n");
  expect("template t {\nwhen a { flags x; }\nelse { flags y; }\n}",
         "template t {\n  when a { flags x; }\n  else { flags y; }\n}\n");
  expect("template t {\nwhen a {\nflags x; }\nelse when b {\nflags y; } }",
         "template t {\n  when a {\n    flags x;\n  } else when b {\n    flags y;\n  }\n}\n");
}

TEST(Format, FillsLongStatements) {
  std::string a(55, 'a'), b(55, 'b'), c(55, 'c');
  auto quoted = [](const std::string &text) { return "\"/" + text + "\""; };
  // Behind a comma, and never between the last path and its permissions.
  expect("template t {\n  file " + quoted(a) + ", " + quoted(b) + ", " + quoted(c) + " rw;\n}",
         "template t {\n  file " + quoted(a) + ", " + quoted(b) + ",\n      " + quoted(c) + " rw;\n}\n");
  // Before the word that names a part, rather than within it.
  expect("template t {\n  file " + quoted(a) + ", " + quoted(b) + " except \"/x\", " + quoted(c) + " rw;\n}",
         "template t {\n  file " + quoted(a) + ", " + quoted(b) + "\n      except \"/x\", " + quoted(c) + " rw;\n}\n");
  expect("template t {\n  unit \"u\" start f(" + quoted(a) + ", " + quoted(b) + ") stop g(" + quoted(c) + ", x);\n}",
         "template t {\n  unit \"u\" start f(" + quoted(a) + ", " + quoted(b) + ")\n      stop g(" + quoted(c) +
             ", x);\n}\n");
  // What can be broken nowhere stays.
  expect("template t {\n  file " + quoted(a + b + c) + " rw;\n}",
         "template t {\n  file " + quoted(a + b + c) + " rw;\n}\n");
  expect("let x =\n  1;\n", "let x = 1;\n");
}

TEST(Format, SetsTablesOneElementALine) {
  expect("let a = [\n {x: 1}, {x: 2}];", "let a = [\n  {x: 1},\n  {x: 2},\n];\n");
  expect("let a = [{x: 1},\n {x: 2}, ];", "let a = [{x: 1}, {x: 2}];\n");
}

TEST(Format, LeavesMistakesAlone) {
  SourceManager sources;
  Engine engine(sources);
  llvm::Expected<std::string> result = format(sources.add("t.sif", "let  a = ;"), engine);
  EXPECT_TRUE(engine.hasErrors());
  ASSERT_TRUE(bool(result));
  EXPECT_EQ(*result, "let  a = ;");
}

} // namespace
} // namespace snapsecc
