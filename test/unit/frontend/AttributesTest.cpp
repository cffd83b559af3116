// SPDX-License-Identifier: Apache-2.0
// Metadata against schemas: every mistake is named, points into the snap.yaml and has a note at the schema.
#include "InstantiateFixture.h"

using namespace snapsecc;
using namespace snapsecc::testing_support;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

struct Case {
  const char *schema, *yaml, *said, *at;
};

void expect(const Case &one) {
  Trial run;
  run.sif("## One.\ninterface i { implicit slot classic; provider system; connect manual;\nattrs plug {\n" +
          std::string(one.schema) + "\n}\nplug { capability chown; } }\n");
  ASSERT_THAT(run.said(), IsEmpty()) << one.schema;
  run.snap(app("    plugs: [p]\nplugs:\n  p:\n    interface: i\n" + std::string(one.yaml)));
  run.go();
  if (!*one.said) {
    EXPECT_THAT(run.said(), IsEmpty()) << one.yaml;
    return;
  }
  EXPECT_THAT(run.said(), ElementsAre(HasSubstr(one.said))) << one.yaml;
  std::string name = llvm::StringRef(one.said).split(':').first.str();
  EXPECT_EQ(run.pointedAt(name), one.at) << one.said;
  EXPECT_FALSE(run.engine.diagnostics().back().notes.empty()) << "a note at the schema";
}

TEST(Attributes, Types) {
  for (const Case &one : {
           Case{"a: bool;", "    a: true\n", "", ""},
           Case{"a: bool;", "    a: yep\n", "attribute-type: 'a' must be true or false, not text", "yep"},
           Case{"a: int 1..0xffff;", "    a: 0\n", "attribute-value: 'a': '0' must be at least 1 and at most 65535",
                "0"},
           Case{"a: int;", "    a: [1]\n", "attribute-type: 'a' must be a number, not a list", "["},
           Case{"a: text;", "    a: 1\n", "attribute-type: 'a' must be text, not a number", "1"},
           Case{"a: text matching \"[a-z]+\";", "    a: aB\n", "attribute-value: 'a': 'aB' does not match [a-z]+",
                "aB"},
           Case{"a: text max 3;", "    a: abcd\n", "attribute-value: 'a': 'abcd' is longer than 3 bytes", "abcd"},
           Case{"a: text;", "    a: \"x\\ny\"\n", "attribute-value: 'a': 'x\\x0ay' must not hold control characters",
                "\"x\\ny\""},
           Case{"a: enum session, system;", "    a: sesion\n",
                "attribute-word: 'a': 'sesion' is none of session, system; did you mean 'session'?", "sesion"},
           Case{"a: busname;", "    a: org.foo-1\n", "attribute-value: 'a': 'org.foo-1' may not end in", "org.foo-1"},
           Case{"a: busname;", "    a: foo\n", "attribute-value: 'a': 'foo' is not a well-known name", "foo"},
           Case{"a: ranges max 4;", "    a: 1,3-5\n", "", ""},
           Case{"a: ranges max 4;", "    a: 1,3-9\n", "attribute-value: 'a': '1,3-9' names more than 4 numbers",
                "1,3-9"},
           Case{"a: ranges;", "    a: 5-1\n", "attribute-value: 'a': '5-1' is not a list of numbers", "5-1"},
           Case{"a: digest;", "    a: abc\n", "attribute-value: 'a': 'abc' is not a SHA3-384 digest", "abc"},
           Case{"a: compatibility dimensions vulkan, ubuntu;", "    a: vulkan-1\n",
                "attribute-value: 'a': 'vulkan-1' must have the dimensions vulkan, ubuntu", "vulkan-1"},
           Case{"a: map text;", "    a: {x: 1}\n", "attribute-type: 'a' must be text, not a number", "1"},
       })
    expect(one);
}

TEST(Attributes, Paths) {
  for (const Case &one : {
           Case{"a: path;", "    a: /x/y/\n", "", ""},
           Case{"a: path;", "    a: x\n", "attribute-value: 'a': 'x' must be an absolute path", "x"},
           Case{"a: path;", "    a: /x/../y\n", "attribute-value: 'a': '/x/../y' must not hold '..'", "/x/../y"},
           Case{"a: path;", "    a: /x//y\n", "attribute-value: 'a': '/x//y' must not hold '//'", "/x//y"},
           Case{"a: path;", "    a: '/x*'\n", "attribute-value: 'a': '/x*' must not hold characters of patterns",
                "'/x*'"},
           Case{"a: path;", "    a: '/x\" rwx'\n", "attribute-value: 'a': '/x\" rwx' must not hold a quote",
                "'/x\" rwx'"},
           Case{"a: path glob;", "    a: '/x{a,b}*'\n", "", ""},
           Case{"a: path glob;", "    a: '/x{a'\n", "attribute-value: 'a': '/x{a' is not a pattern", "'/x{a'"},
           Case{"a: path glob;", "    a: '@{HOME}/x'\n",
                "attribute-value: 'a': '@{HOME}/x' may not use AppArmor's variables", "'@{HOME}/x'"},
           Case{"a: path under \"/dev/\";", "    a: /dev/x\n", "", ""},
           Case{"a: path under \"/dev/\";", "    a: /device\n", "attribute-value: 'a': '/device' must be below /dev/",
                "/device"},
           Case{"a: path under \"$HOME\";", "    a: $HOME/.x\n", "", ""},
           Case{"a: path under \"$HOME\";", "    a: $SNAP/x\n", "attribute-value: 'a': '$SNAP/x' must be below $HOME",
                "$SNAP/x"},
           Case{"a: path under \"$SNAP\";", "    a: \"${SNAP}/lib\"\n", "", ""},
           Case{"a: path under \"$SNAP\";", "    a: ../x\n", "attribute-value: 'a': '../x' must not hold '..'", "../x"},
       })
    expect(one);
}

TEST(Attributes, ListsAndRecords) {
  for (const Case &one : {
           Case{"a: [text] nonempty;", "    a: []\n", "attribute-list: 'a': the list must not be empty", "["},
           Case{"a: [text] unique;", "    a: [x, w, x]\n", "attribute-list: 'a': the list holds 'x' twice", "x"},
           Case{"a: [text] max 2;", "    a: [x, w, z]\n",
                "attribute-list: 'a': the list must not hold more than 2 values", "["},
           Case{"a: [text] single;", "    a: x\n", "", ""},
           Case{"a: [text];", "    a: x\n", "attribute-type: 'a' must be", "x"},
           Case{"a: { b: text; };", "    a: {c: x}\n", "attribute-missing: plug 'p' (i) needs the attribute 'b'", "{"},
       })
    expect(one);
}

TEST(Attributes, MissingUnknownAndClosed) {
  expect({"a: text;", "", "attribute-missing: plug 'p' (i) needs the attribute 'a'", "p"});
  Trial run;
  run.sif("## One.\ninterface i { implicit slot classic; provider system; connect manual;\n"
          "attrs plug { shared?: text; } plug { capability chown; } }\n"
          "## Two.\ninterface j { implicit slot classic; provider system; connect manual;\n"
          "attrs plug closed { shared?: text; } plug { capability chown; } }\n")
      .snap(app("    plugs: [i, j]\nplugs:\n  i: {sharde: x}\n  j: {other: x}\n"))
      .go();
  EXPECT_THAT(run.said(true),
              ElementsAre("unknown-attribute: plug 'i' (i) has no attribute 'sharde'; did you mean 'shared'?",
                          "attribute-not-allowed: plug 'j' (j) has no attribute 'other'"));
  EXPECT_EQ(run.pointedAt("unknown-attribute"), "sharde");
}

TEST(Attributes, ExactlyOneShapeFits) {
  const char *schema =
      "case node { path: path under \"/dev/\"; } case usb { path: path under \"/run/\"; vendor: int 1..9; }";
  expect({schema, "    path: /dev/x\n", "", ""});
  expect({schema, "    path: /run/x\n    vendor: 3\n", "", ""});
  expect({schema, "    path: /run/x\n    vendor: 10\n",
          "attribute-value: 'vendor': '10' must be at least 1 and at most 9", "10"});
  expect({schema, "    path: /etc/x\n", "attribute-value: 'path': '/etc/x' must be below /dev/", "/etc/x"});
  expect({schema, "    vendor: 3\n",
          "attribute-shape: plug 'p' (i): its attributes fit none of the shapes node (path) or usb (path, vendor)",
          "p"});
}

TEST(Attributes, ChecksPointAtWhatTheySpeakOf) {
  expect({"a?: text; b?: text; check not (set(a) and set(b)) \"one of them\";", "    a: x\n    b: w\n",
          "attribute-check: plug 'p' (i): one of them", "a"});
  expect({"a?: text = \"d\"; b?: text; check not (set(a) and set(b)) \"one of them\";", "    b: w\n", "", ""});
  expect({"a: [text]; for t in a { check t != \"bad\" \"not ${t}\"; }", "    a: [x]\n", "", ""});
  expect({"a?: int; check a == 1 or not set(a) \"one\"; check set(a) \"any\";", "    a: 2\n",
          "attribute-check: plug 'p' (i): one", "a"});
}

TEST(Attributes, ChecksAreBounded) {
  std::string list = "    a: [";
  for (int i = 0; i < 400; ++i)
    list += std::to_string(i) + ", ";
  list += "x]\n";
  Trial run;
  run.sif("## One.\ninterface i { implicit slot classic; provider system; connect manual;\n"
          "attrs plug { a: [int]; for x in a { for y in a { check x == x \"no\"; } } } plug { capability chown; } }\n")
      .snap(app("    plugs: [i]\nplugs:\n  i:\n" + llvm::StringRef(list).drop_back(4).str() + "]\n"))
      .go();
  EXPECT_THAT(run.said(), ElementsAre(HasSubstr("too-many-checks: plug 'i' (i): more than 100000 checks")));
}

} // namespace
