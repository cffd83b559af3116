// SPDX-License-Identifier: Apache-2.0
// The root that a snap sees: the base's directories, read-only, with those of the host over them that belong to the
// machine and not to the base; made in a mount namespace of its own, which pivot_root(2) then turns to it.
#pragma once
#include "runtime/Mounts.h"

namespace snapsecc::runtime {

struct RootPlan {
  std::string base = "/";    // a directory; "/": the host's own root
  std::string snapDirectory; // "": what is mounted at /snap/INSTANCE/REVISION
  std::string name, instance, revision;
  std::string tmp; // on the host, becomes /tmp
  std::vector<MountEntry> mounts;
};

// The caller has unshared its mount namespace.
Status enterNewRoot(const RootPlan &plan);

} // namespace snapsecc::runtime
