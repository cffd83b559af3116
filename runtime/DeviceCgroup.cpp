// SPDX-License-Identifier: Apache-2.0
// A group lasts as long as the policy is loaded, one a label below each group that starts it: what comes and goes with
// every start could be left behind by a SIGKILL.
#include "runtime/DeviceCgroup.h"
#include "runtime/Bpf.h"
#include "runtime/Paths.h"
#include "runtime/Sha256.h"
#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <functional>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

// mountinfo: id parent major:minor root place options [optional...] - type source super-options
struct MountLine {
  std::string place, type, options;
};
std::optional<MountLine> readMountLine(const std::string &line) {
  std::vector<std::string> words = split(line, ' ');
  auto dash = std::find(words.begin(), words.end(), "-");
  if (dash - words.begin() < 6 || words.end() - dash < 4) return std::nullopt;
  return MountLine{words[4], dash[1], dash[3]};
}

bool hasWord(const std::string &list, const std::string &word) {
  std::vector<std::string> words = split(list, ',');
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The path of the own group: "5:devices:/path", "0::/path".
std::string membershipPath(std::string_view membership, CgroupKind kind) {
  for (const std::string &line : split(membership, '\n')) {
    size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    std::string controllers = line.substr(first + 1, second - first - 1);
    if (kind == CgroupKind::V2 ? controllers.empty() : hasWord(controllers, "devices")) return line.substr(second + 1);
  }
  return "/";
}

std::string pinPath(const std::string &tag) { return std::string(paths::bpf) + "/" + tag; }

// A start from inside the label's own group stays where it is.
std::string groupFor(const std::string &label, const std::string &own) {
  bool isInside = own.size() > label.size() && own.substr(own.size() - label.size() - 1) == "/" + label;
  return isInside ? own : own + (own.back() == '/' ? "" : "/") + label;
}

Status fillV1(const std::string &group, std::set<Device> wanted) {
  std::vector<std::string> now = split(readKernelFile(group + "/devices.list").value_or(""), '\n'), lines;
  for (const Device &device : wanted)
    lines.push_back(print(device));
  std::sort(now.begin(), now.end());
  std::sort(lines.begin(), lines.end());
  if (now == lines) return {};
  if (Status deny = writeKernelFile(group + "/devices.deny", "a"); !deny) return deny;
  for (const std::string &line : lines)
    if (Status allow = writeKernelFile(group + "/devices.allow", line); !allow) return allow;
  return {};
}

// The label's map, made where udev may add devices or has found some; no descriptor: none is needed.
Result<Fd> openMap(const DevicePolicy &devices) {
  if (devices.found.empty() && !devices.canGrow) return Fd();
  std::string path = pinPath(devices.tag);
  Result<Fd> map = bpf::openPinned(path);
  if (!map) return map;
  if (!*map) {
    if (mkdir(paths::bpf, 0700) != 0 && errno != EEXIST)
      return systemFailure("cannot make '" + std::string(paths::bpf) + "'; is bpffs mounted?");
    map = bpf::makeMap();
    if (!map) return map;
    if (Status pinned = bpf::pin(*map, path); !pinned) return pinned.failure();
  }
  if (Status filled = bpf::fillMap(*map, devices.found); !filled) return filled.failure();
  return map;
}

Status fillV2(const std::string &group, const DevicePolicy &devices) {
  Fd cgroup(open(group.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!cgroup) return systemFailure("cannot open '" + group + "'");
  Result<Fd> map = openMap(devices);
  if (!map) return map.failure();
  Result<uint32_t> id = *map ? bpf::mapId(*map) : Result<uint32_t>(0u);
  if (!id) return id.failure();
  // The name, for which the kernel has 15 bytes, tells which program it is, and with which map.
  std::string name = "s" + sha256(devices.program + std::to_string(*id)).substr(0, 14);
  Result<std::vector<uint32_t>> before = bpf::attached(cgroup);
  if (!before) return before.failure();
  if (before->size() == 1 && bpf::programName(before->front()) == name) return {};
  Result<std::vector<bpf_insn>> code =
      *map ? bpf::withMap(devices.program, map->get()) : bpf::withoutMap(devices.program);
  if (!code) return code.failure();
  Result<Fd> program = bpf::loadDeviceProgram(*code, name);
  if (!program) return program.failure();
  if (Status attached = bpf::attach(cgroup, *program); !attached) return attached;
  for (uint32_t old : *before) // only now: both hold for a moment, never none
    if (Status gone = bpf::detach(cgroup, old); !gone) return gone;
  return {};
}

using Visitor = std::function<void(const std::string &group, CgroupKind kind)>;

// The groups below a directory whose names are labels with this tag; those deeper down first.
void forEachGroup(const std::string &directory, const std::string &tag, CgroupKind kind, unsigned depth,
                  const Visitor &visit) {
  for (const auto &[name, type] : listDirectory(directory)) {
    if (type != DT_DIR || depth > 64) continue;
    forEachGroup(directory + "/" + name, tag, kind, depth + 1, visit);
    if (udevTag(name) == tag && instanceOf(name)) visit(directory + "/" + name, kind);
  }
}

// Both versions may be there, each with groups of ours.
void forEachGroup(const std::string &tag, const Visitor &visit) {
  std::string mounts = readKernelFile("/proc/self/mountinfo", 16u << 20).value_or("");
  for (CgroupKind kind : {CgroupKind::V1, CgroupKind::V2}) // a process at the top: the mount point itself
    if (CgroupPlace place = placeOf(mounts, "", kind); place.kind != CgroupKind::None)
      forEachGroup(place.directory, tag, kind, 0, visit);
}

} // namespace

CgroupPlace placeOf(std::string_view mountinfo, std::string_view membership, CgroupKind only) {
  std::string v1, v2;
  for (const std::string &text : split(mountinfo, '\n')) {
    std::optional<MountLine> line = readMountLine(text);
    if (line && line->type == "cgroup" && hasWord(line->options, "devices")) v1 = line->place;
    if (line && line->type == "cgroup2") v2 = line->place;
  }
  CgroupKind kind = only != CgroupKind::None ? only : v1.empty() ? CgroupKind::V2 : CgroupKind::V1;
  std::string place = kind == CgroupKind::V1 ? v1 : v2;
  if (place.empty()) return {};
  std::string path = membershipPath(membership, kind);
  return {kind, path == "/" ? place : place + path};
}

Result<CgroupPlace> findCgroup(CgroupKind only) {
  CgroupPlace place = placeOf(readKernelFile("/proc/self/mountinfo", 16u << 20).value_or(""),
                              readKernelFile("/proc/self/cgroup").value_or(""), only);
  if (place.kind == CgroupKind::None) return Failure{"no hierarchy of control groups that confines devices is mounted"};
  return place;
}

Status enterDeviceCgroup(const DevicePolicy &devices, const CgroupPlace &place) {
  std::string group = groupFor(devices.label, place.directory);
  if (mkdir(group.c_str(), 0755) != 0 && errno != EEXIST) return systemFailure("cannot make '" + group + "'");
  std::set<Device> all = devices.listed;
  all.insert(devices.found.begin(), devices.found.end());
  Status filled = place.kind == CgroupKind::V1 ? fillV1(group, all) : fillV2(group, devices);
  // In the first version a single thread that moves itself does not wait for all others (cgroup_procs_write_start in
  // kernel/cgroup/cgroup.c), which would take some ten milliseconds. This process has no other thread.
  return filled ? writeKernelFile(group + (place.kind == CgroupKind::V1 ? "/tasks" : "/cgroup.procs"), "0") : filled;
}

Status changeDevice(const std::string &tag, const Device &device, bool isAdded) {
  Status status;
  forEachGroup(tag, [&](const std::string &group, CgroupKind kind) {
    if (kind != CgroupKind::V1) return;
    if (Status changed = writeKernelFile(group + (isAdded ? "/devices.allow" : "/devices.deny"), print(device));
        !changed)
      status = changed;
  });
  Result<Fd> map = bpf::openPinned(pinPath(tag));
  if (map && *map)
    if (Status changed = bpf::setInMap(*map, device, isAdded); !changed) status = changed;
  return status;
}

Status removeDeviceCgroup(const std::string &label, unsigned &left) {
  Status status;
  left = 0;
  const std::string tag = udevTag(label);
  forEachGroup(tag, [&](const std::string &group, CgroupKind) {
    if (rmdir(group.c_str()) == 0) return;
    if (errno == EBUSY)
      ++left;
    else
      status = systemFailure("cannot remove '" + group + "'");
  });
  if (left == 0 && unlink(pinPath(tag).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
    status = systemFailure("cannot remove '" + pinPath(tag) + "'");
  return status;
}

} // namespace snapsecc::runtime
