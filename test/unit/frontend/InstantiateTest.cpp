// SPDX-License-Identifier: Apache-2.0
// Blocks to rules: for which labels, with which values, escaped for which place.
#include "InstantiateFixture.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace snapsecc;
using namespace snapsecc::testing_support;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

namespace {

const char *policyHead = "implicit slot classic; provider system, app; connect manual;";

std::string interface(const std::string &name, const std::string &body) {
  return "## One.\ninterface " + name + " { " + policyHead + "\n" + body + "\n}\n";
}

TEST(Instantiate, EveryAppAndHookGetsTheTemplate) {
  Trial run;
  run.sif("")
      .snap("name: foo\nversion: 1\napps:\n  b: {command: b}\n  a: {command: a, daemon: simple}\nhooks:\n  configure: "
            "{}\n")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  ASSERT_EQ(run.made.policy.labels.size(), 3u);
  EXPECT_EQ(run.made.policy.labels[0].name, "snap.foo.a");
  EXPECT_TRUE(run.made.policy.labels[0].daemon);
  EXPECT_EQ(run.made.policy.labels[2].name, "snap.foo.hook.configure");
  EXPECT_EQ(run.made.policy.labels[2].kind, ir::LabelKind::Hook);
  EXPECT_THAT(run.rules("snap.foo.hook.configure"), ElementsAre("file \"/base\" r;"));
}

TEST(Instantiate, OnlyTheLabelsOfAPlugGetItsRules) {
  Trial run;
  run.sif(interface("i", "plug { file \"/i\" r; cgroup self-managed; } plug always { capability chown; }"))
      .snap("name: foo\nversion: 1\napps:\n  a: {command: a, plugs: [i]}\n  b: {command: b}\n")
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("snap.foo.a"), ElementsAre("file \"/base\" r;", "capability chown;", "file \"/i\" r;"));
  EXPECT_THAT(run.rules("snap.foo.b"), ElementsAre("file \"/base\" r;"));
  EXPECT_THAT(run.rules("foo"), ElementsAre("cgroup self-managed;"));
}

TEST(Instantiate, AlwaysNeedsNoConnection) {
  Trial run;
  run.sif(interface("i", "plug { file \"/i\" r; } plug always { capability chown; }"))
      .snap("name: foo\nversion: 1\nplugs: {i: }\n") // no application at all
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_TRUE(run.made.policy.labels.empty());
  ASSERT_EQ(run.made.unconnected.size(), 1u);
  EXPECT_EQ(run.made.unconnected[0].reason, "not asked for");
}

TEST(Instantiate, ASnapWithoutAppsStillGetsTheRulesOfTheSnap) {
  Trial run;
  run.sif(interface("i", "plug { kmod load loop; }"))
      .snap("name: foo\nversion: 1\nplugs: {i: }\n")
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.rules("foo"), ElementsAre("kmod load loop;"));
}

TEST(Instantiate, LabelsOfTheOtherSide) {
  std::string sif =
      interface("i", "plug { signal send peer slot; } slot { signal receive peer plug; signal send peer self; }");
  std::string producer = "name: pp\nversion: 1\napps:\n  x: {command: x, slots: [i]}\n  y: {command: y, slots: [i]}\n";
  Trial run;
  run.sif(sif).snap(app("    plugs: [i]\n")).snap(producer + "  z: {command: z}\n").connect("foo:i=pp:i").go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("snap.foo.bar"), Contains("signal send peer \"snap.pp{.x,.y}\";"));
  EXPECT_THAT(run.rules("snap.pp.x"), Contains("signal receive peer \"snap.foo.bar\";"));
  EXPECT_THAT(run.rules("snap.pp.y"), Contains("signal send peer \"snap.pp.y\";")) << "self is the label's own";

  Trial all;
  all.sif(sif).snap(app("    plugs: [i]\n")).snap(producer).connect("foo:i=pp:i").go();
  EXPECT_THAT(all.rules("snap.foo.bar"), Contains("signal send peer \"snap.pp.*\";"));

  Trial none;
  none.sif(sif).snap(app("    plugs: [i]\n")).snap("name: pp\nversion: 1\nslots: {i: }\n").connect("foo:i=pp:i").go();
  EXPECT_THAT(none.rules("snap.foo.bar"), Contains("signal send peer \"snap.pp.\";"));

  Trial system;
  system.sif(sif).snap(app("    plugs: [i]\n")).connect("foo:i=:i").go();
  EXPECT_THAT(system.rules("snap.foo.bar"), Contains("signal send peer \"unconfined\";"));
}

TEST(Instantiate, ValuesAreEscapedByTheirType) {
  Trial run;
  run.sif(interface("i", "attrs plug { name: text; glob: [text glob]; where: path; n: int; }\n"
                         "plug { file \"/a/${plug.name}/*\", \"/n${plug.n}\" r;\n"
                         "  for g in plug.glob { file \"/b/{${g},x}\" r; }\n"
                         "  file plug.where w; unix bind addr \"@${plug.name}\\x00\"; }"))
      .snap(app("    plugs: [p]\nplugs:\n  p: {interface: i, name: 'a*{b}', glob: ['c*', 'd,e'], where: /w, n: 7}\n"))
      .connect("foo:p=:i")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("snap.foo.bar"),
              ElementsAre("file \"/base\" r;", "file \"/a/a\\\\*\\\\{b\\\\}/*\", \"/n7\" r;", "file \"/b/{c*,x}\" r;",
                          "file \"/b/{d\\\\,e,x}\" r;", "file \"/w\" w;",
                          "unix bind addr \"@a\\\\*\\\\{b\\\\}\\\\x00\";"));
}

TEST(Instantiate, WhatIsAbsentMakesItsRuleDisappear) {
  Trial run;
  run.sif(interface("i", "attrs plug { read?: [path]; types?: [text] = []; names?: [path] = []; }\n"
                         "plug { for p in plug.read { file \"${p}/x\" r; } file plug.names r;\n"
                         "  mount \"/a\" -> \"/b\" fstype plug.types options rw;\n"
                         "  file \"/c\", \"/d\" except plug.names r;\n"
                         "  let real = realpath(\"/sys/x\"); when set(real) { file \"${real}/*\" r; } }"))
      .snap(app("    plugs: [i]\n"))
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("snap.foo.bar"),
              ElementsAre("file \"/base\" r;", "mount \"/a\" -> \"/b\" options rw;", "file \"/c\", \"/d\" r;"));
}

TEST(Instantiate, SystemCallsAndFragments) {
  Trial run;
  run.sif("## Peers.\nfragment talk(client: label) { signal send peer client; }\n" +
          interface("i", "let setid = [S_ISUID, S_ISGID];\n"
                         "plug { use talk(slot.label); use talk(\"snap.*\");\n"
                         "  for to in [{u: uid(\"root\"), g: -1}] { syscall chown(_, to.u, to.g); }\n"
                         "  syscall chmod(_, has(setid)), nice(_ <= 19), socket([AF_UNIX, AF_INET]), bind;\n"
                         "  network netlink(NETLINK_ROUTE) raw; }"))
      .snap(app("    plugs: [i]\n"))
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("snap.foo.bar"),
              ElementsAre("file \"/base\" r;", "signal send peer \"unconfined\";", "signal send peer \"snap.*\";",
                          "syscall chown(_, 0, -1);",
                          "syscall chmod(_, has([S_ISUID, S_ISGID])), nice(_ <= 19), socket([AF_UNIX, AF_INET]), bind;",
                          "network netlink(NETLINK_ROUTE) raw;"));
}

TEST(Instantiate, RulesThatAskForTheApplicationDifferByLabel) {
  Trial run;
  run.sif(interface(
              "i",
              "plug { ptrace read peer \"snap.${snap.instance}.${app.name}\"; when app.daemon { capability chown; } }"))
      .snap("name: foo\nversion: 1\napps:\n  a: {command: a, daemon: simple}\n  b: {command: b}\nplugs: {i: }\n")
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("snap.foo.a"),
              ElementsAre("file \"/base\" r;", "ptrace read peer \"snap.foo.a\";", "capability chown;"));
  EXPECT_THAT(run.rules("snap.foo.b"), ElementsAre("file \"/base\" r;", "ptrace read peer \"snap.foo.b\";"));
}

TEST(Instantiate, OriginsTellWhereAndWhy) {
  Trial run;
  run
      .sif(interface(
          "i",
          "plug {\n  ## To see.\n  when host.classic {\n    file \"/i\" r;\n    capability chown; ## To own.\n  }\n}"))
      .snap(app("    plugs: [i]\n"))
      .connect("foo:i=:i")
      .go();
  const ir::Label *label = run.made.policy.findLabel("snap.foo.bar");
  ASSERT_TRUE(label && label->rules.size() == 3);
  const ir::Origin &see = run.made.policy.origins[label->rules[1].origins.front()];
  EXPECT_EQ(see, (ir::Origin{"lib.sif", 6, 5, "interface i plug", "To see."}));
  EXPECT_EQ(run.made.policy.origins[label->rules[2].origins.front()].reason, "To own.");
}

TEST(Instantiate, ModesOfConfinement) {
  std::string sif =
      "## Named only.\ntemplate classic if snap.confinement == classic { file \"/**\" rw; }\n"
      "## Mounts.\ntemplate mount-helper { file \"/${snap.instance}\" r; }\n" +
      interface("i", "plug { deny file \"/i\" r; when snap.declared == classic { file \"/jailed\" r; } }");
  struct {
    const char *declared;
    ModeRequest request;
    ir::Mode mode;
    std::vector<std::string> rules;
  } cases[] = {
      {"strict", ModeRequest::Declared, ir::Mode::Enforce, {"file \"/base\" r;", "deny file \"/i\" r;"}},
      {"devmode", ModeRequest::Declared, ir::Mode::Complain, {"file \"/base\" r;", "deny file \"/i\" r;"}},
      {"classic", ModeRequest::Declared, ir::Mode::Unconfined, {"file \"/**\" rw;"}},
      {"strict", ModeRequest::Classic, ir::Mode::Unconfined, {"file \"/**\" rw;"}},
      {"strict", ModeRequest::Devmode, ir::Mode::Complain, {"file \"/base\" r;", "deny file \"/i\" r;"}},
      {"classic",
       ModeRequest::Jailmode,
       ir::Mode::Enforce,
       {"file \"/base\" r;", "deny file \"/i\" r;", "file \"/jailed\" r;"}},
  };
  for (const auto &one : cases) {
    Trial run;
    run.options.mode = one.request;
    run.sif(sif).snap(app("    plugs: [i]\nconfinement: " + std::string(one.declared) + "\n")).connect("foo:i=:i").go();
    EXPECT_THAT(run.said(), IsEmpty());
    EXPECT_EQ(run.made.policy.findLabel("snap.foo.bar")->mode, one.mode) << one.declared;
    EXPECT_EQ(run.rules("snap.foo.bar"), one.rules) << one.declared;
    EXPECT_THAT(run.rules("snap-update-ns.foo"), ElementsAre("file \"/foo\" r;"));
    EXPECT_EQ(run.made.policy.findLabel("snap-update-ns.foo")->mode, ir::Mode::Enforce);
  }
}

TEST(Instantiate, LayoutsAndOverlays) {
  Trial run;
  run.sif("## Ours.\noverlay snap foo app bar { file \"/site\" r; }\n## Ours too.\noverlay interface i { capability "
          "chown; }\n" +
          interface("i", "plug { file \"/i\" r; }"))
      .snap("name: foo\nversion: 1\napps:\n  bar: {command: b, plugs: [i]}\n  baz: {command: b}\n"
            "layout:\n  /usr/share/foo: {bind: $SNAP/usr/share/foo}\n  /etc/a: {bind-file: $SNAP_DATA/a}\n"
            "  /var/lib/foo: {symlink: $SNAP_COMMON/foo}\n")
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.rules("snap.foo.baz"), Contains("file \"/usr/share/foo{,/**}\" rwmklx;"));
  EXPECT_THAT(run.rules("snap.foo.baz"), Not(Contains("file \"/site\" r;")));
  EXPECT_THAT(run.rules("snap.foo.bar"), Contains("file \"/site\" r;"));
  EXPECT_THAT(run.rules("snap.foo.bar"), Contains("capability chown;"));
  const ir::Snap *snap = run.made.policy.findSnap("foo");
  ASSERT_TRUE(snap && !snap->layouts.empty());
  for (const ir::Layout &layout : snap->layouts)
    if (layout.kind == ir::Layout::Kind::Bind) {
      EXPECT_EQ(layout.source, "/snap/foo/1/usr/share/foo");
    }
}

TEST(Instantiate, RulesAreBounded) {
  std::string list;
  for (int i = 0; i < 400; ++i)
    list += "\"a" + std::to_string(i) + "\", ";
  Trial run;
  run.sif("let many = [" + list + "];\n" +
          interface("i", "plug { for a in many { for b in many { file \"/${a}/${b}\" r; } } }"))
      .snap(app("    plugs: [i]\n"))
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.said(), ElementsAre("too-many-rules: snap 'foo': more than 100000 rules"));
}

TEST(Instantiate, NeedsADefaultTemplate) {
  Trial run;
  std::vector<ast::File> files;
  run.library = check(std::move(files), run.engine);
  run.snap(app("")).go();
  EXPECT_THAT(run.said(), Contains("no-template: the library has no template 'default'"));
}

TEST(Instantiate, SharedPathsFromBothSides) {
  Trial run;
  run.sif("## P.\ntype Shared path under \"$SNAP\", \"$SNAP_DATA\", \"$SNAP_COMMON\";\n" +
          interface("content",
                    "attrs plug { target: Shared; }\n"
                    "attrs slot { case flat { read?: [Shared]; } case nested { source: { read?: [Shared]; }; } }\n"
                    "plug { for p in slot.read { file \"${expand(p, as: other)}/**\" r;\n"
                    "  bind ro expand(p, as: other) -> place(plug.target, p) rename-on-clash; } }"))
      .snap(app("    plugs: [content]\nplugs:\n  content: {target: import}\n"))
      .snap("name: flat\nversion: 1\nslots:\n  content: {read: [/, $SNAP_COMMON/x]}\n")
      .snap("name: nested\nversion: 1\nslots:\n  content:\n    source: {read: [$SNAP/a]}\n")
      .connect("foo:content=flat:content")
      .connect("foo:content=nested:content")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("foo"),
              ElementsAre("bind ro \"/snap/flat/1\" -> \"/snap/foo/1/import\" rename-on-clash;",
                          "bind ro \"/var/snap/flat/common/x\" -> \"/snap/foo/1/import\" rename-on-clash;",
                          "bind ro \"/snap/nested/1/a\" -> \"/snap/foo/1/import/a\" rename-on-clash;"));
}

TEST(Instantiate, MountOptionsAreThoseThatAppArmorSees) {
  Trial run;
  run.sif(interface("i", "attrs plug { a: [text]; b: [text]; }\n"
                         "plug { mount -> \"/a\" options plug.a; mount -> \"/b\" options plug.b; }"))
      .snap(app("    plugs: [i]\nplugs:\n  i: {a: [ro, nofail, acl, uid=5], b: [nofail]}\n"))
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.rules("snap.foo.bar"),
              ElementsAre("file \"/base\" r;", "mount -> \"/a\" options ro;", "mount -> \"/b\" options rw;"));
}

TEST(Instantiate, FilesOfTheSnapBecomePartOfTheirRules) {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "snapsecc-snap-XXXXXX").string();
  fs::path root = mkdtemp(name.data());
  fs::create_directories(root / "meta/polkit");
  std::ofstream(root / "meta/polkit/i.foo.policy") << "<a/>";
  std::ofstream(root / "meta/polkit/other.policy") << "<b/>";
  std::ofstream(root / "meta/polkit/x.rules") << "js";
  Trial run;
  run.sif(interface("i",
                    "attrs plug { rules: [text]; dirs: [path under \"$SNAP\"]; }\n"
                    "plug { polkit actions files(\"$SNAP/meta/polkit\", \"${plug.name}.*.policy\") prefix \"org.x\";\n"
                    "  for r in plug.rules { polkit rules \"$SNAP/meta/polkit/${r}\" sha3-384 \"abc\"; }\n"
                    "  symlink files(plug.dirs, \"*.rules\") -> \"/etc/x\"; ldconfig plug.dirs; udev file "
                    "\"$SNAP/meta/polkit/x.rules\"; }"))
      .snap(app("    plugs: [i]\nplugs:\n  i: {rules: [x.rules, missing.rules], dirs: [meta/polkit]}\n"));
  run.snaps.front().root = root.string();
  run.connect("foo:i=:i").go();
  fs::remove_all(root);
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("foo"), ElementsAre("polkit actions files(file(\"i.foo.policy\", \"<a/>\")) prefix \"org.x\";",
                                            "polkit rules file(\"x.rules\", \"js\") sha3-384 \"abc\";",
                                            "symlink \"/snap/foo/1/meta/polkit/x.rules\" -> \"/etc/x\";",
                                            "ldconfig \"/snap/foo/1/meta/polkit\";", "udev file \"js\";"));
}

TEST(Instantiate, VariablesInTextsAndPartsOfPaths) {
  Trial run;
  run.sif(interface("i", "attrs plug { options: text; where: path under \"$SNAP\"; }\n"
                         "plug { let flat = replace(after(plug.where, \"$SNAP/\"), \"/\", \"-\");\n"
                         "  kmod set \"m\" options expand(plug.options); symlink plug.where -> \"/etc/${flat}\"; }"))
      .snap("name: foo\nversion: 1\nplugs:\n  i: {options: \"a=$FOO p=$SNAP_COMMON/b,$SNAP\", where: $SNAP/d/e/f}\n")
      .connect("foo:i=:i")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("foo"), ElementsAre("kmod set m options \"a=$FOO p=/var/snap/foo/common/b,/snap/foo/1\";",
                                            "symlink \"/snap/foo/1/d/e/f\" -> \"/etc/d-e-f\";"));
}

TEST(Instantiate, DataFilesOfTheLibraryBecomePartOfTheirRules) {
  Trial run;
  run.data["modems.rules"] = "KERNEL==\"a\"\n";
  run.sif(interface("i", "slot always { udev file \"modems.rules\"; }"))
      .snap("name: foo\nversion: 1\nslots: {i: i}\n")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("foo"), ElementsAre(R"(udev file "KERNEL==\"a\"\x0a";)"));
}

TEST(Instantiate, UdevMatches) {
  Trial run;
  run.sif("## Id.\ntype UsbId { usb-vendor: int 1..0xffff; usb-product: int 0..0xffff; }\n" +
          interface(
              "i",
              "attrs slot { path: path; tags?: [{ kernel: text; subsystem?: text; }]; use UsbId; }\n"
              "plug { device char slot.path rw by subsystem(\"tty\"), usb(slot);\n"
              "  device slot.path r by tagging(slot.tags, slot.path); device \"/dev/z\" r by kernel(\"z[0-9]*\"); }\n"
              "slot always { udev symlink(basename(slot.path)) by usb({vendor: 5}); }"))
      .snap(app("    plugs: [i]\n"))
      .snap("name: pp\nversion: 1\nslots:\n  i: {path: /dev/in/mice, usb-vendor: 0x1d6b, usb-product: 2, "
            "tags: [{kernel: in/mice}, {kernel: mice, subsystem: input}, {kernel: other}]}\n")
      .connect("foo:i=pp:i")
      .go();
  EXPECT_THAT(run.said(), IsEmpty());
  EXPECT_THAT(run.rules("snap.foo.bar"),
              ElementsAre("file \"/base\" r;", "device char \"/dev/in/mice\" rw by subsystem(\"tty\"), usb(7531, 2);",
                          "device \"/dev/in/mice\" r by kernel(\"in/mice\");",
                          "device \"/dev/in/mice\" r by kernel(\"mice\"), subsystem(\"input\");",
                          "device \"/dev/z\" r by kernel(\"z[0-9]*\");"));
  EXPECT_THAT(run.rules("pp"), ElementsAre("udev symlink(\"mice\") by usb(5);"));
}

} // namespace
