// SPDX-License-Identifier: Apache-2.0
// File descriptors, files that only root can have written, locks. Every descriptor is close-on-exec; every path is
// opened part by part with O_NOFOLLOW, so that nothing on the way can be a link that somebody else has put there.
#pragma once
#include "runtime/Result.h"
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>
#include <vector>

namespace snapsecc::runtime {

// A descriptor that closes itself.
class Fd {
public:
  explicit Fd(int number = -1) : fd(number) {}
  Fd(Fd &&other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Fd &operator=(Fd &&other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Fd();
  int get() const { return fd; }
  explicit operator bool() const { return fd >= 0; }

private:
  int fd;
};

// May only root change what is there? `what` names it in the message. In a directory with the sticky bit nobody removes
// or renames what is root's, so it may be writable by all.
Status checkOwner(const struct stat &status, const std::string &what);

// The directory without links in its name (realpath(3)), each part of it root's alone.
Result<Fd> openTrustedDirectory(const std::string &path);
// A regular file below such a directory, checked likewise; `relative` has no empty part, "." or "..".
Result<Fd> openTrustedFile(const Fd &directory, const std::string &relative);
bool isCleanRelative(std::string_view path);

// All bytes; more than `limit` is a failure.
Result<std::string> readAll(const Fd &file, size_t limit, const std::string &what);
// A file of the kernel (/proc, /sys), or nothing where it is not there.
std::optional<std::string> readKernelFile(const std::string &path, size_t limit = 1u << 20);
Status writeAll(const Fd &file, std::string_view bytes, const std::string &what);
// Writes a value into a file of the kernel in one call.
Status writeKernelFile(const std::string &path, std::string_view value);

// Makes the directories of an absolute path that are missing, root's, with this mode; each part, made or found, must be
// root's alone.
Status makeTrustedDirectory(const std::string &path, mode_t mode);

// An exclusive flock(2) on a file that is made where it is missing; it ends with the descriptor, also by SIGKILL.
Result<Fd> lockFile(const std::string &path);

struct DirectoryEntry {
  std::string name;
  unsigned char type; // DT_DIR, ...
};
// Without "." and ".."; sorted. Of a directory that is not there: none.
std::vector<DirectoryEntry> listDirectory(const std::string &path);
bool exists(const std::string &path); // as lstat(2)
std::optional<std::string> readLink(const std::string &path);
std::optional<std::string> realPath(const std::string &path);

std::vector<std::string> split(std::string_view text, char separator); // without empty parts

} // namespace snapsecc::runtime
