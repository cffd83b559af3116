// SPDX-License-Identifier: Apache-2.0
// ir::Policy -> device rules: cgroup/LABEL.devices, cgroup/LABEL.bpf (BPF_PROG_TYPE_CGROUP_DEVICE),
// cgroup/snap.S.device, udev/rules.d/70-snap.S.rules, udev/triggers/snap.S.
//
// A `device` rule lets through, at once, the devices whose numbers the kernel fixes and that the pattern is sure to
// cover (StaticDevices.def), and by a udev tag all that are found on the running machine. Denials are AppArmor's: a
// control group does not know paths.
#pragma once
#include "diag/Engine.h"
#include "ir/Artifact.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc::cgroup {

// An entry of a label's static device list.
struct DeviceEntry {
  char type = 'c';          // c, b
  int major = 0, minor = 0; // minor -1: any
  auto operator<=>(const DeviceEntry &) const = default;
};
struct LabelDevices {
  std::string label;
  bool confined = true;             // false: no device control group of ours (self-managed, devmode, classic)
  std::vector<DeviceEntry> devices; // sorted
};
struct SnapDevices {
  std::string snap;
  bool selfManaged = false, nonStrict = false;
  std::vector<std::string> udevRules; // in order
  std::vector<std::string> triggers;  // sorted
};
struct Plan {
  std::vector<LabelDevices> labels;
  std::vector<SnapDevices> snaps;
  bool bigEndian = false; // the target
};

Plan lower(const ir::Policy &policy, const ir::Target &target, Engine &engine);
std::string print(const Plan &plan);
std::vector<ir::Artifact> emit(const Plan &plan);

} // namespace snapsecc::cgroup
