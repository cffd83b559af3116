// SPDX-License-Identifier: Apache-2.0
// snap-confine's order (cmd/snap-confine/mount-support.c), with these differences: the base is mounted read-only part
// by part below a tmpfs, whatever it is; nothing is made in a place of the host; /dev/pts is of each start.
//   1. what is mounted from here on stays here, what the host mounts arrives; 2. a tmpfs with the base's directories
//   and the host's; 3. pivot_root, the host's root aside; 4. what is mounted deeper; 5. the snap, its /tmp, the host's
//   root at its place, the mount table; 6. the namespace's processes share what they mount.
#include "runtime/Root.h"
#include "runtime/Paths.h"
#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

// Of the host, in every root.
constexpr const char *hostTop[] = {"dev", "etc", "home", "root", "proc", "sys", "run", "media", "mnt"};
constexpr const char *hostDeep[] = {"/var/snap",    "/var/lib/snapd", "/var/tmp", "/var/log",
                                    "/lib/modules", "/lib/firmware",  "/usr/src"};
// Of the base, in the host's /etc.
constexpr const char *baseEtc[] = {"/etc/alternatives", "/etc/nsswitch.conf", "/etc/apparmor", "/etc/apparmor.d",
                                   "/etc/ssl"};
constexpr char aside[] = "/.host";
constexpr char hostfs[] = "/var/lib/snapd/hostfs";

bool isHostTop(const std::string &name) {
  return std::any_of(std::begin(hostTop), std::end(hostTop), [&](const char *one) { return name == one; });
}
Status makeDirectory(const std::string &path, mode_t mode = 0755) {
  if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return systemFailure("cannot make '" + path + "'");
  return {};
}

Status addHostDirectory(const std::string &name) {
  std::string place = std::string(paths::root) + "/" + name;
  if (Status made = makeDirectory(place); !made) return made;
  return exists("/" + name) ? bindMount("/" + name, place, true) : Status();
}

Status addBaseEntry(const std::string &base, const std::string &name, unsigned char type) {
  std::string from = base + "/" + name, place = std::string(paths::root) + "/" + name;
  if (type == DT_LNK) {
    std::optional<std::string> text = readLink(from);
    if (!text) return systemFailure("cannot read link '" + from + "'");
    return symlink(text->c_str(), place.c_str()) == 0 ? Status() : systemFailure("cannot make '" + place + "'");
  }
  if (type != DT_DIR) return {};
  if (Status made = makeDirectory(place); !made) return made;
  if (Status bound = bindMount(from, place, false); !bound) return bound;
  return makeReadOnly(place);
}

Status buildTop(const RootPlan &plan) {
  if (Status mounted = mountTmpfs(paths::root, "mode=0755"); !mounted) return mounted;
  // Else binding /run would bring the new root into itself.
  if (Status apart = setPropagation(paths::root, MS_UNBINDABLE); !apart) return apart;
  for (const char *name : hostTop)
    if (Status added = addHostDirectory(name); !added) return added;
  constexpr std::string_view elsewhere[] = {"tmp", "snap", "lost+found"};
  for (const auto &[name, type] : listDirectory(plan.base)) {
    if (isHostTop(name) || std::find(std::begin(elsewhere), std::end(elsewhere), name) != std::end(elsewhere)) continue;
    if (Status added = addBaseEntry(plan.base == "/" ? "" : plan.base, name, type); !added) return added;
  }
  if (Status made = makeDirectory(std::string(paths::root) + "/tmp"); !made) return made;
  return makeDirectory(std::string(paths::root) + aside, 0700);
}

Status pivot() {
  std::string put = std::string(paths::root) + aside;
  if (syscall(SYS_pivot_root, paths::root, put.c_str()) != 0) return systemFailure("cannot make the new root the root");
  if (chdir("/") != 0) return systemFailure("cannot enter the new root");
  return {};
}

// `from` as the host sees it.
Status bindFromHost(MountTable &table, const std::string &from, const std::string &place, bool recursive) {
  if (Status made = table.ensureDirectory(place, 0755); !made) return made;
  table.mayNotChange(place);
  return bindMount(aside + from, place, recursive);
}

// The host's /lib is a link mostly, and the base's: what they lead to is meant.
std::string resolved(const std::string &root, const std::string &path) { return realPath(root + path).value_or(""); }

Status addDeepDirectories(MountTable &table, const RootPlan &plan) {
  for (const char *path : hostDeep) {
    std::string from = resolved(aside, path);
    if (from.compare(0, sizeof aside - 1, aside) != 0) continue; // not on the host
    std::string place = std::string(path).compare(0, 5, "/var/") == 0 ? path : resolved("", path);
    if (place.empty()) continue; // the base has no such place
    if (Status bound = bindFromHost(table, from.substr(sizeof aside - 1), place, true); !bound) return bound;
  }
  if (plan.base == "/") return {};
  for (const char *path : baseEtc) {
    std::string from = aside + plan.base + path;
    if (exists(from) && exists(path))
      if (Status bound = bindMount(from, path, false); !bound) return bound;
  }
  return {};
}

// Of other snaps what the host has mounted, of this one the given directory.
Status addSnap(MountTable &table, const RootPlan &plan) {
  const std::string snap = "/snap/" + plan.name, place = snap + "/" + plan.revision;
  if (exists(std::string(aside) + "/snap"))
    if (Status bound = bindFromHost(table, "/snap", "/snap", true); !bound) return bound;
  if (plan.snapDirectory.empty())
    return plan.name == plan.instance ? Status() : bindFromHost(table, "/snap/" + plan.instance, snap, true);
  if (Status bound = bindFromHost(table, plan.snapDirectory, place, false); !bound) return bound;
  if (Status status = makeReadOnly(place); !status) return status;
  return table.apply({{MountEntry::Kind::Link, plan.revision, snap + "/current"}});
}

// The snap's data, which the installation has made, or which is made now; an instance finds it under its snap's name.
Status addData(MountTable &table, const RootPlan &plan) {
  const std::string own = "/var/snap/" + plan.instance;
  for (const std::string &path : {own + "/common", own + "/" + plan.revision})
    if (Status made = table.ensureDirectory(path, 0755); !made) return made;
  if (plan.name == plan.instance) return {};
  if (Status made = table.ensureDirectory("/var/snap/" + plan.name, 0755); !made) return made;
  return bindMount(own, "/var/snap/" + plan.name, true);
}

Status moveHostAway(MountTable &table) {
  if (Status made = table.ensureDirectory(hostfs, 0755); !made) return made;
  if (mount(aside, hostfs, nullptr, MS_MOVE, nullptr) != 0) return systemFailure("cannot move the host's root");
  rmdir(aside);
  // Seen already where they belong; a second way to them is one too many.
  for (const char *name : {"/sys", "/dev", "/proc"})
    umount2((std::string(hostfs) + name).c_str(), MNT_DETACH);
  return {};
}

// setns(2) goes to the namespace's own root. Were the caller in a chroot, that would be another one than the root that
// was built: none of the next starts would see it.
Status checkNamespaceRoot() {
  struct stat built, own;
  Fd self(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
  if (!self || stat("/", &built) != 0) return systemFailure("cannot look at the new root");
  if (setns(self.get(), CLONE_NEWNS) != 0 || stat("/", &own) != 0)
    return systemFailure("cannot enter the own mount namespace");
  if (built.st_dev != own.st_dev || built.st_ino != own.st_ino)
    return Failure{"the caller's root is not that of its mount namespace (a chroot)"};
  return {};
}

} // namespace

Status enterNewRoot(const RootPlan &plan) {
  MountTable table(User{});
  table.mayChange("/");
  if (Status status = setPropagation("/", MS_REC | MS_SLAVE); !status) return status;
  if (Status status = buildTop(plan); !status) return status;
  if (Status status = pivot(); !status) return status;
  if (Status status = checkNamespaceRoot(); !status) return status;
  if (Status status = addDeepDirectories(table, plan); !status) return status;
  if (Status status = addSnap(table, plan); !status) return status;
  if (Status status = bindMount(aside + plan.tmp, "/tmp", false); !status) return status;
  if (Status status = setPropagation("/tmp", MS_PRIVATE); !status) return status;
  if (Status status = addData(table, plan); !status) return status;
  if (Status status = moveHostAway(table); !status) return status;
  if (Status status = table.apply(plan.mounts); !status) return status;
  if (Status status = makeReadOnly("/"); !status) return status;
  return setPropagation("/", MS_REC | MS_SHARED);
}

} // namespace snapsecc::runtime
