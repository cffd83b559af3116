// SPDX-License-Identifier: Apache-2.0
#include "runtime/AppArmor.h"
#include "runtime/Files.h"
#include "runtime/Paths.h"
#include <fcntl.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

constexpr char policyDirectory[] = "/sys/kernel/security/apparmor/policy/profiles";

std::string firstLine(const std::optional<std::string> &text) { return text ? text->substr(0, text->find('\n')) : ""; }

std::string noteFile(const std::string &name) { return std::string(paths::loaded) + "/" + name; }

// "exec" or "changeprofile". The module's own directory first: the files above it are of whichever module is first.
Status writeAttribute(const std::string &file, const std::string &value) {
  std::string own = "/proc/thread-self/attr/apparmor/" + file;
  if (access(own.c_str(), W_OK) == 0) return writeKernelFile(own, value);
  return writeKernelFile("/proc/thread-self/attr/" + file, value);
}

} // namespace

Status probeAppArmor() {
  std::string enabled = firstLine(readKernelFile("/sys/module/apparmor/parameters/enabled"));
  if (enabled.empty()) return Failure{"the kernel has no AppArmor"};
  if (enabled != "Y") return Failure{"AppArmor is switched off in the kernel"};
  if (access(policyDirectory, R_OK) != 0)
    return Failure{"'" + std::string(policyDirectory) + "' cannot be read: is securityfs mounted?"};
  return {};
}

// A profile's directory is its name, with what the kernel does not want in a file name replaced, and a number.
std::optional<LoadedProfile> findLoadedProfile(const std::string &name) {
  for (const DirectoryEntry &entry : listDirectory(policyDirectory)) {
    std::string at = entry.name;
    if (at.compare(0, name.size() + 1, name + ".") != 0) continue;
    at = std::string(policyDirectory) + "/" + at;
    if (firstLine(readKernelFile(at + "/name")) != name) continue;
    LoadedProfile profile{firstLine(readKernelFile(at + "/mode")), firstLine(readKernelFile(at + "/sha256"))};
    if (profile.hash.empty()) profile.hash = firstLine(readKernelFile(at + "/sha1")); // before Linux 6.8
    return profile;
  }
  return std::nullopt;
}

Status checkProfile(const LabelInfo &label, const std::string &textHash) {
  std::optional<LoadedProfile> profile = findLoadedProfile(label.name);
  if (!profile) return Failure{"apparmor: profile '" + label.name + "' is not loaded; `snapsecc load` loads it"};
  if (label.mode == Mode::Enforce && profile->mode != "enforce" && profile->mode != "kill")
    return Failure{"apparmor: profile '" + label.name + "' is loaded in mode '" + profile->mode +
                   "', the policy says enforce"};
  std::optional<std::string> note = readKernelFile(noteFile(label.name));
  if (!note || *note != textHash + " " + profile->hash + "\n")
    return Failure{"apparmor: what is loaded as '" + label.name +
                   "' is not of this policy; `snapsecc load` loads it again"};
  return {};
}

Status noteProfile(const std::string &name, const std::string &textHash) {
  std::optional<LoadedProfile> profile = findLoadedProfile(name);
  if (!profile) return Failure{"apparmor: the kernel does not show profile '" + name + "' after it was loaded"};
  if (Status made = makeTrustedDirectory(paths::loaded, 0755); !made) return made;
  Fd fd(open(noteFile(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) return systemFailure("cannot open '" + noteFile(name) + "'");
  return writeAll(fd, textHash + " " + profile->hash + "\n", noteFile(name));
}

bool isNoted(const std::string &name, const LoadedProfile &loaded) {
  std::string note = readKernelFile(noteFile(name)).value_or("");
  return note.size() > 65 && note.substr(65) == loaded.hash + "\n";
}

Status forgetProfile(const std::string &name) {
  if (unlink(noteFile(name).c_str()) != 0 && errno != ENOENT)
    return systemFailure("cannot remove '" + noteFile(name) + "'");
  return {};
}

Status changeProfileOnExec(const std::string &name) { return writeAttribute("exec", "exec " + name); }
Status changeProfile(const std::string &name) { return writeAttribute("current", "changeprofile " + name); }

} // namespace snapsecc::runtime
