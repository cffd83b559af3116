// SPDX-License-Identifier: Apache-2.0
#include "backends/cgroup/StaticDevices.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using namespace snapsecc::cgroup;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

namespace {

std::vector<std::string> devices(llvm::StringRef nodes, llvm::StringRef types = "cb") {
  automata::Language language = llvm::cantFail(automata::Language::fromText(nodes, automata::standardVariables()));
  std::set<DeviceEntry> found;
  addStaticDevices({types, language}, found);
  std::vector<std::string> texts;
  for (const DeviceEntry &one : found)
    texts.push_back(std::string(1, one.type) + " " + std::to_string(one.major) + ":" +
                    (one.minor < 0 ? "*" : std::to_string(one.minor)));
  return texts;
}

} // namespace

TEST(StaticDevices, FindsNodesByName) {
  EXPECT_THAT(devices("/dev/{null,zero,tty}"), ElementsAre("c 1:3", "c 1:5", "c 5:0"));
  EXPECT_THAT(devices("/dev/net/tun"), ElementsAre("c 10:200"));
  EXPECT_THAT(devices("/dev/mapper/control"), ElementsAre("c 10:236"));
}

TEST(StaticDevices, FamiliesCountUp) {
  EXPECT_THAT(devices("/dev/ttyS[0-2]"), ElementsAre("c 4:64", "c 4:65", "c 4:66"));
  EXPECT_THAT(devices("/dev/tty[0-9]*").size(), 64u);
  EXPECT_THAT(devices("/dev/dri/renderD12[89]"), ElementsAre("c 226:128", "c 226:129"));
  EXPECT_THAT(devices("/dev/input/event31"), ElementsAre("c 13:95"));
  EXPECT_THAT(devices("/dev/input/event32"), IsEmpty()); // numbered as it comes
  EXPECT_THAT(devices("/dev/vcs1"), ElementsAre("c 7:1"));
}

TEST(StaticDevices, AMajorOnlyWhereAllItsNamesAreCovered) {
  EXPECT_THAT(devices("/dev/pts/[0-9]*"),
              ElementsAre("c 136:*", "c 137:*", "c 138:*", "c 139:*", "c 140:*", "c 141:*", "c 142:*", "c 143:*"));
  EXPECT_THAT(devices("/dev/pts/[0-9]"), IsEmpty());
  EXPECT_THAT(devices("/dev/pts/?*"), Contains("c 136:*"));
  EXPECT_THAT(devices("/dev/loop[0-9]*"), ElementsAre("b 7:*"));
  EXPECT_THAT(devices("/dev/loop0"), IsEmpty()); // its number depends on how many partitions the module keeps room for
  EXPECT_THAT(devices("/dev/ttyUSB[0-9]*"), ElementsAre("c 188:*"));
  EXPECT_THAT(devices("/dev/ttyUSB[0-8]*"), IsEmpty());
}

TEST(StaticDevices, NothingThatIsNumberedAsItComes) {
  EXPECT_THAT(devices("/dev/video[0-9]*"), IsEmpty());
  EXPECT_THAT(devices("/dev/snd/pcmC[0-9]*D[0-9]*[cp]"), IsEmpty());
  EXPECT_THAT(devices("/dev/nvidia*"), IsEmpty());
}

TEST(StaticDevices, KeepsCharAndBlockApart) {
  EXPECT_THAT(devices("/dev/loop*", "c"), ElementsAre("c 10:237"));
  EXPECT_THAT(devices("/dev/loop*", "b"), ElementsAre("b 7:*"));
}

TEST(StaticDevices, KnowsWhatEverybodyHas) {
  automata::Language always = llvm::cantFail(defaultNodes());
  for (const char *node : {"/dev/null", "/dev/pts/7", "/dev/nvidia0", "/dev/nvidia-uvm", "/dev/uhid", "/dev/net/tun"})
    EXPECT_TRUE(always.contains(node)) << node;
  for (const char *node : {"/dev/kmsg", "/dev/mem", "/dev/nvidia-caps", "/dev/ptp0"})
    EXPECT_FALSE(always.contains(node)) << node;
}
