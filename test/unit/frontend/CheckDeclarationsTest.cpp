// SPDX-License-Identifier: Apache-2.0
#include "test/unit/frontend/Verify.h"
#include <gtest/gtest.h>

using namespace snapsecc;
using snapsecc::testing::checkSource;
using snapsecc::testing::rendered;
using snapsecc::testing::verify;

TEST(CheckDeclarations, SayWhatCannotStandThere) {
  EXPECT_EQ(verify(R"(
interfce home {}                     # error: unknown-statement
file "/a" r;                         # error: misplaced-statement
when true { }                        # error: misplaced-statement
## Home.
interface home {
  connekt auto;                      # error: unknown-statement
  file "/a" r;                       # error: misplaced-statement
  x: text;                           # error: misplaced-statement
  plug { connect auto; }             # error: misplaced-statement
  plug { fiel "/a" r; }              # error: unknown-statement
  plug { x: text; }                  # error: misplaced-statement
}
template default { attrs plug {} }   # error: misplaced-statement
)"),
            "");
}

TEST(CheckDeclarations, WantTheirBlocksAndConditions) {
  EXPECT_EQ(verify(R"(
interface a;                         # error: needs-block
## B.
interface b {
  connect auto {}                    # error: no-block
  refresh affects-plug if true;      # error: no-condition
  plug { file "/a" r {} }            # error: no-block
  plug { file "/a" r if true; }      # error: no-condition
  plug { child c; }                  # error: needs-block
  hotplug by subsystem("tty") { handled; }  # error: needs-condition
}
type t;                              # error: needs-block
)"),
            "");
}

TEST(CheckDeclarations, AreGivenOnce) {
  EXPECT_EQ(verify(R"(
let x = 1;
let x = 2;                           # error: duplicate
## A.
interface a {
  let y = 1;
  let y = 2;                         # error: duplicate
  provider app;
  provider system;                   # error: duplicate
  attrs plug { a?: text; a?: text; } # error: duplicate
  attrs slot { e: enum x, x; }       # error: duplicate
}
## A.
interface a {}                       # error: duplicate
fragment f() {}
fragment f(x: text, x: text) {}      # error: duplicate
template default {}
template default {}                  # error: duplicate
type t { a: text; }
type t { a: text; }                  # error: duplicate
)"),
            "");
}

TEST(CheckDeclarations, TheSecondNamesTheFirst) {
  auto checked = checkSource("interface a {}\ninterface a {}\n");
  ASSERT_EQ(checked->engine.errorCount(), 1u);
  const Diagnostic &error = checked->engine.diagnostics()[0];
  ASSERT_EQ(error.notes.size(), 1u);
  EXPECT_EQ(checked->sources.describe(error.notes[0].range), "test.sif:1:11");
}

TEST(CheckDeclarations, NamesAreNoWordsOfTheRules) {
  EXPECT_EQ(verify(R"(
let slot = 1;                        # error: reserved-name
type text { a: text; }               # error: reserved-name
fragment f() { let peer = 1; }       # error: reserved-name
fragment g() { for path in ["/a"] {} }  # error: reserved-name
)"),
            "");
}

TEST(CheckDeclarations, NamesOfOthersExist) {
  EXPECT_EQ(verify(R"(
## A.
interface home { conflicts hone; }   # error: unknown-interface-name
never except hom {}                  # error: unknown-interface-name
overlay interface home {}
overlay interface hoome {}           # error: unknown-interface-name
fragment f() {}
template default { use f(); use g(); }  # error: unknown-fragment
)"),
            "");
}

TEST(CheckDeclarations, PartsAreMatched) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  implicit slott core;               # error: unexpected-part
  implicit slot cor;                 # error: unknown-word
  connect automatic;                 # error: unknown-word
  attrs plug closd {}                # error: unexpected-part
}
)"),
            "");
}

TEST(CheckDeclarations, FillTheLibrary) {
  auto checked = checkSource(R"(
## Reading things. And more.
interface a {
  implicit slot core, classic;
  install never;
  provider system, app;
  connect auto many-slots if host.classic;
  connect manual;
  refresh affects-plug;
  attrs plug closed { n?: int 1..5 = 3; }
  plug always { file "/a" r; }
  plug { file "/b${plug.n}" r; }
  slot { owner file "/c" r; }
  check host.systemd >= 209 "old";
}
template default if snap.confinement == strict {}
overlay snap firefox app main { file "/srv/**" r; }
)");
  ASSERT_EQ(rendered(*checked), "");
  const Interface &a = checked->library->interfaces.at("a");
  EXPECT_EQ(a.summary, "Reading things");
  ASSERT_EQ(a.implicit.size(), 1u);
  EXPECT_EQ(a.implicit[0].hosts, (std::vector<std::string>{"core", "classic"}));
  EXPECT_TRUE(a.install.given && a.install.never);
  EXPECT_EQ(a.provider.providers, (std::vector<std::string>{"system", "app"}));
  ASSERT_EQ(a.connects.size(), 2u);
  EXPECT_TRUE(a.connects[0].manySlots);
  EXPECT_TRUE(a.connects[0].condition);
  EXPECT_EQ(a.connects[1].level, Interface::Connect::Level::Manual);
  EXPECT_TRUE(a.refreshAffectsPlug);
  EXPECT_TRUE(a.plug.attributes.closed);
  ASSERT_TRUE(a.plug.attributes.find("n"));
  EXPECT_EQ(*a.plug.attributes.find("n")->type.max, 5);
  EXPECT_EQ(a.plug.always.size() + a.plug.connected.size() + a.slot.connected.size(), 3u);
  const auto &rule = std::get<ast::Rule>(a.slot.connected[0]->statements[0].node);
  EXPECT_EQ(rule.kind, ir::RuleKind::File);
  EXPECT_EQ(rule.modifiers, ir::Owner);
  EXPECT_EQ(rule.firstItem, 2u);
  EXPECT_EQ(rule.match.filled.size(), 2u);
  EXPECT_EQ(a.checks.size(), 1u);
  EXPECT_TRUE(checked->library->templates.at("default").condition);
  EXPECT_EQ(checked->library->overlays[0].apps, std::vector<std::string>{"main"});
}
