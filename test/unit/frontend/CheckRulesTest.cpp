// SPDX-License-Identifier: Apache-2.0
#include "test/unit/frontend/Verify.h"
#include <gtest/gtest.h>

using namespace snapsecc;
using snapsecc::testing::checkSource;
using snapsecc::testing::rendered;
using snapsecc::testing::verify;

TEST(CheckRules, ModifiersApplyAndStandInOrder) {
  EXPECT_EQ(verify(R"(
template default {
  owner capability chown;            # error: modifier-not-allowed
  owner audit file "/a" r;           # error: modifier-order
  audit audit file "/a" r;           # error: duplicate
  deny prompt file "/a" r;           # error: modifier-clash
  weak audit prompt owner file "/a" r;
  deny;                              # error: misplaced-statement
}
)"),
            "");
}

TEST(CheckRules, WordsAreKnown) {
  EXPECT_EQ(verify(R"(
template default {
  dbus send sesion;                  # error: unknown-word
  capability chwon;                  # error: unknown-word
  signal send set kil;               # error: unknown-word
  file "/a" rq;                      # error: unknown-word
  dbus send system peer self member "a";  # error: part-out-of-order
  file r;                            # error: missing-part
  network inet, netlnk;              # error: unknown-word
  syscall opn;                       # error: unknown-syscall
  syscall socket(AF_UNX);            # error: unknown-constant
  syscall nice(19 >= _);             # error: not-an-argument
  syscall nice(_ <= "19");           # error: wrong-type
  syscall nice(1, 2);                # error: wrong-arguments
  syscall nice(x: 1);                # error: wrong-arguments
  syscall nice("19");                # error: wrong-type
  syscall nice(_ <= 19), mknod(_, has(S_IFCHR)), ioctl(_, masked(0xffffffff, [TIOCSTI, 1])), socket([AF_UNIX, AF_INET]), chown(_, uid("root"));
}
)"),
            "");
}

TEST(CheckRules, PatternsAreParsed) {
  EXPECT_EQ(verify(R"(
template default {
  file "/a{b" r;                     # error: bad-pattern
  file "/a[" r;                      # error: bad-pattern
  file "/a/${snap.name}{,b" r;       # error: bad-pattern
  file "@{HOEM}/x" r;                # error: unknown-variable
  file "@{HOME}/x" r;
  file etc r;                        # error: not-quoted
  signal send peer "a{b";            # error: bad-pattern
  unix bind addr none;
  unix bind addr nne;                # error: not-quoted
}
)"),
            "");
}

TEST(CheckRules, BadPatternsPointIntoTheLiteral) {
  auto checked = checkSource("template default { file \"/a/${snap.name}/]b\", \"/${snap.name}{,b\" r; }\n");
  ASSERT_EQ(checked->engine.errorCount(), 2u) << rendered(*checked);
  EXPECT_EQ(checked->sources.describe(checked->engine.diagnostics()[0].range), "test.sif:1:42");
  EXPECT_EQ(checked->sources.describe(checked->engine.diagnostics()[1].range), "test.sif:1:61");
}

TEST(CheckRules, ValuesAreEscapedByTheirType) {
  EXPECT_EQ(verify(R"(
let run = "/{,var/}run";
let run_glob: glob = "/{,var/}run";
let run_text: text = "/{,var/}run";
let plain = "/run";
let shell: label = "{plasmashell,unconfined}";
let node: regex = "/dev/tty[0-9]+";
template default {
  file "${run}/x" r;                 # error: pattern-characters
  file run r;                        # error: pattern-characters
  file "${run_glob}/x", "${run_text}/x", "${plain}/x" r;
  file "${shell}/x" r;               # error: not-in-text
  file shell r;                      # error: not-in-text
  file "${node}" r;                  # error: not-in-text
  file node r;                       # error: not-in-text
  file "${host.classic}" r;          # error: not-in-text
  signal send peer shell;
  signal send peer run_glob;         # error: not-in-text
  let inner = "${run_glob}/x";       # error: not-in-text
  let again: glob = "${run_glob}/x";
  file again r;
  for x in ["/a*"] { file x r; }     # error: pattern-characters
}
)"),
            "");
}

TEST(CheckRules, SlotsTakeTheirTypes) {
  EXPECT_EQ(verify(R"(
let number = 5;
template default {
  capability number;                 # error: wrong-type
  mount "/a" -> "/b" options number;  # error: wrong-type
  kmod load overlay;
  kmod load number;
  abstraction base, plain-word;
  device "/dev/x" r by usb();        # error: wrong-arguments
  device "/dev/x" r by usb;          # error: wrong-arguments
  device "/dev/x" r by usb("a");     # error: wrong-type
  device "/dev/x" r by subsystm("a");  # error: unknown-word
  exec "/a" -> child(helper);        # error: unknown-child
  udev file "modems.rules";          # these are no library, which would have to have it
  exec "/a" -> child(tool), profile, inherit;
  child tool { file "/a" r; exec "/b" -> child(tool); }  # error: unknown-child
  network netlink(NETLINK_ROUTE) raw;
  network netlink(any);
  network netlink("x");              # error: wrong-type
  unit "x" start write("/a");        # error: wrong-arguments
  unit "x" start "/bin/true";        # error: unexpected-part
  unit "x" start command("/bin/true", "a", 5);
  polkit actions files("$SNAP/a", "*") prefix "org.a";
}
)"),
            "");
}

TEST(CheckRules, TestsAreCheckedLikeRules) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  attrs plug { n?: int 1..5; m?: enum x, y; }
  connect auto if plug.n == 1 and plug.m == x;
  test "t" {
    given plug connected;
    given plug n 3;
    given plug n 9;                  # error: out-of-range
    given plug m z;                  # error: not-a-word
    given plug k 1;                  # error: no-such-attribute
    given interface b connected;     # error: unknown-interface-name
    allow file "/etc/passwd" r;
    deny fiel "/etc/passwd" r;       # error: unknown-statement
    allow syscall opn;               # error: unknown-syscall
    file "/a" r;                     # error: misplaced-statement
    when true {}                     # error: misplaced-statement
  }
}
test "u" {
  given snap editor base core22;
  given plug connected;              # error: misplaced-statement
}
)"),
            "");
}

TEST(CheckPolicy, HotplugProposesAttributesOfTheSlot) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  attrs slot { path: path; vendor: int; }
  connect auto if slot.path == "/a";
  hotplug by subsystem("tty"), bsu("usb") {}  # error: unknown-word
  hotplug by subsystem("tty"), bus("usb") if matches(event.node, "/dev/*") {
    attribute path event.node;
    attribute vendor event.env("ID");  # error: wrong-type
    attribute vendr 1;               # error: no-such-attribute
    handled if event.node == slot.path;
    file "/a" r;                     # error: misplaced-statement
  }
  hotplug by subsystem("tty") if plug.name == "x" {}  # error: not-known-here
}
)"),
            "");
}

TEST(CheckPolicy, ConnectLinesAreReached) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  connect auto if host.classic;
  connect manual;
  connect never;                     # error: unreachable-connect
}
)"),
            "");
}
