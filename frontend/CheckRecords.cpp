// SPDX-License-Identifier: Apache-2.0
// Attributes and records: defaults fit their fields, checks hold together, and no two cases can fit the same snap.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

namespace {

class RecordChecker {
public:
  RecordChecker(Checker &shared, const Context &place) : checker(shared), context(place) {}

  void run(llvm::ArrayRef<ast::Statement> statements, Scope &scope) {
    for (const ast::Statement &statement : statements) {
      if (auto *let = std::get_if<ast::Let>(&statement.node)) {
        if (checker.lets.count(let))
          letValue(checker, *let);
        else
          checkLet(checker, statement, scope, context);
      } else if (auto *check = std::get_if<ast::CheckStatement>(&statement.node)) {
        requireCondition(checker, check->condition, scope, context);
        require(checker, check->message, scope, context, makeType(Kind::Text));
        scope.facts.add(narrow(checker, check->condition, true, scope, context));
      } else if (auto *when = std::get_if<ast::When>(&statement.node)) {
        checkWhen(*when, scope);
      } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
        Scope inner(&scope);
        checkFor(checker, *loop, inner, context);
        run(loop->body.statements, inner);
      } else if (auto *field = std::get_if<ast::Field>(&statement.node)) {
        checkField(*field, scope);
      } else {
        checkCase(statement, scope);
      }
    }
  }

private:
  void checkWhen(const ast::When &when, const Scope &scope) {
    requireCondition(checker, when.condition, scope, context);
    Scope holds(&scope), fails(&scope);
    holds.facts.add(narrow(checker, when.condition, true, scope, context));
    fails.facts.add(narrow(checker, when.condition, false, scope, context));
    run(when.then.statements, holds);
    run(when.otherwise, fails);
  }

  void checkField(const ast::Field &field, const Scope &scope) {
    checkInnerRecords(field.type);
    if (!field.value) return;
    Type type = checker.library.typeOf(field.type);
    Typed value = infer(checker, *field.value, scope, context, &type);
    checkFits(checker, *field.value, value.type, type, false);
    if (!field.optional) checker.engine.report<diag::DefaultOfRequired>(field.nameRange, field.name);
  }

  // Records that are written in place have fields of their own.
  void checkInnerRecords(const ast::TypeExpr &written) {
    for (const ast::TypeExpr &element : written.element)
      checkInnerRecords(element);
    if (!written.record) return;
    const Type &type = checker.library.typeOf(written);
    if (type.kind != Kind::Record || !type.record) return;
    Context inner = context;
    inner.record = type.record.get();
    inner.prefix.clear();
    checkRecord(checker, *type.record, *written.record, inner);
  }

  void checkCase(const ast::Statement &statement, const Scope &scope) {
    auto found = checker.declarations.find(&statement);
    if (found == checker.declarations.end() || found->second.declaration->kind != DeclarationKind::Case) return;
    const Parts &parts = found->second;
    Scope inner(&scope);
    Facts facts;
    facts.words[context.prefix + "case"] = {parts.word("NAME")};
    inner.facts.add(facts);
    run(parts.rule->block->statements, inner);
  }

  Checker &checker;
  const Context &context;
};

const RecordType::Field *findField(const RecordType::Case &shape, llvm::StringRef name) {
  for (const RecordType::Field &field : shape.fields)
    if (field.name == name) return &field;
  return nullptr;
}

bool isRequired(const RecordType::Field &field) { return !field.type.optional && field.conditions.empty(); }

// What every text that the expression matches begins with.
llvm::StringRef literalPrefix(llvm::StringRef regex) {
  size_t length = std::min(regex.find_first_of("[](){}.*+?|\\^$"), regex.size());
  bool repeated = length < regex.size() && llvm::StringRef("*?{").contains(regex[length]);
  if (regex.contains('|')) return "";
  return regex.take_front(repeated && length > 0 ? length - 1 : length);
}

// No value has both types, as far as that can be told.
bool areDisjoint(const Type &a, const Type &b) {
  if (a.kind == Kind::Enum && b.kind == Kind::Enum)
    return llvm::none_of(a.words, [&](const std::string &word) { return llvm::is_contained(b.words, word); });
  if (a.kind == Kind::Int && b.kind == Kind::Int)
    return (a.max && b.min && *a.max < *b.min) || (b.max && a.min && *b.max < *a.min);
  if (!a.matching.empty() && !b.matching.empty()) {
    llvm::StringRef one = literalPrefix(a.matching), other = literalPrefix(b.matching);
    if (!one.startswith(other) && !other.startswith(one)) return true;
  }
  auto scalar = [](const Type &type) {
    return type.kind != Kind::List && type.kind != Kind::Record && type.kind != Kind::Map;
  };
  return scalar(a) != scalar(b) && !a.single && !b.single;
}

// Whether what fits `a` never fits `b`: a has a required field that b lacks, or takes otherwise.
bool requiresOther(const RecordType::Case &a, const RecordType::Case &b) {
  return llvm::any_of(a.fields, [&](const RecordType::Field &field) {
    const RecordType::Field *other = findField(b, field.name);
    return isRequired(field) && (!other || (isRequired(*other) && areDisjoint(field.type, other->type)));
  });
}

} // namespace

static void checkCasesExclude(Checker &checker, const RecordType &record) {
  for (size_t i = 0; i < record.cases.size(); ++i)
    for (size_t j = i + 1; j < record.cases.size(); ++j) {
      const RecordType::Case &a = record.cases[i], &b = record.cases[j];
      if (requiresOther(a, b) || requiresOther(b, a)) continue;
      checker.engine.report<diag::CasesOverlap>(record.range, a.name, b.name);
    }
}

void checkRecord(Checker &checker, const RecordType &record, const ast::Block &block, const Context &context) {
  Scope scope;
  RecordChecker(checker, context).run(block.statements, scope);
  if (record.block == &block) checkCasesExclude(checker, record);
}

} // namespace snapsecc::checking
