// SPDX-License-Identifier: Apache-2.0
// For each mount helper: 1. its snap's layouts, in the order of snap.yaml; 2. the snap's `bind` and `ensure-dir` rules,
// each with the origins of the rule it comes from. An entry whose path is a pattern is left to the mount backend, which
// reports it.
#include "ir/passes/ExpandMounts.h"
#include "automata/Alternatives.h"
#include "ir/passes/MountHelper.h"

namespace snapsecc::ir {
namespace {

std::optional<std::string> pathOf(const Rule &rule, llvm::StringRef role) {
  std::optional<std::string> path = automata::literalText(rule.text(role));
  if (path && path->size() > 1) path = llvm::StringRef(*path).rtrim('/').str();
  return path;
}

void expandRule(HelperRules &rules, const Rule &rule) {
  if (rule.kind == RuleKind::Bind) {
    std::optional<std::string> source = pathOf(rule, "GLOB"), target = pathOf(rule, "->");
    if (!source || !target) return;
    BindEntry entry{std::move(*source), std::move(*target)};
    entry.recursive = rule.has("recursive");
    entry.readOnly = rule.text("ro|rw") == "ro";
    entry.optional = rule.has("optional");
    entry.user = rule.has("user");
    entry.renameOnClash = rule.has("rename-on-clash");
    rules.setOrigins(rule.origins);
    addBind(rules, entry);
  } else if (rule.kind == RuleKind::EnsureDir) {
    std::optional<std::string> path = pathOf(rule, "GLOB");
    if (!path) return;
    rules.setOrigins(rule.origins);
    addEnsureDir(rules, *path, rule.text("from"), rule.has("user"));
  }
}

} // namespace

void expandMounts(Policy &policy, const Target &, Engine &) {
  for (Label &label : policy.labels) {
    if (label.kind != LabelKind::MountHelper) continue;
    const Snap *snap = policy.findSnap(label.snap);
    if (!snap) continue;
    HelperRules rules(label.rules, {});
    for (const Layout &layout : snap->layouts) {
      rules.setOrigins({policy.addOrigin({"", 0, 0, "layout", layout.path})});
      addLayout(rules, layout);
    }
    for (const Rule &rule : snap->rules)
      expandRule(rules, rule);
  }
}

} // namespace snapsecc::ir
