// SPDX-License-Identifier: Apache-2.0
// Sources: securityfs (apparmor/features), uname(2), os-release(5), the --version of apparmor_parser and systemctl.
#include "driver/HostTarget.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <sys/utsname.h>

namespace snapsecc::driver {
namespace {

// What a program prints with --version; empty where it is not installed.
std::string versionOf(llvm::StringRef program) {
  llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(program, {"/usr/sbin", "/sbin", "/usr/bin", "/bin"});
  llvm::SmallString<64> file;
  if (!path || llvm::sys::fs::createTemporaryFile("snapsecc-version", "txt", file)) return "";
  llvm::Optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(file), llvm::StringRef("")};
  int code = llvm::sys::ExecuteAndWait(*path, {*path, "--version"}, llvm::None, redirects, /*SecondsToWait=*/10);
  auto text = llvm::MemoryBuffer::getFile(file);
  llvm::sys::fs::remove(file);
  return code == 0 && text ? (*text)->getBuffer().str() : "";
}

// The first number with a dot ("4.0.1") or, without one, the first number ("systemd 252 (252.36)").
unsigned majorVersion(llvm::StringRef text) {
  text = text.drop_until([](char c) { return llvm::isDigit(c); }).take_while([](char c) { return llvm::isDigit(c); });
  unsigned major = 0;
  return text.getAsInteger(10, major) ? 0 : major;
}

bool isUbuntuCore() {
  auto text = llvm::MemoryBuffer::getFile("/etc/os-release");
  if (!text) return false;
  for (llvm::StringRef line : llvm::split((*text)->getBuffer(), '\n'))
    if (line.trim() == "ID=ubuntu-core" || line.trim() == "ID=\"ubuntu-core\"") return true;
  return false;
}

} // namespace

llvm::Expected<ir::Target> hostTarget() {
  ir::Target target;
  target.name = "host";
  target.sysroot = "/";
  utsname system;
  uname(&system);
  auto [major, rest] = llvm::StringRef(system.release).split('.');
  std::string kernel = (major + "." + rest.take_while([](char c) { return llvm::isDigit(c); })).str();
  std::string parser = versionOf("apparmor_parser"); // what versions read: apparmor's release notes
  std::pair<const char *, std::string> facts[] = {
      {"features", "/sys/kernel/security/apparmor/features"},
      {"kernel", kernel},
      {"arch", system.machine},
      {"system", isUbuntuCore() ? "core" : "classic"},
      {"parser", majorVersion(parser) >= 4 ? "userns mqueue io_uring all unconfined" : ""},
  };
  for (const auto &[key, value] : facts) {
    if (value.empty()) continue;
    if (llvm::Error error = ir::setTargetFact(target, key, value)) return error;
  }
  if (unsigned version = majorVersion(versionOf("systemctl"))) target.systemdVersion = version;
  return target;
}

} // namespace snapsecc::driver
