// SPDX-License-Identifier: Apache-2.0
// Walks a block: `let` names a value, `when` chooses, `for` repeats, `use` brings a fragment's rules, all else is a
// rule. An absent value is left out of its list. A part that has none left makes its rule disappear, except an optional
// part of words or text (fstype, options) and an empty `except`: leaving out a peer or a path would widen the rule.
#include "frontend/InstantiateRules.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

using Element = ir::Element;

bool isOptional(const Element &element, unsigned part, bool inside) {
  if (element.part == int(part)) return inside;
  bool optional = inside || element.kind == Element::Kind::Optional;
  return llvm::any_of(element.children, [&](const Element &child) { return isOptional(child, part, optional); });
}

class Maker {
public:
  Maker(const Context &context, llvm::StringRef name, RuleBudget &rules, OriginTable &table)
      : evaluator(context), owner(name.str()), budget(rules), origins(table) {}

  void walk(llvm::ArrayRef<ast::Statement> statements, Scope &scope, const std::string &doc);
  MadeRules made;
  Evaluator evaluator;

private:
  void walkWhen(const ast::When &when, const Scope &scope, const std::string &doc);
  void useFragment(const ast::Rule &rule, const Scope &scope, const std::string &doc);
  void makeRule(const ast::Rule &rule, const ast::Statement &statement, Scope &scope, const std::string &doc);
  bool fill(ir::Rule &made, const ast::Rule &rule, const Scope &scope, std::vector<ir::Rule> &variants);
  void keep(ir::Rule rule, const ast::Statement &statement, const std::string &doc);

  std::string owner;
  RuleBudget &budget;
  OriginTable &origins;
  std::vector<ir::Rule> *body = nullptr; // of the child profile that is being made
  unsigned branches = 0;                 // around, with everyBranch
};

const ast::Reference *keywordOf(const ast::Rule &rule) {
  if (rule.items.empty() || rule.items.front().values.size() != 1) return nullptr;
  return rule.items.front().values.front().bareWord();
}

void Maker::walk(llvm::ArrayRef<ast::Statement> statements, Scope &scope, const std::string &outerDoc) {
  for (const ast::Statement &statement : statements) {
    if (budget.left == 0) return;
    const std::string &doc = statement.doc.empty() ? outerDoc : statement.doc;
    if (auto *let = std::get_if<ast::Let>(&statement.node)) {
      scope.set(let->name, evaluator.evaluateLet(*let, scope));
    } else if (auto *when = std::get_if<ast::When>(&statement.node)) {
      walkWhen(*when, scope, doc);
    } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
      Value list = evaluator.evaluate(loop->list, scope);
      for (const Value &element : list.list) {
        if (!budget.take(1)) return;
        Scope inner{&scope};
        inner.set(loop->name, element);
        walk(loop->body.statements, inner, doc);
      }
    } else if (auto *rule = std::get_if<ast::Rule>(&statement.node)) {
      const ast::Reference *keyword = keywordOf(*rule);
      if (!rule->kind && keyword && keyword->path.front() == "use")
        useFragment(*rule, scope, doc);
      else if (rule->kind)
        makeRule(*rule, statement, scope, doc);
    }
  }
}

void Maker::walkWhen(const ast::When &when, const Scope &scope, const std::string &doc) {
  Scope inner{&scope}, other{&scope};
  bool holds = evaluator.holds(when.condition, scope), all = evaluator.context.everyBranch;
  branches += all;
  if (holds || all) walk(when.then.statements, inner, doc);
  if (!holds || all) walk(when.otherwise, other, doc);
  branches -= all;
}

void Maker::useFragment(const ast::Rule &rule, const Scope &scope, const std::string &doc) {
  for (const ast::Item &item : llvm::drop_begin(rule.items))
    for (const ast::Expr &value : item.values) {
      auto *call = std::get_if<ast::Reference>(&value.node);
      if (!call) continue;
      auto found = evaluator.context.library->fragments.find(call->path.front());
      if (found == evaluator.context.library->fragments.end() || !found->second.block) continue;
      const Fragment &fragment = found->second;
      Scope inner; // a fragment sees its parameters and the unit, not where it is used
      for (size_t i = 0; i < fragment.parameters.size() && i < call->args.size(); ++i) {
        const Fragment::Parameter &parameter = fragment.parameters[i];
        Value argument = evaluator.evaluate(call->args[i].value, scope, readingOf(parameter.type));
        if (parameter.type.kind == Type::Kind::Label && argument.kind == Value::Kind::Word)
          argument = Value::string(argument.text, Value::Reading::Pattern);
        inner.set(parameter.name, std::move(argument));
      }
      walk(fragment.block->statements, inner, doc);
    }
}

bool Maker::fill(ir::Rule &rule, const ast::Rule &written, const Scope &scope, std::vector<ir::Rule> &variants) {
  const ir::Signature &signature = ir::ruleKindInfo(rule.kind).signature;
  for (const ir::Match::Filled &filled : written.match.filled) {
    const ir::Part &part = signature.parts[filled.part];
    const ast::Item &item = written.items[written.firstItem + filled.item];
    if (part.isFlag) {
      const ast::Reference *word = item.arrow ? nullptr : item.values.front().bareWord();
      rule.operands.push_back({filled.part, {ir::Value::word(word ? word->path.front() : part.role)}});
      continue;
    }
    ItemValues values = itemValues(item, part, rule.kind, evaluator, scope);
    if (!values.alternatives.empty()) {
      for (std::vector<ir::Value> &alternative : values.alternatives) {
        variants.push_back(rule);
        if (!alternative.empty()) variants.back().operands.push_back({filled.part, std::move(alternative)});
      }
      continue;
    }
    bool isExcept = llvm::StringRef(part.role).startswith("except");
    if (isExcept && values.isAbsent) return false; // one exception less would be a wider rule
    if (values.values.empty()) {
      bool isPattern = ir::slotTypeInfo(part.type).cls == ir::SlotClass::Pattern;
      bool narrows = isPattern && !isExcept && rule.kind != ir::RuleKind::Mount;
      if (narrows || !isOptional(signature.root, filled.part, false)) return false;
      continue;
    }
    rule.operands.push_back({filled.part, std::move(values.values)});
  }
  return true;
}

void Maker::makeRule(const ast::Rule &written, const ast::Statement &statement, Scope &scope, const std::string &doc) {
  ir::Rule rule;
  rule.kind = *written.kind;
  rule.modifiers = written.modifiers;
  if (branches && rule.is(ir::Deny)) return;
  std::vector<ir::Rule> variants;
  if (!fill(rule, written, scope, variants)) return;
  if (written.block) {
    std::vector<ir::Rule> inner, *outer = body;
    body = &inner;
    Scope innerScope{&scope};
    walk(written.block->statements, innerScope, doc);
    body = outer;
    rule.body = std::move(inner);
  }
  if (variants.empty()) return keep(std::move(rule), statement, doc);
  // What stands behind the match belongs to each of its alternatives.
  for (ir::Rule &variant : variants) {
    for (const ir::Rule::Operand &operand : rule.operands)
      if (llvm::none_of(variant.operands, [&](const ir::Rule::Operand &own) { return own.part == operand.part; }))
        variant.operands.push_back(operand);
    keep(std::move(variant), statement, doc);
  }
}

void Maker::keep(ir::Rule rule, const ast::Statement &statement, const std::string &doc) {
  if (!budget.take(1)) return;
  llvm::sort(rule.operands, [](const auto &a, const auto &b) { return a.part < b.part; });
  rule.origins.push_back(origins.add(statement.range, owner, doc));
  bool ofSnap = ir::ruleKindInfo(rule.kind).scope == ir::Scope::Snap;
  std::vector<ir::Rule> &to = body ? *body : ofSnap ? made.snap : made.label;
  to.push_back(std::move(rule));
}

} // namespace

ir::OriginId OriginTable::add(SourceRange statement, llvm::StringRef owner, llvm::StringRef reason) {
  auto [at, isNew] = known.try_emplace({statement.file, statement.begin, owner.str(), reason.str()}, 0);
  if (!isNew) return at->second;
  ir::Origin origin{"", 0, 0, owner.str(), reason.str()};
  if (statement.isValid()) {
    const SourceFile &file = sources.file(statement.file);
    LineColumn place = file.lineColumn(statement.begin);
    origin.file = file.name();
    origin.line = place.line;
    origin.column = place.column;
  }
  return at->second = policy.addOrigin(std::move(origin));
}

MadeRules makeRules(llvm::ArrayRef<ast::Statement> statements, const Context &context, llvm::StringRef owner,
                    RuleBudget &budget, OriginTable &origins) {
  Maker maker(context, owner, budget, origins);
  Scope scope;
  maker.walk(statements, scope, "");
  maker.made.readsApp = maker.evaluator.readsApp();
  return std::move(maker.made);
}

} // namespace snapsecc
