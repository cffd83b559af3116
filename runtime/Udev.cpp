// SPDX-License-Identifier: Apache-2.0
// The order is snapd's (interfaces/udev): reload, trigger all but input, then the kinds of input that the policy names,
// then wait.
#include "runtime/Udev.h"
#include "runtime/Paths.h"
#include "runtime/Tool.h"
#include <fcntl.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

constexpr std::string_view rulesFolder = "udev/rules.d/", triggersFolder = "udev/triggers/";

std::vector<std::string> filesIn(const PolicyTree &policy, std::string_view folder) {
  std::vector<std::string> names;
  for (const auto &[path, entry] : policy.manifest.files)
    if (path.compare(0, folder.size(), folder) == 0 && !entry.isLink) names.push_back(path.substr(folder.size()));
  return names;
}

// Replaces a file as a whole. Its name begins with a dot until it is complete: udev does not read it then.
Status install(const std::string &name, const std::string &bytes) {
  std::string place = std::string(paths::udevRules) + "/" + name, fresh = std::string(paths::udevRules) + "/." + name;
  Fd file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file) return systemFailure("cannot make '" + fresh + "'");
  Status written = writeAll(file, bytes, fresh);
  if (written && fsync(file.get()) == 0 && rename(fresh.c_str(), place.c_str()) == 0) return {};
  Failure failure = written ? systemFailure("cannot put '" + place + "' in place") : written.failure();
  unlink(fresh.c_str());
  return failure;
}

Status triggerDevices(const std::set<std::string> &kinds, std::vector<std::string> &warnings) {
  std::string udevadm = findTool({"/usr/bin/udevadm", "/bin/udevadm", "/sbin/udevadm"});
  if (udevadm.empty() || !exists("/run/udev/control")) {
    warnings.push_back("udev does not run: its rules are installed, but no device is tagged");
    return {};
  }
  std::vector<std::vector<std::string>> calls = {{"control", "--reload-rules"},
                                                 {"trigger", "--subsystem-nomatch=input"}};
  const std::pair<const char *, const char *> inputs[] = {{"input/key", "ID_INPUT_KEY=1"},
                                                          {"input/joystick", "ID_INPUT_JOYSTICK=1"}};
  if (kinds.count("input")) calls.push_back({"trigger", "--subsystem-match=input"});
  for (const auto &[kind, property] : inputs)
    if (kinds.count(kind))
      calls.push_back({"trigger", "--subsystem-match=input", std::string("--property-match=") + property});
  calls.push_back({"settle", "--timeout=10"});
  for (const std::vector<std::string> &call : calls)
    if (Result<std::string> done = runTool(udevadm, call); !done) return Failure{"udev: " + done.failure().what};
  return {};
}

} // namespace

Status installUdevRules(const PolicyTree &policy, unsigned &count, std::vector<std::string> &warnings) {
  std::vector<std::string> rules = filesIn(policy, rulesFolder), triggers = filesIn(policy, triggersFolder);
  if (rules.empty() && triggers.empty()) return {};
  if (Status made = makeTrustedDirectory(paths::udevRules, 0755); !made) return made;
  for (const std::string &name : rules) {
    Result<std::string> bytes = readPolicyFile(policy, std::string(rulesFolder) + name);
    if (!bytes) return bytes.failure();
    if (Status installed = install(name, *bytes); !installed) return installed;
    ++count;
  }
  std::set<std::string> kinds;
  for (const std::string &name : triggers) {
    Result<std::string> bytes = readPolicyFile(policy, std::string(triggersFolder) + name);
    if (!bytes) return bytes.failure();
    for (const std::string &kind : split(*bytes, '\n'))
      kinds.insert(kind);
  }
  return triggerDevices(kinds, warnings);
}

Status removeUdevRules(const PolicyTree &policy) {
  bool any = false;
  for (const std::string &name : filesIn(policy, rulesFolder)) {
    std::string place = std::string(paths::udevRules) + "/" + name;
    if (unlink(place.c_str()) == 0)
      any = true;
    else if (errno != ENOENT)
      return systemFailure("cannot remove '" + place + "'");
  }
  std::vector<std::string> warnings;
  return any ? triggerDevices({}, warnings) : Status();
}

} // namespace snapsecc::runtime
