// SPDX-License-Identifier: Apache-2.0
// The readers of what the compiler writes: what is good is read, what is not is refused as a whole.
#include "runtime/Fstab.h"
#include "runtime/Json.h"
#include "runtime/Manifest.h"
#include "runtime/RuntimeFile.h"
#include "runtime/Seccomp.h"
#include "runtime/SelfCheck.h"
#include "runtime/Sha256.h"
#include <gmock/gmock.h>

using namespace snapsecc::runtime;
using testing::HasSubstr;

namespace {

const std::string hash = sha256("");

TEST(Sha256, KnownAnswers) { // FIPS 180-4, appendix; the lengths around a block's end
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(55, 'a')), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(sha256(std::string(56, 'a')), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  EXPECT_EQ(sha256(std::string(64, 'a')), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
  EXPECT_EQ(sha256(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Json, StringsAndSkippedValues) {
  JsonReader json(R"({"x": [1, -2.5e3, true, null, {"y": "z"}], "s": "a\n\u00e9\ud83d\ude00"})");
  std::string s;
  json.object([&](const std::string &key) {
    if (key == "s") s = json.string();
  });
  EXPECT_TRUE(json.finish());
  EXPECT_EQ(s, "a\n\u00e9\U0001F600");
}

TEST(Json, Faults) {
  for (const char *text : {"", "{", "{\"a\"}", "{\"a\": 1,}", "{} x", "{\"a\": \"\\ud800\"}", "{\"a\": \"\n\"}",
                           "[1 2]", "{\"a\": tru}"}) {
    JsonReader json(text);
    json.skip();
    EXPECT_FALSE(json.finish()) << text;
  }
  JsonReader deep(std::string(100000, '['));
  deep.skip();
  EXPECT_FALSE(deep.finish());
}

std::string manifest(const std::string &path, const std::string &sum = hash) {
  return R"({"tool": {"name": "snapsecc"}, "target": {"arch": "amd64"}, "outputs": [{"path": ")" + path +
         R"(", "sha256": ")" + sum + R"(", "size": 0}]})";
}

TEST(Manifest, Outputs) {
  Result<Manifest> read = readManifest(manifest("a/b"));
  ASSERT_TRUE(read) << read.failure().what;
  EXPECT_EQ(read->arch, "amd64");
  EXPECT_EQ(read->files.at("a/b").sha256, hash);
}

TEST(Manifest, Refused) {
  for (const char *path : {"/a", "../a", "a/../b", "", "a//b", "./a"})
    EXPECT_FALSE(readManifest(manifest(path))) << path;
  EXPECT_FALSE(readManifest(manifest("a", "12")));
  EXPECT_FALSE(readManifest("{}"));
  EXPECT_FALSE(readManifest("{\"tool\": {\"name\": \"other\"}, \"outputs\": []}"));
}

const std::string head =
    "# snapsec runtime, format 1\nname foo\ninstance foo_x\nrevision 3\nversion 1%20a\nbase core24\n"
    "type app\nmode enforce\nenvironment A %\n";

TEST(RuntimeFile, SnapAndLabels) {
  Result<SnapInfo> snap = readRuntimeFile(head + "label snap.foo_x.bar\napp bar\nmode complain\ncommand bin/bar%20-v\n"
                                                 "command-chain c\nenvironment B $A\nfile filter seccomp/x.bpf\n"
                                                 "label snap.foo_x.hook.install\nhook install\nmode enforce\n");
  ASSERT_TRUE(snap) << snap.failure().what;
  EXPECT_EQ(snap->version, "1 a");
  EXPECT_EQ(snap->environment, (std::vector<Variable>{{"A", ""}}));
  ASSERT_EQ(snap->labels.size(), 2u);
  EXPECT_EQ(snap->labels[0].mode, Mode::Complain);
  EXPECT_EQ(snap->labels[0].command, "bin/bar -v");
  EXPECT_EQ(snap->labels[0].files.at("filter"), "seccomp/x.bpf");
  EXPECT_TRUE(snap->labels[1].isHook);
}

TEST(RuntimeFile, Refused) {
  for (const char *line :
       {"new-word x", "mode strict", "label x", "label snap.a/b.c", "app bar", "mode", "environment A=B x",
        "environment A %00", "environment A %4", "label snap.foo.bar\nname x", "label snap.foo.bar\nfile filter ../x",
        "revision ../..", "label snap.foo.bar\nfile filter a\nfile filter b"})
    EXPECT_FALSE(readRuntimeFile(head + line + "\n")) << line;
  EXPECT_FALSE(readRuntimeFile("# snapsec runtime, format 2\n"));
  EXPECT_FALSE(readRuntimeFile("# snapsec runtime, format 1\nname foo\n"));
}

TEST(Labels, Instances) {
  EXPECT_EQ(*instanceOf("snap.foo_x.bar"), "foo_x");
  EXPECT_EQ(*instanceOf("snap.foo.hook.install"), "foo");
  for (const char *label :
       {"foo", "snap.foo", "snap.foo.a.b", "snap..bar", "snap.foo/.bar", "snap.foo.bar..", "x.foo.bar"})
    EXPECT_FALSE(instanceOf(label)) << label;
}

TEST(Fstab, Entries) {
  Result<std::vector<MountEntry>> read =
      readFstab("/snap/a/1/x /snap/b/2/y\\040z none rbind,ro,x-snapd.ignore-missing 0 0\n"
                "none /etc/l none x-snapd.kind=symlink,x-snapd.symlink=/var/x,x-snapd.origin=layout 0 0\n"
                "tmpfs /var/t tmpfs x-snapd.mode=01777,x-snapd.group=www,x-snapd.origin=layout 0 0\n"
                "none $HOME/.x none x-snapd.kind=ensure-dir,x-snapd.must-exist-dir=$HOME 0 0\n");
  ASSERT_TRUE(read) << read.failure().what;
  ASSERT_EQ(read->size(), 4u);
  EXPECT_EQ((*read)[0].target, "/snap/b/2/y z");
  EXPECT_TRUE((*read)[0].recursive && (*read)[0].readOnly && (*read)[0].ignoreMissing);
  EXPECT_EQ((*read)[1].source, "/var/x");
  EXPECT_EQ((*read)[2].mode, 01777u);
  EXPECT_EQ((*read)[3].kind, MountEntry::Kind::EnsureDirectory);
}

TEST(Fstab, Refused) {
  for (const char *line : {"/a /b none bind 0", "/a b none bind 0 0", "/a /b/../c none bind 0 0", "/a /b ext4 rw 0 0",
                           "/a /b none suid 0 0", "a /b none bind 0 0", "/a / none bind 0 0", "/a /b\\0 none bind 0 0",
                           "none /l none x-snapd.kind=symlink,x-snapd.symlink= 0 0", "/a /b none x-snapd.mode=9 0 0"})
    EXPECT_FALSE(readFstab(line)) << line;
}

TEST(Filters, TwoInAFile) {
  sock_filter allow{0x06, 0, 0, 0x7fff0000}, deny{0x06, 0, 0, 0x00050001};
  std::string bytes(128, '\0');
  bytes[0] = 'S', bytes[1] = 'C', bytes[2] = 1, bytes[8] = bytes[12] = 8;
  bytes.append(reinterpret_cast<char *>(&allow), 8).append(reinterpret_cast<char *>(&deny), 8);
  Result<Filters> read = readFilters(bytes);
  ASSERT_TRUE(read) << read.failure().what;
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0][0].k, deny.k); // the first to be loaded
  EXPECT_FALSE(readFilters(bytes + "x"));
  EXPECT_FALSE(readFilters(bytes.substr(0, 140)));
  bytes[2] = 2;
  EXPECT_FALSE(readFilters(bytes));
  EXPECT_FALSE(readFilter(""));
  EXPECT_FALSE(readFilter("1234567"));
}

const std::string checksHead = "# snapsec self-checks, format 1\nlabel snap.foo.bar\n";

TEST(SelfChecks, OfALabel) {
  std::string text =
      checksHead +
      "check deny apparmor logged open /etc/a%20b r\nlabel snap.foo.baz\ncheck allow seccomp silent call getpid\n";
  Result<std::vector<Check>> checks = readChecks(text, "snap.foo.bar");
  ASSERT_TRUE(checks) << checks.failure().what;
  ASSERT_EQ(checks->size(), 1u);
  EXPECT_EQ((*checks)[0].probe, (std::vector<std::string>{"open", "/etc/a b", "r"}));
  EXPECT_TRUE((*checks)[0].isLogged);
  EXPECT_FALSE(readChecks(text, "snap.foo.other"));
  for (const char *line :
       {"check deny apparmor logged open /x", "check maybe apparmor logged signal", "check deny sudo logged signal",
        "check deny apparmor loud signal", "check deny apparmor logged socket 1 x 0", "other"})
    EXPECT_FALSE(readChecks(checksHead + line + "\n", "snap.foo.bar")) << line;
}

TEST(SelfChecks, Verdicts) {
  MechanismSet all = *readMechanisms("apparmor,seccomp,device-cgroup,mount-namespace");
  Check denied{false, Mechanism::AppArmor, true, {"signal"}}, allowed{true, Mechanism::AppArmor, false, {"signal"}};
  EXPECT_EQ(judge(denied, {EACCES, 1}, all, false).outcome, Outcome::AsSaid);
  EXPECT_EQ(judge(denied, {0, 1}, all, false).outcome, Outcome::Wrong);
  EXPECT_EQ(judge(denied, {0, 1}, all, true).outcome, Outcome::AsSaid); // devmode
  EXPECT_EQ(judge(denied, {ENOENT, 1}, all, false).outcome, Outcome::NotTried);
  EXPECT_EQ(judge(denied, {0, 1}, {}, false).outcome, Outcome::NotTried);
  EXPECT_EQ(judge(allowed, {EPERM, 1}, all, false).outcome, Outcome::Wrong);
  EXPECT_EQ(judge(allowed, {EBADF, 1}, all, false).outcome, Outcome::AsSaid);
  EXPECT_EQ(judge(allowed, {0, 7}, all, false).text, "allow apparmor signal: done [pid 7]");
}

TEST(Probes, AreMadeByAProcessOfTheirOwn) {
  auto nothing = [] { return Status(); };
  EXPECT_EQ(tryProbe({"open", "/dev/null", "rw"}, nothing)->error, 0);
  EXPECT_EQ(tryProbe({"open", "/nothing/there", "r"}, nothing)->error, ENOENT);
  EXPECT_EQ(tryProbe({"exec", "/bin/true"}, nothing)->error, 0);
  EXPECT_EQ(tryProbe({"exec", "/etc/passwd"}, nothing)->error, EACCES);
  EXPECT_EQ(tryProbe({"call", "getpid"}, nothing)->error, 0);
  EXPECT_FALSE(tryProbe({"call", "getpid"}, [] { return Status(Failure{"no"}); }));
}

} // namespace
