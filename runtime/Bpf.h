// SPDX-License-Identifier: Apache-2.0
// bpf(2), as far as device groups of cgroup v2 need it.
#pragma once
#include "runtime/Devices.h"
#include <linux/bpf.h>

namespace snapsecc::runtime::bpf {

// The key of the map of devices; the value is one byte.
struct Key {
  uint32_t type, major, minor; // type: BPF_DEVCG_DEV_*
};

// What the policy's program refuses (its last two instructions) is looked up in the map: exactly, then with any minor.
Result<std::vector<bpf_insn>> withMap(std::string_view program, int map);
Result<std::vector<bpf_insn>> withoutMap(std::string_view program);

Result<Fd> makeMap();
Result<Fd> openPinned(const std::string &path); // no descriptor where there is none
Result<uint32_t> mapId(const Fd &map);
Status pin(const Fd &object, const std::string &path);
// The map holds these devices and no others.
Status fillMap(const Fd &map, const std::set<Device> &devices);
Status setInMap(const Fd &map, const Device &device, bool isThere);

// `name`: up to 15 letters or digits, seen by programName.
Result<Fd> loadDeviceProgram(const std::vector<bpf_insn> &instructions, const std::string &name);
// The programs that are attached to a control group itself.
Result<std::vector<uint32_t>> attached(const Fd &cgroup);
std::string programName(uint32_t id);
Status attach(const Fd &cgroup, const Fd &program);
Status detach(const Fd &cgroup, uint32_t program);

} // namespace snapsecc::runtime::bpf
