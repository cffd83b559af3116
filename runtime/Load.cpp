// SPDX-License-Identifier: Apache-2.0
#include "runtime/Load.h"
#include "runtime/AppArmor.h"
#include "runtime/Bpf.h"
#include "runtime/DeviceCgroup.h"
#include "runtime/MountNamespace.h"
#include "runtime/Paths.h"
#include "runtime/Profiles.h"
#include "runtime/Seccomp.h"
#include "runtime/Tool.h"
#include "runtime/Udev.h"
#include <sys/wait.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

constexpr char profileFolder[] = "apparmor/profiles/";

bool isIn(const std::string &path, std::string_view folder) { return path.compare(0, folder.size(), folder) == 0; }

Status verifyAll(const PolicyTree &policy) {
  for (const auto &[path, entry] : policy.manifest.files)
    if (!entry.isLink)
      if (Result<std::string> bytes = readPolicyFile(policy, path); !bytes) return bytes.failure();
  return {};
}

Result<std::vector<SnapInfo>> snapsOf(const PolicyTree &policy) {
  std::vector<SnapInfo> snaps;
  for (const auto &[path, entry] : policy.manifest.files) {
    if (!isIn(path, "runtime/snap.") || path.substr(path.size() - 4) != ".run") continue;
    Result<std::string> bytes = readPolicyFile(policy, path);
    if (!bytes) return bytes.failure();
    Result<SnapInfo> snap = readRuntimeFile(*bytes);
    if (!snap) return snap.failure();
    snaps.push_back(std::move(*snap));
  }
  if (snaps.empty()) return Failure{"'" + policy.path + "' holds no policy of a snap"};
  return snaps;
}

// The kernel takes the filters: tried by a child, which ends with them.
Status tryFilters(const Filters &filters, const std::string &name) {
  pid_t child = fork();
  if (child < 0) return systemFailure("cannot fork");
  if (child == 0) {
    Status loaded = loadFilters(filters);
    // Under a filter exit_group may be all that is left.
    _exit(loaded ? 0 : 1);
  }
  int state = 0;
  while (waitpid(child, &state, 0) < 0)
    if (errno != EINTR) return systemFailure("cannot wait for a child");
  bool good = WIFSIGNALED(state) || WEXITSTATUS(state) == 0; // a filter may kill who ends
  return good ? Status() : Failure{"seccomp: the kernel refuses the filters of '" + name + "'"};
}

Status checkLabel(const PolicyTree &policy, const LabelInfo &label, const MechanismSet &has, LoadReport &report) {
  for (auto [kind, read] : {std::pair("filter", &readFilter), std::pair("filters", &readFilters)}) {
    auto file = label.files.find(kind);
    if (file == label.files.end()) continue;
    Result<std::string> bytes = readPolicyFile(policy, file->second);
    if (!bytes) return bytes.failure();
    Result<Filters> filters = read(*bytes);
    if (!filters) return Failure{"'" + file->second + "': " + filters.failure().what};
    ++report.filters;
    if (has.has(Mechanism::Seccomp))
      if (Status taken = tryFilters(*filters, label.name); !taken) return taken;
  }
  auto program = label.files.find("device-program");
  if (program == label.files.end() || !has.has(Mechanism::DeviceCgroup)) return {};
  Result<CgroupPlace> place = findCgroup();
  if (!place || place->kind != CgroupKind::V2) return {};
  Result<std::string> bytes = readPolicyFile(policy, program->second);
  if (!bytes) return bytes.failure();
  Result<std::vector<bpf_insn>> code = bpf::withoutMap(*bytes);
  if (!code) return Failure{"'" + program->second + "': " + code.failure().what};
  Result<Fd> loaded = bpf::loadDeviceProgram(*code, "snapsec_check");
  return loaded ? Status() : Failure{"device-cgroup: '" + program->second + "': " + loaded.failure().what};
}

Status loadProfiles(const PolicyTree &policy, LoadReport &report) {
  for (const auto &[path, entry] : policy.manifest.files) {
    if (!isIn(path, profileFolder) || entry.isLink) continue;
    Result<std::string> text = readPolicyFile(policy, path);
    if (!text) return text.failure();
    bool fromCache = false;
    if (Status loaded = loadProfile(path.substr(sizeof profileFolder - 1), *text, fromCache); !loaded) return loaded;
    ++report.profiles;
    report.fromCache += fromCache;
  }
  return {};
}

MechanismSet needs() {
  MechanismSet all;
  for (Mechanism one : allMechanisms)
    all.add(one);
  return all;
}

Status onlyRoot() { return geteuid() == 0 ? Status() : Failure{"only root can change what the kernel enforces"}; }

} // namespace

Result<LoadReport> load(const LoadOptions &options) {
  if (Status root = onlyRoot(); !root) return root.failure();
  Result<PolicyTree> policy = openPolicy(options.policy);
  if (!policy) return policy.failure();
  if (Status verified = verifyAll(*policy); !verified) return verified.failure();
  Result<std::vector<SnapInfo>> snaps = snapsOf(*policy);
  if (!snaps) return snaps.failure();
  LoadReport report;
  std::string warning;
  Result<MechanismSet> has = availableMechanisms(needs(), options.mayMiss, warning);
  if (!has) return has.failure();
  if (!warning.empty()) report.warnings.push_back("not confined by " + warning);
  for (const SnapInfo &snap : *snaps) {
    report.snaps.push_back(snap.instance);
    for (const LabelInfo &label : snap.labels)
      if (Status checked = checkLabel(*policy, label, *has, report); !checked) return checked.failure();
  }
  if (Status ready = prepareRunDirectory(); !ready) return ready.failure();
  Result<Fd> lock = lockFile(std::string(paths::locks) + "/.load");
  if (!lock) return lock.failure();
  if (has->has(Mechanism::AppArmor))
    if (Status loaded = loadProfiles(*policy, report); !loaded) return loaded.failure();
  if (Status installed = installUdevRules(*policy, report.rules, report.warnings); !installed)
    return installed.failure();
  return report;
}

Result<UnloadReport> unload(const LoadOptions &options) {
  if (Status root = onlyRoot(); !root) return root.failure();
  Result<PolicyTree> policy = openPolicy(options.policy);
  if (!policy) return policy.failure();
  Result<std::vector<SnapInfo>> snaps = snapsOf(*policy);
  if (!snaps) return snaps.failure();
  if (Status ready = prepareRunDirectory(); !ready) return ready.failure();
  Result<Fd> lock = lockFile(std::string(paths::locks) + "/.load");
  if (!lock) return lock.failure();
  UnloadReport report;
  for (const SnapInfo &snap : *snaps) {
    report.snaps.push_back(snap.instance);
    Result<Fd> own = lockFile(std::string(paths::locks) + "/" + snap.instance);
    if (!own) return own.failure();
    if (Status gone = discardNamespace(snap.instance); !gone) return gone.failure();
    for (const LabelInfo &label : snap.labels) {
      unsigned left = 0;
      if (Status gone = removeDeviceCgroup(label.name, left); !gone) return gone.failure();
      if (left) report.busy.push_back(label.name);
    }
  }
  for (const auto &[path, entry] : policy->manifest.files) {
    if (!isIn(path, profileFolder) || !probeAppArmor()) continue;
    if (Status gone = unloadProfile(path.substr(sizeof profileFolder - 1)); !gone) return gone.failure();
    ++report.profiles;
  }
  if (Status gone = removeUdevRules(*policy); !gone) return gone.failure();
  return report;
}

SystemState systemState() {
  SystemState state;
  for (Mechanism one : allMechanisms) {
    Status there = probe(one);
    state.mechanisms.push_back({one, there ? "" : there.failure().what});
  }
  for (const DirectoryEntry &entry : listDirectory(paths::loaded)) {
    std::optional<LoadedProfile> profile = findLoadedProfile(entry.name);
    ProfileState one{entry.name, profile ? profile->mode : "", profile && isNoted(entry.name, *profile)};
    state.profiles.push_back(std::move(one));
  }
  for (const DirectoryEntry &entry : listDirectory(paths::namespaces)) {
    std::string instance = entry.name.substr(0, entry.name.rfind('.'));
    if (entry.name == instance + ".mnt" && isKept(instance)) state.namespaces.push_back(instance);
  }
  return state;
}

} // namespace snapsecc::runtime
