// SPDX-License-Identifier: Apache-2.0
// A block of rules -> rules of the IR, for one scene: conditions evaluated, loops unrolled, values put into their
// slots.
#pragma once
#include "frontend/Evaluate.h"
#include <map>
#include <tuple>

namespace snapsecc {

struct MadeRules {
  std::vector<ir::Rule> label; // kinds of Scope::Label
  std::vector<ir::Rule> snap;  // kinds of Scope::Snap
  bool readsApp = false;       // the label rules differ between the labels of a snap
};

// How many rules a snap may still get.
struct RuleBudget {
  static constexpr unsigned limit = 100000;
  unsigned left = limit;
  bool take(size_t count) {
    if (count > left)
      left = 0;
    else
      left -= unsigned(count);
    return left > 0;
  }
};

// The origins of a policy, each once: a statement, the reason that holds for it, and who has the rule ("interface home
// plug").
class OriginTable {
public:
  OriginTable(ir::Policy &whole, const SourceManager &manager) : policy(whole), sources(manager) {}
  ir::OriginId add(SourceRange statement, llvm::StringRef owner, llvm::StringRef reason);

private:
  ir::Policy &policy;
  const SourceManager &sources;
  std::map<std::tuple<FileId, uint32_t, std::string, std::string>, ir::OriginId> known;
};

// `owner`: who has the rules, for their origins.
MadeRules makeRules(llvm::ArrayRef<ast::Statement> statements, const Context &context, llvm::StringRef owner,
                    RuleBudget &budget, OriginTable &origins);

// The values of one item of a rule, for this part of its kind.
struct ItemValues {
  std::vector<ir::Value> values;
  bool isAbsent = false;                            // an absent value was among them
  std::vector<std::vector<ir::Value>> alternatives; // of a udev match: the rule is made once for each
};
ItemValues itemValues(const ast::Item &item, const ir::Part &part, ir::RuleKind kind, Evaluator &evaluator,
                      const Scope &scope);

} // namespace snapsecc
