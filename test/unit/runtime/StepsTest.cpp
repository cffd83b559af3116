// SPDX-License-Identifier: Apache-2.0
// Steps that need no privilege, and the checks of files.
#include "runtime/Bpf.h"
#include "runtime/DeviceCgroup.h"
#include "runtime/Run.h"
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

using namespace snapsecc::runtime;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

SnapInfo snapInfo() {
  SnapInfo snap;
  snap.name = "foo", snap.instance = "foo_x", snap.revision = "7", snap.base = "core24";
  snap.environment = {{"A", "$SNAP/a"}, {"B", "${A}/b$"}};
  LabelInfo label;
  label.name = "snap.foo_x.bar", label.app = "bar", label.command = "bin/bar $A $NONE -v",
  label.commandChain = {"chain"};
  label.stopCommand = "bin/stop";
  snap.labels = {label};
  return snap;
}
const User user{1000, 1000, "u", "/home/u"};

TEST(Environment, OfAnInstance) {
  SnapInfo snap = snapInfo();
  char path[] = "PATH=/evil", other[] = "OTHER=1";
  char *from[] = {path, other, nullptr};
  Environment env = makeEnvironment(snap, snap.labels[0], user, "amd64", from);
  EXPECT_EQ(env.get("SNAP"), "/snap/foo/7");
  EXPECT_EQ(env.get("SNAP_INSTANCE_KEY"), "x");
  EXPECT_EQ(env.get("HOME"), "/home/u/snap/foo_x/7");
  EXPECT_EQ(env.get("XDG_RUNTIME_DIR"), "/run/user/1000/snap.foo_x");
  EXPECT_EQ(env.get("B"), "/snap/foo/7/a/b$");
  EXPECT_EQ(env.get("OTHER"), "1");
  EXPECT_THAT(env.get("PATH"), HasSubstr("/usr/local/sbin"));
  snap.labels[0].mode = Mode::Unconfined;
  Environment classic = makeEnvironment(snap, snap.labels[0], user, "amd64", from);
  EXPECT_EQ(classic.get("HOME"), "/home/u");
  EXPECT_EQ(classic.get("PATH"), "/evil");
}

TEST(Command, Words) {
  SnapInfo snap = snapInfo();
  Found found{snap, snap.labels[0]};
  Environment env = makeEnvironment(snap, found.label, user, "amd64", nullptr);
  RunOptions options;
  options.arguments = {"$A", ""};
  auto words = commandWords(found, options, env);
  ASSERT_TRUE(words);
  EXPECT_THAT(*words, ElementsAre("/snap/foo/7/chain", "/snap/foo/7/bin/bar", "/snap/foo/7/a", "-v", "$A", ""));
  options.command = "stop";
  EXPECT_THAT(*commandWords(found, options, env), ElementsAre("/snap/foo/7/chain", "/snap/foo/7/bin/stop", "$A", ""));
  options.command = "reload";
  EXPECT_FALSE(commandWords(found, options, env));
  options.command = "exec";
  EXPECT_FALSE(commandWords(found, options, env)); // no absolute path
  found.label.isHook = true;
  options.command = "start", options.arguments = {};
  EXPECT_THAT(*commandWords(found, options, env), ElementsAre("/snap/foo/7/meta/hooks/bar"));
}

constexpr char mounts[] = "30 20 0:26 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw\n"
                          "31 20 0:27 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices\n";
constexpr char membership[] = "5:devices:/a\n1:name=systemd:/b\n0::/c/d\n";

TEST(Cgroup, Place) {
  CgroupPlace place = placeOf(mounts, membership, CgroupKind::None);
  EXPECT_EQ(place.kind, CgroupKind::V1);
  EXPECT_EQ(place.directory, "/sys/fs/cgroup/devices/a");
  EXPECT_EQ(placeOf(mounts, membership, CgroupKind::V2).directory, "/sys/fs/cgroup/unified/c/d");
  EXPECT_EQ(placeOf("", membership, CgroupKind::None).kind, CgroupKind::None);
  EXPECT_EQ(placeOf("30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "0::/\n", CgroupKind::None).directory,
            "/sys/fs/cgroup");
}

TEST(Devices, Numbers) {
  EXPECT_EQ(print(*readNumbers('c', "136:*")), "c 136:* rwm");
  EXPECT_EQ(print(*readNumbers('b', "8:1")), "b 8:1 rwm");
  for (const char *text : {"1", "1:", ":1", "a:1", "1:-1", "*:1"})
    EXPECT_FALSE(readNumbers('c', text)) << text;
  EXPECT_EQ(udevTag("snap.foo.hook.a+b"), "snap_foo_hook_a__b");
}

TEST(Bpf, OnlyARefusalIsExtended) {
  const bpf_insn refusal[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  std::string program(reinterpret_cast<const char *>(refusal), sizeof refusal);
  auto made = bpf::withMap(program, 5);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->back().code, BPF_JMP | BPF_EXIT);
  EXPECT_EQ((*made)[3].imm, 5); // the map, behind the three words of the key
  program[4] = 1;               // mov r0, 1
  EXPECT_FALSE(bpf::withMap(program, 5));
  EXPECT_FALSE(bpf::withoutMap(""));
}

TEST(Mechanisms, Names) {
  EXPECT_TRUE(readMechanisms("apparmor,device-cgroup")->has(Mechanism::DeviceCgroup));
  EXPECT_TRUE(readMechanisms("")->empty());
  EXPECT_FALSE(readMechanisms("apparmour"));
}

class TrustedFiles : public testing::Test {
protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    char pattern[] = "/tmp/runtime-test.XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    top = pattern;
    ASSERT_EQ(mkdir((top + "/d").c_str(), 0755), 0);
    Fd(open((top + "/d/f").c_str(), O_WRONLY | O_CREAT, 0644));
  }
  void TearDown() override {
    for (const char *name : {"/d/f", "/d/l"})
      unlink((top + name).c_str());
    rmdir((top + "/d").c_str());
    rmdir(top.c_str());
  }
  std::string openIt(const char *name = "d/f") {
    Result<Fd> directory = openTrustedDirectory(top);
    if (!directory) return directory.failure().what;
    Result<Fd> file = openTrustedFile(*directory, name);
    return file ? "" : file.failure().what;
  }
  std::string top;
};

TEST_F(TrustedFiles, OnlyWhatIsRootsAlone) {
  EXPECT_EQ(openIt(), "");
  chmod((top + "/d/f").c_str(), 0646);
  EXPECT_THAT(openIt(), HasSubstr("writable by others"));
  chmod((top + "/d/f").c_str(), 0644);
  chmod((top + "/d").c_str(), 0777);
  EXPECT_THAT(openIt(), HasSubstr("writable by others"));
  chmod((top + "/d").c_str(), 0755);
  ASSERT_EQ(chown((top + "/d").c_str(), 1000, 0), 0);
  EXPECT_THAT(openIt(), HasSubstr("not owned by root"));
  ASSERT_EQ(chown((top + "/d").c_str(), 0, 0), 0);
  ASSERT_EQ(chown((top + "/d/f").c_str(), 1000, 0), 0);
  EXPECT_THAT(openIt(), HasSubstr("not owned by root"));
}

TEST_F(TrustedFiles, NoLinksAndNoDirectories) {
  ASSERT_EQ(symlink("f", (top + "/d/l").c_str()), 0);
  EXPECT_NE(openIt("d/l"), "");
  EXPECT_NE(openIt("d"), "");
  EXPECT_NE(openIt("../etc/passwd"), "");
}

} // namespace
