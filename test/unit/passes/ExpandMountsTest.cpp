// SPDX-License-Identifier: Apache-2.0
// The rules of the mount helper against those of the reference, and what the facts do not show.
#include "ir/passes/ExpandMounts.h"
#include "ir/Text.h"
#include "test/unit/passes/Reference.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using namespace snapsecc::ir;
using testing::Contains;
using testing::Not;

namespace {

// "rw,/a,/b,rename-on-clash"
Rule bindRule(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 8> words;
  text.split(words, ',');
  Rule rule;
  rule.kind = RuleKind::Bind;
  rule.set("ro|rw", {Value::word(words[0])});
  rule.set("GLOB", {Value::string(words[1])});
  rule.set("->", {Value::string(words[2])});
  for (llvm::StringRef flag : llvm::makeArrayRef(words).drop_front(3))
    rule.set(flag, {Value::word(flag)});
  return rule;
}

Rule ensureDir(llvm::StringRef path) {
  Rule rule;
  rule.kind = RuleKind::EnsureDir;
  rule.set("GLOB", {Value::string(path)});
  rule.set("from", {Value::string("$HOME")});
  rule.set("user", {Value::word("user")});
  return rule;
}

Policy policyOf(std::vector<Rule> rules, std::vector<Layout> layouts) {
  Policy policy;
  Snap snap;
  snap.name = snap.instance = "consumer";
  snap.rules = std::move(rules);
  snap.layouts = std::move(layouts);
  policy.snaps.push_back(std::move(snap));
  policy.labels.resize(2);
  policy.labels[0].name = "snap-update-ns.consumer";
  policy.labels[0].snap = policy.labels[1].snap = "consumer";
  policy.labels[0].kind = LabelKind::MountHelper;
  policy.labels[1].name = "snap.consumer.app";
  policy.labels[1].app = "app";
  return policy;
}

Policy expanded(std::vector<Rule> rules, std::vector<Layout> layouts = {}) {
  Policy policy = policyOf(std::move(rules), std::move(layouts));
  SourceManager sources;
  Engine engine(sources);
  expandMounts(policy, Target(), engine);
  return policy;
}

std::set<std::string> helperRules(std::vector<Rule> rules, std::vector<Layout> layouts = {}) {
  return reference::spell(expanded(std::move(rules), std::move(layouts)).labels[0].rules);
}

struct Case {
  const char *interface, *name, *slotKind;
  std::vector<Rule> rules;
};

const std::string hostfs = "/var/lib/snapd/hostfs";

std::vector<Case> cases() {
  const std::string snap = ",/snap/consumer/1/import", clash = ",rename-on-clash";
  return {
      {"content", "read", "app", {bindRule("ro,/snap/producer/1/shared/read" + snap + clash)}},
      {"content", "read-snapvar", "app", {bindRule("ro,/snap/producer/1/export" + snap + clash)}},
      {"content",
       "write-data",
       "app",
       {bindRule("rw,/var/snap/producer/1/export,/var/snap/consumer/1/import" + clash)}},
      {"content",
       "write-common",
       "app",
       {bindRule("rw,/var/snap/producer/common/export,/var/snap/consumer/common/import" + clash)}},
      {"content",
       "read-write",
       "app",
       {bindRule("rw,/var/snap/producer/1/w1" + snap + clash),
        bindRule("rw,/var/snap/producer/common/w2" + snap + clash), bindRule("ro,/snap/producer/1/r1" + snap + clash),
        bindRule("ro,/snap/producer/1/r2" + snap + clash)}},
      {"content",
       "source-simple",
       "app",
       {bindRule("rw,/var/snap/producer/1/c,/var/snap/consumer/1/import/c" + clash),
        bindRule("ro,/snap/producer/1/a,/var/snap/consumer/1/import/a" + clash),
        bindRule("ro,/snap/producer/1/b,/var/snap/consumer/1/import/b" + clash)}},
      {"content", "gadget", "gadget", {bindRule("ro,/snap/producer/1/x" + snap + clash)}},
      {"system-observe", "default", "system", {bindRule("ro," + hostfs + "/boot,/boot")}},
      {"network-control", "default", "system", {bindRule("rw," + hostfs + "/var/lib/dhcp,/var/lib/dhcp,optional")}},
      {"fwupd", "default", "app", {bindRule("rw," + hostfs + "/boot,/boot,recursive")}},
      {"cups", "socket-dir", "app", {bindRule("rw,/var/snap/producer/common/foo-subdir,/var/cups")}},
      {"iscsi-initiator",
       "default",
       "system",
       {bindRule("rw," + hostfs + "/var/lib/iscsi/nodes,/var/lib/iscsi/nodes")}},
      {"shared-memory", "private", "system", {bindRule("rw,/dev/shm/snap.consumer,/dev/shm")}},
      {"x11", "default", "system", {bindRule("ro," + hostfs + "/tmp/.X11-unix,/tmp/.X11-unix")}},
      {"x11",
       "default",
       "app",
       {bindRule("ro," + hostfs + "/tmp/snap-private-tmp/snap.producer/tmp/.X11-unix,/tmp/.X11-unix")}},
      {"personal-files", "rw", "system", {ensureDir("$HOME/.write-dir"), ensureDir("$HOME")}},
      {"personal-files", "nested", "system", {ensureDir("$HOME/.local/share/app")}},
      {"desktop",
       "default",
       "system",
       {bindRule("rw,$XDG_RUNTIME_DIR/doc/by-app/snap.consumer,$XDG_RUNTIME_DIR/doc,optional,user"),
        bindRule("ro," + hostfs + "/usr/share/fonts,/usr/share/fonts"),
        bindRule("ro," + hostfs + "/usr/local/share/fonts,/usr/local/share/fonts"),
        bindRule("ro," + hostfs + "/var/cache/fontconfig,/var/cache/fontconfig")}},
      {"appstream-metadata",
       "default",
       "system",
       {bindRule("ro," + hostfs + "/usr/share/metainfo,/usr/share/metainfo"),
        bindRule("ro," + hostfs + "/usr/share/appdata,/usr/share/appdata"),
        bindRule("ro," + hostfs + "/usr/share/app-info,/usr/share/app-info"),
        bindRule("ro," + hostfs + "/usr/share/swcatalog,/usr/share/swcatalog"),
        bindRule("ro," + hostfs + "/var/cache/app-info,/var/cache/app-info"),
        bindRule("ro," + hostfs + "/var/cache/swcatalog,/var/cache/swcatalog"),
        bindRule("ro," + hostfs + "/var/lib/app-info,/var/lib/app-info"),
        bindRule("ro," + hostfs + "/var/lib/swcatalog,/var/lib/swcatalog"),
        bindRule("ro," + hostfs + "/var/lib/apt/lists,/var/lib/apt/lists")}},
  };
}

// `always`: what the template says already, in whatever spelling; adding it again changes nothing.
std::set<std::string> without(std::set<std::string> rules, const std::set<std::string> &always) {
  for (const std::string &rule : always)
    rules.erase(rule);
  return rules;
}

Layout layout(Layout::Kind kind, std::string path, std::string source) {
  return {kind, std::move(path), std::move(source), "", "", ""};
}

// "SOURCE TARGET TYPE OPTIONS 0 0" of a layout, read back.
std::optional<Layout> layoutOf(llvm::StringRef line) {
  llvm::SmallVector<llvm::StringRef, 6> fields;
  line.split(fields, ' ');
  if (!fields[3].contains("x-snapd.origin=layout")) return std::nullopt;
  std::string path = fields[1].str();
  if (fields[3].contains("kind=symlink"))
    return layout(Layout::Kind::Symlink, path,
                  fields[3].split("symlink=").second.split("symlink=").second.split(',').first.str());
  if (fields[2] == "tmpfs") return layout(Layout::Kind::Tmpfs, path, "");
  bool file = fields[3].contains("kind=file");
  return layout(file ? Layout::Kind::BindFile : Layout::Kind::Bind, path, fields[0].str());
}

} // namespace

TEST(ExpandMounts, EqualsTheReferenceByInterface) {
  std::vector<llvm::json::Object> facts = reference::readLines("facts.jsonl");
  if (facts.empty()) GTEST_SKIP() << "the facts of the reference are not installed";
  std::set<std::string> template_;
  for (const llvm::json::Object &one : reference::readLines("templates.jsonl"))
    if (one.getString("template") == llvm::StringRef("update-ns"))
      template_ = reference::spell(reference::strings(one, "rules"));
  ASSERT_FALSE(template_.empty());
  unsigned compared = 0;
  for (const Case &one : cases()) {
    for (const llvm::json::Object &fact : facts) {
      std::vector<std::string> wanted = reference::strings(fact, "apparmor_update_ns");
      if (wanted.empty() || fact.getString("interface") != llvm::StringRef(one.interface) ||
          fact.getString("case") != llvm::StringRef(one.name) ||
          fact.getString("slot_kind") != llvm::StringRef(one.slotKind))
        continue;
      EXPECT_EQ(without(helperRules(one.rules), template_), without(reference::spell(wanted), template_))
          << one.interface << "/" << one.name << " on " << fact.getString("system")->str();
      ++compared;
    }
  }
  EXPECT_GE(compared, cases().size());
}

TEST(ExpandMounts, EqualsTheReferenceForLayouts) {
  using Kind = Layout::Kind;
  std::vector<llvm::json::Object> templates = reference::readLines("templates.jsonl");
  if (templates.empty()) GTEST_SKIP() << "the facts of the reference are not installed";
  std::set<std::string> plain, wanted;
  for (const llvm::json::Object &one : templates) {
    if (one.getString("template") == llvm::StringRef("update-ns"))
      plain = reference::spell(reference::strings(one, "rules"));
    if (one.getString("template") == llvm::StringRef("update-ns-layout"))
      wanted = reference::spell(reference::strings(one, "rules"));
  }
  std::set<std::string> made =
      helperRules({}, {layout(Kind::BindFile, "/etc/foo.conf", "/var/snap/consumer/1/foo.conf"),
                       layout(Kind::Bind, "/usr/share/foo", "/snap/consumer/1/usr/share/foo"),
                       layout(Kind::Symlink, "/var/lib/foo", "/var/snap/consumer/common/foo"),
                       layout(Kind::Tmpfs, "/var/mytmp", "")});
  EXPECT_EQ(without(made, plain), without(wanted, plain));
}

// Snaps whose mount entries are layouts alone: their helper's rules are those of the layouts.
TEST(ExpandMounts, EqualsTheReferenceForRealSnaps) {
  std::vector<llvm::json::Object> snaps = reference::readLines("whole.jsonl");
  if (snaps.empty()) GTEST_SKIP() << "the facts of the reference are not installed";
  unsigned compared = 0, layoutsSeen = 0;
  for (const llvm::json::Object &snap : snaps) {
    std::vector<Layout> layouts;
    for (const std::string &line : reference::strings(snap, "mount"))
      if (std::optional<Layout> one = layoutOf(line)) layouts.push_back(std::move(*one));
    if (layouts.empty()) continue;
    layoutsSeen += layouts.size();
    std::set<std::string> wanted = reference::spell(reference::strings(snap, "update_ns"));
    std::set<std::string> made = helperRules({}, layouts);
    for (const std::string &rule : made)
      EXPECT_TRUE(wanted.count(rule)) << snap.getString("snap")->str() << ": " << rule;
    if (layouts.size() != reference::strings(snap, "mount").size() || !reference::strings(snap, "user_mount").empty())
      continue;
    bool helperOnly = wanted == made;
    compared += helperOnly;
  }
  EXPECT_GE(layoutsSeen, 300u);
  EXPECT_GE(compared, 8u) << "snaps without other mounts";
  RecordProperty("equal", compared);
  RecordProperty("layouts", layoutsSeen);
}

TEST(ExpandMounts, LeavesAppsAlone) {
  Policy policy = expanded({bindRule("ro,/var/lib/snapd/hostfs/boot,/boot")});
  EXPECT_TRUE(policy.labels[1].rules.empty());
  EXPECT_EQ(policy.labels[0].rules.size(), 3u);
}

TEST(ExpandMounts, KeepsOrigins) {
  Rule rule = bindRule("ro,/var/lib/snapd/hostfs/boot,/boot");
  rule.origins = {7};
  Policy policy = expanded({rule}, {layout(Layout::Kind::Tmpfs, "/mnt", "")});
  EXPECT_EQ(policy.origins.at(policy.labels[0].rules.front().origins.front()).owner, "layout");
  EXPECT_EQ(policy.labels[0].rules.back().origins.front(), 7u);
}

TEST(ExpandMounts, EscapesWhatIsSpecialInPatterns) {
  std::set<std::string> rules =
      helperRules({bindRule("rw,/var/snap/a\\*/1/x,/var/snap/consumer/1/\\{y z\\},rename-on-clash")});
  EXPECT_THAT(rules, Contains("mount /var/snap/a\\*/1/x/ -> /var/snap/consumer/1/\\{y z\\}{,-[0-9]*}/ [bind rw]"));
  EXPECT_THAT(rules, Contains("/var/snap/consumer/1/\\{y z\\}/ w"));
  EXPECT_THAT(helperRules({}, {layout(Layout::Kind::Tmpfs, "/opt/[a]", "")}), Contains("umount /opt/\\[a\\]/"));
}

TEST(ExpandMounts, MakesRulesThatVerify) {
  Policy policy =
      expanded({bindRule("ro,/snap/producer/1/x,/snap/consumer/1/import,rename-on-clash"), ensureDir("$HOME/a")},
               {layout(Layout::Kind::Tmpfs, "/var/mytmp", "")});
  EXPECT_THAT(verify(policy), testing::IsEmpty());
}

TEST(ExpandMounts, RunsTwiceWithoutChange) {
  Policy policy = policyOf({bindRule("ro,/snap/producer/1/x,/snap/consumer/1/import,rename-on-clash")}, {});
  SourceManager sources;
  Engine engine(sources);
  expandMounts(policy, Target(), engine);
  size_t count = policy.labels[0].rules.size();
  expandMounts(policy, Target(), engine);
  EXPECT_EQ(policy.labels[0].rules.size(), count);
}

TEST(ExpandMounts, GivesNothingForPatternsAndUnknownSnaps) {
  EXPECT_TRUE(helperRules({bindRule("ro,/snap/*/x,/boot")}).empty());
  Policy policy = policyOf({bindRule("ro,/a,/b")}, {});
  policy.labels[0].snap = "other";
  SourceManager sources;
  Engine engine(sources);
  expandMounts(policy, Target(), engine);
  EXPECT_TRUE(policy.labels[0].rules.empty());
}
