// SPDX-License-Identifier: Apache-2.0
#include "runtime/Mounts.h"
#include "runtime/Paths.h"
#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

std::string byFd(const Fd &fd) { return "/proc/self/fd/" + std::to_string(fd.get()); }

std::string parentOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}
std::string lastOf(const std::string &path) { return path.substr(path.rfind('/') + 1); }

bool isBelow(const std::string &path, const std::string &directory) {
  return path.compare(0, directory.size(), directory) == 0 &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

// What the snap's own programs could make there as well.
constexpr const char *ownPlaces[] = {"/var/snap", "/tmp", "/dev/shm"};

bool findGroup(const std::string &name, gid_t &gid) {
  group entry, *found = nullptr;
  char space[4096];
  if (getgrnam_r(name.c_str(), &entry, space, sizeof space, &found) != 0 || !found) return false;
  gid = found->gr_gid;
  return true;
}

// One entry of a directory into the copy that will come over it.
Status copyEntry(const std::string &from, const std::string &to, unsigned char type) {
  if (type == DT_LNK) {
    std::optional<std::string> text = readLink(from);
    if (!text) return systemFailure("cannot read link '" + from + "'");
    return symlink(text->c_str(), to.c_str()) == 0 ? Status() : systemFailure("cannot make '" + to + "'");
  }
  if (type != DT_DIR && type != DT_REG) return {}; // sockets and pipes have nobody behind them in there
  if (type == DT_DIR ? mkdir(to.c_str(), 0755) != 0 : mknod(to.c_str(), S_IFREG | 0644, 0) != 0)
    return systemFailure("cannot make '" + to + "'");
  return bindMount(from, to, true);
}

} // namespace

Status mountTmpfs(const std::string &place, const std::string &options) {
  if (mount("tmpfs", place.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0)
    return systemFailure("cannot mount a tmpfs on '" + place + "'");
  return {};
}

Status bindMount(const std::string &source, const std::string &place, bool recursive) {
  if (mount(source.c_str(), place.c_str(), nullptr, MS_BIND | (recursive ? MS_REC : 0), nullptr) != 0)
    return systemFailure("cannot mount '" + source + "' on '" + place + "'");
  return {};
}

Status setPropagation(const std::string &place, unsigned long how) {
  if (mount("none", place.c_str(), nullptr, how, nullptr) != 0)
    return systemFailure("cannot change the propagation of '" + place + "'");
  return {};
}

Status makeReadOnly(const std::string &place) {
  struct statvfs status;
  if (statvfs(place.c_str(), &status) != 0) return systemFailure("cannot look at '" + place + "'");
  constexpr std::pair<unsigned long, unsigned long> kept[] = {{ST_NOSUID, MS_NOSUID},
                                                              {ST_NODEV, MS_NODEV},
                                                              {ST_NOEXEC, MS_NOEXEC},
                                                              {ST_NOATIME, MS_NOATIME},
                                                              {ST_RELATIME, MS_RELATIME}};
  unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
  for (const auto &[is, keeps] : kept)
    if (status.f_flag & is) flags |= keeps;
  if (mount("none", place.c_str(), nullptr, flags, nullptr) != 0)
    return systemFailure("cannot make '" + place + "' read-only");
  return {};
}

Result<Fd> openWithoutLinks(const std::string &path) {
  Fd at(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (const std::string &part : split(path, '/')) {
    if (part == "." || part == "..") return Failure{"'" + path + "' is no plain path"};
    Fd next(openat(at.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status;
    if (!next || fstat(next.get(), &status) != 0) return systemFailure("cannot find '" + path + "'");
    if (S_ISLNK(status.st_mode)) return Failure{"'" + path + "' goes through a symbolic link"};
    at = std::move(next);
  }
  return at;
}

std::string MountTable::expand(const std::string &path) const {
  if (path.compare(0, 5, "$HOME") == 0) return owner.home + path.substr(5);
  if (path.compare(0, 16, "$XDG_RUNTIME_DIR") == 0) return "/run/user/" + std::to_string(owner.uid) + path.substr(16);
  return path;
}

bool MountTable::mayCreateIn(const std::string &directory) const {
  if (copies.count(directory)) return true;
  if (owner.uid != 0 && isBelow(directory, owner.home)) return true;
  return std::any_of(std::begin(ownPlaces), std::end(ownPlaces),
                     [&](const char *place) { return isBelow(directory, place); });
}

// 1. the directory, with all that is mounted below it, to a place aside; 2. a tmpfs over it; 3. its entries, from
// aside; 4. nothing aside any more.
Status MountTable::makeWritable(const std::string &directory) {
  Result<Fd> original = openWithoutLinks(directory);
  if (!original) return original.failure();
  const std::string aside = paths::root; // empty again once the root is ours
  if (Status bound = bindMount(byFd(*original), aside, true); !bound) return bound;
  if (Status apart = setPropagation(aside, MS_REC | MS_PRIVATE); !apart) return apart;
  Status status = mountTmpfs(byFd(*original), "mode=0755");
  if (status)
    for (const auto &[name, type] : listDirectory(aside))
      if (status) status = copyEntry(aside + "/" + name, directory + "/" + name, type);
  if (umount2(aside.c_str(), MNT_DETACH) != 0 && status) status = systemFailure("cannot unmount '" + aside + "'");
  if (status) copies.insert(directory);
  return status;
}

Status MountTable::ensureParent(const std::string &path) {
  std::string parent = parentOf(path);
  if (Status made = ensureDirectory(parent, 0755); !made) return made;
  return mayCreateIn(parent) ? Status() : makeWritable(parent);
}

Status MountTable::ensureDirectory(const std::string &path, mode_t mode) {
  Result<Fd> there = openWithoutLinks(path);
  if (there) return {};
  if (exists(path) || errno != ENOENT) return there.failure();
  if (Status parent = ensureParent(path); !parent) return parent;
  Result<Fd> parent = openWithoutLinks(parentOf(path));
  if (!parent) return parent.failure();
  std::string name = lastOf(path);
  if (mkdirat(parent->get(), name.c_str(), mode) != 0) return systemFailure("cannot make '" + path + "'");
  bool good = fchmodat(parent->get(), name.c_str(), mode, 0) == 0; // whatever the umask
  if (good && owner.uid != 0 && isBelow(path, owner.home))
    good = fchownat(parent->get(), name.c_str(), owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW) == 0;
  if (copies.count(parentOf(path))) copies.insert(path);
  return good ? Status() : systemFailure("cannot set the mode of '" + path + "'");
}

Status MountTable::ensureFile(const std::string &path, mode_t mode) {
  if (openWithoutLinks(path)) return {};
  if (Status parent = ensureParent(path); !parent) return parent;
  Result<Fd> parent = openWithoutLinks(parentOf(path));
  if (!parent) return parent.failure();
  Fd made(openat(parent->get(), lastOf(path).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  return made ? Status() : systemFailure("cannot make '" + path + "'");
}

Status MountTable::ensureLink(const std::string &path, const std::string &text) {
  if (readLink(path) == text) return {};
  if (Status parent = ensureParent(path); !parent) return parent;
  Result<Fd> parent = openWithoutLinks(parentOf(path));
  if (!parent) return parent.failure();
  if (symlinkat(text.c_str(), parent->get(), lastOf(path).c_str()) != 0)
    return systemFailure("cannot make the link '" + path + "'");
  return {};
}

Status MountTable::bindEntry(const MountEntry &entry) {
  const std::string source = expand(entry.source), target = expand(entry.target);
  const bool isFile = entry.kind == MountEntry::Kind::File;
  if (entry.ignoreMissing && !exists(source)) return {};
  bool ownSource = std::any_of(std::begin(ownPlaces), std::end(ownPlaces),
                               [&](const char *place) { return isBelow(source, place); });
  if (ownSource) // a layout of the snap's data: it is there from the start
    if (Status made = isFile ? ensureFile(source, entry.mode) : ensureDirectory(source, entry.mode); !made) return made;
  if (Status made = isFile ? ensureFile(target, 0644) : ensureDirectory(target, entry.mode); !made) return made;
  Result<Fd> from = openWithoutLinks(source);
  if (!from) return from.failure();
  Result<Fd> to = openWithoutLinks(target);
  if (!to) return to.failure();
  if (Status bound = bindMount(byFd(*from), byFd(*to), entry.recursive); !bound)
    return Failure{"'" + source + "' on '" + target + "': " + bound.failure().what};
  if (!entry.readOnly) return {};
  Result<Fd> mounted = openWithoutLinks(target); // the new mount, not what is below it
  return mounted ? makeReadOnly(byFd(*mounted)) : mounted.failure();
}

Status MountTable::applyOne(const MountEntry &entry) {
  using Kind = MountEntry::Kind;
  const std::string target = expand(entry.target);
  switch (entry.kind) {
  case Kind::Bind:
  case Kind::File: return bindEntry(entry);
  case Kind::Link: return ensureLink(target, entry.source);
  case Kind::EnsureDirectory:
    if (Result<Fd> parent = openWithoutLinks(expand(entry.source)); !parent) return parent.failure();
    return ensureDirectory(target, 0700);
  case Kind::Tmpfs: break;
  }
  if (Status made = ensureDirectory(target, entry.mode); !made) return made;
  std::string options = "mode=0";
  for (int shift : {9, 6, 3, 0})
    options += static_cast<char>('0' + (entry.mode >> shift & 7));
  if (!entry.user.empty()) {
    Result<User> user = findUser(entry.user);
    if (!user) return user.failure();
    options += ",uid=" + std::to_string(user->uid);
  }
  gid_t gid = 0;
  if (!entry.group.empty() && !findGroup(entry.group, gid)) return Failure{"there is no group '" + entry.group + "'"};
  options += ",gid=" + std::to_string(gid);
  Result<Fd> place = openWithoutLinks(target);
  if (!place) return place.failure();
  if (Status mounted = mountTmpfs(byFd(*place), options); !mounted) return mounted;
  copies.insert(target);
  return {};
}

Status MountTable::apply(const std::vector<MountEntry> &entries) {
  for (const MountEntry &entry : entries)
    if (Status done = applyOne(entry); !done) return done;
  return {};
}

} // namespace snapsecc::runtime
