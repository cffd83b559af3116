// SPDX-License-Identifier: Apache-2.0
// AppArmor profile text (apparmor.d(5), AppArmor 3.0 to 5.0) -> ir::Policy, a label a profile. Each rule's origin is
// its file and line, and the comment above it; what `compile --annotate` wrote there gives back the origin that it
// tells of.
#pragma once
#include "diag/Engine.h"
#include "ir/Policy.h"
#include <optional>

namespace snapsecc::reader {

struct Options {
  // Where `include <x>` is looked for. Empty: tunables are those that every installation has, an abstraction stays a
  // rule `abstraction x`, and other includes are left out with a warning.
  std::string includeDirectory;
};

// Errors are reported; nothing is returned then. Bounded: sizes, and the nesting of includes and blocks.
std::optional<ir::Policy> readProfiles(FileId file, const Options &options, Engine &engine);
// Does the text begin like one that holds a profile?
bool looksLikeProfile(llvm::StringRef text);

} // namespace snapsecc::reader
