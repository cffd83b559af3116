// SPDX-License-Identifier: Apache-2.0
// Pass `merge-permissions`: file rules that speak of one path under the same modifiers become one rule for it.
//   before: file "/a", "/b" r;  file "/b" w;
//   after:  file "/a" r;        file "/b" rw;
// A rule from several places has the origins of all.
#include "ir/Passes.h"
#include "ir/passes/FileRules.h"

namespace snapsecc::ir {
namespace {

struct Place {
  uint32_t rule, value;
};

void mergeRules(std::vector<Rule> &rules) {
  llvm::StringMap<std::vector<Place>> places; // modifiers and path
  std::vector<std::string> order;
  for (uint32_t i = 0; i < rules.size(); ++i) {
    if (rules[i].kind != RuleKind::File || rules[i].has("except")) continue;
    llvm::ArrayRef<Value> values = rules[i].get("GLOB");
    for (uint32_t v = 0; v < values.size(); ++v) {
      std::string key = std::string(1, static_cast<char>(rules[i].modifiers)) + values[v].text;
      std::vector<Place> &list = places[key];
      if (list.empty()) order.push_back(key);
      list.push_back({i, v});
    }
  }
  PathMoves moves(rules);
  for (const std::string &key : order) {
    const std::vector<Place> &list = places[key];
    if (list.size() < 2) continue;
    const Rule &first = rules[list[0].rule];
    Rule merged;
    merged.kind = RuleKind::File;
    merged.modifiers = first.modifiers;
    Permissions all = 0;
    for (const Place &place : list) {
      const Rule &rule = rules[place.rule];
      all |= parsePermissions(rule.text("PERMS"));
      mergeOrigins(merged, rule);
      moves.take(place.rule, place.value);
    }
    merged.set("GLOB", {first.get("GLOB")[list[0].value]});
    merged.set("PERMS", {Value::word(printPermissions(all))});
    moves.make(list[0].rule, std::move(merged));
  }
  moves.apply();
}

} // namespace

void mergePermissions(Policy &policy, const Target &, Engine &) { forEachRuleList(policy, mergeRules); }

} // namespace snapsecc::ir
