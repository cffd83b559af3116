// SPDX-License-Identifier: Apache-2.0
#include "test/unit/frontend/Verify.h"
#include <gtest/gtest.h>

using namespace snapsecc;
using snapsecc::testing::verify;

TEST(CheckLints, WarnOfWhatNothingUses) {
  EXPECT_EQ(verify(R"(
let unused = 1;                      # warning: unused
type Unused { a: text; }             # warning: unused
type Entry { name: path; left?: text; inner?: [{ a: text; b?: text; }]; }  # warning: unused, unused
fragment unused() { file "/a" r; }   # warning: unused
interface a {                        # warning: no-summary
  let inner = 1;                     # warning: unused
  connect auto-only;                 # warning: auto-only
  attrs plug { source?: text; list?: [Entry]; stray?: text; }  # warning: unused
  plug {
    let local = 1;                   # warning: unused
    mount plug.source -> "/b";       # warning: absent-widens
    for l in plug.list { file l.name r; for i in l.inner { file "/${i.a}" r; } }
  }
}
)"),
            "");
}

TEST(CheckLints, ARecordThatIsHandedOverIsRead) {
  EXPECT_EQ(verify(R"(
type Id { vendor: int; product?: int; }
## A.
interface a {
  attrs slot { ids: [Id]; usb-vendor: int; }
  plug { for i in slot.ids { device "/dev/x" r by usb(i); } device "/dev/y" r by usb(slot); }
}
)"),
            "");
}

TEST(CheckLints, WarnOfWordsThatNoConditionCovers) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  attrs plug {
    covered?: enum a, b;
    other?: enum a, b;
    value?: enum session, system = session;
    open?: enum a, b, c;             # warning: uncovered-word
    listed?: enum a, b, c;
  }
  plug {
    when plug.covered == a { file "/a" r; } else when plug.covered == b { file "/b" r; }
    when plug.other == a { file "/c" r; } else { file "/d" r; }
    when plug.value == session { file "/e" r; }
    dbus send plug.value;
    when set(plug.open) and (plug.open == a or plug.open == b) { file "/f" r; }
    when plug.listed in [a, b] { file "/g" r; } else when plug.listed == c { file "/h" r; }
  }
}
)"),
            "");
}

TEST(CheckLints, WarnOfDenials) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  plug {
    deny file "/a" r;                # warning: deny-without-reason
    ## For a reason.
    let reason = "/r";
    deny file reason r;
    deny file "/r/2" r;

    deny file "/r/3" r;              # warning: deny-without-reason
    ## For a reason.
    deny file "/b/**" rw;
    file "/b/c", "/x" r;             # warning: deny-kills-grant
    file "/b/c" rx;
    file "/b" r;
    ## For a reason.
    weak deny file "/w/**" r;
    file "/w/c" r;
    when host.classic {
      ## For a reason.
      deny capability chown;
      capability chown;              # warning: deny-kills-grant
    } else { capability chown, kill; }
    capability chown, net_admin;
    ## For a reason.
    deny syscall openat2;
    syscall openat2;                 # warning: deny-kills-grant
    ## For a reason.
    deny owner file "/o/**" r;
    file "/o/x" r;
  }
}
)"),
            "");
}

TEST(CheckLints, AcceptWhatAReasonNames) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  ## As it always was. [auto-only]
  connect auto-only;
  attrs plug {
    ## Two parts of three. [uncovered-word]
    open?: enum a, b, c;
  }
  ## All of it. [same-rule] [mounts-clash]
  plug {
    when plug.open == a { file "/a" r; } else when plug.open == b { file "/b" r; }
    file "/c" r;
    file "/c" r;
    bind ro "/x" -> "/y";
    bind ro "/z" -> "/y";
  }
  slot {
    file "/c" r;
    file "/c" r;                     # warning: same-rule
    ## Text with [0-9] and [in it] is a reason.
    deny file "/d" r;
  }
}
)"),
            "");
  std::unique_ptr<snapsecc::testing::Checked> checked =
      snapsecc::testing::checkSource("## A. [no-summary]\ninterface a {}\n");
  EXPECT_EQ(llvm::StringRef(snapsecc::testing::rendered(*checked)).split('\n').first.str(),
            "test.sif:1:1: warning: no warning 'no-summary' comes from here [nothing-accepted]");
  // The brackets are no part of the reason.
  EXPECT_EQ(checked->library->interfaces.at("a").summary, "A");
}

TEST(CheckLints, WarnOfRulesThatMeet) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  plug {
    file "/a" r;
    file   "/a"   r;                 # warning: same-rule
    when host.classic { file "/a" r; }  # warning: same-rule
    when host.core { file "/b" r; } else { file "/b" r; }
    exec "/bin/*" -> profile;
    exec "/{,usr/}bin/a*" -> unconfined;  # warning: transitions-overlap
    exec "/bin/true" -> inherit;
    exec "/sbin/*" -> unconfined;
    bind ro "/x" -> "/y";
    bind ro "/z" -> "/y";            # warning: mounts-clash
    bind ro "/w" -> "/y" rename-on-clash;
  }
}
)"),
            "");
}

TEST(CheckLints, WarnOfHalvesOfAResource) {
  EXPECT_EQ(verify(R"(
## A.
interface a {
  plug { network netlink raw; }      # warning: half-netlink
  slot { network netlink raw; syscall socket(AF_NETLINK, _, NETLINK_ROUTE); }
}
## B.
interface b {
  plug { syscall socket(AF_NETLINK, _, NETLINK_ROUTE); }  # warning: half-netlink
  slot { network netlink(NETLINK_ROUTE) raw; syscall socket(AF_UNIX); }
}
## C.
interface c {
  plug always { service delegate; }  # warning: delegate-alone
  slot always { service delegate; }
  slot { cgroup self-managed; }
}
template default { device char "/dev/{null,zero}"; }
## D.
interface d {
  plug {
    file "/dev/rtc0" rw;             # warning: device-without-cgroup
    file "/dev/shm/x", "/dev/null", "/dev/bus/{,**/}", "/dev/snd/x", "/dev/input/uinput" rw;
    device "/dev/snd/*", "/dev/uinput" rw;
  }
  slot { cgroup self-managed; file "/dev/rtc0" rw; }
}
)"),
            "");
}
