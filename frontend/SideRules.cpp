// SPDX-License-Identifier: Apache-2.0
#include "frontend/SideRules.h"

namespace snapsecc::checking {

const ast::Item *SeenRule::get(llvm::StringRef role) const {
  std::optional<unsigned> part = ir::ruleKindInfo(*rule->kind).signature.find(role);
  for (const ir::Match::Filled &filled : rule->match.filled)
    if (part && filled.part == *part) return &rule->items[rule->firstItem + filled.item];
  return nullptr;
}

bool exclude(const SeenRule &a, const SeenRule &b) {
  for (const auto &[when, then] : a.branches)
    for (const auto &[other, otherThen] : b.branches)
      if (when == other && then != otherThen) return true;
  return a.child != b.child;
}

bool holdsWherever(const SeenRule &a, const SeenRule &b) {
  return a.child == b.child &&
         llvm::all_of(a.branches, [&](const auto &branch) { return llvm::is_contained(b.branches, branch); });
}

namespace {

class Collector {
public:
  explicit Collector(const Checker &shared) : checker(shared) {}

  std::vector<SeenRule> rules;

  void add(llvm::ArrayRef<ast::Statement> statements) {
    const ast::Statement *above = nullptr; // with its reason
    for (const ast::Statement &statement : statements) {
      bool reasoned = !statement.doc.empty() || (above && follows(*above, statement));
      addOne(statement, reasoned);
      above = reasoned && carriesReason(statement) ? &statement : nullptr;
    }
  }

private:
  void addOne(const ast::Statement &statement, bool reasoned) {
    if (auto *when = std::get_if<ast::When>(&statement.node)) {
      current.branches.emplace_back(when, true);
      add(when->then.statements);
      current.branches.back().second = false;
      add(when->otherwise);
      current.branches.pop_back();
    } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
      bool outer = std::exchange(current.looped, true);
      add(loop->body.statements);
      current.looped = outer;
    } else if (auto *rule = std::get_if<ast::Rule>(&statement.node)) {
      if (rule->kind)
        addRule(statement, *rule, reasoned);
      else
        addFragment(statement);
    }
  }

  void addRule(const ast::Statement &statement, const ast::Rule &rule, bool reasoned) {
    current.statement = &statement;
    current.rule = &rule;
    current.reasoned = reasoned;
    rules.push_back(current);
    if (!rule.block) return;
    const ast::Rule *outer = std::exchange(current.child, &rule);
    add(rule.block->statements);
    current.child = outer;
  }

  void addFragment(const ast::Statement &statement) {
    auto parts = checker.declarations.find(&statement);
    if (parts == checker.declarations.end() || !parts->second.has("CALL") || depth > 8) return;
    const auto &call = std::get<ast::Reference>(parts->second.get("CALL")->values[0].node);
    auto fragment = checker.library.fragments.find(call.path[0]);
    if (fragment == checker.library.fragments.end()) return;
    bool outer = std::exchange(current.ofFragment, true);
    ++depth;
    add(fragment->second.block->statements);
    --depth;
    current.ofFragment = outer;
  }

  // A reason covers the denials that follow it line by line.
  bool follows(const ast::Statement &above, const ast::Statement &statement) const {
    const SourceFile &file = checker.engine.sources().file(statement.range.file);
    return file.lineColumn(statement.range.begin).line <= file.lineColumn(above.range.end).line + 1;
  }
  static bool carriesReason(const ast::Statement &statement) {
    auto *rule = std::get_if<ast::Rule>(&statement.node);
    return std::holds_alternative<ast::Let>(statement.node) || (rule && (rule->modifiers & ir::Deny));
  }

  const Checker &checker;
  SeenRule current;
  unsigned depth = 0;
};

// The value of an answer; a budget that is used up is no answer.
bool orFalse(llvm::Expected<bool> answer) {
  if (answer) return *answer;
  llvm::consumeError(answer.takeError());
  return false;
}

} // namespace

std::vector<SeenRule> collectRules(const Checker &checker, llvm::ArrayRef<const ast::Block *> blocks) {
  Collector collector(checker);
  for (const ast::Block *block : blocks)
    collector.add(block->statements);
  return std::move(collector.rules);
}

std::optional<std::string> KnownPatterns::text(const ast::Expr &value) {
  const ast::Reference *name = value.bareWord();
  if (name && checker.blockNames.count(name->path[0])) return std::nullopt; // perhaps not the let of the unit
  return constantText(checker, value, interface);
}

const automata::Language *KnownPatterns::language(const ast::Expr &value) {
  auto [found, fresh] = languages.try_emplace(&value);
  if (!fresh) return found->second ? &*found->second : nullptr;
  std::optional<std::string> known = text(value);
  if (!known) return nullptr;
  llvm::Expected<automata::Language> language =
      automata::Language::fromText(*known, automata::standardVariables(), {2000});
  if (language)
    found->second = std::move(*language);
  else
    llvm::consumeError(language.takeError());
  return found->second ? &*found->second : nullptr;
}

bool KnownPatterns::meet(const ast::Expr &a, const ast::Expr &b) {
  const automata::Language *one = language(a), *other = language(b);
  return one && other && orFalse(one->intersects(*other));
}

bool KnownPatterns::covers(const ast::Item &wider, const ast::Expr &narrower) {
  const automata::Language *inner = language(narrower);
  return inner && llvm::any_of(wider.values, [&](const ast::Expr &value) {
           const automata::Language *outer = language(value);
           return outer && orFalse(outer->includes(*inner));
         });
}

} // namespace snapsecc::checking
