// SPDX-License-Identifier: Apache-2.0
#include "test/unit/misc/Fixture.h"

using namespace snapsecc;
using namespace snapsecc::misc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

ir::Rule busconfig(const char *who, std::vector<llvm::StringRef> acts, std::vector<llvm::StringRef> names,
                   std::vector<llvm::StringRef> interfaces = {}, std::vector<llvm::StringRef> members = {},
                   ir::Modifiers modifiers = 0) {
  return rule(ir::RuleKind::Busconfig,
              {{"root|default", words({who})},
               {"BUSACT", words(acts)},
               {"TEXT", texts(names)},
               {"iface", texts(interfaces)},
               {"member", texts(members)}},
              modifiers);
}

} // namespace

TEST_F(Misc, BusConfigHasAPolicyForEachOfRootAndTheRest) {
  Files files = ofLabel(emitBusConfig,
                        {busconfig("root", {"own", "send"}, {"org.a"}), busconfig("root", {"own-prefix"}, {"org.a.x"}),
                         busconfig("default", {"send"}, {"org.a"}, {"org.a.I", "org.b.I"}),
                         busconfig("default", {"own"}, {"org.a"}, {}, {}, ir::Deny)});
  EXPECT_EQ(files["dbus-1/system.d/snap.foo.bar.conf"],
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN\"\n"
            " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
            "<busconfig>\n"
            "  <policy user=\"root\">\n"
            "    <allow own=\"org.a\"/>\n"
            "    <allow send_destination=\"org.a\"/>\n"
            "    <allow own_prefix=\"org.a.x\"/>\n"
            "  </policy>\n"
            "  <policy context=\"default\">\n"
            "    <allow send_destination=\"org.a\" send_interface=\"org.a.I\"/>\n"
            "    <allow send_destination=\"org.a\" send_interface=\"org.b.I\"/>\n"
            "    <deny own=\"org.a\"/>\n"
            "  </policy>\n"
            "</busconfig>\n");
}

TEST_F(Misc, BusConfigNamesInterfacesAndMembersAlone) {
  Files files = ofLabel(emitBusConfig, {busconfig("default", {"receive"}, {}, {"org.a.I"}),
                                        busconfig("default", {"send"}, {"org.a"}, {"org.a.I"}, {"Set"}, ir::Deny),
                                        busconfig("root", {"receive"}, {"org.a"})});
  std::string text = files["dbus-1/system.d/snap.foo.bar.conf"];
  EXPECT_THAT(text, HasSubstr("<allow receive_interface=\"org.a.I\"/>"));
  EXPECT_THAT(text, HasSubstr("<deny send_destination=\"org.a\" send_interface=\"org.a.I\" send_member=\"Set\"/>"));
  EXPECT_THAT(text, HasSubstr("<allow receive_sender=\"org.a\"/>"));
}

TEST_F(Misc, BusConfigTakesNamesAlone) {
  EXPECT_THAT(ofLabel(emitBusConfig, {busconfig("root", {"own"}, {"a\"/><allow own=\"*"})}), IsEmpty());
  EXPECT_THAT(reported(), ElementsAre("artifact-value"));
}

TEST_F(Misc, BusConfigIsNotAboutEverything) {
  ofLabel(emitBusConfig, {busconfig("default", {"send"}, {}), busconfig("root", {"own"}, {}, {"org.a.I"})});
  EXPECT_THAT(reported(), ElementsAre("artifact-value", "artifact-value"));
}

TEST_F(Misc, NoBusConfigWithoutRules) { EXPECT_THAT(ofLabel(emitBusConfig, {}), IsEmpty()); }
