// SPDX-License-Identifier: Apache-2.0
// An output tree becomes what the machine enforces, and stops being it; and what it enforces now.
#pragma once
#include "runtime/Mechanisms.h"
#include "runtime/PolicyTree.h"

namespace snapsecc::runtime {

struct LoadOptions {
  std::string policy;
  MechanismSet mayMiss;
};
struct LoadReport {
  std::vector<std::string> snaps, warnings;
  unsigned profiles = 0, fromCache = 0, filters = 0, rules = 0;
};

// 1. Every file of the manifest is verified; 2. mechanisms; 3. filters and device programs are shown to the kernel;
// 4. profiles are loaded; 5. udev's rules are installed and devices triggered. Nothing is changed before 4.
Result<LoadReport> load(const LoadOptions &options);

struct UnloadReport {
  std::vector<std::string> snaps;
  unsigned profiles = 0;
  std::vector<std::string> busy; // labels that still have processes; their device groups stay
};
Result<UnloadReport> unload(const LoadOptions &options);

struct MechanismState {
  Mechanism mechanism;
  std::string missing; // "": there
};
struct ProfileState {
  std::string name, mode; // mode "": not loaded
  bool isOurs = false;    // what is loaded is what `load` loaded
};
struct SystemState {
  std::vector<MechanismState> mechanisms;
  std::vector<ProfileState> profiles;  // that `load` loaded
  std::vector<std::string> namespaces; // kept, by instance
};
SystemState systemState();

} // namespace snapsecc::runtime
