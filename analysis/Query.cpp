// SPDX-License-Identifier: Apache-2.0
// 1. An access is taken apart into atoms, which a rule speaks of or not; 2. for each, what grants and what denies is
// collected and weighed; 3. the access is allowed as far as all its atoms are.
#include "analysis/Query.h"
#include "automata/Alternatives.h"
#include "ir/passes/FileRules.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::analysis {

using ir::Rule;
using ir::RuleKind;
using ir::Value;

namespace {

void addOnce(std::vector<Decision> &list, Decision decision) {
  for (Decision &known : list)
    if (known.rule.sameAs(decision.rule) && known.rule.origins == decision.rule.origins) {
      known.extent = std::max(known.extent, decision.extent);
      return;
    }
  list.push_back(std::move(decision));
}

bool isLiteral(const Decision &decision) {
  return llvm::any_of(decision.rule.get("GLOB"), [](const Value &path) { return !automata::hasMeta(path.text); });
}

// A path that an executable is named with beats patterns; apparmor_parser(8) calls it dominance.
void keepDominant(std::vector<Decision> &grants) {
  auto names = [](const Decision &grant) { return isPathKind(grant.rule.kind) && isLiteral(grant); };
  if (llvm::any_of(grants, names)) llvm::erase_if(grants, [&](const Decision &grant) { return !names(grant); });
}

Answer askAtom(llvm::ArrayRef<Rule> rules, const Rule &atom, RuleMatcher &matcher) {
  Answer answer;
  for (const Rule &rule : rules) {
    Decision decision;
    decision.extent = matcher.match(rule, atom, &decision.rule);
    if (decision.extent != Extent::None)
      addOnce(rule.is(ir::Deny) ? answer.denials : answer.grants, std::move(decision));
  }
  answer.verdict = decide(answer.grants, answer.denials);
  if (isPathKind(atom.kind) && (atom.kind == RuleKind::Exec || atom.text("PERMS") == "x")) keepDominant(answer.grants);
  return answer;
}

Extent extentFor(llvm::ArrayRef<Decision> decisions, bool owner) {
  Extent most = Extent::None;
  for (const Decision &decision : decisions)
    if (owner || !decision.rule.is(ir::Owner)) most = std::max(most, decision.extent);
  return most;
}

} // namespace

Verdict both(const Verdict &a, const Verdict &b) { return {std::min(a.owner, b.owner), std::min(a.other, b.other)}; }

const char *name(const Verdict &verdict) {
  if (!verdict.allowed()) return "denied";
  if (verdict.owner != Extent::None && verdict.other == Extent::None) return "owner";
  return verdict.owner == Extent::Whole && verdict.other == Extent::Whole ? "allowed" : "partly";
}

Verdict decide(llvm::ArrayRef<Decision> grants, llvm::ArrayRef<Decision> denials) {
  auto weigh = [&](bool owner) {
    Extent granted = extentFor(grants, owner), denied = extentFor(denials, owner);
    if (denied == Extent::Whole) return Extent::None;
    return denied == Extent::Part ? std::min(granted, Extent::Part) : granted;
  };
  return {weigh(true), weigh(false)};
}

Answer ask(llvm::ArrayRef<Rule> rules, const Rule &access, RuleMatcher &matcher) {
  Answer whole;
  whole.verdict = {Extent::Whole, Extent::Whole};
  std::vector<Rule> atoms = atomsOf(access);
  if (atoms.empty()) whole.verdict = {};
  for (const Rule &atom : atoms) {
    Answer answer = askAtom(rules, atom, matcher);
    whole.verdict = both(whole.verdict, answer.verdict);
    for (Decision &denial : answer.denials)
      addOnce(whole.denials, std::move(denial));
    if (answer.verdict.allowed())
      for (Decision &grant : answer.grants)
        addOnce(whole.grants, std::move(grant));
  }
  return whole;
}

std::optional<RuleList> findRules(const ir::Policy &policy, llvm::StringRef name) {
  auto [profile, child] = name.split("//");
  for (const ir::Label &label : policy.labels) {
    if (label.name != profile && (label.app.empty() || label.app != profile)) continue;
    if (child.empty()) return RuleList{&label, label.name, &label.rules};
    for (const Rule &rule : label.rules)
      if (rule.kind == RuleKind::Child && rule.text("WORD") == child)
        return RuleList{&label, label.name + "//" + child.str(), &rule.body};
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, Answer>> grantedCapabilities(llvm::ArrayRef<Rule> rules, RuleMatcher &matcher) {
  std::vector<std::pair<std::string, Answer>> granted;
  for (llvm::StringRef capability : ir::slotTypeInfo(ir::SlotType::Capability).words) {
    Rule access;
    access.kind = RuleKind::Capability;
    access.set("CAPABILITY", {Value::word(capability)});
    Answer answer = ask(rules, access, matcher);
    if (answer.verdict.allowed()) granted.emplace_back(capability.str(), std::move(answer));
  }
  return granted;
}

std::vector<Rule> executables(llvm::ArrayRef<Rule> rules) {
  std::vector<Rule> out;
  for (const Rule &rule : rules) {
    bool executes = rule.kind == RuleKind::Exec ||
                    (rule.kind == RuleKind::File && (ir::parsePermissions(rule.text("PERMS")) & ir::Execute));
    if (!executes) continue;
    Rule one = rule;
    if (rule.kind == RuleKind::File) one.set("PERMS", {Value::word("x")});
    for (const Value &path : rule.get("GLOB")) {
      one.set("GLOB", {path});
      out.push_back(one);
    }
  }
  return out;
}

} // namespace snapsecc::analysis
