// SPDX-License-Identifier: Apache-2.0
// Compatibility labels: dimensions of a name and up to three numbers or ranges, joined by `-`:
// vulkan-1-(2..5)-ubuntu-2404. Source: snapcraft.io's documentation of the content and *-driver-libs interfaces.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace snapsecc {

struct Compatibility {
  struct Range {
    unsigned min = 0, max = 0;
  };
  struct Dimension {
    std::string name;
    std::vector<Range> values; // a name alone has 0
  };
  std::vector<Dimension> dimensions;
};

// What is wrong with the label, or its meaning.
struct CompatibilityResult {
  std::optional<Compatibility> label;
  std::string error;
};
CompatibilityResult parseCompatibility(llvm::StringRef text);
// The same dimensions in the same order, and every pair of ranges overlaps.
bool areCompatible(llvm::StringRef plug, llvm::StringRef slot);

} // namespace snapsecc
