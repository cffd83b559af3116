// SPDX-License-Identifier: Apache-2.0
// What the rules of one side of an interface do to each other: denials without a reason or that kill grants, the same
// rule twice, exec transitions and mounts that meet. Rules of branches that exclude each other are not compared.
#include "diag/Diagnostics.h"
#include "frontend/CheckDiagnostics.h"
#include "frontend/SideRules.h"

namespace snapsecc::checking {

namespace {

using ir::RuleKind;

class RuleLinter {
public:
  RuleLinter(Checker &shared, const Interface *inside, std::vector<SeenRule> all)
      : checker(shared), patterns(shared, inside), rules(std::move(all)) {}

  void run() {
    llvm::erase_if(rules, [](const SeenRule &rule) { return rule.ofFragment; }); // looked at by themselves
    for (const SeenRule &rule : rules)
      if (rule.is(ir::Deny) && !rule.reasoned) warn<diag::DenyWithoutReason>(checker, rule.range());
    for (size_t i = 0; i < rules.size(); ++i)
      for (size_t j = 0; j < rules.size(); ++j) {
        if (i == j || rules[i].rule->kind != rules[j].rule->kind || exclude(rules[i], rules[j])) continue;
        if (rules[i].deniesHard() && !rules[j].is(ir::Deny)) denial(rules[i], rules[j]);
        if (i < j) pair(rules[i], rules[j]);
      }
  }

private:
  std::string textOf(SourceRange range) const {
    llvm::StringRef text = checker.engine.sources().file(range.file).text();
    return text.slice(range.begin, range.end).str();
  }
  // The parts of a rule with its modifiers; white space does not count.
  std::string textOf(const SeenRule &rule) const {
    std::string text;
    for (const ast::Item &item : rule.rule->items)
      text += textOf(item.range) + "\n";
    return text;
  }

  static std::optional<std::string> wordOf(const ast::Item *item) {
    const ast::Reference *word = item && item->values.size() == 1 ? item->values[0].bareWord() : nullptr;
    return word ? std::optional(word->path[0]) : std::nullopt;
  }

  void denial(const SeenRule &deny, const SeenRule &grant) {
    if (!holdsWherever(deny, grant)) return;
    switch (*grant.rule->kind) {
    case RuleKind::File: return fileDenial(deny, grant);
    case RuleKind::Capability: return wordDenial(deny, grant, "CAPABILITY");
    case RuleKind::Syscall: return wordDenial(deny, grant, "SYSCALL");
    default: return;
    }
  }

  void killed(const SeenRule &deny, const ast::Expr &value) {
    if (said.insert(&value).second)
      if (auto made = warn<diag::DenyKillsGrant>(checker, value.range)) made->note<diag::DeniedHere>(deny.range());
  }

  void fileDenial(const SeenRule &deny, const SeenRule &grant) {
    std::optional<std::string> denied = wordOf(deny.get("PERMS")), granted = wordOf(grant.get("PERMS"));
    if (!denied || !granted || deny.get("except")) return;
    if (deny.is(ir::Owner) && !grant.is(ir::Owner)) return;
    bool all = llvm::all_of(*granted, [&](char c) { return denied->find(c) != std::string::npos; });
    if (!all) return;
    for (const ast::Expr &value : grant.get("GLOB")->values)
      if (patterns.covers(*deny.get("GLOB"), value)) killed(deny, value);
  }

  void wordDenial(const SeenRule &deny, const SeenRule &grant, llvm::StringRef role) {
    const ast::Item *denied = deny.get(role), *granted = grant.get(role);
    if (!denied || !granted) return;
    for (const ast::Expr &value : granted->values) {
      auto *reference = std::get_if<ast::Reference>(&value.node);
      bool same = reference && llvm::any_of(denied->values, [&](const ast::Expr &other) {
                    const ast::Reference *word = other.bareWord();
                    return word && word->path == reference->path;
                  });
      if (same) killed(deny, value);
    }
  }

  void pair(const SeenRule &a, const SeenRule &b) {
    if (holdsWherever(a, b) && !b.looped && textOf(a) == textOf(b)) {
      if (said.insert(b.rule).second)
        if (auto made = warn<diag::SameRule>(checker, b.range())) made->note<diag::PreviousHere>(a.range(), "rule");
      return;
    }
    if (a.is(RuleKind::Exec)) transitions(a, b);
    if (a.is(RuleKind::Bind)) mounts(a, b);
  }

  void transitions(const SeenRule &a, const SeenRule &b) {
    if (a.rule->modifiers != b.rule->modifiers || a.get("except") || b.get("except")) return;
    if (textOf(a.get("->")->range) == textOf(b.get("->")->range)) return;
    for (const ast::Expr &one : a.get("GLOB")->values)
      for (const ast::Expr &other : b.get("GLOB")->values) {
        std::optional<std::string> text = patterns.text(one), otherText = patterns.text(other);
        // Of a path and a pattern the parser takes the path.
        bool alike = text && otherText && automata::hasMeta(*text) == automata::hasMeta(*otherText);
        if (!alike || !patterns.meet(one, other)) continue;
        if (auto made = warn<diag::TransitionsOverlap>(checker, other.range))
          made->note<diag::PreviousHere>(one.range, *text);
        return;
      }
  }

  void mounts(const SeenRule &a, const SeenRule &b) {
    const ast::Expr &one = a.get("->")->values[0], &other = b.get("->")->values[0];
    std::optional<std::string> text = patterns.text(one);
    if (!text || text != patterns.text(other) || b.get("rename-on-clash")) return;
    if (auto made = warn<diag::MountsClash>(checker, other.range, *text))
      made->note<diag::PreviousHere>(one.range, *text);
  }

  Checker &checker;
  KnownPatterns patterns;
  std::vector<SeenRule> rules;
  std::set<const void *> said; // rules and values, once each
};

} // namespace

void lintRules(Checker &checker) {
  for (auto [interface, block] : checker.interfaces)
    for (const Interface::Side *side : {&interface->plug, &interface->slot}) {
      std::vector<const ast::Block *> blocks = side->always;
      blocks.insert(blocks.end(), side->connected.begin(), side->connected.end());
      RuleLinter(checker, interface, collectRules(checker, blocks)).run();
    }
  for (const auto &[name, made] : checker.library.templates)
    RuleLinter(checker, nullptr, collectRules(checker, made.block)).run();
  for (const auto &[name, fragment] : checker.library.fragments)
    RuleLinter(checker, nullptr, collectRules(checker, fragment.block)).run();
}

} // namespace snapsecc::checking
