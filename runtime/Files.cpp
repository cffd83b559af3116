// SPDX-License-Identifier: Apache-2.0
#include "runtime/Files.h"
#include <algorithm>
#include <climits>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace snapsecc::runtime {

Fd::~Fd() {
  if (fd >= 0) close(fd);
}

Status checkOwner(const struct stat &status, const std::string &what) {
  if (status.st_uid != 0) return Failure{"'" + what + "' is not owned by root"};
  bool others = (status.st_mode & S_IWOTH) || ((status.st_mode & S_IWGRP) && status.st_gid != 0);
  if (others && !(S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX)))
    return Failure{"'" + what + "' is writable by others than root"};
  return {};
}

namespace {

// Opens one more part of a path and checks it.
Result<Fd> openPart(const Fd &parent, const std::string &part, int flags, const std::string &whole) {
  Fd fd(openat(parent.get(), part.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return systemFailure("cannot open '" + whole + "'");
  struct stat status;
  if (fstat(fd.get(), &status) != 0) return systemFailure("cannot look at '" + whole + "'");
  if (Status owner = checkOwner(status, whole); !owner) return owner.failure();
  return fd;
}

Result<Fd> openRoot() { return openPart(Fd(), "/", O_PATH | O_DIRECTORY, "/"); }

} // namespace

Result<Fd> openTrustedDirectory(const std::string &path) {
  std::optional<std::string> real = realPath(path);
  if (!real) return systemFailure("cannot find '" + path + "'");
  Result<Fd> at = openRoot();
  std::string whole;
  for (const std::string &part : split(*real, '/')) {
    if (!at) return at;
    whole += "/" + part;
    at = openPart(*at, part, O_PATH | O_DIRECTORY, whole);
  }
  return at;
}

bool isCleanRelative(std::string_view path) {
  if (path.empty() || path.size() >= PATH_MAX || path.find('\0') != path.npos) return false;
  for (size_t begin = 0; begin <= path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

Result<Fd> openTrustedFile(const Fd &directory, const std::string &relative) {
  if (!isCleanRelative(relative)) return Failure{"'" + relative + "' is no name of a file in the policy"};
  std::vector<std::string> parts = split(relative, '/');
  Fd at(dup(directory.get()));
  if (!at) return systemFailure("cannot open '" + relative + "'");
  fcntl(at.get(), F_SETFD, FD_CLOEXEC);
  for (size_t i = 0; i < parts.size(); ++i) {
    bool isLast = i + 1 == parts.size();
    // O_NONBLOCK: a fifo in the file's place must not hold us.
    Result<Fd> next = openPart(at, parts[i], isLast ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY, relative);
    if (!next) return next;
    at = std::move(*next);
  }
  struct stat status;
  if (fstat(at.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return Failure{"'" + relative + "' is no regular file"};
  return at;
}

Result<std::string> readAll(const Fd &file, size_t limit, const std::string &what) {
  std::string bytes;
  char block[16384];
  for (;;) {
    ssize_t count = read(file.get(), block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemFailure("cannot read '" + what + "'");
    if (count == 0) return bytes;
    bytes.append(block, static_cast<size_t>(count));
    if (bytes.size() > limit) return Failure{"'" + what + "' is larger than " + std::to_string(limit) + " bytes"};
  }
}

std::optional<std::string> readKernelFile(const std::string &path, size_t limit) {
  Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  Result<std::string> bytes = readAll(fd, limit, path);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

Status writeAll(const Fd &file, std::string_view bytes, const std::string &what) {
  while (!bytes.empty()) {
    ssize_t count = write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return systemFailure("cannot write '" + what + "'");
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

Status writeKernelFile(const std::string &path, std::string_view value) {
  Fd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return systemFailure("cannot open '" + path + "'");
  ssize_t count = write(fd.get(), value.data(), value.size());
  if (count < 0) return systemFailure("cannot write '" + std::string(value) + "' to '" + path + "'");
  if (static_cast<size_t>(count) != value.size()) return Failure{"'" + path + "' took only a part of the value"};
  return {};
}

Status makeTrustedDirectory(const std::string &path, mode_t mode) {
  Result<Fd> at = openRoot();
  std::string whole;
  for (const std::string &part : split(path, '/')) {
    if (!at) return at.failure();
    whole += "/" + part;
    if (mkdirat(at->get(), part.c_str(), mode) == 0)
      fchmodat(at->get(), part.c_str(), mode, 0); // umask
    else if (errno != EEXIST)
      return systemFailure("cannot make '" + whole + "'");
    Result<Fd> next = openPart(*at, part, O_PATH | O_DIRECTORY, whole);
    // /var/run and its like are links of the system's own.
    if (!next) next = openTrustedDirectory(whole);
    at = std::move(next);
  }
  return at ? Status() : at.failure();
}

Result<Fd> lockFile(const std::string &path) {
  Fd fd(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return systemFailure("cannot open '" + path + "'");
  while (flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) return systemFailure("cannot lock '" + path + "'");
  return fd;
}

std::vector<DirectoryEntry> listDirectory(const std::string &path) {
  std::vector<DirectoryEntry> entries;
  DIR *directory = opendir(path.c_str());
  while (dirent *entry = directory ? readdir(directory) : nullptr)
    if (std::string name = entry->d_name; name != "." && name != "..") entries.push_back({name, entry->d_type});
  if (directory) closedir(directory);
  std::sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
  return entries;
}

bool exists(const std::string &path) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0;
}

std::optional<std::string> readLink(const std::string &path) {
  char text[PATH_MAX];
  ssize_t length = readlink(path.c_str(), text, sizeof text);
  if (length < 0) return std::nullopt;
  return std::string(text, static_cast<size_t>(length));
}

std::optional<std::string> realPath(const std::string &path) {
  char text[PATH_MAX];
  if (!realpath(path.c_str(), text)) return std::nullopt;
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find(separator, begin), text.size());
    if (end > begin) parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

} // namespace snapsecc::runtime
