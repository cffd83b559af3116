// SPDX-License-Identifier: Apache-2.0
// Blocks of rules: statements in their order, each in the scope that the ones before it made. A rule is matched against
// its kind and filled in: kind, modifiers, parts.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "ir/Diagnostics.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

namespace {

// The single bare word of an item; null where it is something else.
const std::string *wordOf(const ast::Item &item) {
  if (item.arrow || item.values.size() != 1) return nullptr;
  const ast::Reference *word = item.values[0].bareWord();
  return word ? &word->path[0] : nullptr;
}

void addChildren(llvm::ArrayRef<ast::Statement> statements, std::set<std::string> &names) {
  for (const ast::Statement &statement : statements) {
    if (auto *when = std::get_if<ast::When>(&statement.node)) {
      addChildren(when->then.statements, names);
      addChildren(when->otherwise, names);
    }
    if (auto *loop = std::get_if<ast::For>(&statement.node)) addChildren(loop->body.statements, names);
    auto *rule = std::get_if<ast::Rule>(&statement.node);
    if (!rule || rule->items.size() < 2) continue;
    const std::string *keyword = wordOf(rule->items[0]), *name = wordOf(rule->items[1]);
    if (keyword && *keyword == "child" && name) names.insert(*name);
  }
}

// Reads the modifiers from item `index` on, which then is the keyword's; reports their order.
ir::Modifiers readModifiers(Checker &checker, const ast::Rule &rule, unsigned &index) {
  ir::Modifiers modifiers = 0;
  for (; index + 1 < rule.items.size(); ++index) {
    const std::string *word = wordOf(rule.items[index]);
    std::optional<ir::Modifier> modifier = word ? ir::findModifier(*word) : std::nullopt;
    if (!modifier) break;
    if (modifiers & *modifier)
      checker.engine.report<diag::Duplicate>(rule.items[index].range, "the modifier", *word);
    else if (modifiers > *modifier) {
      unsigned later = modifiers;
      while (later & (later - 1))
        later &= later - 1; // the last one
      std::string other = ir::printModifiers(static_cast<ir::Modifiers>(later));
      auto made = checker.engine.report<diag::ModifierOrder>(rule.items[index].range, *word, other);
      // Two of them change places.
      bool isBehindIt = index > 0 && wordOf(rule.items[index - 1]) && *wordOf(rule.items[index - 1]) == other;
      if (isBehindIt) made.fixIt(rule.items[index - 1].range, *word).fixIt(rule.items[index].range, other);
    }
    modifiers |= *modifier;
  }
  return modifiers;
}

void checkModifiers(Checker &checker, const ast::Rule &rule, unsigned first, const ir::RuleKindInfo &kind,
                    ir::Modifiers given) {
  for (unsigned i = first; i < rule.items.size(); ++i) {
    const std::string *word = wordOf(rule.items[i]);
    std::optional<ir::Modifier> modifier = word ? ir::findModifier(*word) : std::nullopt;
    if (!modifier) break;
    if (!(kind.allowed & *modifier))
      checker.engine.report<diag::ModifierNotAllowed>(rule.items[i].range, *word, kind.keyword);
  }
  if ((given & ir::Deny) && (given & ir::Prompt))
    checker.engine.report<diag::ModifierClash>(rule.items[first].range, "deny", "prompt");
}

void checkUse(Checker &checker, const ast::Statement &statement, const Scope &scope, const Context &context) {
  std::optional<Parts> parts = matchDeclaration(checker, statement, InRules, "in " + context.place);
  if (!parts) return;
  const ast::Expr &expr = parts->get("CALL")->values[0];
  const auto &call = std::get<ast::Reference>(expr.node);
  auto found = checker.library.fragments.find(call.path[0]);
  if (found == checker.library.fragments.end()) {
    std::vector<llvm::StringRef> names;
    for (const auto &[name, fragment] : checker.library.fragments)
      names.push_back(name);
    std::string suggestion = nearest(call.path[0], names);
    checker.engine.report<diag::UnknownFragment>(expr.range, call.path[0], didYouMean(suggestion));
    return;
  }
  checker.usedFragments.insert(found->first);
  std::vector<Parameter> parameters;
  for (const Fragment::Parameter &declared : found->second.parameters)
    parameters.push_back({declared.name, {declared.type}, false, false, declared.type.optional});
  checkArguments(checker, expr, parameters, scope, context);
  checker.declarations[&statement] = std::move(*parts);
}

void checkCondition(Checker &checker, const ast::CheckStatement &check, Scope &scope, const Context &context) {
  requireCondition(checker, check.condition, scope, context);
  require(checker, check.message, scope, context, makeType(Kind::Text));
  scope.facts.add(narrow(checker, check.condition, true, scope, context));
}

void checkWhen(Checker &checker, ast::When &when, const Scope &scope, const Context &context) {
  requireCondition(checker, when.condition, scope, context);
  Scope holds(&scope), fails(&scope);
  holds.facts.add(narrow(checker, when.condition, true, scope, context));
  fails.facts.add(narrow(checker, when.condition, false, scope, context));
  checkStatements(checker, when.then.statements, holds, context);
  checkStatements(checker, when.otherwise, fails, context);
}

void checkChild(Checker &checker, ast::Rule &rule, const Scope &scope, const Context &context) {
  Context inner = context;
  inner.children = nullptr;
  checkRules(checker, *rule.block, scope, inner);
}

} // namespace

void checkRule(Checker &checker, ast::Statement &statement, unsigned first, const Scope &scope,
               const Context &context) {
  ast::Rule &rule = std::get<ast::Rule>(statement.node);
  unsigned index = first;
  ir::Modifiers modifiers = readModifiers(checker, rule, index);
  const std::string *keyword = index < rule.items.size() ? wordOf(rule.items[index]) : nullptr;
  if (!keyword) {
    checker.engine.report<diag::MisplacedStatement>(statement.range, "this", "in " + context.place);
    return;
  }
  std::optional<ir::RuleKind> kind = ir::findRuleKind(*keyword);
  if (!kind) {
    reportUnknownStatement(checker, *keyword, rule.items[index].range, InRules, "in " + context.place);
    return;
  }
  const ir::RuleKindInfo &info = ir::ruleKindInfo(*kind);
  checkModifiers(checker, rule, first, info, modifiers);
  if (rule.condition) checker.engine.report<diag::NoCondition>(rule.condition->range, info.keyword);
  if (rule.block.has_value() != (*kind == ir::RuleKind::Child)) {
    if (rule.block)
      checker.engine.report<diag::NoBlock>(rule.items[index].range, info.keyword);
    else
      checker.engine.report<diag::NeedsBlock>(rule.items[index].range, info.keyword);
    return;
  }
  rule.firstItem = index + 1;
  auto items = llvm::makeArrayRef(rule.items).drop_front(rule.firstItem);
  ir::MatchResult result = ir::matchStatement(info.signature, shapesOf(checker, items, &scope, &context));
  if (!result.match) {
    reportMismatch(checker, result.error, info.keyword, rule, rule.firstItem, statement.range);
    return;
  }
  rule.kind = kind;
  rule.modifiers = modifiers;
  rule.match = std::move(*result.match);
  checkValues(checker, rule, scope, context);
  if (*kind == ir::RuleKind::Child) checkChild(checker, rule, scope, context);
}

void checkStatements(Checker &checker, std::vector<ast::Statement> &statements, Scope &scope, const Context &context) {
  for (ast::Statement &statement : statements) {
    if (std::holds_alternative<ast::Let>(statement.node)) {
      checkLet(checker, statement, scope, context);
    } else if (auto *check = std::get_if<ast::CheckStatement>(&statement.node)) {
      checkCondition(checker, *check, scope, context);
    } else if (auto *when = std::get_if<ast::When>(&statement.node)) {
      checkWhen(checker, *when, scope, context);
    } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
      Scope inner(&scope);
      checkFor(checker, *loop, inner, context);
      checkStatements(checker, loop->body.statements, inner, context);
    } else if (auto *rule = std::get_if<ast::Rule>(&statement.node)) {
      const std::string *keyword = wordOf(rule->items[0]);
      if (keyword && *keyword == "use")
        checkUse(checker, statement, scope, context);
      else
        checkRule(checker, statement, 0, scope, context);
    } else {
      reportMisplaced(checker, statement, "in " + context.place);
    }
  }
}

void checkRules(Checker &checker, ast::Block &block, const Scope &outer, const Context &context) {
  std::set<std::string> children;
  addChildren(block.statements, children);
  Context inner = context;
  inner.children = &children;
  Scope scope(&outer);
  checkStatements(checker, block.statements, scope, inner);
}

} // namespace snapsecc::checking
