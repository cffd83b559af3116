// SPDX-License-Identifier: Apache-2.0
#include "backends/cgroup/UdevText.h"
#include "test/unit/cgroup/Rules.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using namespace snapsecc::cgroup;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

// The match, or "error: ...".
std::string match(const ir::Value &value, bool negated = false) {
  llvm::Expected<UdevMatch> made = udevMatch(value, negated);
  return made ? made->text : "error: " + llvm::toString(made.takeError());
}
std::string action(const ir::Value &value) {
  llvm::Expected<std::string> made = udevAction(value);
  return made ? *made : "error: " + llvm::toString(made.takeError());
}
std::vector<std::string> names(llvm::StringRef nodes) {
  llvm::Expected<std::vector<std::string>> made = nodeMatches(nodes, false);
  return made ? *made : std::vector<std::string>{"error: " + llvm::toString(made.takeError())};
}
std::string fileError(llvm::StringRef text) { return llvm::toString(checkUdevFile(text)); }

} // namespace

TEST(UdevMatch, HasAKeyForEachWord) {
  EXPECT_EQ(match(call("kernel", {"tpm[0-9]*"})), "KERNEL==\"tpm[0-9]*\"");
  EXPECT_EQ(match(call("node", {"/dev/ttyS0"})), "KERNEL==\"ttyS0\"");
  EXPECT_EQ(match(call("subsystem", {"tty"})), "SUBSYSTEM==\"tty\"");
  EXPECT_EQ(match(call("subsystems", {"scsi"})), "SUBSYSTEMS==\"scsi\"");
  EXPECT_EQ(match(call("parent", {"*28DE:*"})), "KERNELS==\"*28DE:*\"");
  EXPECT_EQ(match(call("driver", {"linux-kernel-bde"})), "DRIVER==\"linux-kernel-bde\"");
  EXPECT_EQ(match(call("drivers", {"rts5229"})), "DRIVERS==\"rts5229\"");
  EXPECT_EQ(match(call("tag", {"snap_a"})), "TAG==\"snap_a\"");
  EXPECT_EQ(match(call("action", {"add"})), "ACTION==\"add\"");
  EXPECT_EQ(match(call("attr", {"idVendor", "03f0"})), "ATTR{idVendor}==\"03f0\"");
  EXPECT_EQ(match(call("attrs", {"type", "{4,5}"})), "ATTRS{type}==\"4|5\"");
  EXPECT_EQ(match(call("env", {"DEVTYPE", "wwan_port"})), "ENV{DEVTYPE}==\"wwan_port\"");
  EXPECT_EQ(match(call("env", {"ID_INPUT_KEYBOARD", "1"}), true), "ENV{ID_INPUT_KEYBOARD}!=\"1\"");
}

TEST(UdevMatch, FindsUsbDevicesByTheirNumbers) {
  EXPECT_EQ(match(numbers("usb", {0x28de})), "ATTRS{idVendor}==\"28de\"");
  EXPECT_EQ(match(numbers("usb", {1, 0xabcd})), "ATTRS{idVendor}==\"0001\", ATTRS{idProduct}==\"abcd\"");
  EXPECT_EQ(match(numbers("usb", {1, 2, 3})),
            "ATTRS{idVendor}==\"0001\", ATTRS{idProduct}==\"0002\", ENV{ID_USB_INTERFACE_NUM}==\"03\"");
  EXPECT_TRUE(llvm::cantFail(udevMatch(numbers("usb", {1, 2, 3}), false)).needsUsbIds);
  EXPECT_FALSE(llvm::cantFail(udevMatch(numbers("usb", {1, 2}), false)).needsUsbIds);
  EXPECT_EQ(match(call("bus", {"usb"})), "SUBSYSTEMS==\"usb\"");
  EXPECT_TRUE(llvm::cantFail(udevMatch(call("bus", {"usb"}), false)).needsUsbIds);
  EXPECT_THAT(match(numbers("usb", {0x10000})), HasSubstr("error"));
  EXPECT_THAT(match(numbers("usb", {1, 2}), true), HasSubstr("error"));
}

TEST(UdevMatch, SpellsPatternsAsUdevDoes) {
  EXPECT_EQ(match(call("kernel", {"{a,b}[^0-9]?"})), "KERNEL==\"a[!0-9]?|b[!0-9]?\"");
  EXPECT_EQ(match(call("kernel", {"pcmC[0-9]*D[0-9]*[cp]"})), "KERNEL==\"pcmC[0-9]*D[0-9]*[cp]\"");
  EXPECT_EQ(match(call("kernel", {"x[a-fA-F0-9_]"})), "KERNEL==\"x[a-fA-F0-9_]\"");
  EXPECT_EQ(match(call("env", {"second", "a|b"})), "ENV{second}==\"a|b\"");
  EXPECT_EQ(match(call("env", {"X", ""})), "ENV{X}==\"\"");
  EXPECT_EQ(match(call("subsystem", {"**"})), "SUBSYSTEM==\"*\"");
}

TEST(UdevMatch, NoValueEndsItsKeyOrItsLine) {
  for (const char *value : {"a\"", "a\\x22, RUN+=\\x22/bin/sh", "a\\x0aKERNEL==", "a\\\\", "a\\*", "@{HOME}", "[\\]]x"})
    EXPECT_THAT(match(call("kernel", {value})), HasSubstr("error")) << value;
  for (const char *name : {"a}", "a\\x00", "", "a b", "a\"", "*"})
    EXPECT_THAT(match(call("attr", {name, "1"})), HasSubstr("error")) << name;
}

TEST(UdevMatch, UnknownOnesAreRefused) {
  EXPECT_THAT(match(call("run", {"/bin/sh"})), HasSubstr("is no match"));
  EXPECT_THAT(match(call("kernel", {"a", "b"})), HasSubstr("is no match"));
  EXPECT_THAT(match(call("attr", {"a"})), HasSubstr("is no match"));
  EXPECT_THAT(match(ir::Value::word("usb")), HasSubstr("error"));
  EXPECT_THAT(match(call("kernel", {"{a"})), HasSubstr("error"));
}

TEST(UdevAction, Assigns) {
  EXPECT_EQ(action(call("symlink", {"serial-port-zigbee"})), "SYMLINK+=\"serial-port-zigbee\"");
  EXPECT_EQ(action(call("tag", {"uaccess"})), "TAG+=\"uaccess\"");
  EXPECT_EQ(action(numbers("access", {0660})), "MODE=\"0660\"");
  EXPECT_EQ(action(call("env", {"ID_INPUT_MOUSE", ""})), "ENV{ID_INPUT_MOUSE}=\"\"");
  EXPECT_EQ(action(call("attr", {"power/wakeup", "enabled"})), "ATTR{power/wakeup}=\"enabled\"");
  EXPECT_EQ(action(call("static_node", {"uinput"})), "OPTIONS+=\"static_node=uinput\"");
  EXPECT_EQ(action(call("group", {"plugdev"})), "GROUP=\"plugdev\"");
}

TEST(UdevAction, SubstitutesNothing) {
  EXPECT_EQ(action(call("env", {"X", "$attr{a} %k"})), "ENV{X}=\"$$attr{a} %%k\"");
}

TEST(UdevAction, RunsNothingAndNamesOne) {
  EXPECT_THAT(action(call("run", {"/bin/sh"})), HasSubstr("nothing that a rule may do"));
  EXPECT_THAT(action(call("symlink", {"a b"})), HasSubstr("no single name"));
  EXPECT_THAT(action(call("symlink", {""})), HasSubstr("no single name"));
  EXPECT_THAT(action(call("symlink", {"a\", RUN+=\"x"})), HasSubstr("error"));
  EXPECT_THAT(action(call("env", {"A}=\"x\", RUN{program", "1"})), HasSubstr("error"));
  EXPECT_THAT(action(numbers("access", {010000})), HasSubstr("error"));
}

TEST(NodeMatches, AreTheLastPartOfTheName) {
  EXPECT_THAT(names("/dev/input/{event[0-9]*,mice,mouse[0-9]*}"),
              ElementsAre("KERNEL==\"event[0-9]*\"", "KERNEL==\"mice\"", "KERNEL==\"mouse[0-9]*\""));
  EXPECT_THAT(names("/dev/{a,b}/x"), ElementsAre("KERNEL==\"x\""));
  EXPECT_THAT(names("/dev/tty[^0-9]*"), ElementsAre("KERNEL==\"tty[!0-9]*\""));
  EXPECT_THAT(names("/dev/dma_heap/linux,cma"), ElementsAre("KERNEL==\"linux,cma\""));
}

TEST(NodeMatches, ThatSayTooLittleAreRefused) {
  for (const char *nodes : {"/dev/*", "/dev/**", "/dev/vfio/[0-9]*", "/dev/foo**", "/dev/a|b", "/dev/{foo,?}"})
    EXPECT_THAT(names(nodes), ElementsAre(HasSubstr("error"))) << nodes;
}

TEST(UdevFile, MayFindDevicesAndSetTheirProperties) {
  EXPECT_EQ(
      fileError("# ports\n"
                "ACTION!=\"add|change\", GOTO=\"end\"\n\n"
                "SUBSYSTEMS==\"usb\", ATTRS{bInterfaceNumber}==\"?*\", ENV{.MM_USBIFNUM}=\"$attr{bInterfaceNumber}\"\n"
                "IMPORT{builtin}=\"usb_id\"\n"
                "  KERNEL==\"a\" , \\\n  ENV{X}=\"1\"\n"
                "LABEL=\"end\""),
      "");
  EXPECT_EQ(fileError(""), "");
}

TEST(UdevFile, DoesNothingElse) {
  for (const char *line :
       {"KERNEL==\"a\", RUN+=\"/bin/sh\"", "IMPORT{program}=\"/bin/sh\"", "MODE=\"0666\"", "TAG+=\"snap_x_y\"",
        "SYMLINK+=\"null\"", "ENV{SYSTEMD_WANTS}=\"a.service\"", "ATTR{x}=\"1\"", "KERNEL=\"a\"", "PROGRAM=\"x\"",
        "PROGRAM==\"/bin/sh\"", "IMPORT{file}!=\"/etc/shadow\"", "OPTIONS:=\"nowatch\"", "NAME=\"x\""})
    EXPECT_THAT(fileError(line), HasSubstr("not assign")) << line;
}

TEST(UdevFile, NamesTheLineOfAMistake) {
  EXPECT_EQ(fileError("\nKERNEL"), "line 2: KEY, an operator and \"VALUE\" are expected");
  EXPECT_EQ(fileError("KERNEL==\"a"), "line 1: a value without its closing quote");
  EXPECT_EQ(fileError("KERNEL==\"a\\\", RUN+=\"b\""), "line 1: a quote inside of a value");
  EXPECT_EQ(fileError("ENV{A=\"b\""), "line 1: '{' without '}'");
  EXPECT_EQ(fileError("KERNEL==\"a\", \\\n"), "line 1: the last line is continued");
  EXPECT_EQ(fileError("KERNEL==\"a\"\x01"), "line 1: a control character");
}

TEST(UdevTag, IsTheLabelInUdevsLetters) {
  EXPECT_EQ(udevTag("snap.foo-x_1.bar"), "snap_foo-x_1_bar");
  EXPECT_EQ(udevTag("snap.foo+comp.hook.install"), "snap_foo__comp_hook_install");
}
