// SPDX-License-Identifier: Apache-2.0
#include "test/unit/misc/Fixture.h"

using namespace snapsecc;
using namespace snapsecc::misc;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

namespace {

ir::Rule kmod(const char *what, std::vector<llvm::StringRef> names, llvm::StringRef options = "") {
  ir::Rule made = rule(ir::RuleKind::Kmod, {{"load|deny|set", words({what})}, {"WORD", words(names)}});
  if (!options.empty()) made.set("options", texts({options}));
  return made;
}

} // namespace

TEST_F(Misc, KmodListsEachModuleOnce) {
  EXPECT_THAT(
      ofSnap(emitKmod, {kmod("load", {"nvme-tcp", "dm_mod"}), kmod("load", {"dm_mod"}), kmod("deny", {"floppy"}),
                        kmod("load", {"m1"}, "p1=3 path=/var/snap/foo/common")}),
      ElementsAre(Pair("modprobe.d/snap.foo.conf", "blacklist floppy\noptions m1 p1=3 path=/var/snap/foo/common\n"),
                  Pair("modules-load.d/snap.foo.conf", "dm_mod\nm1\nnvme-tcp\n")));
}

TEST_F(Misc, KmodSetsOptionsOfWhatItDoesNotLoad) {
  EXPECT_THAT(ofSnap(emitKmod, {kmod("set", {"m1"}, "p1=3")}),
              ElementsAre(Pair("modprobe.d/snap.foo.conf", "options m1 p1=3\n")));
}

TEST_F(Misc, KmodOptionsStayOnTheirLine) {
  EXPECT_THAT(ofSnap(emitKmod, {kmod("load", {"m1"}, "a=1\ninstall m1 /bin/sh"), kmod("load", {"m2"}, "a=1 \\")}),
              IsEmpty());
  EXPECT_THAT(reported(), ElementsAre("artifact-value", "artifact-value"));
}

TEST_F(Misc, KmodNamesAreNames) {
  EXPECT_THAT(ofSnap(emitKmod, {kmod("load", {"a b", "/x"})}), IsEmpty());
  EXPECT_THAT(reported(), ElementsAre("artifact-value", "artifact-value"));
}
