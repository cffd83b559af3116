// SPDX-License-Identifier: Apache-2.0
// runtime/snap.S.run: what is to be known of a snap to start its programs. The file's own first lines describe the
// format; the compiler writes it.
#pragma once
#include "runtime/Result.h"
#include <map>
#include <string_view>
#include <vector>

namespace snapsecc::runtime {

enum class Mode { Enforce, Complain, Unconfined };
using Variable = std::pair<std::string, std::string>;

struct LabelInfo {
  std::string name; // snap.S.A, snap.S.hook.H
  std::string app;  // or the hook
  bool isHook = false;
  Mode mode = Mode::Enforce;
  std::string daemon, command, stopCommand, reloadCommand, postStopCommand;
  std::vector<std::string> commandChain;
  std::vector<Variable> environment;
  std::map<std::string, std::string> files; // by kind: profile, filter, filters, devices, device-program
};
struct SnapInfo {
  std::string name, instance, revision, version, base, type;
  Mode mode = Mode::Enforce;
  std::vector<Variable> environment, users;
  std::vector<LabelInfo> labels;
};

// The words of a line, decoded: %XX is a byte, % alone the empty word. Nothing: one of them is no word.
std::optional<std::vector<std::string>> decodeLine(std::string_view line);

Result<SnapInfo> readRuntimeFile(std::string_view bytes);

// snap.INSTANCE.APP or snap.INSTANCE.hook.HOOK: the instance's name, where the label is well-formed.
Result<std::string> instanceOf(const std::string &label);

} // namespace snapsecc::runtime
