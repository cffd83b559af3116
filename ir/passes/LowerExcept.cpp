// SPDX-License-Identifier: Apache-2.0
// Pass `lower-except`: exact differences become plain patterns, for AppArmor has no other.
//   before: file "/h/[^.]**" except "/h/sn{,/**}" r;
//   after:  file "/h/{[^.s],s[^n],sn?}**", "/h/s" r;
// A rule of which nothing is left goes. A difference that patterns cannot say is an error at the rule.
#include "automata/Subtract.h"
#include "ir/Passes.h"
#include "ir/Where.h"
#include "ir/passes/Diagnostics.h"
#include "ir/passes/FileRules.h"

namespace snapsecc::ir {
namespace {

bool hasExcept(const Rule &rule) {
  switch (rule.kind) {
  case RuleKind::File:
  case RuleKind::Exec:
  case RuleKind::ChangeProfile:
  case RuleKind::Device: return rule.has("except");
  default: return false;
  }
}

// True where the rule has paths left.
bool lower(Rule &rule, const Policy &policy, Engine &engine) {
  std::vector<std::string> except;
  for (const Value &value : rule.get("except"))
    except.push_back(value.text);
  auto slashes = rule.kind == RuleKind::ChangeProfile ? automata::Slashes::Keep : automata::Slashes::Fold;
  std::vector<Value> values;
  for (const Value &value : rule.get("GLOB")) {
    llvm::Expected<std::vector<std::string>> texts =
        automata::subtractPatterns(value.text, except, automata::standardVariables(), slashes);
    if (texts) {
      for (const std::string &text : *texts)
        values.push_back(Value::string(text));
      continue;
    }
    std::string all;
    for (const std::string &text : except)
      all += (all.empty() ? "'" : ", '") + text + "'";
    engine.report<diag::ExceptNotPlain>(whereIs(policy, rule, engine.sources()), value.text, all,
                                        llvm::toString(texts.takeError()));
  }
  bool left = !values.empty();
  rule.set("GLOB", std::move(values));
  rule.set("except", {});
  return left;
}

} // namespace

void lowerExcept(Policy &policy, const Target &, Engine &engine) {
  forEachRuleList(policy, [&](std::vector<Rule> &rules) {
    llvm::erase_if(rules, [&](Rule &rule) { return hasExcept(rule) && !lower(rule, policy, engine); });
  });
}

} // namespace snapsecc::ir
