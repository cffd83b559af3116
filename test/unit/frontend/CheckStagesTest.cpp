// SPDX-License-Identifier: Apache-2.0
#include "test/unit/frontend/Verify.h"
#include <gtest/gtest.h>

using namespace snapsecc;
using snapsecc::testing::verify;

TEST(CheckStages, NothingIsReadTooEarly) {
  EXPECT_EQ(verify(R"(
let a = app.name;                    # error: not-known-here
let b = plug.name;                   # error: not-known-here
template default { when app.name == "x" { file "/a" r; } when set(plug.name) {} }  # error: not-known-here
## A.
interface a {
  implicit slot core if snap.name == "x";  # error: not-known-here
  connect auto if app.name == "x";   # error: not-known-here
  let their = slot.label;
  attrs plug { n?: text = their; }   # error: not-known-here
  plug always {
    file "/${plug.name}" r;
    file "/${slot.name}" r;          # error: needs-connection
    signal send peer slot;           # error: needs-connection
    signal send peer their;          # error: needs-connection
    file "/${expand(plug.n, as: other)}" r;  # error: needs-connection
  }
  plug { file "/${slot.name}/${app.name}" r; signal send peer their; }
  slot always { when slot.provider == app { signal send peer slot; } }
}
overlay snap x { file "/${plug.name}" r; }  # error: not-known-here
)"),
            "");
}

TEST(CheckStages, MessagesNameTheValue) {
  auto checked = snapsecc::testing::checkSource("## A.\ninterface a { slot always { file \"/${plug.name}\" r; } }\n");
  ASSERT_EQ(checked->engine.errorCount(), 1u);
  EXPECT_EQ(checked->engine.diagnostics()[0].message,
            "'plug.name' is known only with a connection; this block applies without one");
}

TEST(CheckNarrowing, OpensOptionalValues) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  attrs plug {
    read?: path;
    list?: [path];
    files?: { inner?: [path]; };
    kept?: text = "x";
    check not set(read) or read != "/a" "never";
  }
  plug {
    file plug.read r;                # error: optional-read
    file "${plug.read}/x" r;         # error: optional-read
    when set(plug.read) { file plug.read r; file "${plug.read}/x" r; }
    when not set(plug.read) { file plug.read r; }  # error: optional-read
    else { file plug.read r; }
    when set(plug.read) and under(plug.read, "/a") { file "/b" r; }
    when set(plug.read) or under(plug.read, "/a") { file "/b" r; }  # error: optional-read
    when not set(plug.read) or under(plug.read, "/a") { file "/b" r; }
    when plug.read == "/x" { file plug.read r; }
    for p in plug.list { file p r; }
    for p in plug.files.inner + plug.list { file p r; }
    file plug.list r;                # error: optional-read
    file plug.kept r;
    let there = set(plug.read);
    when there { file plug.read r; }
    let real = realpath("/dev/x");
    file real r;                     # error: optional-read
    when set(real) { file real r; }
    for real in ["/a"] { file real r; }
  }
}
)"),
            "");
}

TEST(CheckNarrowing, OpensCasesAndConditionalFields) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  attrs slot {
    case node { path: path matching "/dev/[a-z]+"; }
    case usb { path: path matching "/run/[a-z]+"; vendor: int; }
    when slot.provider == app { address: text; }
    else { number: int; }
  }
  plug {
    file slot.path r;
    device "/dev/x" r by usb(slot.vendor);  # error: optional-read
    when slot.case == usb { device "/dev/x" r by usb(slot.vendor); }
    when slot.case == node { file "/a" r; } else { device "/dev/x" r by usb(slot.vendor); }
    when slot.case != node { device "/dev/x" r by usb(slot.vendor); }
    when slot.case == nod { file "/a" r; }  # error: not-a-word
    unix bind addr slot.address;     # error: optional-read
    when slot.provider == app { unix bind addr slot.address; }
    when slot.provider != app { device "/dev/x" r by usb(slot.number); }
  }
}
)"),
            "");
}
