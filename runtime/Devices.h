// SPDX-License-Identifier: Apache-2.0
// Which devices a label may use on this machine: the policy's list, and what is found here: devices that udev has
// tagged for it, and those of everybody whose numbers are given out as drivers come.
#pragma once
#include "runtime/PolicyTree.h"
#include <set>

namespace snapsecc::runtime {

constexpr uint32_t anyMinor = ~0u;

struct Device {
  char type = 'c'; // c, b
  uint32_t major = 0, minor = 0;
  auto operator<=>(const Device &) const = default;
};
// "c 1:3 rwm", as the first version of control groups reads it.
std::string print(const Device &device);
std::optional<Device> readNumbers(char type, std::string_view majorAndMinor); // "1:3", "136:*"

struct DevicePolicy {
  std::string label, tag;
  std::string program;     // the policy's own, without what is found
  std::set<Device> listed; // by the policy
  std::set<Device> found;  // on this machine
  bool canGrow = false;    // udev rules may tag more
  bool isRequired = true;  // else none is made where nothing is tagged: bases before core24
  bool isNeeded() const { return !program.empty() && (isRequired || !found.empty() || canGrow); }
};

// The tag of a label: '.' is '_', '+' is "__". The compiler's udev rules use the same.
std::string udevTag(const std::string &label);
Result<DevicePolicy> devicePolicy(const PolicyTree &policy, const Found &found);
// udev's database, /run/udev: what has the tag now.
std::set<Device> taggedDevices(const std::string &tag);

} // namespace snapsecc::runtime
