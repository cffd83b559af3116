// SPDX-License-Identifier: Apache-2.0
// What rules of one block do to each other.
#include "frontend/Check.h"

namespace snapsecc::checking {

namespace {

class RuleLinter {
public:
  explicit RuleLinter(Checker &shared) : checker(shared) {}

  void block(llvm::ArrayRef<ast::Statement> statements) {
    for (const ast::Statement &statement : statements) {
      if (auto *when = std::get_if<ast::When>(&statement.node)) {
        block(when->then.statements);
        block(when->otherwise);
      } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
        block(loop->body.statements);
      } else if (auto *rule = std::get_if<ast::Rule>(&statement.node)) {
        if (rule->block) block(rule->block->statements);
        if (rule->kind) checkRule(statement, *rule);
      }
    }
  }

private:
  void checkRule(const ast::Statement &statement, const ast::Rule &rule) {
    if ((rule.modifiers & ir::Deny) && statement.doc.empty())
      checker.engine.report<diag::DenyWithoutReason>(rule.items[0].range);
  }

  Checker &checker;
};

} // namespace

void lintRules(Checker &checker) {
  for (auto [interface, block] : checker.interfaces)
    for (const Interface::Side *side : {&interface->plug, &interface->slot})
      for (const auto *blocks : {&side->always, &side->connected})
        for (const ast::Block *rules : *blocks)
          RuleLinter(checker).block(rules->statements);
  for (const auto &[name, made] : checker.library.templates)
    RuleLinter(checker).block(made.block->statements);
  for (const auto &[name, fragment] : checker.library.fragments)
    RuleLinter(checker).block(fragment.block->statements);
}

} // namespace snapsecc::checking
