// SPDX-License-Identifier: Apache-2.0
// udev's database: src/libsystemd/sd-device/device-private.c. tags/TAG/ has an empty file for each device that ever had
// the tag, data/ID has its lines: G:TAG ever, Q:TAG now (since systemd 247, which also writes V:1).
#include "runtime/Devices.h"
#include <algorithm>
#include <sys/sysmacros.h>

namespace snapsecc::runtime {
namespace {

void addNode(const std::string &path, std::set<Device> &into) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !(S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))) return;
  into.insert({S_ISCHR(status.st_mode) ? 'c' : 'b', major(status.st_rdev), minor(status.st_rdev)});
}

// snap-confine gives these to everybody where they are there.
std::set<Device> driverDevices() {
  std::set<Device> devices;
  for (unsigned i = 0; i < 256; ++i) {
    size_t before = devices.size();
    addNode("/dev/nvidia" + std::to_string(i), devices);
    if (devices.size() == before) break;
  }
  for (const char *name : {"nvidiactl", "nvidia-uvm", "nvidia-modeset"})
    addNode(std::string("/dev/") + name, devices);
  return devices;
}

bool hasTagNow(const std::string &id, const std::string &tag) {
  std::vector<std::string> lines = split(readKernelFile("/run/udev/data/" + id).value_or(""), '\n');
  auto has = [&](const std::string &line) { return std::find(lines.begin(), lines.end(), line) != lines.end(); };
  return has("V:1") ? has("Q:" + tag) : has("G:" + tag);
}

bool readList(const std::string &bytes, std::set<Device> &into) {
  for (const std::string &line : split(bytes, '\n')) {
    std::vector<std::string> words = split(line, ' ');
    bool isLine = words.size() == 3 && (words[0] == "c" || words[0] == "b") && words[2] == "rwm";
    std::optional<Device> device = isLine ? readNumbers(words[0][0], words[1]) : std::nullopt;
    if (!device) return false;
    into.insert(*device);
  }
  return true;
}

} // namespace

std::string print(const Device &device) {
  return std::string(1, device.type) + " " + std::to_string(device.major) + ":" +
         (device.minor == anyMinor ? "*" : std::to_string(device.minor)) + " rwm";
}

std::optional<Device> readNumbers(char type, std::string_view text) {
  size_t colon = text.find(':');
  if ((type != 'c' && type != 'b') || colon == text.npos) return std::nullopt;
  auto number = [](std::string_view digits) -> std::optional<uint32_t> {
    if (digits.empty() || digits.size() > 8 || digits.find_first_not_of("0123456789") != digits.npos)
      return std::nullopt;
    return static_cast<uint32_t>(std::stoul(std::string(digits)));
  };
  std::optional<uint32_t> major = number(text.substr(0, colon)), minor = number(text.substr(colon + 1));
  if (text.substr(colon + 1) == "*") minor = anyMinor;
  if (!major || !minor) return std::nullopt;
  return Device{type, *major, *minor};
}

std::string udevTag(const std::string &label) {
  std::string tag;
  for (char c : label)
    tag += c == '.' ? "_" : c == '+' ? "__" : std::string(1, c);
  return tag;
}

std::set<Device> taggedDevices(const std::string &tag) {
  std::set<Device> devices;
  for (const auto &[id, type] : listDirectory("/run/udev/tags/" + tag)) { // c189:3, b8:0; others have no node
    std::optional<Device> device = readNumbers(id[0], id.substr(1));
    if (device && device->minor != anyMinor && hasTagNow(id, tag)) devices.insert(*device);
  }
  return devices;
}

Result<DevicePolicy> devicePolicy(const PolicyTree &policy, const Found &found) {
  DevicePolicy made;
  made.label = found.label.name;
  made.tag = udevTag(made.label);
  auto program = found.label.files.find("device-program"), list = found.label.files.find("devices");
  if (program == found.label.files.end() || list == found.label.files.end()) return made; // not confined
  Result<std::string> instructions = readPolicyFile(policy, program->second),
                      lines = readPolicyFile(policy, list->second),
                      rules = readIfThere(policy, "udev/rules.d/70-snap." + found.snap.instance + ".rules");
  for (const auto *one : {&instructions, &lines, &rules})
    if (!*one) return one->failure();
  if (instructions->empty() || instructions->size() % 8 != 0)
    return Failure{"a device program has no whole instructions"};
  if (!readList(*lines, made.listed)) return Failure{"'" + list->second + "' is no list of devices"};
  made.program = *instructions;
  made.canGrow = rules->find("TAG+=\"" + made.tag + "\"") != std::string::npos;
  made.found = taggedDevices(made.tag);
  for (const char *base : {"core", "core16", "core18", "core20", "core22"})
    if (found.snap.base == base) made.isRequired = false;
  if (made.isRequired || !made.found.empty()) made.found.merge(driverDevices());
  return made;
}

} // namespace snapsecc::runtime
