// SPDX-License-Identifier: Apache-2.0
// mount, umount and pivot_root rules -> statements. Facts: apparmor.d(5), Mount Rules; parser/mount.cc: a change of
// propagation and a remount have no source; mount options that came after AppArmor 3.0 are read by those parsers alone
// that know `all` (4.0).
#include "backends/apparmor/Lowering.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

namespace snapsecc::apparmor {
using ir::Rule;
using ir::RuleKind;
using ir::Value;
using llvm::StringRef;

namespace {
bool isNewOption(StringRef option) {
  return llvm::StringSet<>({"nostrictatime", "lazytime", "nolazytime", "symfollow", "nosymfollow"}).contains(option);
}

bool hasNoSource(StringRef option) {
  option.consume_front("make-");
  return option == "remount" ||
         llvm::StringSet<>({"private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable"})
             .contains(option);
}
} // namespace

void ProfileLowering::lower(Tag<RuleKind::Mount>, const Rule &rule) {
  if (!mediates(rule, "mount", {"mount"})) return;
  if (rule.has("any")) return add(rule, Section::Mounts, "mount");
  bool failed = false;
  std::string text = "mount";
  if (rule.has("fstype")) {
    std::vector<std::string> types;
    for (const Value &type : rule.get("fstype"))
      types.push_back(operand(rule, type.text, failed));
    text += " fstype=(" + llvm::join(types, ", ") + ")";
  }
  std::vector<std::string> options = words(rule.get("options")), optional = words(rule.get("optional"));
  for (const std::string &option : llvm::concat<std::string>(options, optional)) {
    if (isNewOption(option) && !target.parserReads("all"))
      return countNotEnforced("mount option " + option, "the target's parser does not read it");
    if (hasNoSource(option) && rule.has("GLOB"))
      return reportNotExpressible(rule, "'" + option + "' changes a mount point; there is no source");
  }
  if (!options.empty()) text += " options=(" + llvm::join(options, ", ") + ")";
  if (!optional.empty()) text += " options in (" + llvm::join(optional, ", ") + ")";
  if (rule.has("GLOB")) text += " " + operand(rule, rule.text("GLOB"), failed);
  if (rule.has("->")) text += " -> " + operand(rule, rule.text("->"), failed);
  if (!failed) add(rule, Section::Mounts, text);
}

void ProfileLowering::lower(Tag<RuleKind::Umount>, const Rule &rule) {
  if (!mediates(rule, "mount", {"mount"})) return;
  if (rule.has("any")) return add(rule, Section::Mounts, "umount");
  for (const Value &glob : rule.get("GLOB")) {
    bool failed = false;
    std::string path = operand(rule, glob.text, failed);
    if (!failed) add(rule, Section::Mounts, "umount " + path);
  }
}

void ProfileLowering::lower(Tag<RuleKind::PivotRoot>, const Rule &rule) {
  if (!mediates(rule, "mount", {"mount"})) return;
  bool failed = false;
  std::string text = "pivot_root" + condition(rule, "old", "oldroot", failed);
  if (rule.has("GLOB")) text += " " + operand(rule, rule.text("GLOB"), failed);
  if (rule.has("->")) text += " -> " + operand(rule, rule.text("->"), failed);
  if (!failed) add(rule, Section::Mounts, text);
}

} // namespace snapsecc::apparmor
