// SPDX-License-Identifier: Apache-2.0
#include "backends/cgroup/Cgroup.h"
#include "backends/cgroup/DeviceProgram.h"
#include "test/unit/cgroup/Rules.h"
#include "llvm/ADT/StringExtras.h"
#include <gmock/gmock.h>
#include <map>

using namespace snapsecc;
using namespace snapsecc::cgroup;
using testing::ElementsAre;
using testing::Key;
using testing::Not;
using testing::UnorderedElementsAre;

namespace {

class Cgroup : public testing::Test {
protected:
  std::map<std::string, std::string> files(const ir::Policy &policy, const ir::Target &target = {}) {
    std::map<std::string, std::string> found;
    for (const ir::Artifact &file : emit(lower(policy, target, engine)))
      found[file.path] = file.bytes;
    return found;
  }
  // The udev lines of snap foo, without comments.
  std::vector<std::string> rules(const ir::Policy &policy) {
    std::string text = files(policy)["udev/rules.d/70-snap.foo.rules"];
    llvm::SmallVector<llvm::StringRef, 8> lines;
    llvm::SplitString(text, lines, "\n");
    std::vector<std::string> found;
    for (llvm::StringRef line : lines)
      if (!line.startswith("#")) found.push_back(line.str());
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

const std::string tag = ", TAG+=\"snap_foo_bar\"";
const std::string tell = "TAG==\"snap_foo_bar\", SUBSYSTEM!=\"module\", SUBSYSTEM!=\"subsystem\", "
                         "RUN+=\"/usr/lib/snapd/snap-device-helper $env{ACTION} snap_foo_bar $devpath $major:$minor\"";

ir::Rule selfManaged() {
  ir::Rule rule;
  rule.kind = ir::RuleKind::Cgroup;
  rule.set("self-managed", {ir::Value::word("self-managed")});
  return rule;
}

ir::Rule udevWith(llvm::StringRef role, llvm::StringRef text) {
  ir::Rule rule;
  rule.kind = ir::RuleKind::Udev;
  rule.set(role, {ir::Value::string(text)});
  return rule;
}

} // namespace

TEST_F(Cgroup, TheDefaultListHasNumbersAndNoTags) {
  auto found =
      files(policyOf({device("char",
                             {"/dev/{null,zero,full,random,urandom,tty,console,ptmx}", "/dev/pts/[0-9]*",
                              "/dev/{nvidia[0-9]*,nvidiactl,nvidia-uvm,nvidia-modeset}", "/dev/uhid", "/dev/net/tun"},
                             "")}));
  EXPECT_EQ(found["cgroup/snap.foo.bar.devices"], "c 1:3 rwm\nc 1:5 rwm\nc 1:7 rwm\nc 1:8 rwm\nc 1:9 rwm\nc 5:0 rwm\n"
                                                  "c 5:1 rwm\nc 5:2 rwm\nc 10:200 rwm\nc 10:239 rwm\nc 136:* rwm\n"
                                                  "c 137:* rwm\nc 138:* rwm\nc 139:* rwm\nc 140:* rwm\nc 141:* rwm\n"
                                                  "c 142:* rwm\nc 143:* rwm\n");
  EXPECT_THAT(found, UnorderedElementsAre(Key("cgroup/snap.foo.bar.devices"), Key("cgroup/snap.foo.bar.bpf")));
}

TEST_F(Cgroup, ALabelWithoutDevicesHasAnEmptyListAndAProgramThatRefuses) {
  auto found = files(policyOf({}));
  EXPECT_EQ(found["cgroup/snap.foo.bar.devices"], "");
  EXPECT_EQ(found["cgroup/snap.foo.bar.bpf"], encode(assembleDeviceFilter({}), false));
}

TEST_F(Cgroup, TheProgramIsInTheByteOrderOfTheTarget) {
  ir::Target target;
  target.arch = "s390x";
  auto found = files(policyOf({device("char", {"/dev/kvm"})}), target);
  EXPECT_EQ(found["cgroup/snap.foo.bar.bpf"], encode(assembleDeviceFilter({{'c', 10, 232}}), true));
}

TEST_F(Cgroup, DevicesAreTaggedByName) {
  EXPECT_THAT(rules(policyOf({device("char", {"/dev/video[0-9]*"}, "rwk"), device("char", {"/dev/vchiq"}),
                              device("char", {"/dev/vchiq"}, "r")})),
              ElementsAre("KERNEL==\"video[0-9]*\"" + tag, "KERNEL==\"vchiq\"" + tag, tell));
}

TEST_F(Cgroup, WithoutPermissionsOtherDevicesAreTagged) {
  EXPECT_THAT(rules(policyOf({device("char", {"/dev/snd/timer", "/dev/null"}, "")})),
              ElementsAre("KERNEL==\"timer\"" + tag, tell));
  EXPECT_THAT(rules(policyOf({device("char", {"/dev/net/tun"}, "rw")})), ElementsAre("KERNEL==\"tun\"" + tag, tell));
}

TEST_F(Cgroup, ByReplacesTheName) {
  ir::Rule rule =
      device("char", {"/dev/input/event[0-9]*"}, "rw",
             {call("kernel", {"event[0-9]*"}), call("subsystem", {"input"}), call("env", {"ID_INPUT_KEY", "1"})});
  rule.set("except2", {call("env", {"ID_INPUT_KEYBOARD", "1"})});
  auto policy = policyOf({rule});
  EXPECT_THAT(rules(policy), ElementsAre("KERNEL==\"event[0-9]*\", SUBSYSTEM==\"input\", ENV{ID_INPUT_KEY}==\"1\", "
                                         "ENV{ID_INPUT_KEYBOARD}!=\"1\"" +
                                             tag,
                                         tell));
  EXPECT_EQ(files(policy)["cgroup/snap.foo.bar.devices"], ""); // which event device it is, only udev knows
}

TEST_F(Cgroup, ExceptTakesAway) {
  ir::Rule rule = device("char", {"/dev/tty[0-9]*"});
  rule.set("except", {ir::Value::string("/dev/tty[1-9]*")});
  auto policy = policyOf({rule});
  EXPECT_THAT(rules(policy), ElementsAre("KERNEL==\"tty[0-9]*\", KERNEL!=\"tty[1-9]*\"" + tag, tell));
  EXPECT_EQ(files(policy)["cgroup/snap.foo.bar.devices"], "c 4:0 rwm\n");
}

TEST_F(Cgroup, DenialsGrantNothing) {
  ir::Rule rule = device("char", {"/dev/kmsg"});
  rule.modifiers = ir::Deny;
  auto policy = policyOf({rule});
  EXPECT_THAT(rules(policy), ElementsAre());
  EXPECT_EQ(files(policy)["cgroup/snap.foo.bar.devices"], "");
}

TEST_F(Cgroup, StatementsStandBeforeTagsAndTheImportBeforeBoth) {
  std::vector<ir::Value> adapter = {call("subsystem", {"tty"}), call("bus", {"usb"}), numbers("usb", {1, 1})};
  EXPECT_THAT(
      rules(policyOf({device("char", {"/dev/tty[A-Z]*[0-9]"}, "rwk", adapter)},
                     {udev({call("symlink", {"serial-port-zigbee"})}, adapter)})),
      ElementsAre("IMPORT{builtin}=\"usb_id\"",
                  "SUBSYSTEM==\"tty\", SUBSYSTEMS==\"usb\", ATTRS{idVendor}==\"0001\", ATTRS{idProduct}==\"0001\", "
                  "SYMLINK+=\"serial-port-zigbee\"",
                  "SUBSYSTEM==\"tty\", SUBSYSTEMS==\"usb\", ATTRS{idVendor}==\"0001\", ATTRS{idProduct}==\"0001\"" +
                      tag,
                  tell));
}

TEST_F(Cgroup, DataFilesAndTriggersAreOfTheSnap) {
  auto found = files(policyOf({}, {udevWith("file", "# Modems.\n\nKERNEL==\"a\", ENV{X}=\"1\"\n"),
                                   udevWith("trigger", "input"), udevWith("trigger", "input")}));
  EXPECT_EQ(found["udev/rules.d/70-snap.foo.rules"], "# Devices of snap foo.\nKERNEL==\"a\", ENV{X}=\"1\"\n");
  EXPECT_EQ(found["udev/triggers/snap.foo"], "input\n");
}

TEST_F(Cgroup, WhoManagesItsOwnGetsNoRules) {
  auto found = files(policyOf({device("char", {"/dev/kvm"})}, {selfManaged(), udevWith("file", "KERNEL==\"a\"\n")}));
  EXPECT_THAT(found, UnorderedElementsAre(Key("cgroup/snap.foo.bar.devices"), Key("cgroup/snap.foo.device")));
  EXPECT_EQ(found["cgroup/snap.foo.device"], "self-managed=true\n");
  EXPECT_EQ(found["cgroup/snap.foo.bar.devices"], "a *:* rwm\n");
}

TEST_F(Cgroup, InDevmodeNothingHolds) {
  ir::Policy policy = policyOf({device("char", {"/dev/kvm"})});
  policy.snaps[0].mode = policy.labels[1].mode = ir::Mode::Complain;
  EXPECT_THAT(rules(policy), ElementsAre());
  auto found = files(policy);
  EXPECT_EQ(found["cgroup/snap.foo.device"], "non-strict=true\n");
  EXPECT_EQ(found["cgroup/snap.foo.bar.devices"], "a *:* rwm\n");
  EXPECT_EQ(found.count("cgroup/snap.foo.bar.bpf"), 0u);
  EXPECT_NE(found["udev/rules.d/70-snap.foo.rules"].find("\n# KERNEL==\"kvm\""), std::string::npos);
}

TEST_F(Cgroup, ReportsWhatUdevCannotFind) {
  files(policyOf({device("block", {"/dev/*"})}));
  EXPECT_THAT(reported(), ElementsAre("device-needs-by"));
}

TEST_F(Cgroup, ReportsBadValues) {
  files(policyOf({device("char", {"/dev/x"}, "rw", {call("env", {"A", "a\""})})}, {udev({call("run", {"x"})}, {})}));
  EXPECT_THAT(reported(), ElementsAre("udev-value", "udev-value"));
}

TEST_F(Cgroup, ReportsBadFilesTriggersAndPatterns) {
  files(policyOf({device("char", {"/dev/x{"})}, {udevWith("file", "RUN+=\"x\""), udevWith("trigger", "sound")}));
  EXPECT_THAT(reported(), ElementsAre("udev-file", "udev-trigger", "device-needs-by", "device-nodes"));
}

TEST_F(Cgroup, ThePlanCanBeRead) {
  std::string text = print(lower(policyOf({device("char", {"/dev/kvm"})}, {udevWith("trigger", "input")}), {}, engine));
  EXPECT_NE(text.find("devices snap.foo.bar\nc 10:232 rwm\nprogram snap.foo.bar\n   0: r2"), std::string::npos);
  EXPECT_NE(text.find("udev foo\nKERNEL==\"kvm\"" + tag + "\n"), std::string::npos);
  EXPECT_NE(text.find("triggers foo\ninput\n"), std::string::npos);
}
