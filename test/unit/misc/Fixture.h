// SPDX-License-Identifier: Apache-2.0
// A snap `foo` with the daemon `bar`, and what the steps make of its rules.
#pragma once
#include "backends/misc/Misc.h"
#include <gmock/gmock.h>
#include <map>

namespace snapsecc::misc {

inline ir::Rule rule(ir::RuleKind kind, std::vector<std::pair<const char *, std::vector<ir::Value>>> parts,
                     ir::Modifiers modifiers = 0) {
  ir::Rule made;
  made.kind = kind;
  made.modifiers = modifiers;
  for (auto &[role, values] : parts)
    made.set(role, std::move(values));
  return made;
}
inline std::vector<ir::Value> texts(std::vector<llvm::StringRef> list) {
  std::vector<ir::Value> values;
  for (llvm::StringRef text : list)
    values.push_back(ir::Value::string(text));
  return values;
}
inline std::vector<ir::Value> words(std::vector<llvm::StringRef> list) {
  std::vector<ir::Value> values;
  for (llvm::StringRef word : list)
    values.push_back(ir::Value::word(word));
  return values;
}

class Misc : public testing::Test {
protected:
  using Step = std::vector<ir::Artifact> (*)(const ir::Policy &, Engine &);
  using Files = std::map<std::string, std::string>;

  Files ofLabel(Step step, std::vector<ir::Rule> rules, bool daemon = true) {
    return run(step, std::move(rules), {}, daemon);
  }
  Files ofSnap(Step step, std::vector<ir::Rule> rules) { return run(step, {}, std::move(rules), true); }
  std::vector<std::string> reported() const {
    std::vector<std::string> names;
    for (const Diagnostic &one : engine.diagnostics())
      names.push_back(one.info->name);
    return names;
  }

  SourceManager sources;
  Engine engine{sources};

private:
  Files run(Step step, std::vector<ir::Rule> label, std::vector<ir::Rule> snap, bool daemon) {
    ir::Policy policy;
    policy.snaps.resize(1);
    policy.snaps[0].instance = "foo";
    policy.snaps[0].rules = std::move(snap);
    policy.labels.resize(1);
    policy.labels[0].name = "snap.foo.bar";
    policy.labels[0].daemon = daemon;
    policy.labels[0].rules = std::move(label);
    Files files;
    for (const ir::Artifact &file : step(policy, engine))
      files[file.path] = (file.symlink ? "-> " : "") + file.bytes;
    return files;
  }
};

} // namespace snapsecc::misc
