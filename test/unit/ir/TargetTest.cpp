// SPDX-License-Identifier: Apache-2.0
// Targets: the built-in ones, descriptions with mistakes, features as a file and as a directory.
#include "ir/Target.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"

using namespace snapsecc::ir;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
using Pairs = std::vector<std::pair<const char *, const char *>>;
constexpr const char *targets = "stdlib/targets";

class TargetFiles : public testing::Test {
protected:
  void SetUp() override { ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("target-test", directory)); }
  void TearDown() override { llvm::sys::fs::remove_directories(directory); }
  std::string write(llvm::StringRef name, llvm::StringRef text) {
    llvm::SmallString<128> path(directory);
    llvm::sys::path::append(path, name);
    EXPECT_FALSE(llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path)));
    std::error_code code;
    llvm::raw_fd_ostream(path, code) << text;
    return path.str().str();
  }
  static std::string errorOf(llvm::Expected<Target> result) { return result ? "" : toString(result.takeError()); }
  static std::string errorOf(llvm::Expected<std::set<std::string>> result) {
    return result ? "" : toString(result.takeError());
  }
  llvm::SmallString<128> directory;
};

TEST(Target, BuiltIn) {
  EXPECT_THAT(builtinTargets(targets), ElementsAre("debian12", "full", "ubuntu24.04"));
  auto full = loadTarget("full", targets), debian = loadTarget("debian12", targets),
       ubuntu = loadTarget("ubuntu24.04", targets);
  ASSERT_TRUE(full && debian && ubuntu);
  EXPECT_EQ(full->name, "full");
  EXPECT_EQ(ubuntu->name, "ubuntu24.04");
  for (const char *path : {"dbus", "file", "network_v8/af_mask/qipcrtr", "ipc/posix_mqueue",
                           "namespaces/mask/userns_create", "policy/unconfined_restrictions", "caps/mask/bpf"}) {
    EXPECT_TRUE(full->hasFeature(path)) << path;
    EXPECT_TRUE(ubuntu->hasFeature(path)) << path;
  }
  EXPECT_FALSE(debian->hasFeature("dbus"));
  EXPECT_FALSE(debian->hasFeature("ipc"));
  EXPECT_TRUE(debian->hasFeature("mount/mask/pivot_root"));
  EXPECT_TRUE(full->parserReads("all") && ubuntu->parserReads("userns") && debian->parserFeatures.empty());
  EXPECT_EQ(debian->kernelMajor * 100 + debian->kernelMinor, 601u);
  EXPECT_EQ(debian->systemdVersion, 252u);
  // `full` has whatever another target has, but for versions and counters that differ.
  for (const auto *other : {&*debian, &*ubuntu})
    for (const std::string &path : other->features)
      EXPECT_TRUE(full->hasFeature(path) || llvm::StringRef(path).contains("0x") ||
                  llvm::StringRef(path).endswith("/0"))
          << path;
}

TEST_F(TargetFiles, Description) {
  write("small.features", "dbus {mask {acquire send\n}\n}\n");
  auto target = loadTarget(write("mine.target",
                                 "# ours\nfeatures small.features  # beside it\nkernel 6.12.30-amd64\narch aarch64\n"
                                 "system core\nsysroot root\nprompting yes\nparser prompt\n"),
                           targets);
  ASSERT_TRUE(bool(target)) << toString(target.takeError());
  EXPECT_EQ(target->name, "mine");
  EXPECT_THAT(target->features, ElementsAre("dbus", "dbus/mask", "dbus/mask/acquire", "dbus/mask/send"));
  EXPECT_EQ(target->kernelMinor, 12u);
  EXPECT_EQ(target->arch, "arm64");
  EXPECT_FALSE(target->classic());
  EXPECT_TRUE(target->prompting && !target->nfsHome);
  EXPECT_EQ(target->sysroot, (directory + "/root").str());
}

TEST_F(TargetFiles, Mistakes) {
  EXPECT_THAT(errorOf(loadTarget("debian11", targets)), HasSubstr("no target 'debian11'; built in are debian12, full"));
  EXPECT_THAT(errorOf(loadTarget("nowhere/x.target", targets)), HasSubstr("No such file"));
  for (auto [line, message] : Pairs{{"kernal 6.1", "'kernal' is not a fact"},
                                    {"kernel six", "not a kernel version"},
                                    {"kernel 6", "not a kernel version"},
                                    {"arch z80", "'z80' is not an architecture"},
                                    {"system desktop", "is none of classic, core"},
                                    {"prompting true", "neither 'yes' nor 'no'"},
                                    {"parser userns signals", "'signals' is none of"},
                                    {"systemd new", "not a version of systemd"},
                                    {"features absent", "absent: No such file"}})
    EXPECT_THAT(errorOf(loadTarget(write("bad.target", std::string("\n") + line), targets)),
                testing::AllOf(HasSubstr("bad.target:2: "), HasSubstr(message)));
}

TEST_F(TargetFiles, Features) {
  write("features/file/mask", "read write\n");
  write("features/domain/stack", "yes\n");
  write("features/capability", "0xffffff\n");
  auto fromDirectory = loadAppArmorFeatures((directory + "/features").str());
  auto fromFile = loadAppArmorFeatures(
      write("f", "file {mask {read write\n}\n}\ndomain {stack {yes\n}\n}\ncapability {0xffffff\n}\n"));
  ASSERT_TRUE(fromDirectory && fromFile);
  EXPECT_EQ(*fromDirectory, *fromFile);
  EXPECT_EQ(fromFile->count("domain/stack/yes"), 1u);
  for (auto [text, message] : Pairs{{"a {b", "'}' is missing"},
                                    {"a }", "'}' without '{'"},
                                    {"{a}", "'{' without a name"},
                                    {"a{a{a{a{a{a{a{a{a{a{", "too deeply"}})
    EXPECT_THAT(errorOf(loadAppArmorFeatures(write("g", text))), HasSubstr(message)) << text;
  EXPECT_THAT(errorOf(loadAppArmorFeatures(write("h", std::string(2 << 20, 'a')))), HasSubstr("larger than"));
}

TEST(Target, Architectures) {
  for (auto [name, debian] : {std::pair("x86_64", "amd64"),
                              {"amd64", "amd64"},
                              {"x86", "i386"},
                              {"i386", "i386"},
                              {"aarch64", "arm64"},
                              {"arm", "armhf"},
                              {"ppc64le", "ppc64el"},
                              {"riscv64", "riscv64"},
                              {"s390x", "s390x"},
                              {"mips", ""},
                              {"", ""}})
    EXPECT_EQ(debianArch(name), debian) << name;
  EXPECT_EQ(kernelArch("i386"), "x86");
  EXPECT_EQ(gnuTriplet("armhf"), "arm-linux-gnueabihf");
  EXPECT_EQ(gnuTriplet("ppc64el"), "powerpc64le-linux-gnu");
}
} // namespace
