// SPDX-License-Identifier: Apache-2.0
// readSnap: what snapd's reader takes and what is refused; hostile text. Errors are given as "line:column name".
#include "frontend/Snap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace snapsecc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

struct Read {
  SourceManager sources;
  Engine engine{sources};
  std::optional<Snap> snap;
  std::vector<std::string> said() const {
    std::vector<std::string> result;
    for (const Diagnostic &d : engine.diagnostics()) {
      LineColumn at = sources.file(d.range.file).lineColumn(d.range.begin);
      result.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " + d.info->name);
    }
    return result;
  }
  std::string message() const { return engine.diagnostics().empty() ? "" : engine.diagnostics()[0].message; }
};

std::unique_ptr<Read> read(std::string text, std::string name = "snap.yaml") {
  auto result = std::make_unique<Read>();
  FileId file = result->sources.add(std::move(name), std::move(text));
  result->snap = readSnap(file, result->engine);
  EXPECT_EQ(result->snap.has_value(), !result->engine.hasErrors());
  return result;
}

const std::string head = "name: foo\nversion: 1\n"; // what is appended begins in line 3
std::vector<std::string> said(const std::string &text) { return read(head + text)->said(); }
std::string message(const std::string &text) { return read(head + text)->message(); }
Snap snap(const std::string &text) {
  auto result = read(head + text);
  EXPECT_THAT(result->said(), IsEmpty()) << result->message();
  return result->snap.value_or(Snap{});
}

std::vector<std::string> labels(const Endpoint *endpoint) {
  return endpoint ? endpoint->labels : std::vector<std::string>{"no such endpoint"};
}

} // namespace

TEST(Snap, Defaults) {
  Snap s = snap("");
  EXPECT_EQ(s.name, "foo");
  EXPECT_EQ(s.instance(), "foo");
  EXPECT_EQ(s.version, "1");
  EXPECT_EQ(s.base, "");
  EXPECT_EQ(s.type, "app");
  EXPECT_EQ(s.confinement, "strict");
  EXPECT_EQ(s.revision, "1");
  EXPECT_THAT(s.apps, IsEmpty());
  EXPECT_EQ(s.root, "");
}

TEST(Snap, Identity) {
  Snap s = read("'name': \"foo_k2\"\nversion: 0+git\nbase: core24\ntype: gadget\nconfinement: devmode\narchitectures: "
                "[amd64, arm64]\n"
                "epoch: 1*\nunknown: {a: [b]}\n")
               ->snap.value();
  EXPECT_EQ(s.name, "foo");
  EXPECT_EQ(s.instanceKey, "k2");
  EXPECT_EQ(s.instance(), "foo_k2");
  EXPECT_EQ(s.version, "0+git");
  EXPECT_EQ(s.base, "core24");
  EXPECT_EQ(s.type, "gadget");
  EXPECT_EQ(s.confinement, "devmode");
  EXPECT_THAT(s.architectures, ElementsAre("amd64", "arm64"));
  EXPECT_THAT(snap("architectures: all\n").architectures, ElementsAre("all"));
  EXPECT_EQ(read("name: snapd\nversion: 1\n")->snap->type, "snapd");
  EXPECT_EQ(snap("type: application\n").type, "app");
}

TEST(Snap, NamesFollowSnapd) {
  for (const char *name :
       {"a", "../x", "Foo", "-foo", "foo-", "fo--o", "123", "foo_", "foo_KEY", "foo_a_b", "foo_12345678901", "a b"})
    EXPECT_THAT(read(std::string("name: '") + name + "'\nversion: 1\n")->said(), ElementsAre("1:7 snap-bad-name"))
        << name;
  for (const char *name : {"ab", "0ad", "foo-bar-2", "foo_1"})
    EXPECT_TRUE(read(std::string("name: '") + name + "'\nversion: 1\n")->snap) << name;
  EXPECT_THAT(said("apps:\n  a b: {}\n"), ElementsAre("4:3 snap-bad-name"));
  EXPECT_THAT(said("apps: {A-b0: }\n"), IsEmpty());
  EXPECT_THAT(said("plugs: {Home: }\n"), ElementsAre("3:9 snap-bad-name"));
  EXPECT_THAT(said("plugs: {home: {interface: no/name}}\n"), ElementsAre("3:27 snap-bad-name"));
  EXPECT_THAT(said("apps: {a: {slots: [1]}}\n"), ElementsAre("3:20 snap-bad-name"));
}

TEST(Snap, FieldErrors) {
  EXPECT_THAT(read("version: 1\n")->said(), ElementsAre("1:1 snap-missing-field"));
  EXPECT_THAT(read("name: ~\nversion: 1\n")->said(), ElementsAre("1:1 snap-missing-field"));
  EXPECT_THAT(read("name: [x]\n")->said(), ElementsAre("1:7 snap-field-type"));
  EXPECT_THAT(read("- a\n- b\n")->said(), ElementsAre("1:1 snap-field-type"));
  EXPECT_THAT(read("text\n")->said(), ElementsAre("1:1 snap-field-type"));
  EXPECT_THAT(read("name: foo\nversion: a b\n")->said(), ElementsAre("2:10 snap-bad-version"));
  EXPECT_THAT(said("type: apps\n"), ElementsAre("3:7 snap-bad-value"));
  EXPECT_EQ(message("confinement: Strict\n"), "confinement: 'Strict' is not one of strict, devmode, classic");
  EXPECT_THAT(said("base: core_24\n"), ElementsAre("3:7 snap-bad-base"));
  EXPECT_THAT(said("base: none\napps: {a: }\n"), ElementsAre("3:7 snap-bad-base"));
  EXPECT_THAT(said("base: none\n"), IsEmpty());
  EXPECT_THAT(said("type: base\nbase: core\n"), ElementsAre("4:7 snap-bad-base"));
  EXPECT_THAT(said("parts: {}\napps: 1\n"), ElementsAre("3:1 snapcraft-yaml"));
  EXPECT_EQ(message("apps:\n  a: {plugs: home}\n"), "apps.a.plugs must be a list, not text");
  EXPECT_EQ(message("apps:\n  a: {plugs: [[home]]}\n"), "an item of apps.a.plugs must be text, not a list");
  EXPECT_THAT(said("apps:\n  a: {daemon: fork}\n"), ElementsAre("4:15 snap-bad-value"));
  EXPECT_THAT(said("apps:\n  a: {command: 'a;b'}\n"), ElementsAre("4:16 snap-bad-command"));
  EXPECT_THAT(said("apps:\n  a: {command-chain: [a b]}\n"), ElementsAre("4:23 snap-bad-command"));
  EXPECT_THAT(said("apps: [a]\nhooks: 5\n"), ElementsAre("3:7 snap-field-type", "4:8 snap-field-type"));
}

TEST(Snap, AppsAndHooks) {
  Snap s = snap("environment: {A: 1, B: 'x y'}\napps:\n  svc:\n    command: bin/svc -x $SNAP_DATA\n    daemon: "
                "simple\n    stop-command: stop\n"
                "    reload-command: reload\n    post-stop-command: after\n    command-chain: [bin/a, bin/b]\n    "
                "environment: {C: , D: yes}\n"
                "  bare:\nhooks:\n  configure:\n  install: {plugs: [network], command-chain: [c]}\n");
  ASSERT_EQ(s.apps.size(), 4u);
  EXPECT_EQ(s.apps[0].name, "bare");
  EXPECT_EQ(s.apps[1].command, "bin/svc -x $SNAP_DATA");
  EXPECT_EQ(s.apps[1].daemon, "simple");
  EXPECT_EQ(s.apps[1].stopCommand, "stop");
  EXPECT_EQ(s.apps[1].reloadCommand, "reload");
  EXPECT_EQ(s.apps[1].postStopCommand, "after");
  EXPECT_THAT(s.apps[1].commandChain, ElementsAre("bin/a", "bin/b"));
  EXPECT_THAT(s.apps[1].environment, ElementsAre(std::pair<std::string, std::string>{"C", ""},
                                                 std::pair<std::string, std::string>{"D", "yes"}));
  EXPECT_EQ(s.environment[1].second, "x y");
  EXPECT_EQ(s.apps[2].labelPart(), "hook.configure");
  EXPECT_EQ(s.apps[3].labelPart(), "hook.install");
  auto r = read(head + "hooks: {no-such: , connect-plug-x: }\n");
  EXPECT_THAT(r->said(), ElementsAre("3:9 snap-unknown-hook"));
  ASSERT_EQ(r->snap->apps.size(), 1u);
}

TEST(Snap, PlugsInAllForms) {
  Snap s = snap(
      "plugs:\n  opengl:\n  nmcli: network-manager\n  cfg: {interface: content, label: text, target: $SNAP/x, n: 1}\n"
      "slots: {out: {interface: content, read: [/a]}}\n"
      "apps:\n  a: {plugs: [cfg, home, home], slots: [mpris]}\n  b: {plugs: [nmcli]}\nhooks: {configure: {plugs: "
      "[home]}}\n");
  EXPECT_THAT(labels(s.findPlug("opengl")), ElementsAre("a", "b", "hook.configure")); // bound to none: all have it
  EXPECT_THAT(labels(s.findPlug("nmcli")), ElementsAre("b"));
  EXPECT_EQ(s.findPlug("nmcli")->interface, "network-manager");
  EXPECT_THAT(labels(s.findPlug("home")), ElementsAre("a", "hook.configure")); // not declared
  EXPECT_EQ(s.findPlug("home")->interface, "home");
  const Endpoint *cfg = s.findPlug("cfg");
  ASSERT_TRUE(cfg);
  EXPECT_EQ(cfg->interface, "content");
  ASSERT_EQ(cfg->attributes.size(), 2u); // not `interface`, not `label`
  EXPECT_EQ(cfg->find("target")->text, "$SNAP/x");
  EXPECT_THAT(labels(s.findSlot("out")), ElementsAre("a", "b", "hook.configure"));
  EXPECT_THAT(labels(s.findSlot("mpris")), ElementsAre("a"));
  EXPECT_EQ(s.plugs.front().name, "cfg"); // sorted
}

TEST(Snap, EndpointErrors) {
  EXPECT_THAT(said("plugs: {p: {$x: 1}}\n"), ElementsAre("3:13 snap-reserved-attribute"));
  EXPECT_THAT(said("plugs: {p: [a]}\n"), ElementsAre("3:12 snap-field-type"));
  EXPECT_THAT(said("plugs: [home]\n"), ElementsAre("3:8 snap-field-type"));
  EXPECT_THAT(said("plugs: {p: {interface: }}\n"), ElementsAre("3:13 snap-field-type", "3:24 snap-bad-name"));
  auto r = read(head + "plugs: {p: }\nslots: {p: }\n");
  EXPECT_THAT(r->said(), ElementsAre("4:9 snap-same-name"));
  EXPECT_EQ(r->sources.describe(r->engine.diagnostics()[0].notes[0].range), "snap.yaml:3:9");
  EXPECT_THAT(said("apps: {a: {daemon: dbus, activates-on: [s]}}\n"), ElementsAre("3:41 snap-no-slot"));
}

TEST(Snap, ActivationAndComponentsBind) {
  Snap s = snap("slots: {s: {interface: dbus}}\napps: {a: {daemon: dbus, activates-on: [s]}, b: }\n");
  EXPECT_THAT(labels(s.findSlot("s")), ElementsAre("a"));
  auto r = read(head + "plugs: {home: }\napps: {a: }\ncomponents: {c: {hooks: {install: {plugs: [home]}}}}\n");
  EXPECT_THAT(r->said(), ElementsAre("5:14 snap-component-hooks"));
  EXPECT_THAT(labels(r->snap->findPlug("home")), IsEmpty());
}

TEST(Snap, AttributeValues) {
  Snap s = snap("plugs:\n  p:\n    a: [true, Yes, off, n, 'yes', \"true\", ~, '~', '']\n    i: [12, 0x1F, 0o660, 0660, "
                "-3, +4, 1_000, '5', 08, 1.5, +-5, 99999999999999999999]\n"
                "    m: {k: {l: v}}\n    t: |\n      x\n      y\n");
  const Endpoint *p = s.findPlug("p");
  std::string kinds;
  for (const Attribute &a : p->find("a")->list)
    kinds += "nbitlm"[static_cast<int>(a.kind)];
  EXPECT_EQ(kinds, "bbbbttntt");
  EXPECT_TRUE(p->find("a")->list[1].boolean);
  EXPECT_FALSE(p->find("a")->list[2].boolean);
  EXPECT_TRUE(p->find("a")->list[4].quoted);
  std::vector<int64_t> ints;
  std::string intKinds;
  for (const Attribute &a : p->find("i")->list) {
    ints.push_back(a.integer);
    intKinds += "nbitlm"[static_cast<int>(a.kind)];
  }
  EXPECT_EQ(intKinds, "iiiiiiittttt");
  EXPECT_THAT(ints, ElementsAre(12, 31, 432, 432, -3, 4, 1000, 0, 0, 0, 0, 0));
  EXPECT_EQ(p->find("i")->list[3].text, "0660");
  EXPECT_EQ(p->find("m")->find("k")->find("l")->text, "v");
  EXPECT_EQ(p->find("t")->text, "x\ny\n");
}

TEST(Snap, SystemUsernames) {
  Snap s = snap("system-usernames: {snap_daemon: shared, _daemon_: {scope: shared}}\n");
  ASSERT_EQ(s.systemUsernames.size(), 2u);
  EXPECT_EQ(s.systemUsernames[1].name, "_daemon_");
  EXPECT_EQ(s.systemUsernames[1].scope, "shared");
  EXPECT_THAT(said("system-usernames: {snap_daemon: private}\n"), ElementsAre("3:33 snap-bad-value"));
  EXPECT_THAT(said("system-usernames: {snap_daemon: }\n"), ElementsAre("3:20 snap-missing-field"));
  EXPECT_THAT(said("system-usernames: {a:b: shared}\n"), ElementsAre("3:20 snap-bad-name"));
  EXPECT_THAT(said("system-usernames: {a: [shared]}\n"),
              ElementsAre("3:23 snap-field-type", "3:20 snap-missing-field"));
}

TEST(Snap, Layouts) {
  Snap s = snap("layout:\n  /usr/share/x: {symlink: $SNAP/x}\n  /etc/foo.conf: {bind-file: $SNAP_DATA/foo.conf, mode: "
                "0644, user: root}\n"
                "  $SNAP/y: {type: tmpfs}\n  /var/lib/foo: {bind: $SNAP_COMMON}\n  /opt/z: {bind: /snap/foo/1/z}\n");
  ASSERT_EQ(s.layouts.size(), 5u);
  EXPECT_EQ(s.layouts[0].path, "$SNAP/y");
  EXPECT_EQ(s.layouts[0].kind, ir::Layout::Kind::Tmpfs);
  EXPECT_EQ(s.layouts[1].kind, ir::Layout::Kind::BindFile);
  EXPECT_EQ(s.layouts[1].source, "$SNAP_DATA/foo.conf");
  EXPECT_EQ(s.layouts[1].mode, "0644");
}

TEST(Snap, LayoutErrors) {
  auto why = [](const std::string &entry) {
    auto r = read(head + "layout: {" + entry + "}\n");
    EXPECT_THAT(r->said(), ElementsAre("3:10 snap-bad-layout")) << entry;
    return r->message();
  };
  EXPECT_THAT(why("/etc/x: {}"), HasSubstr("one of bind"));
  EXPECT_THAT(why("/etc/x: {bind: $SNAP, symlink: $SNAP/x}"), HasSubstr("one of bind"));
  EXPECT_THAT(why("/proc/x: {bind: $SNAP}"), HasSubstr("laid out in /proc"));
  EXPECT_THAT(why("$SNAP_DATA/x: {bind: $SNAP}"), HasSubstr("laid out in /var/snap"));
  EXPECT_THAT(why("/new/x: {bind: $SNAP}"), HasSubstr("no directory '/new'"));
  EXPECT_THAT(why("/: {bind: $SNAP}"), HasSubstr("no directory '/'"));
  EXPECT_THAT(why("etc: {bind: $SNAP}"), HasSubstr("absolute"));
  EXPECT_THAT(why("/etc/../proc: {bind: $SNAP}"), HasSubstr("absolute, without"));
  EXPECT_THAT(why("/etc//x: {bind: $SNAP}"), HasSubstr("absolute, without"));
  EXPECT_THAT(why("/etc/x/: {bind: $SNAP}"), HasSubstr("absolute, without"));
  EXPECT_THAT(why("\"/etc/x*\": {bind: $SNAP}"), HasSubstr("special in patterns"));
  EXPECT_THAT(why("\"/etc/x\\n\": {bind: $SNAP}"), HasSubstr("special in patterns"));
  EXPECT_THAT(why("/snap/bar/x: {bind: $SNAP}"), HasSubstr("another snap"));
  EXPECT_THAT(why("/snap/foobar/x: {bind: $SNAP}"), HasSubstr("another snap"));
  EXPECT_THAT(why("/etc/x: {bind: /etc/shadow}"), HasSubstr("must be in $SNAP"));
  EXPECT_THAT(why("/etc/x: {bind: $SNAPX}"), HasSubstr("unknown variable '$SNAPX'"));
  EXPECT_THAT(why("/etc/x: {bind: $SNAP/../y}"), HasSubstr("absolute"));
  EXPECT_THAT(why("/etc/x: {type: ext4}"), HasSubstr("tmpfs, not 'ext4'"));
  EXPECT_THAT(why("/etc/x: {bind: $SNAP, user: me}"), HasSubstr("only user"));
  EXPECT_THAT(why("/etc/x: {bind: $SNAP, group: me}"), HasSubstr("only group"));
  EXPECT_THAT(why("/etc/x: {bind: $SNAP, mode: 4755}"), HasSubstr("octal"));
  EXPECT_THAT(said("layout: {/etc/x: {bind: $SNAP}, /etc/x/y: {bind: $SNAP/y}}\n"),
              ElementsAre("3:33 snap-bad-layout"));
  EXPECT_THAT(said("layout: {/etc/x: {bind: $SNAP/a}, /etc/y: {bind-file: $SNAP/a}}\n"),
              ElementsAre("3:35 snap-bad-layout"));
  EXPECT_THAT(said("layouts: {}\n"), ElementsAre("3:1 snap-layouts"));
}

TEST(SnapYaml, Syntax) {
  EXPECT_THAT(read("name: xx\n\tversion: 1\n")->said(), ElementsAre("2:1 yaml-syntax"));
  EXPECT_THAT(read("name: 'xx\n")->said(), ElementsAre("1:7 yaml-syntax"));
  EXPECT_THAT(said("x: *no\n"), ElementsAre("3:4 yaml-syntax"));
  EXPECT_THAT(read("name: \"xx\\\"\n")->said(), ElementsAre("1:7 yaml-syntax"));
  EXPECT_THAT(said("a: 'x''y'\nb: \"\\\"\"\n"), IsEmpty());
  EXPECT_THAT(read("")->said(), ElementsAre("1:1 yaml-empty"));
  EXPECT_THAT(read("# nothing\n")->said(), ElementsAre("1:1 yaml-empty"));
  EXPECT_THAT(read("~\n")->said(), ElementsAre("1:1 snap-field-type"));
  EXPECT_THAT(said("---\nname: bar\n"), ElementsAre("3:1 yaml-second-document"));
  EXPECT_THAT(said("...\n# end\n"), IsEmpty());
  EXPECT_THAT(read("\xef\xbb\xbf# bom\nname: é\n")->said(), ElementsAre("2:7 snap-bad-name"));
  EXPECT_THAT(read("\xef\xbb\xbfname: é\n")->said(), ElementsAre("1:10 snap-bad-name")); // columns count bytes
}

TEST(SnapYaml, Refused) {
  EXPECT_THAT(said("x: !!str a\n"), ElementsAre("3:4 yaml-tag"));
  EXPECT_THAT(said("x: ! 'a'\n"), ElementsAre("3:4 yaml-tag"));
  EXPECT_THAT(said("x: &a !foo [a]\n"), ElementsAre("3:7 yaml-tag"));
  EXPECT_THAT(said("x: &a # !\n  ! a\n"), ElementsAre("4:3 yaml-tag"));
  EXPECT_THAT(said("? [a]\n: b\n"), ElementsAre("3:3 yaml-key"));
  EXPECT_THAT(said("~: b\n"), ElementsAre("3:1 yaml-key"));
  auto r = read(head + "\"name\": bar\n");
  EXPECT_THAT(r->said(), ElementsAre("3:1 duplicate-key"));
  EXPECT_EQ(r->sources.describe(r->engine.diagnostics()[0].notes.at(0).range), "snap.yaml:1:1");
  EXPECT_THAT(said("x: {a: 1, b: 2, a: 3}\n"), ElementsAre("3:17 duplicate-key"));
  EXPECT_THAT(said(std::string("x: a\0b\n", 7)), ElementsAre("3:5 control-character"));
  EXPECT_THAT(said("x: a\x04\n"), ElementsAre("3:5 control-character")); // would end the text for yaml-cpp
  EXPECT_THAT(said("x: \xff\xfe\n"), ElementsAre("3:4 invalid-utf8"));
  EXPECT_THAT(said("x: &x [*x]\n"), ElementsAre("3:8 yaml-loop"));
  EXPECT_THAT(said("x: &x {y: {z: *x}}\n"), ElementsAre("3:15 yaml-loop"));
  EXPECT_THAT(said("<<: 1\n"), ElementsAre("3:5 yaml-merge"));
}

TEST(SnapYaml, AliasesAndMerges) {
  Snap s = snap("x: &common {plugs: [home], command: a}\napps:\n  a: *common\n  b: {<<: *common, command: b}\n  c:\n   "
                " <<: [{daemon: simple}, *common]\n");
  ASSERT_EQ(s.apps.size(), 3u);
  EXPECT_EQ(s.apps[1].command, "b");
  EXPECT_EQ(s.apps[2].daemon, "simple");
  EXPECT_THAT(labels(s.findPlug("home")), ElementsAre("a", "b", "c"));
}

TEST(SnapYaml, Bounds) {
  auto repeat = [](const std::string &text, size_t times) {
    std::string result;
    for (size_t i = 0; i < times; ++i)
      result += text;
    return result;
  };
  auto nested = [&](size_t depth) { return "x: " + repeat("[", depth) + repeat("]", depth) + "\n"; };
  EXPECT_THAT(said(nested(63)), IsEmpty()); // the document's own map is a level
  EXPECT_THAT(said(nested(64)), ElementsAre("3:67 yaml-too-deep"));
  EXPECT_THAT(said("x: " + repeat("[", 100000)), ElementsAre("3:36 yaml-too-deep"));
  EXPECT_THAT(said("x: " + repeat("{a: ", 50000)), ElementsAre("3:256 yaml-too-deep"));
  EXPECT_THAT(read(repeat("- ", 100000))->said(), ElementsAre("1:129 yaml-too-deep"));
  std::string chain = "a0: &a0 [x]\n", bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 100; ++i) {
    std::string now = std::to_string(i), last = "*a" + std::to_string(i - 1);
    chain += "a" + now + ": &a" + now + " [" + last + "]\n";
    bomb += "a" + now + ": &a" + now + " [" + last + repeat("," + last, 8) + "]\n";
  }
  EXPECT_THAT(said(chain), ElementsAre("66:12 yaml-too-deep"));
  EXPECT_THAT(said(bomb), ElementsAre("9:10 yaml-too-large"));
  EXPECT_THAT(said("x: [" + repeat("a,", 1000001)), ElementsAre("3:2000004 yaml-too-large"));
  EXPECT_THAT(read(repeat("-\n", 1000001))->said(), ElementsAre("1000001:1 yaml-too-large"));
  EXPECT_THAT(said("x: '" + repeat("a", 16u << 20) + "'\n"), ElementsAre("1:1 file-too-large"));
}

TEST(Snap, RootAndHookFiles) {
  llvm::SmallString<128> root;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("snapsecc-root", root));
  std::string hooks = (root + "/meta/hooks").str();
  ASSERT_FALSE(llvm::sys::fs::create_directories(hooks));
  std::ofstream(hooks + "/install");
  std::ofstream(hooks + "/configure");
  std::ofstream(hooks + "/other");
  auto r = read(head + "plugs: {home: }\nhooks: {configure: }\n", (root + "/meta/snap.yaml").str());
  llvm::sys::fs::remove_directories(root);
  ASSERT_TRUE(r->snap);
  EXPECT_EQ(r->snap->root, root.str());
  EXPECT_THAT(labels(r->snap->findPlug("home")), ElementsAre("hook.configure", "hook.install"));
  EXPECT_EQ(read(head, "meta/snap.yaml")->snap->root, ".");
  EXPECT_EQ(read(head, "xmeta/snap.yaml")->snap->root, "");
}

TEST(Snap, RealOnes) {
  std::error_code failure;
  unsigned count = 0;
  for (llvm::sys::fs::directory_iterator file("../shared/reference/snaps", failure), end; !failure && file != end;
       file.increment(failure)) {
    SourceManager sources;
    Engine engine(sources);
    llvm::Expected<FileId> id = sources.read(file->path());
    ASSERT_TRUE(bool(id)) << file->path();
    EXPECT_TRUE(readSnap(*id, engine)) << file->path() << ": "
                                       << (engine.diagnostics().empty() ? "" : engine.diagnostics()[0].message);
    ++count;
  }
  if (failure) GTEST_SKIP() << "no ../shared/reference/snaps";
  EXPECT_EQ(count, 71u);
}
