// SPDX-License-Identifier: Apache-2.0
// mount, remount, umount and pivot_root. Facts: mount.cc (mnt_opts_table, mnt_rule); a remount and a change of
// propagation are mounts with these options.
#include "reader/ProfileReader.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::reader {
using automata::Slashes;
using ir::RuleKind;
using ir::Value;
using llvm::StringRef;

namespace {
constexpr std::pair<StringRef, StringRef> optionWords[] = {{"r", "ro"},   {"read-only", "ro"}, {"w", "rw"},
                                                           {"B", "bind"}, {"M", "move"},       {"R", "rbind"}};
} // namespace

bool ProfileReader::mount(Rules &into, Prefix own, bool remount) {
  std::optional<Clause> read = clause(true);
  if (!read) return false;
  if (!read->access.empty()) return unsupported(read->access.front().range, "mount", "it has no accesses");
  if (!conditionsAre(read->conditions, {"fstype", "vfstype", "options", "option"}) || !conditionsAre(read->peer, {}))
    return false;
  if (remount) {
    if (read->target) return unsupported(read->target->range, "'->'", "a remount has a mount point alone");
    std::swap(read->operand, read->target);
  }
  std::vector<Name> options, optional;
  std::vector<Value> types;
  for (const Condition &one : read->conditions) {
    if (StringRef(one.name).startswith("option")) {
      std::vector<Name> &list = one.in ? optional : options;
      list.insert(list.end(), one.values.begin(), one.values.end());
      continue;
    }
    for (const Name &value : one.values) {
      std::string type = pattern(value, Slashes::Keep);
      if (type.empty()) return false;
      types.push_back(Value::string(type));
    }
  }
  auto flags = verbs("mount", options, ir::SlotType::MntOpt, optionWords);
  auto maybe = verbs("mount", optional, ir::SlotType::MntOpt, optionWords);
  if (!flags || !maybe) return false;
  if (remount && !llvm::is_contained(*flags, Value::word("remount"))) flags->push_back(Value::word("remount"));
  Operands operands;
  if (!types.empty()) operands.push_back({"fstype", types});
  if (!flags->empty()) operands.push_back({"options", *flags});
  if (!maybe->empty()) operands.push_back({"optional", *maybe});
  for (auto [name, role] : {std::pair(&read->operand, "GLOB"), {&read->target, "->"}}) {
    if (!*name) continue;
    std::string path = pattern(**name, Slashes::Fold);
    if (path.empty()) return false;
    operands.push_back({role, {Value::string(path)}});
  }
  if (operands.empty()) operands.push_back({"any", {Value::word("any")}});
  return add(into, own, RuleKind::Mount, operands);
}

bool ProfileReader::umount(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(true);
  if (!read) return false;
  if (!conditionsAre(read->conditions, {}) || !read->access.empty() || read->target)
    return unsupported(scanner->from(own.begin), "umount", "it has a mount point alone");
  if (!read->operand) return add(into, own, RuleKind::Umount, {{"any", {Value::word("any")}}});
  std::string path = pattern(*read->operand, Slashes::Fold);
  return !path.empty() && add(into, own, RuleKind::Umount, {{"GLOB", {Value::string(path)}}});
}

bool ProfileReader::pivotRoot(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(true);
  if (!read || !conditionsAre(read->conditions, {"oldroot"})) return false;
  size_t errors = engine.errorCount();
  Operands operands;
  addPattern(operands, "old", read->conditions, "oldroot", Slashes::Fold);
  for (auto [name, role, slashes] :
       {std::tuple(&read->operand, "GLOB", Slashes::Fold), {&read->target, "->", Slashes::Keep}})
    if (*name)
      if (std::string text = pattern(**name, slashes); !text.empty()) operands.push_back({role, {Value::string(text)}});
  if (operands.empty()) operands.push_back({"any", {Value::word("any")}});
  return engine.errorCount() == errors && add(into, own, RuleKind::PivotRoot, operands);
}

} // namespace snapsecc::reader
