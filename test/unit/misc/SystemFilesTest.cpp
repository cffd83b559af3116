// SPDX-License-Identifier: Apache-2.0
#include "test/unit/misc/Fixture.h"

using namespace snapsecc;
using namespace snapsecc::misc;
using ir::RuleKind;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

namespace {

ir::Rule linkRule(std::vector<llvm::StringRef> targets, llvm::StringRef place) {
  return rule(RuleKind::Symlink, {{"GLOB", texts(targets)}, {"->", texts({place})}});
}

} // namespace

TEST_F(Misc, SystemFilesAreListsAndLinks) {
  EXPECT_THAT(
      ofSnap(emitSystemFiles,
             {rule(RuleKind::Ldconfig, {{"GLOB", texts({"/snap/p/1/lib1", "/snap/p/1/lib2", "/snap/p/1/lib1"})}}),
              linkRule({"/snap/p/1/icd/a.json"}, "/etc/vulkan/icd.d/snap_p_slot_a.json"),
              linkRule({"/snap/p/1/lib1/x_gbm.so", "/snap/p/1/lib1/y_gbm.so"}, "/usr/lib/x86_64-linux-gnu/gbm/"),
              rule(RuleKind::Export, {{"TEXT", texts({"system_p_slot_cuda.library-source"})},
                                      {"GLOB", texts({"/snap/p/1/lib1", "/snap/p/1/lib2"})}})}),
      ElementsAre(Pair("export/system_p_slot_cuda.library-source", "/snap/p/1/lib1\n/snap/p/1/lib2\n"),
                  Pair("ld.so.conf.d/snap.foo.conf", "/snap/p/1/lib1\n/snap/p/1/lib2\n"),
                  Pair("usr/lib/x86_64-linux-gnu/gbm/x_gbm.so", "-> /snap/p/1/lib1/x_gbm.so"),
                  Pair("usr/lib/x86_64-linux-gnu/gbm/y_gbm.so", "-> /snap/p/1/lib1/y_gbm.so"),
                  Pair("vulkan/icd.d/snap_p_slot_a.json", "-> /snap/p/1/icd/a.json")));
}

TEST_F(Misc, SystemFilesTakeOnePathALine) {
  EXPECT_THAT(ofSnap(emitSystemFiles,
                     {rule(RuleKind::Ldconfig, {{"GLOB", texts({"/a b", "/a:/b", "/a,b", "lib", "/a\\x0a/b", "/a*"})}}),
                      rule(RuleKind::Export, {{"TEXT", texts({"../x"})}, {"GLOB", texts({"/a"})}}),
                      linkRule({"/a"}, "/etc/../bin/sh"), linkRule({"/a", "/b"}, "/etc/vulkan/x")}),
              IsEmpty());
  EXPECT_THAT(reported(), testing::SizeIs(9));
  EXPECT_THAT(reported(), Each("artifact-value"));
}

TEST_F(Misc, SystemFilesHaveOneContent) {
  ofSnap(emitSystemFiles, {linkRule({"/a"}, "/etc/x"), linkRule({"/a"}, "/etc/x"), linkRule({"/b"}, "/etc/x")});
  EXPECT_THAT(reported(), ElementsAre("artifact-clash"));
}
