// SPDX-License-Identifier: Apache-2.0
// The device filter of a control group as an eBPF program (BPF_PROG_TYPE_CGROUP_DEVICE): 1 allows, 0 refuses with
// EPERM. What is to be done with a device (read, write, mknod) is not looked at, as in the rules `rwm` of the first
// version of control groups: that is AppArmor's matter.
#pragma once
#include "backends/cgroup/Cgroup.h"

namespace snapsecc::cgroup {

// struct bpf_insn of linux/bpf.h, with the registers apart: the kernel has them in one byte whose halves are swapped on
// big-endian machines.
struct Instruction {
  uint8_t code = 0, target = 0, source = 0;
  int16_t offset = 0;
  int32_t immediate = 0;
};
// The last two instructions refuse: a loader that knows more devices may put another program in their place, which has
// the type in r2 (1 block, 2 char), the major number in r3 and the minor one in r4.
std::vector<Instruction> assembleDeviceFilter(const std::vector<DeviceEntry> &devices);
// As the kernel reads it on the target.
std::string encode(const std::vector<Instruction> &program, bool bigEndian);
// One instruction a line, in the kernel's own notation: `if r3 != 1 goto +4`.
std::string print(const std::vector<Instruction> &program);

} // namespace snapsecc::cgroup
