// SPDX-License-Identifier: Apache-2.0
// mount/snap.S.fstab and .user-fstab: lines of fstab(5) with options of snap-update-ns (x-snapd.*), as the compiler's
// mount backend writes them.
#pragma once
#include "runtime/Result.h"
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace snapsecc::runtime {

struct MountEntry {
  enum class Kind { Bind, File, Link, Tmpfs, EnsureDirectory } kind = Kind::Bind;
  std::string source, target; // of Link the text of the link; of EnsureDirectory the directory that must be there
  bool recursive = false, readOnly = false, ignoreMissing = false;
  mode_t mode = 0755;
  std::string user, group; // "": root
};

Result<std::vector<MountEntry>> readFstab(std::string_view bytes);

} // namespace snapsecc::runtime
