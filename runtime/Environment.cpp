// SPDX-License-Identifier: Apache-2.0
// Facts: snapd's snap/snapenv, cmd/snap-exec, and snap-confine's sc_reset_environment for PATH, SHELL and TMPDIR.
#include "runtime/Environment.h"
#include <algorithm>
#include <pwd.h>

namespace snapsecc::runtime {

Result<User> findUser(const std::string &text) {
  bool isNumber = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  uid_t number = isNumber ? static_cast<uid_t>(std::stoul(text)) : 0;
  passwd entry, *found = nullptr;
  char space[4096];
  int code = isNumber ? getpwuid_r(number, &entry, space, sizeof space, &found)
                      : getpwnam_r(text.c_str(), &entry, space, sizeof space, &found);
  if (code == 0 && found) return User{found->pw_uid, found->pw_gid, found->pw_name, found->pw_dir};
  if (isNumber) return User{number, number, "", "/nonexistent"};
  return Failure{"there is no user '" + text + "'"};
}

Environment::Environment(char **from) {
  for (char **one = from; one && *one; ++one) {
    std::string text = *one;
    if (size_t equals = text.find('='); equals != std::string::npos && equals > 0)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
}

std::string Environment::get(const std::string &name) const {
  auto found = variables.find(name);
  return found == variables.end() ? "" : found->second;
}

std::string Environment::expand(const std::string &text) const {
  auto isName = [](char c) { return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); };
  std::string result;
  for (size_t i = 0; i < text.size();) {
    bool braces = text.compare(i, 2, "${") == 0;
    size_t begin = i + 1 + braces, end = begin;
    while (end < text.size() && isName(text[end]))
      ++end;
    if (text[i] != '$' || end == begin || (braces && (end == text.size() || text[end] != '}'))) {
      result += text[i++];
      continue;
    }
    result += get(text.substr(begin, end - begin));
    i = end + braces;
  }
  return result;
}

std::vector<std::string> Environment::strings() const {
  std::vector<std::string> list;
  for (const auto &[name, value] : variables)
    list.push_back(name + "=" + value);
  return list;
}

Environment makeEnvironment(const SnapInfo &snap, const LabelInfo &label, const User &user, const std::string &arch,
                            char **from) {
  Environment env(from);
  const std::string uid = std::to_string(user.uid), userSnap = user.home + "/snap/" + snap.instance;
  const size_t underscore = snap.instance.find('_');
  const bool isClassic = label.mode == Mode::Unconfined;
  // Inside the namespace an instance finds itself under its snap's name.
  const std::string seen = isClassic ? snap.instance : snap.name;
  const Variable basic[] = {
      {"SNAP", "/snap/" + seen + "/" + snap.revision},
      {"SNAP_COMMON", "/var/snap/" + seen + "/common"},
      {"SNAP_DATA", "/var/snap/" + seen + "/" + snap.revision},
      {"SNAP_NAME", snap.name},
      {"SNAP_INSTANCE_NAME", snap.instance},
      {"SNAP_INSTANCE_KEY", underscore == std::string::npos ? "" : snap.instance.substr(underscore + 1)},
      {"SNAP_VERSION", snap.version},
      {"SNAP_REVISION", snap.revision},
      {"SNAP_ARCH", arch},
      {"SNAP_LIBRARY_PATH", "/var/lib/snapd/lib/gl:/var/lib/snapd/lib/gl32:/var/lib/snapd/void"},
      {"SNAP_REEXEC", ""},
      {"SNAP_UID", uid},
      {"SNAP_EUID", uid},
      {"SNAP_REAL_HOME", user.home},
      {"SNAP_USER_COMMON", userSnap + "/common"},
      {"SNAP_USER_DATA", userSnap + "/" + snap.revision},
      {"XDG_RUNTIME_DIR", "/run/user/" + uid + "/snap." + snap.instance},
  };
  for (const auto &[name, value] : basic)
    env.set(name, value);
  if (!label.isHook) env.set("SNAP_APP_NAME", label.app);
  if (!user.name.empty()) {
    env.set("USER", user.name);
    env.set("LOGNAME", user.name);
  }
  env.set("HOME", isClassic ? user.home : env.get("SNAP_USER_DATA"));
  if (!isClassic) {
    env.set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games");
    env.set("SHELL", "/bin/bash");
    env.set("TMPDIR", "/tmp");
    env.set("TEMPDIR", "/tmp");
  }
  for (const auto *list : {&snap.environment, &label.environment})
    for (const auto &[name, value] : *list)
      env.set(name, env.expand(value));
  return env;
}

} // namespace snapsecc::runtime
