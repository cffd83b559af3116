// SPDX-License-Identifier: Apache-2.0
// Mounting inside a namespace that is being built. A snap can write to places on the way (its data, a home), so no path
// from its policy is followed through a link: paths are opened part by part, and mount(2) gets /proc/self/fd/N.
#pragma once
#include "runtime/Environment.h"
#include "runtime/Files.h"
#include "runtime/Fstab.h"
#include <set>

namespace snapsecc::runtime {

Status mountTmpfs(const std::string &place, const std::string &options);
Status bindMount(const std::string &source, const std::string &place, bool recursive);
// MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE, with MS_REC or without.
Status setPropagation(const std::string &place, unsigned long how);
// Of one mount, whose other flags stay as they are.
Status makeReadOnly(const std::string &place);

// An O_PATH descriptor; no part of the path is a link.
Result<Fd> openWithoutLinks(const std::string &path);

// Makes entries of a mount table happen.
class MountTable {
public:
  // `user`: whose table it is, for $HOME; what it makes below his home, it makes as him.
  explicit MountTable(const User &user) : owner(user) {}
  Status apply(const std::vector<MountEntry> &entries);
  // A directory that this process has mounted to be written, so far.
  void mayChange(const std::string &directory) { copies.insert(directory); }
  void mayNotChange(const std::string &directory) { copies.erase(directory); } // something else is mounted there now
  // Makes the missing parts of a path. In a place that is not the snap's to change (the base, the host) a writable
  // copy of the directory comes over it first: a tmpfs with a bind mount of each entry.
  Status ensureDirectory(const std::string &path, mode_t mode);

private:
  Status applyOne(const MountEntry &entry);
  Status ensureFile(const std::string &path, mode_t mode);
  Status ensureLink(const std::string &path, const std::string &text);
  Status ensureParent(const std::string &path);
  Status makeWritable(const std::string &directory);
  Status bindEntry(const MountEntry &entry);
  bool mayCreateIn(const std::string &directory) const;
  std::string expand(const std::string &path) const;

  User owner;
  std::set<std::string> copies; // directories that are ours to write
};

} // namespace snapsecc::runtime
