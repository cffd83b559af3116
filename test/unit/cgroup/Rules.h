// SPDX-License-Identifier: Apache-2.0
// Rules and policies of the tests, in few words.
#pragma once
#include "backends/cgroup/Cgroup.h"

namespace snapsecc::cgroup {

inline ir::Value call(llvm::StringRef name, std::vector<llvm::StringRef> texts) {
  std::vector<ir::Value> args;
  for (llvm::StringRef text : texts)
    args.push_back(ir::Value::string(text));
  return ir::Value::call(name, std::move(args));
}

inline ir::Value numbers(llvm::StringRef name, std::vector<int64_t> list) {
  std::vector<ir::Value> args;
  for (int64_t number : list)
    args.push_back(ir::Value::integer(number));
  return ir::Value::call(name, std::move(args));
}

// type: char, block or ""; perms: "" for none.
inline ir::Rule device(llvm::StringRef type, std::vector<llvm::StringRef> nodes, llvm::StringRef perms = "rw",
                       std::vector<ir::Value> by = {}) {
  ir::Rule rule;
  rule.kind = ir::RuleKind::Device;
  if (!type.empty()) rule.set("char|block", {ir::Value::word(type)});
  std::vector<ir::Value> patterns;
  for (llvm::StringRef node : nodes)
    patterns.push_back(ir::Value::string(node));
  rule.set("GLOB", std::move(patterns));
  if (!perms.empty()) rule.set("PERMS", {ir::Value::word(perms)});
  rule.set("by", std::move(by));
  return rule;
}

inline ir::Rule udev(std::vector<ir::Value> actions, std::vector<ir::Value> by) {
  ir::Rule rule;
  rule.kind = ir::RuleKind::Udev;
  rule.set("ACTION", std::move(actions));
  rule.set("by", std::move(by));
  return rule;
}

// Snap `foo` with one app `bar`.
inline ir::Policy policyOf(std::vector<ir::Rule> ofLabel, std::vector<ir::Rule> ofSnap = {}) {
  ir::Policy policy;
  policy.snaps.resize(1);
  policy.snaps[0].name = policy.snaps[0].instance = "foo";
  policy.snaps[0].rules = std::move(ofSnap);
  policy.labels.resize(2);
  policy.labels[0].name = "snap-update-ns.foo";
  policy.labels[0].kind = ir::LabelKind::MountHelper;
  policy.labels[1].name = "snap.foo.bar";
  policy.labels[0].snap = policy.labels[1].snap = "foo";
  policy.labels[1].rules = std::move(ofLabel);
  return policy;
}

} // namespace snapsecc::cgroup
