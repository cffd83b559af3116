// SPDX-License-Identifier: Apache-2.0
// The kernel's files .replace and .remove: security/apparmor/apparmorfs.c. A binary profile is written in one call.
#include "runtime/Profiles.h"
#include "runtime/AppArmor.h"
#include "runtime/Files.h"
#include "runtime/Paths.h"
#include "runtime/Sha256.h"
#include "runtime/Tool.h"
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

constexpr char kernel[] = "/sys/kernel/security/apparmor";
constexpr char features[] = "/sys/kernel/security/apparmor/features";

// Names and contents of all files of the feature tree.
void addFeatures(const std::string &directory, std::string &text) {
  for (const auto &[name, type] : listDirectory(directory)) {
    std::string path = directory + "/" + name;
    if (type == DT_DIR)
      addFeatures(path, text);
    else
      text += path + " " + readKernelFile(path).value_or("") + "\n";
  }
}

std::string parserPath() { return findTool({"/usr/sbin/apparmor_parser", "/sbin/apparmor_parser"}); }

// What a binary depends on. A parser is known by its size and time.
std::string cacheKey(const std::string &text, const std::string &parser) {
  std::string all = text + '\0';
  addFeatures(features, all);
  struct stat status {};
  if (!parser.empty()) stat(parser.c_str(), &status);
  return sha256(all + std::to_string(status.st_size) + " " + std::to_string(status.st_mtime));
}

// A kept binary is its hash, a line's end, and itself: what a crash has cut short is not taken.
std::string readKept(const std::string &key) {
  Result<Fd> directory = openTrustedDirectory(paths::profileCache);
  if (!directory) return "";
  Result<Fd> file = openTrustedFile(*directory, key);
  if (!file) return "";
  Result<std::string> bytes = readAll(*file, 64u << 20, key);
  if (!bytes || bytes->size() < 65) return "";
  std::string binary = bytes->substr(65);
  return bytes->compare(0, 64, sha256(binary)) == 0 ? binary : "";
}

// Only a cache: what cannot be kept is made again the next time.
void keepBinary(const std::string &key, const std::string &binary) {
  if (!makeTrustedDirectory(paths::profileCache, 0755)) return;
  std::string place = std::string(paths::profileCache) + "/" + key, fresh = place + ".new";
  Fd file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file && writeAll(file, sha256(binary) + "\n" + binary, fresh))
    (void)!rename(fresh.c_str(), place.c_str());
  else
    unlink(fresh.c_str());
}

Result<std::string> binaryOf(const std::string &name, const std::string &text, bool &fromCache) {
  std::string parser = parserPath(), key = cacheKey(text, parser), kept = readKept(key);
  fromCache = !kept.empty();
  if (fromCache) return kept;
  if (parser.empty())
    return Failure{"profile '" + name +
                   "' was never compiled for this kernel, and there is no apparmor_parser to do it"};
  Result<std::string> binary =
      runTool(parser,
              {"--skip-kernel-load", "--skip-cache", "--stdout", std::string("--policy-features=") + features,
               std::string("--kernel-features=") + features},
              text);
  if (!binary) return Failure{"profile '" + name + "': " + binary.failure().what};
  if (binary->empty()) return Failure{"profile '" + name + "': apparmor_parser made nothing of it"};
  keepBinary(key, *binary);
  return binary;
}

} // namespace

Status loadProfile(const std::string &name, const std::string &text, bool &fromCache) {
  Result<std::string> binary = binaryOf(name, text, fromCache);
  if (!binary) return binary.failure();
  if (Status loaded = writeKernelFile(std::string(kernel) + "/.replace", *binary); !loaded)
    return Failure{"apparmor: the kernel refuses profile '" + name + "': " + strerror(errno)};
  return noteProfile(name, sha256(text));
}

Status unloadProfile(const std::string &name) {
  if (findLoadedProfile(name))
    if (Status removed = writeKernelFile(std::string(kernel) + "/.remove", name); !removed) return removed;
  return forgetProfile(name);
}

} // namespace snapsecc::runtime
