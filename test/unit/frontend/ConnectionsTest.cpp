// SPDX-License-Identifier: Apache-2.0
// Which connections are made, and what is said of those that are not.
#include "InstantiateFixture.h"

using namespace snapsecc;
using namespace snapsecc::testing_support;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

std::vector<std::string> made(const Trial &run) {
  std::vector<std::string> lines;
  for (const ir::Connection &one : run.made.policy.connections)
    lines.push_back(one.plugSnap + ":" + one.plug + "=" + one.slotSnap + ":" + one.slot + " " + one.why);
  return lines;
}
std::vector<std::string> notMade(const Trial &run) {
  std::vector<std::string> lines;
  for (const Unconnected &one : run.made.unconnected)
    lines.push_back(one.snap + ":" + one.plug + ": " + one.reason);
  return lines;
}

const char *library = R"(
## Auto.
interface net { implicit slot core, classic; provider system; connect auto;
  plug { capability chown; } }
## By hand.
interface cam { implicit slot classic; provider system; connect manual;
  plug { capability chown; } }
## Not without a store.
interface root { install never; implicit slot classic; provider system; connect auto;
  plug { capability chown; } }
## Between snaps.
interface shared { provider app; connect auto if plug.name == slot.name; connect manual if plug.snap == slot.snap;
  plug { capability chown; } }
## The system's plug.
interface libs { install system; implicit plug classic; provider never; connect manual many-slots;
  plug { capability chown; } }
## Needs much.
interface late { implicit slot classic; provider system; connect auto; check host.systemd >= 400 "it needs systemd 400";
  plug { capability chown; } }
## Either.
interface one { implicit slot classic; provider system; connect auto; conflicts net;
  plug { capability chown; } }
)";

TEST(Connections, AutoFollowsThePolicy) {
  Trial run;
  run.sif(library).snap(app("    plugs: [net, cam, root, shared]\n")).connect("auto").go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(made(run), ElementsAre("foo:net=system:net auto: `connect auto` (lib.sif:3)"));
  EXPECT_THAT(notMade(run),
              ElementsAre("foo:cam: to be connected by hand: `connect manual` (lib.sif:6)",
                          HasSubstr("foo:root: only a store's declaration lets a snap have this plug (lib.sif:9)"),
                          "foo:shared: nobody offers a slot for it"));
}

TEST(Connections, AutoAmongOperands) {
  std::string slot = "slots:\n  shared: \n";
  Trial run;
  run.sif(library).snap(app("    plugs: [shared]\n")).snap("name: pp\nversion: 1\n" + slot).connect("auto").go();
  EXPECT_THAT(made(run), ElementsAre(HasSubstr("foo:shared=pp:shared auto: `connect auto if plug.name == slot.name`")));

  Trial two;
  two.sif(library)
      .snap(app("    plugs: [shared]\n"))
      .snap("name: pp\nversion: 1\n" + slot)
      .snap("name: qq\nversion: 1\n" + slot)
      .connect("auto")
      .go();
  EXPECT_THAT(made(two), IsEmpty());
  EXPECT_THAT(notMade(two), ElementsAre("foo:shared: several slots would do: pp:shared, qq:shared"));

  Trial gadget;
  gadget.sif(library)
      .snap(app("    plugs: [shared]\n"))
      .snap("name: pp\nversion: 1\ntype: gadget\n" + slot)
      .connect("auto")
      .go();
  EXPECT_THAT(notMade(gadget),
              ElementsAre(HasSubstr("foo:shared: snap 'pp' may not have this slot without a store's declaration")));
}

TEST(Connections, NoneAndAll) {
  Trial none;
  none.sif(library).snap(app("    plugs: [net]\n")).connect("none").go();
  EXPECT_THAT(made(none), IsEmpty());
  Trial all;
  all.sif(library)
      .snap(app("    plugs: [cam, net, root, shared]\n"))
      .snap("name: pp\nversion: 1\nslots: {x: shared}\n")
      .connect("all")
      .go();
  EXPECT_THAT(made(all), ElementsAre("foo:cam=system:cam all", "foo:net=system:net all", "foo:root=system:root all",
                                     "foo:shared=pp:x all"));
  EXPECT_THAT(notMade(all), IsEmpty());
}

TEST(Connections, AskedForIsMadeWhateverPolicySays) {
  Trial run;
  run.sif(library)
      .snap(app("    plugs: [root, cam]\n"))
      .connect("foo:root=:root")
      .connect("foo:cam=:cam")
      .connect("foo:cam=:cam")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(made(run), ElementsAre("foo:cam=system:cam asked for",
                                     HasSubstr("foo:root=system:root asked for, though only a store's declaration")));
  Trial implicit;
  implicit.sif(library).snap("name: pp\nversion: 1\nslots: {l: libs}\n").connect(":libs=pp:l").go();
  EXPECT_THAT(implicit.said(), IsEmpty());
  EXPECT_THAT(made(implicit), ElementsAre(HasSubstr("system:libs=pp:l asked for")));
}

TEST(Connections, MistakesAreNamed) {
  struct {
    const char *request, *said;
  } cases[] = {
      {"fo:net=:net", "connect-unknown-snap: --connect fo:net=:net: there is no snap 'fo'; did you mean 'foo'?"},
      {"foo:nett=:net",
       "connect-unknown-plug: --connect foo:nett=:net: snap 'foo' has no plug 'nett'; did you mean 'net'?"},
      {"foo:net=:nat",
       "connect-unknown-slot: --connect foo:net=:nat: the system (classic) has no slot 'nat'; did you mean 'net'?"},
      {"foo:net=:cam", "connect-interfaces: --connect foo:net=:cam: the plug is of interface 'net', the slot of 'cam'"},
      {"foo:late=:late", "connect-refused: --connect foo:late=:late: it needs systemd 400"},
  };
  for (const auto &one : cases) {
    Trial run;
    run.sif(library).snap(app("    plugs: [net, late]\n")).connect(one.request).go();
    EXPECT_THAT(run.said(), ElementsAre(one.said));
  }
}

TEST(Connections, ChecksAndConflictsLeaveAPlugUnconnected) {
  Trial run;
  run.sif(library).snap(app("    plugs: [late, net, one]\n")).connect("auto").go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(notMade(run), ElementsAre("foo:late: it needs systemd 400",
                                        "foo:one: it conflicts with the connection of 'foo:net' (net)"));
}

TEST(Connections, TheSystemsSlotsDependOnTheSystem) {
  Trial run;
  run.target.system = "core";
  run.sif(library).snap(app("    plugs: [net, cam]\n")).connect("all").go();
  EXPECT_THAT(made(run), ElementsAre("foo:net=system:net all"));
  EXPECT_THAT(notMade(run), ElementsAre("foo:cam: nobody offers a slot for it"));
}

TEST(Connections, UbuntuCoreDesktopIsAnUbuntuCore) {
  Trial run;
  run.target.system = "core-desktop";
  run.sif(library).snap(app("    plugs: [net, cam]\n")).connect("all").go();
  EXPECT_THAT(made(run), ElementsAre("foo:net=system:net all"));
}

TEST(Connections, UnknownInterfaces) {
  Trial run;
  run.sif(library).snap(app("    plugs: [nett]\n")).go();
  EXPECT_THAT(run.said(), ElementsAre("unknown-interface: unknown interface 'nett'; did you mean 'net'?"));
  EXPECT_EQ(run.pointedAt("unknown-interface"), "nett");
  Trial allowed;
  allowed.options.allowUnknown = true;
  allowed.sif(library).snap(app("    plugs: [nett]\n")).go();
  EXPECT_THAT(
      allowed.said(true),
      ElementsAre("unknown-interface-ignored: unknown interface 'nett': no rules come from it; did you mean 'net'?"));
}

} // namespace
