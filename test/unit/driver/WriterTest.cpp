// SPDX-License-Identifier: Apache-2.0
// The writer on a real disk: whole trees, foreign files, failures, signals.
#include "driver/Writer.h"
#include "driver/Manifest.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace snapsecc;
using namespace snapsecc::driver;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class Writer : public testing::Test {
protected:
  void SetUp() override { ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("snapsecc-writer", lab)); }
  void TearDown() override { llvm::sys::fs::remove_directories(lab); }

  std::string at(const std::string &name) const { return (lab + "/" + name).str(); }
  void put(const std::string &name, const std::string &bytes) const {
    llvm::sys::fs::create_directories(llvm::sys::path::parent_path(at(name)));
    std::ofstream(at(name)) << bytes;
  }
  // Every file below the scratch directory with its bytes, links with their targets, hidden ones too.
  std::vector<std::string> tree() const {
    std::vector<std::string> result;
    std::error_code failure;
    for (llvm::sys::fs::recursive_directory_iterator file(lab, failure, /*FollowSymlinks=*/false), end;
         file != end && !failure; file.increment(failure)) {
      llvm::StringRef name = llvm::StringRef(file->path()).drop_front(lab.size() + 1);
      char target[256];
      ssize_t length = readlink(file->path().c_str(), target, sizeof target);
      if (length > 0)
        result.push_back(name.str() + " -> " + std::string(target, static_cast<size_t>(length)));
      else if (llvm::sys::fs::is_directory(file->path()))
        result.push_back(name.str() + "/");
      else {
        std::ifstream stream(file->path());
        std::stringstream bytes;
        bytes << stream.rdbuf();
        result.push_back(name.str() + "=" + bytes.str());
      }
    }
    llvm::sort(result);
    return result;
  }
  std::string write(std::vector<ir::Artifact> artifacts, const std::string &name) const {
    return llvm::toString(writeTree(artifacts, at(name)));
  }
  // As the driver does: the files and a manifest that names them.
  std::string writeWithManifest(std::vector<ir::Artifact> artifacts, const std::string &name) const {
    SourceManager sources;
    Engine engine(sources);
    ir::Target target;
    Instantiated instantiated;
    ir::Artifact manifest = makeManifest({target, instantiated, {}, {}, artifacts}, engine);
    artifacts.push_back(manifest);
    std::string error = write(artifacts, name);
    return error;
  }
  std::vector<std::string> treeWithoutManifest() const {
    std::vector<std::string> result;
    for (const std::string &line : tree())
      if (line.find("manifest.json=") == std::string::npos) result.push_back(line);
    return result;
  }
  llvm::SmallString<128> lab;
};

} // namespace

TEST_F(Writer, MakesATreeWithModesAndLinks) {
  EXPECT_EQ(write({{"a/b", "one", 0600, false}, {"c", "two", 0755, false}, {"l/k", "../c", 0644, true}}, "out"), "");
  EXPECT_THAT(tree(), ElementsAre("out/", "out/a/", "out/a/b=one", "out/c=two", "out/l/", "out/l/k -> ../c"));
  struct stat status;
  ASSERT_EQ(stat(at("out/a/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  ASSERT_EQ(stat(at("out/c").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0755u);
}

TEST_F(Writer, MakesParentsAndTakesASlashBehind) {
  EXPECT_EQ(write({{"a", "1", 0644, false}}, "x/y/out/"), "");
  EXPECT_THAT(tree(), ElementsAre("x/", "x/y/", "x/y/out/", "x/y/out/a=1"));
}

TEST_F(Writer, ReplacesItsOwnFilesAlone) {
  EXPECT_EQ(writeWithManifest({{"a/old", "1", 0644, false}, {"b", "1", 0644, false}, {"c", "1", 0644, false}}, "out"),
            "");
  put("out/foreign", "mine");
  struct stat before, after;
  ASSERT_EQ(stat(at("out/b").c_str(), &before), 0);
  EXPECT_EQ(writeWithManifest({{"b", "1", 0644, false}, {"c", "2", 0644, false}, {"d/e", "3", 0644, false}}, "out"),
            "");
  EXPECT_THAT(treeWithoutManifest(),
              ElementsAre("out/", "out/b=1", "out/c=2", "out/d/", "out/d/e=3", "out/foreign=mine"));
  ASSERT_EQ(stat(at("out/b").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino); // what is the same is not touched
}

TEST_F(Writer, ForeignFileInTheWayStopsEverything) {
  EXPECT_EQ(writeWithManifest({{"a", "1", 0644, false}}, "out"), "");
  put("out/z", "mine");
  EXPECT_THAT(writeWithManifest({{"a", "2", 0644, false}, {"z", "2", 0644, false}}, "out"),
              HasSubstr("out/z' is in the way"));
  EXPECT_THAT(treeWithoutManifest(), ElementsAre("out/", "out/a=1", "out/z=mine"));
}

TEST_F(Writer, ForeignManifestStopsEverything) {
  for (const char *text : {"{}", "no json", "{\"tool\": {\"name\": \"other\"}, \"outputs\": [{\"path\": \"a\"}]}"}) {
    put("out/manifest.json", text);
    EXPECT_THAT(writeWithManifest({{"a", "1", 0644, false}}, "out"), HasSubstr("manifest.json' is in the way")) << text;
    EXPECT_THAT(tree(), ElementsAre("out/", std::string("out/manifest.json=") + text));
  }
}

TEST_F(Writer, ManifestCannotNameFilesElsewhere) {
  put("victim", "mine");
  put("out/manifest.json", "{\"tool\": {\"name\": \"snapsecc\"}, \"outputs\": [{\"path\": \"../victim\"}, {\"path\": "
                           "\"/etc/x\"}, {\"path\": \"a//b\"}, {\"path\": 1}, 2]}");
  EXPECT_THAT(readManifestOutputs(at("out/manifest.json")), ElementsAre("manifest.json"));
  EXPECT_EQ(writeWithManifest({{"a", "1", 0644, false}}, "out"), "");
  EXPECT_THAT(treeWithoutManifest(), ElementsAre("out/", "out/a=1", "victim=mine"));
  put("deep", std::string(1000000, '['));
  EXPECT_THAT(readManifestOutputs(at("deep")), IsEmpty());
}

TEST_F(Writer, LinkInsteadOfADirectoryIsNotFollowed) {
  EXPECT_EQ(writeWithManifest({{"d/a", "1", 0644, false}}, "out"), "");
  ASSERT_EQ(rename(at("out/d").c_str(), at("elsewhere").c_str()), 0);
  ASSERT_EQ(symlink("../elsewhere", at("out/d").c_str()), 0);
  EXPECT_THAT(writeWithManifest({{"d/a", "2", 0644, false}}, "out"), HasSubstr("it is no directory"));
  EXPECT_THAT(treeWithoutManifest(), ElementsAre("elsewhere/", "elsewhere/a=1", "out/", "out/d -> ../elsewhere"));
}

TEST_F(Writer, FailureLeavesNothing) {
  std::string tooLong(300, 'n');
  EXPECT_NE(write({{"a", "1", 0644, false}, {tooLong, "1", 0644, false}}, "x/out"), "");
  EXPECT_THAT(tree(), IsEmpty());
  EXPECT_EQ(writeWithManifest({{"a", "1", 0644, false}}, "out"), "");
  EXPECT_NE(writeWithManifest({{"a", "2", 0644, false}, {tooLong, "1", 0644, false}}, "out"), "");
  EXPECT_THAT(treeWithoutManifest(), ElementsAre("out/", "out/a=1"));
  put("file", "x");
  EXPECT_THAT(write({{"a", "1", 0644, false}}, "file"), HasSubstr("is no directory"));
  EXPECT_THAT(write({{"a", "1", 0644, false}}, "file/out"), HasSubstr("Not a directory"));
}

TEST_F(Writer, FailedCommitIsUndone) {
  constexpr uid_t nobody = 65534;
  bool isRoot = geteuid() == 0; // whom no permission stops
  if (isRoot) {
    ASSERT_EQ(chown(lab.c_str(), nobody, nobody), 0);
    ASSERT_EQ(seteuid(nobody), 0);
  }
  EXPECT_EQ(writeWithManifest({{"a", "1", 0644, false}, {"d/e", "1", 0644, false}, {"z", "1", 0644, false}}, "out"),
            "");
  EXPECT_EQ(chmod(at("out/d").c_str(), 0555), 0);
  // `a` and `b/c` are in place already when `d/e` cannot be replaced.
  std::string error =
      writeWithManifest({{"a", "2", 0644, false}, {"b/c", "2", 0644, false}, {"d/e", "2", 0644, false}}, "out");
  EXPECT_EQ(chmod(at("out/d").c_str(), 0755), 0);
  ASSERT_EQ(seteuid(getuid()), 0);
  EXPECT_THAT(error, HasSubstr("Permission denied"));
  EXPECT_THAT(treeWithoutManifest(), ElementsAre("out/", "out/a=1", "out/d/", "out/d/e=1", "out/z=1"));
}

TEST_F(Writer, SignalEndsItWithNothingWritten) {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  raise(SIGTERM);
  EXPECT_THAT(write({{"a", "1", 0644, false}}, "x/out"), HasSubstr("interrupted"));
  EXPECT_THAT(tree(), IsEmpty());
  int signal = 0;
  sigwait(&set, &signal);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_F(Writer, OneFile) {
  EXPECT_EQ(llvm::toString(writeFile(at("x/f"), "1")), "");
  EXPECT_EQ(llvm::toString(writeFile(at("x/f"), "2")), "");
  EXPECT_THAT(tree(), ElementsAre("x/", "x/f=2"));
  EXPECT_NE(llvm::toString(writeFile(at("x"), "3")), "");
  EXPECT_THAT(tree(), ElementsAre("x/", "x/f=2"));
}

TEST(Manifest, Sha256) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2, B.1
}
