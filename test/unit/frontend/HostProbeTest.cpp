// SPDX-License-Identifier: Apache-2.0
// A machine is a directory: nothing outside of it is ever seen, whatever its links say.
#include "frontend/HostProbe.h"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace snapsecc;
namespace fs = std::filesystem;

namespace {

class HostProbeTest : public testing::Test {
protected:
  HostProbeTest() {
    std::string name = (fs::temp_directory_path() / "snapsecc-probe-XXXXXX").string();
    top = mkdtemp(name.data());
    fs::create_directories(top / "outside");
    write(top / "outside/secret", "secret\n");
    for (const char *directory : {"root/sys/class/gpio", "root/sys/devices/gpio/gpio42", "root/etc"})
      fs::create_directories(top / directory);
    write(top / "root/etc/passwd", "root:x:0:0::/:/bin/sh\nann:x:1000:1001::/:/bin/sh\nbad:x:many\n");
    write(top / "root/etc/group", "shadow:x:42:\n");
    fs::create_symlink("../../devices/gpio/gpio42", top / "root/sys/class/gpio/gpio42");
    fs::create_symlink("/sys/devices", top / "root/absolute");
    fs::create_symlink("../../../../../outside/secret", top / "root/etc/escape");
    fs::create_symlink(top / "outside/secret", top / "root/etc/escape2");
    fs::create_symlink("loop", top / "root/etc/loop");
    fs::create_symlink("../sys/class", top / "root/etc/class");
  }
  ~HostProbeTest() override { fs::remove_all(top); }
  static void write(const fs::path &path, const char *text) { std::ofstream(path) << text; }
  fs::path top;
};

TEST_F(HostProbeTest, ResolvesLinksInside) {
  HostProbe probe((top / "root").string());
  EXPECT_EQ(probe.realPath("/sys/class/gpio/gpio42"), "/sys/devices/gpio/gpio42");
  EXPECT_EQ(probe.realPath("/absolute/gpio/gpio42"), "/sys/devices/gpio/gpio42");
  EXPECT_EQ(probe.realPath("/etc/class/gpio/../../devices/./gpio//gpio42"), "/sys/devices/gpio/gpio42");
  EXPECT_EQ(probe.realPath("/absolute/../class"), "/sys/class") << ".. is of the directory that the link leads to";
  EXPECT_EQ(probe.realPath("/"), "/");
  EXPECT_EQ(probe.realPath("/sys/../../.."), "/");
  EXPECT_EQ(probe.realPath("/sys/class/gpio/gpio43"), std::nullopt);
  EXPECT_EQ(probe.realPath("/etc/passwd/x"), std::nullopt);
}

TEST_F(HostProbeTest, NeverLeavesTheDirectory) {
  HostProbe probe((top / "root").string());
  EXPECT_FALSE(probe.exists("/etc/escape"));
  EXPECT_FALSE(probe.exists("/etc/escape2"));
  EXPECT_FALSE(probe.exists("/../outside/secret"));
  EXPECT_FALSE(probe.exists("/etc/loop"));
  EXPECT_FALSE(probe.exists(llvm::StringRef("/etc\0/passwd", 12)));
  EXPECT_EQ(probe.read("/etc/escape"), std::nullopt);
}

TEST_F(HostProbeTest, ReadsAndLists) {
  HostProbe probe((top / "root").string());
  EXPECT_EQ(probe.read("/etc/group"), "shadow:x:42:\n");
  EXPECT_EQ(probe.read("/etc/group", 5), std::nullopt) << "too large";
  EXPECT_EQ(probe.read("/etc"), std::nullopt);
  EXPECT_EQ(probe.list("/sys"), (std::vector<std::string>{"class", "devices"}));
  EXPECT_TRUE(probe.list("/etc/passwd").empty());
}

TEST_F(HostProbeTest, KnowsUsers) {
  HostProbe probe((top / "root").string());
  EXPECT_EQ(probe.userId("ann"), 1000);
  EXPECT_EQ(probe.groupId("shadow"), 42);
  EXPECT_EQ(probe.userId("bad"), std::nullopt);
  EXPECT_EQ(probe.userId("nobody"), std::nullopt);
  EXPECT_EQ(probe.groupId("snap_daemon"), 584788);
}

TEST(HostProbe, AnEmptyMachineHasNothing) {
  HostProbe probe("");
  EXPECT_FALSE(probe.exists("/"));
  EXPECT_EQ(probe.groupOf("/etc/shadow"), std::nullopt);
  EXPECT_TRUE(probe.list("/").empty());
  EXPECT_EQ(probe.userId("root"), 0);
  EXPECT_EQ(probe.groupId("_daemon_"), 584792);
  EXPECT_FALSE(HostProbe("/nonexistent/machine").exists("/"));
}

} // namespace
