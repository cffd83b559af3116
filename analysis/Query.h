// SPDX-License-Identifier: Apache-2.0
// What rules say about one access, and which of them decide it. Denials beat grants (apparmor.d(5)); a rule for the
// owner of a file is for the owner alone.
#pragma once
#include "analysis/RuleMatch.h"

namespace snapsecc::analysis {

// How much of the access is allowed: none, some (under a condition that the question leaves open), all.
struct Verdict {
  Extent owner = Extent::None, other = Extent::None; // the same but for files
  bool allowed() const { return owner != Extent::None || other != Extent::None; }
  bool operator==(const Verdict &) const = default;
};
// What both leave: for an access that two mechanisms decide, or that has several parts.
Verdict both(const Verdict &a, const Verdict &b);
// "allowed", "partly", "owner", "denied".
const char *name(const Verdict &verdict);

struct Decision {
  ir::Rule rule; // with the values that speak of the access alone, and the origins of the whole rule
  Extent extent = Extent::None;
};
struct Answer {
  Verdict verdict;
  std::vector<Decision> grants, denials; // in the order of the rules, each once
};

// `rules`: of one label (a child profile), or of a snap. Grants that a denial takes away as a whole are not listed.
Answer ask(llvm::ArrayRef<ir::Rule> rules, const ir::Rule &access, RuleMatcher &matcher);
// From the extents of what grants and what denies one access.
Verdict decide(llvm::ArrayRef<Decision> grants, llvm::ArrayRef<Decision> denials);

// The rules of a label, or of a child profile of one: "snap.foo.bar", "snap.foo.bar//child"; also the app's name alone.
// Nullopt: there is none.
struct RuleList {
  const ir::Label *label = nullptr;
  std::string name;
  const std::vector<ir::Rule> *rules = nullptr;
};
std::optional<RuleList> findRules(const ir::Policy &policy, llvm::StringRef name);

// Values that the policy grants: capabilities by name; what may be executed, a rule a pattern.
std::vector<std::pair<std::string, Answer>> grantedCapabilities(llvm::ArrayRef<ir::Rule> rules, RuleMatcher &matcher);
std::vector<ir::Rule> executables(llvm::ArrayRef<ir::Rule> rules);

} // namespace snapsecc::analysis
