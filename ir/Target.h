// SPDX-License-Identifier: Apache-2.0
// What the policy is compiled for: the system, its kernel and its AppArmor. Always an input, never read off the build
// machine unless the user asks for `host`.
#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <set>
#include <string>
#include <vector>

namespace snapsecc::ir {

struct Target {
  std::string name = "full";
  std::string system = "classic"; // classic, core, core-desktop
  std::string arch = "amd64";     // Debian's name
  std::string sysroot;            // a directory that stands for the target's root; empty: an empty machine
  std::string libexec = "/usr/lib/snapd";
  // AppArmor features as paths of the features directory: "dbus", "file", "network_v8", "ipc/posix_mqueue",
  // "caps/mask/bpf"; a leaf's words are its children. From a features file or directory, or a built-in target.
  std::set<std::string> features;
  // What the target's parser reads: "userns", "mqueue", "io_uring", "all", "prompt", "unconfined" (flag).
  std::set<std::string> parserFeatures;
  unsigned kernelMajor = 7, kernelMinor = 2;
  unsigned systemdVersion = 255;
  bool prompting = false, nfsHome = false, overlayRoot = false, preseeding = false;

  bool classic() const { return system == "classic"; }
  bool hasFeature(llvm::StringRef path) const { return features.count(path.str()) != 0; }
  bool parserReads(llvm::StringRef word) const { return parserFeatures.count(word.str()) != 0; }
};

// "amd64" for x86_64 and so on; empty for an unknown name. kernelArch: "x86_64", "aarch64", "ppc64le", ...
std::string debianArch(llvm::StringRef name); // empty: unknown
std::string kernelArch(llvm::StringRef debianName);
std::string gnuTriplet(llvm::StringRef debianName); // x86_64-linux-gnu

// Built-in targets (full, debian12, ubuntu24.04) and description files; `targetsDir` is the library's targets/ folder.
// A description is a text file of `key value` lines, `#` begins a comment: stdlib/targets/README.md has the keys.
llvm::Expected<Target> loadTarget(llvm::StringRef nameOrFile, llvm::StringRef targetsDir);
// Names of the built-in targets, sorted.
std::vector<std::string> builtinTargets(llvm::StringRef targetsDir);
// Sets one fact as a line of a description does: ("kernel", "6.1"). `directory`: where relative file names start.
llvm::Error setTargetFact(Target &target, llvm::StringRef key, llvm::StringRef value, llvm::StringRef directory = "");
// A features file (or directory) as the kernel and apparmor_parser have it: `name {word word}` nested.
llvm::Expected<std::set<std::string>> loadAppArmorFeatures(llvm::StringRef path);

} // namespace snapsecc::ir
