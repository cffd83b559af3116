// SPDX-License-Identifier: Apache-2.0
// Walks paths below one directory with openat(2), O_PATH and O_NOFOLLOW, so that no link can lead out of it.
#include "frontend/HostProbe.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <climits>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace snapsecc {
namespace {

class Descriptor {
public:
  explicit Descriptor(int number = -1) : fd(number) {}
  Descriptor(Descriptor &&other) noexcept : fd(other.fd) { other.fd = -1; }
  Descriptor &operator=(Descriptor &&other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
  int get() const { return fd; }
  int release() { return std::exchange(fd, -1); }

private:
  int fd;
};

constexpr unsigned maxLinks = 40, maxComponents = 4096; // path_resolution(7): 40 links

struct FixedUser {
  llvm::StringLiteral name;
  int64_t id;
};
// snapd/osutil/user: SystemUsernames; the same numbers for user and group.
constexpr FixedUser fixedUsers[] = {{"root", 0},
                                    {"snap_daemon", 584788},
                                    {"snap_microk8s", 584789},
                                    {"snap_aziotedge", 584790},
                                    {"snap_aziotdu", 584791},
                                    {"_daemon_", 584792}};

void pushComponents(std::vector<std::string> &pending, llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 16> parts;
  path.split(parts, '/', -1, /*KeepEmpty=*/false);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    pending.push_back(part->str());
}

} // namespace

// A path without links, and what is there.
struct HostProbe::Found {
  std::vector<std::string> components;
  std::vector<Descriptor> directories; // of the components but the last, behind the root
  struct stat info {};
  int parent(int root) const { return directories.empty() ? root : directories.back().get(); }
};

HostProbe::HostProbe(const std::string &directory) {
  if (!directory.empty()) root = open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}
HostProbe::~HostProbe() {
  if (root >= 0) close(root);
}

std::optional<HostProbe::Found> HostProbe::walk(llvm::StringRef path) const {
  if (root < 0 || path.contains('\0') || path.size() > PATH_MAX) return std::nullopt;
  Found found;
  std::vector<std::string> pending; // the next component last
  pushComponents(pending, path);
  if (fstat(root, &found.info) != 0) return std::nullopt;
  unsigned links = 0;
  // Invariant: all components but the last are open directories; the last is no link, `info` is about it.
  while (!pending.empty()) {
    if (found.components.size() + pending.size() > maxComponents) return std::nullopt;
    std::string name = std::move(pending.back());
    pending.pop_back();
    if (name == ".") continue;
    if (!S_ISDIR(found.info.st_mode)) return std::nullopt;
    if (name == "..") {
      if (!found.components.empty()) found.components.pop_back();
      if (!found.directories.empty()) found.directories.pop_back();
      // What is left may be a path whose last component is open as a directory: step back to keep the invariant.
      if (fstatat(found.parent(root), found.components.empty() ? "." : found.components.back().c_str(), &found.info,
                  AT_SYMLINK_NOFOLLOW) != 0)
        return std::nullopt;
      continue;
    }
    if (!found.components.empty()) {
      Descriptor next(
          openat(found.parent(root), found.components.back().c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (next.get() < 0) return std::nullopt;
      found.directories.push_back(std::move(next));
    }
    int parent = found.parent(root);
    if (fstatat(parent, name.c_str(), &found.info, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    if (!S_ISLNK(found.info.st_mode)) {
      found.components.push_back(std::move(name));
      continue;
    }
    char target[PATH_MAX];
    ssize_t length = readlinkat(parent, name.c_str(), target, sizeof(target));
    if (length <= 0 || size_t(length) == sizeof(target) || ++links > maxLinks) return std::nullopt;
    llvm::StringRef link(target, size_t(length));
    pushComponents(pending, link);
    if (link.startswith("/")) {
      found.components.clear();
      found.directories.clear();
    } else if (!found.directories.empty()) {
      found.directories.pop_back(); // `components` ends with the directory that holds the link
    }
    if (fstatat(found.parent(root), found.components.empty() ? "." : found.components.back().c_str(), &found.info,
                AT_SYMLINK_NOFOLLOW) != 0)
      return std::nullopt;
  }
  return found;
}

bool HostProbe::exists(llvm::StringRef path) const { return walk(path).has_value(); }

std::optional<std::string> HostProbe::realPath(llvm::StringRef path) const {
  std::optional<Found> found = walk(path);
  if (!found) return std::nullopt;
  return "/" + llvm::join(found->components, "/");
}

std::optional<int64_t> HostProbe::groupOf(llvm::StringRef path) const {
  std::optional<Found> found = walk(path);
  if (!found) return std::nullopt;
  return int64_t(found->info.st_gid);
}

std::optional<std::string> HostProbe::read(llvm::StringRef path, size_t limit) const {
  std::optional<Found> found = walk(path);
  if (!found || found->components.empty() || !S_ISREG(found->info.st_mode)) return std::nullopt;
  Descriptor file(
      openat(found->parent(root), found->components.back().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0) return std::nullopt;
  std::string text;
  char buffer[8192];
  while (true) {
    ssize_t count = ::read(file.get(), buffer, sizeof(buffer));
    if (count < 0 || text.size() + size_t(std::max<ssize_t>(count, 0)) > limit) return std::nullopt;
    if (count == 0) return text;
    text.append(buffer, size_t(count));
  }
}

std::vector<std::string> HostProbe::list(llvm::StringRef directory) const {
  std::vector<std::string> names;
  std::optional<Found> found = walk(directory);
  if (!found || !S_ISDIR(found->info.st_mode)) return names;
  const char *name = found->components.empty() ? "." : found->components.back().c_str();
  Descriptor opened(openat(found->parent(root), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (opened.get() < 0) return names;
  DIR *stream = fdopendir(opened.release());
  if (!stream) return names;
  while (const dirent *entry = readdir(stream)) {
    llvm::StringRef entryName = entry->d_name;
    if (entryName != "." && entryName != "..") names.push_back(entryName.str());
    if (names.size() == 100000) break;
  }
  closedir(stream);
  llvm::sort(names);
  return names;
}

std::optional<int64_t> HostProbe::idIn(llvm::StringRef file, llvm::StringRef name) const {
  for (const FixedUser &user : fixedUsers)
    if (user.name == name) return user.id;
  std::optional<std::string> text = read(file);
  if (!text) return std::nullopt;
  llvm::StringRef rest = *text;
  while (!rest.empty()) {
    llvm::StringRef line;
    std::tie(line, rest) = rest.split('\n');
    llvm::SmallVector<llvm::StringRef, 8> fields;
    line.split(fields, ':');
    uint32_t id = 0;
    if (fields.size() >= 3 && fields[0] == name && !fields[2].getAsInteger(10, id)) return int64_t(id);
  }
  return std::nullopt;
}
std::optional<int64_t> HostProbe::userId(llvm::StringRef name) const { return idIn("/etc/passwd", name); }
std::optional<int64_t> HostProbe::groupId(llvm::StringRef name) const { return idIn("/etc/group", name); }

} // namespace snapsecc
