// SPDX-License-Identifier: Apache-2.0
// The rules of one side of an interface, or of another set of blocks, as lints look at them: each with the branches
// that it stands in, those of fragments included where they are used.
#pragma once
#include "automata/Language.h"
#include "frontend/Check.h"

namespace snapsecc::checking {

struct SeenRule {
  const ast::Statement *statement = nullptr;
  const ast::Rule *rule = nullptr;
  std::vector<std::pair<const ast::When *, bool>> branches; // outermost first
  const ast::Rule *child = nullptr;                         // the child profile that it is in
  bool looped = false;
  bool ofFragment = false;
  bool reasoned = false; // a `##` of its own, or of the lets and denials right above it

  SourceRange range() const { return rule->items[0].range; }
  bool is(ir::RuleKind kind) const { return rule->kind == kind; }
  bool is(ir::Modifier modifier) const { return (rule->modifiers & modifier) != 0; }
  bool deniesHard() const { return is(ir::Deny) && !is(ir::Weak); } // no grant overrides it
  const ast::Item *get(llvm::StringRef role) const;                 // null where the part is absent
};

std::vector<SeenRule> collectRules(const Checker &checker, llvm::ArrayRef<const ast::Block *> blocks);
// No state of things has both.
bool exclude(const SeenRule &a, const SeenRule &b);
// Does `a` hold wherever `b` does, as far as the branches tell?
bool holdsWherever(const SeenRule &a, const SeenRule &b);

// What patterns in rules stand for, as far as that is known before anything runs.
class KnownPatterns {
public:
  KnownPatterns(Checker &shared, const Interface *inside) : checker(shared), interface(inside) {}
  std::optional<std::string> text(const ast::Expr &value);
  const automata::Language *language(const ast::Expr &value); // null: not known
  bool meet(const ast::Expr &a, const ast::Expr &b);
  bool covers(const ast::Item &wider, const ast::Expr &narrower); // one value of the item alone does

private:
  Checker &checker;
  const Interface *interface;
  std::map<const ast::Expr *, std::optional<automata::Language>> languages; // keyed for look-ups alone
};

} // namespace snapsecc::checking
