// SPDX-License-Identifier: Apache-2.0
// Keeping a namespace: mount(2) of /proc/PID/ns/mnt (namespaces(7)) by a helper process that stays outside; a namespace
// cannot hold itself. RUN/ns/INSTANCE.info says what is kept: the inode of the namespace and what it was made of. It is
// written last, so that whatever a SIGKILL leaves behind does not match and is made anew.
#include "runtime/MountNamespace.h"
#include "runtime/Paths.h"
#include <csignal>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

std::string keptFile(const std::string &instance) { return std::string(paths::namespaces) + "/" + instance + ".mnt"; }
std::string infoFile(const std::string &instance) { return std::string(paths::namespaces) + "/" + instance + ".info"; }

std::string infoText(ino_t inode, const std::string &made) { return std::to_string(inode) + "\n" + made; }

// The kept namespace, where there is one.
Fd openKept(const std::string &instance) {
  Fd fd(open(keptFile(instance).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct statfs status;
  bool isNamespace = fd && fstatfs(fd.get(), &status) == 0 && status.f_type == NSFS_MAGIC;
  return isNamespace ? std::move(fd) : Fd();
}

bool isOf(const Fd &kept, const std::string &instance, const std::string &made) {
  struct stat status;
  return fstat(kept.get(), &status) == 0 && readKernelFile(infoFile(instance)) == infoText(status.st_ino, made);
}

Status writeInfo(const std::string &instance, const std::string &text) {
  Fd fd(open(infoFile(instance).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  return fd ? writeAll(fd, text, infoFile(instance)) : systemFailure("cannot open '" + infoFile(instance) + "'");
}

Status keep(pid_t whose, const std::string &instance, const std::string &made) {
  std::string place = keptFile(instance), from = "/proc/" + std::to_string(whose) + "/ns/mnt";
  Fd file(open(place.c_str(), O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return systemFailure("cannot make '" + place + "'");
  if (Status bound = bindMount(from, place, false); !bound) return bound;
  Fd kept = openKept(instance);
  struct stat status;
  if (!kept || fstat(kept.get(), &status) != 0) return Failure{"'" + place + "' is no namespace after it was kept"};
  return writeInfo(instance, infoText(status.st_ino, made));
}

// A child outside the namespace that keeps it once it is told to.
class Keeper {
public:
  Status start(const std::string &instance, const std::string &made) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return systemFailure("cannot make a pipe");
    Fd read(ends[0]);
    tell = Fd(ends[1]);
    pid_t parent = getpid();
    child = fork();
    if (child < 0) return systemFailure("cannot fork");
    if (child > 0) return {};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    tell = Fd();
    char word = 0;
    ssize_t count = ::read(read.get(), &word, 1);
    if (count != 1) _exit(1); // the parent gave up
    Status kept = keep(parent, instance, made);
    if (!kept) (void)!write(2, (kept.failure().what + "\n").c_str(), kept.failure().what.size() + 1);
    _exit(kept ? 0 : 1);
  }
  Status finish() {
    if (write(tell.get(), "k", 1) != 1) return systemFailure("cannot tell the child to keep the namespace");
    int state = 0;
    while (waitpid(child, &state, 0) < 0)
      if (errno != EINTR) return systemFailure("cannot wait for the child that keeps the namespace");
    child = -1;
    return state == 0 ? Status() : Failure{"the mount namespace cannot be kept"};
  }
  ~Keeper() {
    tell = Fd();
    if (child > 0) waitpid(child, nullptr, 0);
  }

private:
  Fd tell;
  pid_t child = -1;
};

} // namespace

Status probeMountNamespace() {
  return access("/proc/self/ns/mnt", F_OK) == 0 ? Status() : systemFailure("the kernel has no mount namespaces");
}

Status prepareRunDirectory() {
  for (const char *path : {paths::run, paths::locks, paths::namespaces, paths::root})
    if (Status made = makeTrustedDirectory(path, 0755); !made) return made;
  Result<Fd> lock = lockFile(std::string(paths::locks) + "/.runtime");
  if (!lock) return lock.failure();
  struct stat parent, own;
  if (stat(paths::run, &parent) != 0 || stat(paths::namespaces, &own) != 0)
    return systemFailure("cannot look at '" + std::string(paths::run) + "'");
  if (parent.st_dev == own.st_dev)
    if (Status mounted = mountTmpfs(paths::namespaces, "mode=0700"); !mounted) return mounted;
  return setPropagation(paths::namespaces, MS_PRIVATE);
}

Result<std::string> privateTmp(const std::string &instance) {
  std::string own = std::string(paths::privateTmp) + "/snap." + instance, tmp = own + "/tmp";
  if (Status made = makeTrustedDirectory(own, 0700); !made) return made.failure();
  if (mkdir(tmp.c_str(), 01777) == 0) {
    if (chmod(tmp.c_str(), 01777) != 0) return systemFailure("cannot set the mode of '" + tmp + "'");
  } else if (errno != EEXIST) {
    return systemFailure("cannot make '" + tmp + "'");
  }
  if (Result<Fd> checked = openTrustedDirectory(tmp); !checked) return checked.failure();
  return tmp;
}

std::string describe(const RootPlan &plan, std::string_view mountTable) {
  std::string text;
  for (const std::string *directory : {&plan.base, &plan.snapDirectory}) {
    struct stat status {};
    if (!directory->empty()) stat(directory->c_str(), &status);
    text += *directory + " " + std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) + "\n";
  }
  return text + plan.name + " " + plan.revision + "\n" + std::string(mountTable);
}

Status enterSnapNamespace(const RootPlan &plan, const std::string &made) {
  if (Fd kept = openKept(plan.instance)) {
    if (isOf(kept, plan.instance, made)) {
      if (setns(kept.get(), CLONE_NEWNS) != 0) return systemFailure("cannot enter the snap's mount namespace");
      return {};
    }
    if (Status gone = discardNamespace(plan.instance); !gone) return gone;
  }
  Keeper keeper;
  if (Status started = keeper.start(plan.instance, made); !started) return started;
  if (unshare(CLONE_NEWNS) != 0) return systemFailure("cannot make a mount namespace");
  if (Status entered = enterNewRoot(plan); !entered) return entered;
  return keeper.finish();
}

Status enterOwnNamespace(const User &user, const std::vector<MountEntry> &mounts) {
  if (unshare(CLONE_NEWNS) != 0) return systemFailure("cannot make a mount namespace");
  // Since Linux 4.7 /dev/ptmx is of the devpts that is mounted beside it: Documentation/filesystems/devpts.rst.
  if (Status apart = setPropagation("/dev/pts", MS_PRIVATE); !apart) return apart;
  if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5") != 0)
    return systemFailure("cannot mount a new devpts");
  if (mounts.empty() || user.uid == 0) return {};
  if (Status apart = setPropagation("/", MS_REC | MS_SLAVE); !apart) return apart;
  return MountTable(user).apply(mounts);
}

bool isKept(const std::string &instance) { return bool(openKept(instance)); }

Status discardNamespace(const std::string &instance) {
  std::string place = keptFile(instance);
  while (umount2(place.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
    ;
  if (errno != EINVAL && errno != ENOENT) return systemFailure("cannot give up '" + place + "'");
  for (const std::string &file : {place, infoFile(instance)})
    if (unlink(file.c_str()) != 0 && errno != ENOENT) return systemFailure("cannot remove '" + file + "'");
  return {};
}

} // namespace snapsecc::runtime
