// SPDX-License-Identifier: Apache-2.0
// Questions about devices: a node is opened by the list that every snap has, or by a `device` rule (its fixed number,
// or the tag that udev sets); a number by what the table of fixed numbers says of the same rules.
#include "backends/cgroup/StaticDevices.h"
#include "driver/QueryAnswer.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::driver {

using analysis::Decision;
using analysis::Extent;
using ir::Rule;
using ir::RuleKind;

namespace {

// The label's devices are not ours to restrict.
bool isOpen(const Question &question) {
  const ir::Label &label = *question.rules.label;
  if (label.mode != ir::Mode::Enforce || label.kind == ir::LabelKind::MountHelper) return true;
  const ir::Snap *snap = question.policy.findSnap(label.snap);
  return !snap || llvm::any_of(snap->rules, [](const Rule &rule) { return rule.kind == RuleKind::Cgroup; });
}

// A path that may be a device's. What else lies below /dev are file systems of their own.
bool mayBeNode(llvm::StringRef path) {
  constexpr llvm::StringLiteral others[] = {"/dev/shm/", "/dev/mqueue/", "/dev/hugepages/"};
  return path.startswith("/dev/") && !path.endswith("/") && !automata::hasMeta(path) &&
         llvm::none_of(others, [&](llvm::StringRef other) { return path.startswith(other); });
}

bool opens(llvm::StringRef permissions) {
  return permissions.empty() || permissions.find_first_of("rwa") != permissions.npos;
}

std::optional<cgroup::DeviceEntry> parseNumber(const Rule &access) {
  auto [major, minor] = access.text("GLOB").split(':');
  cgroup::DeviceEntry entry;
  if (major.getAsInteger(10, entry.major) || minor.getAsInteger(10, entry.minor)) return std::nullopt;
  if (entry.major < 0 || entry.minor < 0) return std::nullopt;
  entry.type = access.text("char|block") == "block" ? 'b' : 'c';
  return entry;
}

bool holds(const std::set<cgroup::DeviceEntry> &devices, const cgroup::DeviceEntry &wanted) {
  return llvm::any_of(devices, [&](const cgroup::DeviceEntry &entry) {
    return entry.type == wanted.type && entry.major == wanted.major && (entry.minor < 0 || entry.minor == wanted.minor);
  });
}

void allow(analysis::Answer &answer) { answer.verdict = {Extent::Whole, Extent::Whole}; }

MechanismAnswer askNumber(const Question &question, const cgroup::DeviceEntry &number, Engine &engine) {
  MechanismAnswer made{"device cgroup", "", {}, ""};
  std::set<cgroup::DeviceEntry> always;
  if (auto nodes = cgroup::defaultNodes())
    cgroup::addStaticDevices({"cb", *nodes}, always);
  else
    llvm::consumeError(nodes.takeError());
  if (holds(always, number)) {
    allow(made.answer);
    made.remark = "every snap has it";
    return made;
  }
  for (const Rule &rule : question.rules.label->rules) {
    if (rule.kind != RuleKind::Device) continue;
    ir::Policy one;
    one.arch = question.policy.arch;
    one.labels.push_back(*question.rules.label);
    one.labels.front().rules = {rule};
    one.snaps.push_back(*question.policy.findSnap(question.rules.label->snap));
    one.snaps.front().rules.clear();
    ir::Target target;
    target.arch = question.policy.arch;
    for (const cgroup::LabelDevices &label : cgroup::lower(one, target, engine).labels)
      if (holds({label.devices.begin(), label.devices.end()}, number))
        made.answer.grants.push_back({rule, Extent::Whole});
  }
  if (!made.answer.grants.empty())
    allow(made.answer);
  else
    made.remark = "no device rule is sure to mean it; udev may tag it on the running machine";
  return made;
}

} // namespace

std::optional<MechanismAnswer> askDevices(const Question &question, analysis::RuleMatcher &matcher, Engine &engine) {
  const Rule &access = question.access;
  if (access.kind != RuleKind::File && access.kind != RuleKind::Device) return std::nullopt;
  if (isOpen(question)) return std::nullopt;
  if (access.kind == RuleKind::Device)
    if (auto number = parseNumber(access)) return askNumber(question, *number, engine);
  MechanismAnswer made{"device cgroup", "", {}, ""};
  allow(made.answer);
  bool asked = false;
  for (const ir::Value &path : access.get("GLOB")) {
    if (!mayBeNode(path.text) || !opens(access.text("PERMS"))) continue;
    asked = true;
    llvm::Expected<automata::Language> always = cgroup::defaultNodes();
    bool isDefault = always && always->contains(path.text);
    llvm::consumeError(always.takeError());
    if (isDefault) {
      made.remark = "every snap has it";
      continue;
    }
    bool found = false;
    for (const Rule &rule : question.rules.label->rules) {
      if (rule.kind != RuleKind::Device || rule.is(ir::Deny)) continue;
      bool isOther = access.kind == RuleKind::Device && access.has("char|block") && rule.has("char|block") &&
                     access.text("char|block") != rule.text("char|block");
      if (isOther) continue;
      // The permissions are AppArmor's: here a device is let through or not.
      Rule node = rule, wanted = access, spoken;
      node.set("PERMS", {ir::Value::word("r")});
      wanted.kind = RuleKind::File;
      wanted.operands.clear();
      wanted.set("GLOB", {path});
      wanted.set("PERMS", {ir::Value::word("r")});
      if (matcher.match(node, wanted, &spoken) == Extent::None) continue;
      spoken.set("PERMS", rule.get("PERMS").vec());
      made.answer.grants.push_back({std::move(spoken), Extent::Whole});
      found = true;
    }
    if (!found) made.answer.verdict = {};
  }
  if (!asked) return std::nullopt;
  if (!made.answer.verdict.allowed()) made.remark = "closed: no device rule, if it is a device";
  return made;
}

} // namespace snapsecc::driver
