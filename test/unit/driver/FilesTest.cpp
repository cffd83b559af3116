// SPDX-License-Identifier: Apache-2.0
// Texts that the driver makes: runtime file, dependencies, fixed sources, manifest.
#include "driver/Depfile.h"
#include "driver/FixIts.h"
#include "driver/Manifest.h"
#include "driver/RuntimeFile.h"
#include "frontend/SnapDiagnostics.h"
#include "llvm/Support/JSON.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace snapsecc;
using namespace snapsecc::driver;
using testing::HasSubstr;
using testing::Not;

namespace {

// Without the comments that describe the format.
std::string body(const ir::Artifact &file) {
  std::string result;
  for (llvm::StringRef line : llvm::split(file.bytes, '\n'))
    if (!line.startswith("#") && !line.empty()) result += line.str() + "\n";
  return result;
}

} // namespace

TEST(RuntimeFile, HoldsEverythingEscaped) {
  Snap snap;
  snap.name = "foo";
  snap.instanceKey = "k";
  snap.version = "1.0~a";
  snap.environment = {{"A", ""}, {"B", "x y\n%\xff"}};
  snap.systemUsernames = {{"snap_daemon", "shared"}};
  App app, hook;
  app.name = "bar";
  app.command = "bin/bar -x";
  app.daemon = "simple";
  app.commandChain = {"bin/chain"};
  hook.name = "install";
  hook.hook = true;
  snap.apps = {app, hook};
  ir::Policy policy;
  ir::Snap compiled;
  compiled.instance = "foo_k";
  compiled.mode = ir::Mode::Complain;
  compiled.layouts = {{ir::Layout::Kind::Symlink, "/etc/x y", "/snap/foo_k/1/x", "", "", ""}};
  policy.snaps = {compiled};
  ir::Label label;
  label.name = "snap.foo_k.bar";
  policy.labels = {label};
  ir::Artifact file = makeRuntimeFile(snap, policy, {{"apparmor/profiles/snap.foo_k.bar", "", 0644, false}});
  EXPECT_EQ(file.path, "runtime/snap.foo_k.run");
  EXPECT_EQ(
      body(file),
      "name foo\ninstance foo_k\nrevision 1\nversion 1.0%7Ea\nbase core\ntype app\nmode complain\nenvironment A %\n"
      "environment B x%20y%0A%25%FF\nuser snap_daemon shared\nlayout link /etc/x%20y /snap/foo_k/1/x 0755\n"
      "label snap.foo_k.bar\napp bar\nmode enforce\ndaemon simple\ncommand bin/bar%20-x\ncommand-chain bin/chain\n"
      "file profile apparmor/profiles/snap.foo_k.bar\n");
}

TEST(Depfile, EscapesForMakeAndNinja) {
  EXPECT_EQ(makeDepfile("out dir/manifest.json", {"a b", "c#d", "e$f"}),
            "out\\ dir/manifest.json: \\\n  a\\ b \\\n  c\\#d \\\n  e$$f\n");
}

TEST(FixIts, AppliedOnceAndWithoutOverlaps) {
  unsigned applied = 0;
  std::vector<FixIt> fixes = {{{1, 4, 5}, "X"}, {{1, 0, 1}, ""},  {{1, 0, 1}, ""},
                              {{1, 4, 6}, "Y"}, {{1, 6, 6}, "!"}, {{1, 9, 99}, "no"}};
  EXPECT_EQ(applyTo("abcdef", fixes, applied), "bcdXf!");
  EXPECT_EQ(applied, 3u);
}

TEST(Manifest, NamesEverything) {
  SourceManager sources;
  Engine engine(sources);
  FileId file = sources.add("snap.yaml", "abc");
  engine.report<diag::SnapUnknownHook>(SourceRange{file, 1, 2}, "h");
  ir::Target target;
  target.name = "/machine/path/mine.target";
  Instantiated instantiated;
  instantiated.policy.connections = {{"home", "foo", "home", "system", "home", "why"}};
  instantiated.unconnected = {{"foo", "x", "y", "reason"}};
  std::vector<ir::Artifact> outputs = {{"b", "abc", 0600, false}, {"l", "b", 0644, true}};
  ir::Artifact manifest = makeManifest(
      {target, instantiated, {{"snap.yaml", "snap", file}}, {{"userns", "why", 2, {"snap.foo.a"}}}, outputs}, engine);
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(manifest.bytes);
  ASSERT_TRUE(bool(value));
  std::string text;
  llvm::raw_string_ostream(text) << *value; // one line
  std::string hash = sha256("abc");
  EXPECT_THAT(text, HasSubstr("\"inputs\":[{\"kind\":\"snap\",\"path\":\"snap.yaml\",\"sha256\":\"" + hash + "\"}]"));
  EXPECT_THAT(text, HasSubstr("{\"mode\":\"0600\",\"path\":\"b\",\"sha256\":\"" + hash + "\",\"size\":3}"));
  EXPECT_THAT(text, HasSubstr("\"link\":\"b\",\"path\":\"l\""));
  EXPECT_THAT(text, HasSubstr("\"slot\":{\"name\":\"home\",\"snap\":\"system\"}"));
  EXPECT_THAT(text, HasSubstr("\"reason\":\"reason\""));
  EXPECT_THAT(text, HasSubstr("{\"column\":2,\"file\":\"snap.yaml\",\"line\":1,\"message\":\"snapd has no hook 'h'; it "
                              "gets no policy\",\"name\":\"snap-unknown-hook\"}"));
  EXPECT_THAT(text, HasSubstr("\"labels\":[\"snap.foo.a\"]"));
  EXPECT_THAT(text, HasSubstr("\"name\":\"mine.target\""));
  EXPECT_THAT(text, Not(HasSubstr("/machine")));
}
