// SPDX-License-Identifier: Apache-2.0
// Mount entries (`bind`, `ensure-dir`, layouts) -> mount/snap.S.fstab, mount/snap.S.user-fstab. The rules that the mount helper's own
// profile needs for the same entries are added to the IR by the pass expand-mounts (ir/passes/ExpandMounts.cpp).
#pragma once
#include "diag/Engine.h"
#include "ir/Artifact.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc::mount {

struct Entry {
  std::string source, target, fstype = "none";
  std::vector<std::string> options;
  auto operator<=>(const Entry &) const = default;
};
struct SnapMounts {
  std::string snap;
  std::vector<Entry> system, user; // in the order in which the helper makes them
};
struct Plan {
  std::vector<SnapMounts> snaps;
};

Plan lower(const ir::Policy &policy, const ir::Target &target, Engine &engine);
std::string print(const Plan &plan);
std::vector<ir::Artifact> emit(const Plan &plan);

} // namespace snapsecc::mount
