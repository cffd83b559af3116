// SPDX-License-Identifier: Apache-2.0
// snap-confine's order. Nothing of the machine is changed before the policy is read and all mechanisms are found.
//   1. policy, label, mechanisms, environment, words; 2. the snap's lock; 3. device group: it is about the host's
//   devices, so before any namespace; 4. mount namespaces; 5. the lock is given back; nice; the user's directories;
//   6. AppArmor, queued for execve; 7. user; seccomp, by the last privilege that is left, and then that goes, too;
//   8. execve.
#include "runtime/Run.h"
#include "runtime/AppArmor.h"
#include "runtime/Capabilities.h"
#include "runtime/MountNamespace.h"
#include "runtime/Paths.h"
#include "runtime/Seccomp.h"
#include "runtime/SelfCheck.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

// Everything that is read before anything is done.
struct Plan {
  Found found;
  MechanismSet mechanisms;
  Filters filters;
  DevicePolicy devices;
  CgroupPlace cgroup;
  RootPlan root;
  std::string rootText; // describe()
  std::vector<MountEntry> userMounts;
  User user;
  std::string profileHash;
  std::vector<std::string> words, environment;
  std::string userData, userCommon;
  std::vector<Check> checks; // where they are asked for
};

MechanismSet neededMechanisms(const LabelInfo &label, const Filters &filters, const DevicePolicy &devices) {
  MechanismSet needed;
  needed.add(Mechanism::AppArmor);
  if (!filters.empty()) needed.add(Mechanism::Seccomp);
  if (devices.isNeeded()) needed.add(Mechanism::DeviceCgroup);
  if (label.mode != Mode::Unconfined) needed.add(Mechanism::MountNamespace);
  return needed;
}

Result<Filters> filtersOf(const PolicyTree &policy, const LabelInfo &label) {
  auto one = label.files.find("filter"), two = label.files.find("filters");
  auto which = one != label.files.end() ? one : two;
  if (which == label.files.end()) return Filters{};
  Result<std::string> bytes = readPolicyFile(policy, which->second);
  if (!bytes) return bytes.failure();
  return which == one ? readFilter(*bytes) : readFilters(*bytes);
}

Result<std::string> absolute(const std::string &directory) {
  std::optional<std::string> real = realPath(directory);
  if (!real) return systemFailure("cannot find '" + directory + "'");
  if (Result<Fd> checked = openTrustedDirectory(*real); !checked) return checked.failure();
  return *real;
}

Status planRoot(const PolicyTree &policy, const RunOptions &options, Plan &plan) {
  const SnapInfo &snap = plan.found.snap;
  RootPlan &root = plan.root;
  root.name = snap.name, root.instance = snap.instance, root.revision = snap.revision;
  for (auto [from, to] : {std::pair(&options.base, &root.base), std::pair(&options.snap, &root.snapDirectory)}) {
    if (from->empty()) continue;
    Result<std::string> path = absolute(*from);
    if (!path) return path.failure();
    *to = *path;
  }
  for (auto [extension, to] : {std::pair(".fstab", &root.mounts), std::pair(".user-fstab", &plan.userMounts)}) {
    Result<std::string> table = readIfThere(policy, "mount/snap." + snap.instance + extension);
    if (!table) return table.failure();
    Result<std::vector<MountEntry>> entries = readFstab(*table);
    if (!entries) return entries.failure();
    *to = *entries;
    if (to == &root.mounts) plan.rootText = describe(root, *table);
  }
  return {};
}

Status planChecks(const PolicyTree &policy, Plan &plan) {
  std::string file = "runtime/snap." + plan.found.snap.instance + ".checks";
  if (!hasFile(policy, file))
    return Failure{"the policy has no self-checks; `snapsecc compile --self-check` writes them"};
  Result<std::string> bytes = readPolicyFile(policy, file);
  if (!bytes) return bytes.failure();
  Result<std::vector<Check>> checks = readChecks(*bytes, plan.found.label.name);
  if (!checks) return checks.failure();
  plan.checks = std::move(*checks);
  return {};
}

User caller() {
  uid_t uid = getuid();
  Result<User> found = findUser(std::to_string(uid));
  User user = found ? *found : User{uid, getgid(), "", "/nonexistent"};
  return user;
}

Result<Plan> makePlan(const RunOptions &options, char **environment, std::string &warning) {
  Result<PolicyTree> policy = openPolicy(options.policy);
  if (!policy) return policy.failure();
  Result<Found> found = findLabel(*policy, options.label);
  if (!found) return found.failure();
  Plan plan{std::move(*found)};
  Result<Filters> filters = filtersOf(*policy, plan.found.label);
  if (!filters) return filters.failure();
  Result<DevicePolicy> devices = devicePolicy(*policy, plan.found);
  if (!devices) return devices.failure();
  plan.filters = std::move(*filters), plan.devices = std::move(*devices);
  Result<MechanismSet> mechanisms =
      availableMechanisms(neededMechanisms(plan.found.label, plan.filters, plan.devices), options.mayMiss, warning);
  if (!mechanisms) return mechanisms.failure();
  plan.mechanisms = *mechanisms;
  if (auto profile = plan.found.label.files.find("profile"); profile != plan.found.label.files.end()) {
    if (Result<std::string> text = readPolicyFile(*policy, profile->second); !text) return text.failure();
    plan.profileHash = policy->manifest.files[profile->second].sha256;
  } else {
    return Failure{"the policy has no profile for '" + options.label + "'"};
  }
  if (plan.mechanisms.has(Mechanism::DeviceCgroup)) {
    Result<CgroupPlace> place = findCgroup(options.cgroup);
    if (!place) return Failure{"device-cgroup: " + place.failure().what};
    plan.cgroup = std::move(*place);
  }
  if (Status root = planRoot(*policy, options, plan); !root) return root.failure();
  Result<User> user = options.user.empty() ? Result<User>(caller()) : findUser(options.user);
  if (!user) return user.failure();
  plan.user = std::move(*user);
  Environment env = makeEnvironment(plan.found.snap, plan.found.label, plan.user, policy->manifest.arch, environment);
  if (options.command == "self-check")
    if (Status read = planChecks(*policy, plan); !read) return read.failure();
  Result<std::vector<std::string>> words = commandWords(plan.found, options, env);
  if (!words) return words.failure();
  plan.words = std::move(*words), plan.environment = env.strings();
  plan.userData = env.get("SNAP_USER_DATA"), plan.userCommon = env.get("SNAP_USER_COMMON");
  return plan;
}

// Step 3 and 4, under the snap's lock.
Status enterConfinement(Plan &plan) {
  if (Status ready = prepareRunDirectory(); !ready) return ready;
  Result<Fd> lock = lockFile(std::string(paths::locks) + "/" + plan.found.snap.instance);
  if (!lock) return lock.failure();
  if (plan.mechanisms.has(Mechanism::DeviceCgroup))
    if (Status entered = enterDeviceCgroup(plan.devices, plan.cgroup); !entered)
      return Failure{"device-cgroup: " + entered.failure().what};
  if (!plan.mechanisms.has(Mechanism::MountNamespace)) return {};
  Result<std::string> tmp = privateTmp(plan.found.snap.instance);
  if (!tmp) return tmp.failure();
  plan.root.tmp = *tmp;
  if (Status entered = enterSnapNamespace(plan.root, plan.rootText); !entered)
    return Failure{"mount-namespace: " + entered.failure().what};
  return {};
}

// As snap-confine: the directory that the caller is in, if the snap sees the same one, else one that is empty.
class WorkingDirectory {
public:
  WorkingDirectory() : path(get()) { known = stat(".", &before) == 0; }
  void restore() const {
    struct stat now;
    bool same = known && stat(path.c_str(), &now) == 0 && now.st_dev == before.st_dev && now.st_ino == before.st_ino;
    if (same && chdir(path.c_str()) == 0) return;
    if (chdir("/var/lib/snapd/void") != 0) (void)!chdir("/");
  }

private:
  static std::string get() {
    char text[4096];
    return getcwd(text, sizeof text) ? text : "/";
  }
  std::string path;
  struct stat before;
  bool known;
};

// As the user, whose home it is: nobody else's files can be touched by what lies there.
Status makeUserDirectories(const Plan &plan) {
  struct stat home;
  if (stat(plan.user.home.c_str(), &home) != 0) return {}; // a system's user has none
  for (const std::string &directory : {plan.userData, plan.userCommon}) {
    std::string whole;
    for (const std::string &part : split(directory, '/')) {
      whole += "/" + part;
      if (whole.size() <= plan.user.home.size()) continue;
      if (mkdir(whole.c_str(), whole == plan.user.home + "/snap" ? 0700 : 0755) != 0 && errno != EEXIST)
        return systemFailure("cannot make '" + whole + "'");
    }
  }
  return {};
}

std::vector<char *> pointers(std::vector<std::string> &strings) {
  std::vector<char *> list;
  for (std::string &one : strings)
    list.push_back(one.data());
  list.push_back(nullptr);
  return list;
}

// With execve, or now.
Status changeProfileAt(const Plan &plan, bool atExec) {
  const std::string &label = plan.found.label.name;
  if (plan.mechanisms.has(Mechanism::AppArmor))
    if (Status changed = atExec ? changeProfileOnExec(label) : changeProfile(label); !changed)
      return Failure{"apparmor: " + changed.failure().what};
  return {};
}

Status restrictCalls(const Plan &plan) {
  if (plan.mechanisms.has(Mechanism::Seccomp))
    if (Status loaded = loadFilters(plan.filters); !loaded) return Failure{"seccomp: " + loaded.failure().what};
  return {};
}

// Steps 6 to 8.
Failure execute(Plan &plan, const WorkingDirectory &directory) {
  std::vector<char *> words = pointers(plan.words), environment = pointers(plan.environment);
  if (Status queued = changeProfileAt(plan, true); !queued) return queued.failure();
  if (Status user = becomeUser(plan.user, CAP_SYS_ADMIN); !user) return user.failure();
  if (plan.found.label.mode != Mode::Unconfined)
    if (Status made = makeUserDirectories(plan); !made) return made.failure();
  directory.restore();
  if (Status restricted = restrictCalls(plan); !restricted) return restricted.failure();
  if (Status dropped = dropCapabilities(); !dropped) return dropped.failure();
  execve(words[0], words.data(), environment.data());
  return systemFailure("cannot execute '" + plan.words[0] + "'");
}

// Steps 1 to 5.
Result<Plan> prepare(const RunOptions &options, char **environment, void (*say)(const std::string &line)) {
  if (geteuid() != 0) return Failure{"only root can confine: run it as root, --user names whom the program runs as"};
  std::string warning;
  Result<Plan> plan = makePlan(options, environment, warning);
  if (!plan) return plan;
  if (!warning.empty()) say("not confined by " + warning);
  if (plan->mechanisms.has(Mechanism::AppArmor))
    if (Status checked = checkProfile(plan->found.label, plan->profileHash); !checked) return checked.failure();
  umask(0);
  if (Status entered = enterConfinement(*plan); !entered) return entered.failure();
  if (plan->mechanisms.has(Mechanism::MountNamespace))
    if (Status own = enterOwnNamespace(plan->user, plan->userMounts); !own)
      return Failure{"mount-namespace: " + own.failure().what};
  umask(0022);
  if (options.nice && setpriority(PRIO_PROCESS, 0, *options.nice) != 0) return systemFailure("cannot set the niceness");
  return plan;
}

} // namespace

Failure run(const RunOptions &options, char **environment, void (*say)(const std::string &line)) {
  WorkingDirectory directory;
  Result<Plan> plan = prepare(options, environment, say);
  return plan ? execute(*plan, directory) : plan.failure();
}

Result<unsigned> selfCheck(const RunOptions &options, char **environment, void (*say)(const std::string &line),
                           void (*print)(const std::string &line)) {
  Result<Plan> plan = prepare(options, environment, say);
  if (!plan) return plan.failure();
  unsigned wrong = 0;
  for (const Check &check : plan->checks) {
    // Without execve, so the capabilities stay that root would get back there.
    Result<ProbeResult> result = tryProbe(check.probe, [&] {
      Status changed = changeProfileAt(*plan, false);
      return changed ? restrictCalls(*plan) : changed;
    });
    if (!result) return result.failure();
    Judged judged = judge(check, *result, plan->mechanisms, plan->found.label.mode == Mode::Complain);
    const char *verdict = judged.outcome == Outcome::AsSaid  ? "ok   "
                          : judged.outcome == Outcome::Wrong ? "WRONG "
                                                             : "skip  ";
    print(verdict + judged.text);
    wrong += judged.outcome == Outcome::Wrong;
  }
  return wrong;
}

} // namespace snapsecc::runtime
