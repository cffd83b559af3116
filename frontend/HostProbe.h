// SPDX-License-Identifier: Apache-2.0
// Questions to a machine that a directory stands for (--sysroot), or to the files of a snap. Never looks outside of the
// directory: paths are walked a component at a time from its descriptor, links are resolved relative to it, `..` stops
// at it. An empty directory name is an empty machine: nothing exists.
#pragma once
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snapsecc {

class HostProbe {
public:
  explicit HostProbe(const std::string &directory);
  ~HostProbe();
  HostProbe(const HostProbe &) = delete;
  HostProbe &operator=(const HostProbe &) = delete;

  bool exists(llvm::StringRef path) const;
  // The path without links; nullopt where nothing is there.
  std::optional<std::string> realPath(llvm::StringRef path) const;
  std::optional<int64_t> groupOf(llvm::StringRef path) const;
  // Text of a regular file of at most `limit` bytes.
  std::optional<std::string> read(llvm::StringRef path, size_t limit = 1u << 20) const;
  // Names in a directory, sorted; at most 100,000.
  std::vector<std::string> list(llvm::StringRef directory) const;
  // By etc/passwd and etc/group; the users that snapd makes, and root, have fixed numbers everywhere.
  std::optional<int64_t> userId(llvm::StringRef name) const;
  std::optional<int64_t> groupId(llvm::StringRef name) const;

private:
  struct Found;
  std::optional<Found> walk(llvm::StringRef path) const;
  std::optional<int64_t> idIn(llvm::StringRef file, llvm::StringRef name) const;
  int root = -1;
};

} // namespace snapsecc
