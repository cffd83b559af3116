// SPDX-License-Identifier: Apache-2.0
// The control group that lets a label's processes use its devices and no others. Of the first version: devices.deny and
// devices.allow (Documentation/admin-guide/cgroup-v1/devices.rst). Of the second: a program of our own
// (BPF_PROG_TYPE_CGROUP_DEVICE), and a pinned map where udev may add devices later.
#pragma once
#include "runtime/Devices.h"

namespace snapsecc::runtime {

enum class CgroupKind { None, V1, V2 };
// Where this process is in the hierarchy that confines devices.
struct CgroupPlace {
  CgroupKind kind = CgroupKind::None;
  std::string directory; // of this process: mount point and path
};

// The first version where its devices controller is mounted, as there the second has no other means; `only`: that one.
Result<CgroupPlace> findCgroup(CgroupKind only = CgroupKind::None);
// mountinfo: proc_pid_mountinfo(5); membership: /proc/self/cgroup. Apart for tests.
CgroupPlace placeOf(std::string_view mountinfo, std::string_view membership, CgroupKind only);

// The label's group below the own one: made, or brought up to date, and entered. Under the snap's lock.
Status enterDeviceCgroup(const DevicePolicy &devices, const CgroupPlace &place);

// A device came or went (udev, RUN+=): the label's groups let it through or do no longer. Groups that are not there yet
// look into udev's database when they are made.
// `tag`: the labels' udevTag.
Status changeDevice(const std::string &tag, const Device &device, bool isAdded);
// Takes away what was made for a label and has no process any more. `left`: how many groups still have.
Status removeDeviceCgroup(const std::string &label, unsigned &left);

} // namespace snapsecc::runtime
