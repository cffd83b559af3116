// SPDX-License-Identifier: Apache-2.0
#include "runtime/Bpf.h"
#include <sys/syscall.h>
#include <unistd.h>

namespace snapsecc::runtime::bpf {
namespace {

constexpr uint32_t mostDevices = 1000;
constexpr uint8_t present = 1;

long call(bpf_cmd command, bpf_attr &attributes) { return syscall(SYS_bpf, command, &attributes, sizeof attributes); }

// Every byte of the union must be zero where it means nothing.
bpf_attr zero() {
  bpf_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  return attributes;
}

uint64_t address(const void *pointer) { return reinterpret_cast<uintptr_t>(pointer); }

Key keyOf(const Device &device) {
  return {device.type == 'c' ? uint32_t(BPF_DEVCG_DEV_CHAR) : uint32_t(BPF_DEVCG_DEV_BLOCK), device.major,
          device.minor};
}

Result<Fd> fdById(bpf_cmd command, uint32_t id) {
  bpf_attr attributes = zero();
  attributes.prog_id = id;
  Fd fd(static_cast<int>(call(command, attributes)));
  if (!fd) return systemFailure("cannot open BPF program " + std::to_string(id));
  return fd;
}

} // namespace

Result<std::vector<bpf_insn>> withoutMap(std::string_view program) {
  std::vector<bpf_insn> instructions(program.size() / sizeof(bpf_insn));
  memcpy(instructions.data(), program.data(), instructions.size() * sizeof(bpf_insn));
  size_t count = instructions.size();
  auto is = [&](size_t at, uint8_t code) { return instructions[at].code == code && instructions[at].imm == 0; };
  if (count < 2 || !is(count - 2, BPF_ALU64 | BPF_MOV | BPF_K) || !is(count - 1, BPF_JMP | BPF_EXIT))
    return Failure{"a device program does not end in a refusal"};
  return instructions;
}

Result<std::vector<bpf_insn>> withMap(std::string_view program, int map) {
  Result<std::vector<bpf_insn>> made = withoutMap(program);
  if (!made) return made;
  made->resize(made->size() - 2);
  auto add = [&](uint8_t code, uint8_t target, uint8_t source, int16_t offset, int32_t immediate) {
    bpf_insn one{};
    one.code = code, one.dst_reg = target, one.src_reg = source, one.off = offset, one.imm = immediate;
    made->push_back(one);
  };
  constexpr int16_t key = -12; // on the stack: type, major, minor, which the program has in r2, r3, r4
  for (uint8_t i = 0; i < 3; ++i)
    add(BPF_STX | BPF_MEM | BPF_W, BPF_REG_10, BPF_REG_2 + i, static_cast<int16_t>(key + 4 * i), 0);
  auto lookUp = [&](int16_t toAllow) {
    add(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map);
    add(0, 0, 0, 0, 0);
    add(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0);
    add(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, key);
    add(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem);
    add(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0, toAllow, 0);
  };
  lookUp(9);
  add(BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, key + 8, -1);
  lookUp(2);
  for (int32_t verdict : {0, 1}) {
    add(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, verdict);
    add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
  }
  return made;
}

Result<Fd> makeMap() {
  bpf_attr attributes = zero();
  attributes.map_type = BPF_MAP_TYPE_HASH;
  attributes.key_size = sizeof(Key);
  attributes.value_size = sizeof present;
  attributes.max_entries = mostDevices;
  attributes.map_flags = BPF_F_NO_PREALLOC;
  memcpy(attributes.map_name, "snapsec_devices", 15);
  Fd fd(static_cast<int>(call(BPF_MAP_CREATE, attributes)));
  if (!fd) return systemFailure("cannot make a BPF map");
  return fd;
}

Result<Fd> openPinned(const std::string &path) {
  bpf_attr attributes = zero();
  attributes.pathname = address(path.c_str());
  Fd fd(static_cast<int>(call(BPF_OBJ_GET, attributes)));
  if (!fd && errno != ENOENT) return systemFailure("cannot open '" + path + "'");
  return fd;
}

Result<uint32_t> mapId(const Fd &map) {
  bpf_map_info info{};
  bpf_attr attributes = zero();
  attributes.info.bpf_fd = static_cast<uint32_t>(map.get());
  attributes.info.info_len = sizeof info;
  attributes.info.info = address(&info);
  if (call(BPF_OBJ_GET_INFO_BY_FD, attributes) != 0) return systemFailure("cannot look at a map of devices");
  return info.id;
}

Status pin(const Fd &object, const std::string &path) {
  bpf_attr attributes = zero();
  attributes.pathname = address(path.c_str());
  attributes.bpf_fd = static_cast<uint32_t>(object.get());
  if (call(BPF_OBJ_PIN, attributes) != 0) return systemFailure("cannot pin '" + path + "'; is bpffs mounted?");
  return {};
}

Status setInMap(const Fd &map, const Device &device, bool isThere) {
  bpf_attr attributes = zero();
  Key key = keyOf(device);
  attributes.map_fd = static_cast<uint32_t>(map.get());
  attributes.key = address(&key);
  if (isThere) attributes.value = address(&present);
  bool good = call(isThere ? BPF_MAP_UPDATE_ELEM : BPF_MAP_DELETE_ELEM, attributes) == 0;
  if (!good && (isThere || errno != ENOENT)) return systemFailure("cannot change a map of devices");
  return {};
}

Status fillMap(const Fd &map, const std::set<Device> &devices) {
  std::set<Device> stale;
  Key key{}, next;
  bpf_attr attributes = zero();
  attributes.map_fd = static_cast<uint32_t>(map.get());
  attributes.next_key = address(&next);
  for (; call(BPF_MAP_GET_NEXT_KEY, attributes) == 0; key = next, attributes.key = address(&key))
    stale.insert({next.type == BPF_DEVCG_DEV_CHAR ? 'c' : 'b', next.major, next.minor});
  for (const Device &device : devices)
    if (Status set = stale.erase(device) ? Status() : setInMap(map, device, true); !set) return set;
  for (const Device &device : stale)
    if (Status set = setInMap(map, device, false); !set) return set;
  return {};
}

Result<Fd> loadDeviceProgram(const std::vector<bpf_insn> &instructions, const std::string &name) {
  bpf_attr attributes = zero();
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = address(instructions.data());
  attributes.insn_cnt = static_cast<uint32_t>(instructions.size());
  attributes.license = address("Apache-2.0");
  memcpy(attributes.prog_name, name.data(), std::min<size_t>(name.size(), BPF_OBJ_NAME_LEN - 1));
  Fd fd(static_cast<int>(call(BPF_PROG_LOAD, attributes)));
  if (!fd) return systemFailure("the kernel refuses the device program");
  return fd;
}

Result<std::vector<uint32_t>> attached(const Fd &cgroup) {
  std::vector<uint32_t> ids(64);
  bpf_attr attributes = zero();
  attributes.query.target_fd = static_cast<uint32_t>(cgroup.get());
  attributes.query.attach_type = BPF_CGROUP_DEVICE;
  attributes.query.prog_ids = address(ids.data());
  attributes.query.prog_cnt = static_cast<uint32_t>(ids.size());
  if (call(BPF_PROG_QUERY, attributes) != 0) return systemFailure("cannot ask a control group for its programs");
  ids.resize(attributes.query.prog_cnt);
  return ids;
}

std::string programName(uint32_t id) {
  Result<Fd> program = fdById(BPF_PROG_GET_FD_BY_ID, id);
  if (!program) return "";
  bpf_prog_info info{};
  bpf_attr attributes = zero();
  attributes.info.bpf_fd = static_cast<uint32_t>(program->get());
  attributes.info.info_len = sizeof info;
  attributes.info.info = address(&info);
  if (call(BPF_OBJ_GET_INFO_BY_FD, attributes) != 0) return "";
  return {info.name, strnlen(info.name, sizeof info.name)};
}

Status attach(const Fd &cgroup, const Fd &program) {
  bpf_attr attributes = zero();
  attributes.target_fd = static_cast<uint32_t>(cgroup.get());
  attributes.attach_bpf_fd = static_cast<uint32_t>(program.get());
  attributes.attach_type = BPF_CGROUP_DEVICE;
  attributes.attach_flags = BPF_F_ALLOW_MULTI; // groups below may have programs of their own; all must let through
  if (call(BPF_PROG_ATTACH, attributes) != 0) return systemFailure("cannot attach the device program");
  return {};
}

Status detach(const Fd &cgroup, uint32_t id) {
  Result<Fd> program = fdById(BPF_PROG_GET_FD_BY_ID, id);
  if (!program) return program.failure();
  bpf_attr attributes = zero();
  attributes.target_fd = static_cast<uint32_t>(cgroup.get());
  attributes.attach_bpf_fd = static_cast<uint32_t>(program->get());
  attributes.attach_type = BPF_CGROUP_DEVICE;
  if (call(BPF_PROG_DETACH, attributes) != 0) return systemFailure("cannot detach a device program");
  return {};
}

} // namespace snapsecc::runtime::bpf
