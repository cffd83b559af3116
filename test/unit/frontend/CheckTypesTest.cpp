// SPDX-License-Identifier: Apache-2.0
#include "test/unit/frontend/Verify.h"
#include <gtest/gtest.h>

using namespace snapsecc;
using snapsecc::testing::verify;

TEST(CheckTypes, AreKnownAndRefinedInOrder) {
  EXPECT_EQ(verify(R"(
type Entry {
  a: txt;                            # error: unknown-type
  b: text max 10 glob;               # error: part-out-of-order
  c: int "x";                        # error: wrong-type
  d: int 5..1;                       # error: wrong-type
  e: text matching "[a";             # error: bad-regex
  f: text nonempty;                  # error: unexpected-part
  g: [path] nonempty unique max 5;
  h: map int;
  i: { j: text; k?: [Other]; };
}
type Other { n: int; }
type Path path under "$SNAP", "/dev/";
fragment f(e: Entry, p: Path) { file p, e.i.j r; for x in e.i.k { syscall nice(x.n); } for y in e.g { file y r; } }
template default { use f({b: "x"}, "/a"); use f("/a", "/a"); }  # error: wrong-type, wrong-type
)"),
            "");
}

TEST(CheckTypes, DoNotNeedThemselves) {
  EXPECT_EQ(verify(R"(
type A { b: B; }                     # error: cycle
type B { a: [A]; }
let x = y;                           # error: cycle
let y = x;
)"),
            "");
}

TEST(CheckTypes, DefaultsFitTheirFields) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  attrs plug {
    a?: int 1..5 = 6;                # error: out-of-range
    b?: bool = 1;                    # error: wrong-type
    c?: enum on-boot, never = onboot;  # error: not-a-word
    d?: enum on-boot, never = on-boot;
    e: text = "x";                   # error: default-of-required
    f?: text = plug.name;
    g?: text = slot.name;            # error: not-known-here
    h?: [enum read, write] = [read];
    i?: text = snap.instance;
    j?: path = "relative";           # error: not-a-path
    k?: busname = "one";             # error: not-a-bus-name
  }
}
)"),
            "");
}

TEST(CheckTypes, CasesExcludeEachOther) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  attrs slot {                       # error: cases-overlap
    case one { path: path; a?: text; }
    case two { path: path; b?: text; }
  }
}
## B.
interface b {
  attrs slot {
    case led { path: path matching "/sys/class/leds/[^/]+/brightness"; }
    case line { path: path matching "/sys/class/gpio/gpio[0-9]+/value"; }
    case other { path: path matching "/sys/x"; n: int; }
  }
}
)"),
            "");
}

TEST(CheckTypes, FollowValuesThroughExpressions) {
  EXPECT_EQ(verify(R"(
let numbers = [1, 2, "three"];       # error: wrong-type
let both = "a" if 1 else "b";        # error: wrong-type
let sum = ["a"] + "b";               # error: wrong-type
let order = "a" < 2;                 # error: wrong-type
let logic = 1 and true;              # error: wrong-type
let element = 1 in ["a"];             # error: wrong-type
let number: int = "five";            # error: wrong-type
let pattern: glob = true;            # error: not-in-text
let twice = {a: 1, a: 2};            # error: duplicate
let records = [{v: 1}, {v: 2, p: 3}];
fragment f() { for r in records { syscall nice(r.v), kcmp(r.p); } }  # error: optional-read
fragment g() { for r in numbers.x { } }  # error: unknown-field
fragment h() { for r in 5 { } }      # error: wrong-type
)"),
            "");
}

TEST(CheckTypes, NamesAreSuggested) {
  auto checked = snapsecc::testing::checkSource("let session = 1;\nlet x = sesion;\n");
  ASSERT_EQ(checked->engine.errorCount(), 1u);
  EXPECT_EQ(checked->engine.diagnostics()[0].message, "unknown name 'sesion'; did you mean 'session'?");
  ASSERT_EQ(checked->engine.diagnostics()[0].fixIts.size(), 1u);
}

TEST(CheckTypes, UnknownThingsAreNamed) {
  EXPECT_EQ(verify(R"(
let a = host.clasic;                 # error: unknown-fact
let b = snap.plugs;                  # error: wrong-arguments
let c = snap.plugs("home", 1);       # error: wrong-arguments
let d = baseneme("/a/b");            # error: unknown-function
let e = basename();                  # error: wrong-arguments
let f = basename(5);                 # error: wrong-type
let g = basename(q: "/a");           # error: wrong-arguments
let h = AF_UNX;                      # error: unknown-constant
let i = matches("a", "[");           # error: bad-pattern
let j: regex = "[";                  # error: bad-regex
## A.
interface a {
  attrs slot { mode?: enum fast, slow; known?: text; }
  connect auto if slot.mode == quick;  # error: not-a-word
  connect auto if slot.mod == fast;  # error: no-such-attribute
  connect auto if slot.mode == "fast";  # error: quoted-word
  connect auto if slot.known == "x";
  connect auto if slot.known.x == 5; # error: unknown-field
}
)"),
            "");
}
