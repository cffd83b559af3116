// SPDX-License-Identifier: Apache-2.0
#include "backends/mount/Mount.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using ir::Layout;
using ir::Rule;
using ir::RuleKind;
using ir::Value;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

Rule bindRule(llvm::StringRef mode, llvm::StringRef source, llvm::StringRef target,
              std::vector<llvm::StringRef> flags = {}) {
  Rule rule;
  rule.kind = RuleKind::Bind;
  rule.set("ro|rw", {Value::word(mode)});
  rule.set("GLOB", {Value::string(source)});
  rule.set("->", {Value::string(target)});
  for (llvm::StringRef flag : flags)
    rule.set(flag, {Value::word(flag)});
  return rule;
}

class Mount : public testing::Test {
protected:
  std::vector<std::string> files(std::vector<Rule> rules, std::vector<Layout> layouts = {}) {
    ir::Policy policy;
    policy.snaps.resize(1);
    policy.snaps[0].instance = "consumer";
    policy.snaps[0].rules = std::move(rules);
    policy.snaps[0].layouts = std::move(layouts);
    std::vector<std::string> found;
    for (const ir::Artifact &file : mount::emit(mount::lower(policy, ir::Target(), engine)))
      found.push_back(file.path + "\n" + file.bytes);
    return found;
  }
  std::vector<std::string> reported() const {
    std::vector<std::string> names;
    for (const Diagnostic &one : engine.diagnostics())
      names.push_back(one.info->name);
    return names;
  }
  SourceManager sources;
  Engine engine{sources};
};

const std::string fstab = "mount/snap.consumer.fstab\n", userFstab = "mount/snap.consumer.user-fstab\n";

} // namespace

TEST_F(Mount, WritesNothingWithoutEntries) { EXPECT_THAT(files({}), IsEmpty()); }

TEST_F(Mount, WritesLayoutsFirst) {
  using Kind = Layout::Kind;
  EXPECT_THAT(files({bindRule("ro", "/snap/producer/1/x", "/snap/consumer/1/import")},
                    {{Kind::BindFile, "/etc/foo.conf", "/var/snap/consumer/1/foo.conf", "", "", ""},
                     {Kind::Bind, "/usr/share/foo", "/snap/consumer/1/usr/share/foo", "root", "root", "0755"},
                     {Kind::Symlink, "/var/lib/foo", "/var/snap/consumer/common/foo", "", "", ""},
                     {Kind::Tmpfs, "/var/mytmp", "", "", "daemon", "01777"}}),
              ElementsAre(fstab +
                          "/var/snap/consumer/1/foo.conf /etc/foo.conf none "
                          "bind,rw,x-snapd.kind=file,x-snapd.origin=layout 0 0\n"
                          "/snap/consumer/1/usr/share/foo /usr/share/foo none rbind,rw,x-snapd.origin=layout 0 0\n"
                          "none /var/lib/foo none x-snapd.kind=symlink,x-snapd.symlink=/var/snap/consumer/common/foo,"
                          "x-snapd.origin=layout 0 0\n"
                          "tmpfs /var/mytmp tmpfs x-snapd.mode=01777,x-snapd.group=daemon,x-snapd.origin=layout 0 0\n"
                          "/snap/producer/1/x /snap/consumer/1/import none bind,ro 0 0\n"));
}

TEST_F(Mount, RenamesWhereAllowed) {
  std::vector<llvm::StringRef> rename = {"rename-on-clash"};
  EXPECT_THAT(files({bindRule("ro", "/r1", "/t", rename), bindRule("ro", "/r2", "/t", rename),
                     bindRule("rw", "/w1", "/t/", rename), bindRule("rw", "/r2", "/t", rename)}),
              ElementsAre(fstab + "/r1 /t none bind,ro 0 0\n/r2 /t-2 none bind,rw 0 0\n/w1 /t-3 none bind,rw 0 0\n"));
}

TEST_F(Mount, NeverTakesAPlaceTwice) {
  std::vector<llvm::StringRef> rename = {"rename-on-clash"};
  EXPECT_THAT(files({bindRule("ro", "/a", "/t-2", rename), bindRule("ro", "/b", "/t", rename),
                     bindRule("ro", "/c", "/t", rename), bindRule("ro", "/d", "/t-2", rename)}),
              ElementsAre(fstab + "/a /t-2 none bind,ro 0 0\n/b /t none bind,ro 0 0\n/c /t-3 none bind,ro 0 0\n"
                                  "/d /t-2-2 none bind,ro 0 0\n"));
}

TEST_F(Mount, MergesWhatOneSourceMayDo) {
  EXPECT_THAT(files({bindRule("ro", "/a", "/b", {"optional"}), bindRule("rw", "/a", "/b", {"recursive"}),
                     bindRule("ro", "/c", "/d", {"optional"})}),
              ElementsAre(fstab + "/a /b none rbind,rw 0 0\n/c /d none bind,ro,x-snapd.ignore-missing 0 0\n"));
}

TEST_F(Mount, KeepsUserEntriesApart) {
  Rule directory;
  directory.kind = RuleKind::EnsureDir;
  directory.set("GLOB", {Value::string("$HOME/.local/share/app")});
  directory.set("from", {Value::string("$HOME")});
  directory.set("user", {Value::word("user")});
  Rule home = directory;
  home.set("GLOB", {Value::string("$HOME")}); // is there already
  EXPECT_THAT(files({directory, directory, home,
                     bindRule("rw", "$XDG_RUNTIME_DIR/doc/by-app/snap.consumer", "$XDG_RUNTIME_DIR/doc",
                              {"optional", "user"})}),
              ElementsAre(userFstab + "$XDG_RUNTIME_DIR/doc/by-app/snap.consumer $XDG_RUNTIME_DIR/doc none "
                                      "bind,rw,x-snapd.ignore-missing 0 0\n"
                                      "none $HOME/.local/share/app none "
                                      "x-snapd.kind=ensure-dir,x-snapd.must-exist-dir=$HOME 0 0\n"));
}

TEST_F(Mount, NoPathEndsAFieldOrALine) {
  EXPECT_THAT(files({bindRule("ro", "/a b\\\\c", "/#\\x0ad\\*")}),
              ElementsAre(fstab + "/a\\040b\\134c /#\\012d* none bind,ro 0 0\n"));
}

TEST_F(Mount, ReportsPatterns) {
  EXPECT_THAT(files({bindRule("ro", "/a*", "/b")}), IsEmpty());
  EXPECT_THAT(reported(), ElementsAre("mount-pattern"));
}

TEST_F(Mount, ReportsCommasInOptions) {
  EXPECT_THAT(files({}, {{Layout::Kind::Symlink, "/a", "/b,x-snapd.kind=file", "", "", ""}}), IsEmpty());
  EXPECT_THAT(reported(), ElementsAre("mount-comma"));
}

TEST_F(Mount, ReportsTwoSourcesOnOnePlace) {
  EXPECT_THAT(files({bindRule("ro", "/a", "/t"), bindRule("ro", "/b", "/t")}),
              ElementsAre(fstab + "/a /t none bind,ro 0 0\n"));
  EXPECT_THAT(reported(), ElementsAre("mount-clash"));
  std::vector<llvm::StringRef> rename = {"rename-on-clash"};
  files({bindRule("ro", "/a", "/t", rename), bindRule("ro", "/b", "/t", rename), bindRule("ro", "/c", "/t-2")});
  EXPECT_THAT(reported(), ElementsAre("mount-clash", "mount-clash"));
}
