// SPDX-License-Identifier: Apache-2.0
// What a backend hands over: files, relative to the output directory. Nothing in a backend touches the disk.
#pragma once
#include <string>
#include <vector>

namespace snapsecc::ir {

struct Artifact {
  std::string path; // apparmor/profiles/snap.foo.bar
  std::string bytes;
  unsigned mode = 0644;
  bool symlink = false; // bytes are the link's target
  bool operator<(const Artifact &other) const { return path < other.path; }
};

// A rule class that a target cannot mediate, and how many rules were left out for it.
struct NotEnforced {
  std::string what;   // "userns", "dbus", ...
  std::string reason; // "the target's AppArmor does not mediate it"
  unsigned rules = 0;
  std::vector<std::string> labels;
};

} // namespace snapsecc::ir
