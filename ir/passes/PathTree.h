// SPDX-License-Identifier: Apache-2.0
// Patterns of paths put together below their common directories: "/d/a", "/d/b*", "/d/e/f" -> "/d/{a,b*,e/f}".
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace snapsecc::ir {

struct JoinedPath {
  std::string text;
  std::vector<uint32_t> from; // indices of the patterns that it stands for, ascending; one: the pattern as it was
};
// Patterns that together are the given ones, each different; in the order of their first. Only paths with the same two
// first levels are put together, so that a reader finds a directory; bounded in length and in plain patterns.
std::vector<JoinedPath> joinPaths(llvm::ArrayRef<std::string> paths);

} // namespace snapsecc::ir
