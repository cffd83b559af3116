// SPDX-License-Identifier: Apache-2.0
// manifest.json of an output tree (docs/cli.md), as far as the runtime needs it: which files there are, and what is in
// them.
#pragma once
#include "runtime/Result.h"
#include <cstdint>
#include <map>
#include <string_view>

namespace snapsecc::runtime {

struct ManifestEntry {
  std::string sha256;
  uint64_t size = 0;
  bool isLink = false;
};
struct Manifest {
  std::string arch, features; // of the target; of its AppArmor features the hash
  std::map<std::string, ManifestEntry> files;
};

Result<Manifest> readManifest(std::string_view bytes);

} // namespace snapsecc::runtime
