// SPDX-License-Identifier: Apache-2.0
// What the passes over file rules share: permissions as a set, and rules taken apart to one path each.
#pragma once
#include "automata/PatternTable.h"
#include "ir/Policy.h"

namespace snapsecc::ir {

using Permissions = uint8_t;
enum Permission : Permissions { Read = 1, Write = 2, Append = 4, Map = 8, Lock = 16, Link = 32, Execute = 64 };
Permissions parsePermissions(llvm::StringRef letters);
std::string printPermissions(Permissions permissions); // in the language's order; `a` only where `w` is not

// One path of a rule, and what the rule allows or denies on it.
struct PathGrant {
  uint32_t rule = 0, value = 0; // the rule's index, and that of the path among its values
  automata::PatternTable::Id path = 0;
  Permissions permissions = 0; // with Append where there is Write, which includes it
  Modifiers modifiers = 0;
  std::string transition; // of Execute: empty is to stay in the profile
  bool removable = true;  // a device is more than a path
};
// Of the kinds file, exec and device. Rules with `except` are left out, and so are texts that are no pattern: nothing
// is known of these.
std::vector<PathGrant> pathGrants(llvm::ArrayRef<Rule> rules, automata::PatternTable &paths);

// Finds the grants that can have a path in common with a given one by the text that paths begin with.
class GrantIndex {
public:
  GrantIndex(llvm::ArrayRef<PathGrant> all, const automata::PatternTable &paths);
  // Indices of grants, ascending.
  std::vector<uint32_t> meeting(const PathGrant &grant) const;

private:
  const automata::PatternTable &table;
  struct Entry {
    llvm::StringRef prefix;
    uint32_t grant;
  };
  std::vector<Entry> entries;                            // sorted; a grant has one for each of its prefixes
  llvm::StringMap<std::pair<uint32_t, uint32_t>> ranges; // prefix -> stretch of entries
};

// Is all that `grant` gives given by `others` (indices into `grants`) too? What they deny need not be. Nullopt: a union
// of paths is too large for `unionStates`.
std::optional<bool> isImplied(const PathGrant &grant, llvm::ArrayRef<PathGrant> grants, llvm::ArrayRef<uint32_t> others,
                              automata::PatternTable &paths, unsigned unionStates);

// Calls `visit` for every list of rules of the labels: theirs, then those of their child profiles.
template <class Visit> void forEachRuleList(std::vector<Rule> &rules, Visit &visit) {
  visit(rules);
  for (Rule &rule : rules)
    if (!rule.body.empty()) forEachRuleList(rule.body, visit);
}
template <class Visit> void forEachRuleList(Policy &policy, Visit visit) {
  for (Label &label : policy.labels)
    forEachRuleList(label.rules, visit);
}

// Takes the values at `indices` (ascending) out of a part; true where none is left.
bool removeValues(Rule &rule, llvm::StringRef role, llvm::ArrayRef<uint32_t> indices);

// `into` also comes from where `from` does.
void mergeOrigins(Rule &into, const Rule &from);

// Rules whose paths are given to new ones: paths are taken out of a part, a rule without any left goes, and what is
// made stands behind the rule that it is named with.
class PathMoves {
public:
  explicit PathMoves(std::vector<Rule> &list, llvm::StringRef role = "GLOB")
      : rules(list), part(role), taken(list.size()), made(list.size()) {}
  void take(uint32_t rule, uint32_t value) { taken[rule].push_back(value); }
  void make(uint32_t behind, Rule rule) { made[behind].push_back(std::move(rule)); }
  void apply();

private:
  std::vector<Rule> &rules;
  llvm::StringRef part;
  std::vector<std::vector<uint32_t>> taken; // by rule: indices of its paths
  std::vector<std::vector<Rule>> made;
};

} // namespace snapsecc::ir
