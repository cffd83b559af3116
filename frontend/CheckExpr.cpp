// SPDX-License-Identifier: Apache-2.0
// Types and stages of expressions. Types flow both ways: what is expected tells how a literal is read and which bare
// words are words of an enum; what is found is compared with it by `require`.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"

namespace snapsecc::checking {

namespace {

using Kind = Type::Kind;
using OpKind = ast::Operation::Kind;

Typed inferLiteral(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                   const Type *expected) {
  if (expected && expected->kind == Kind::List && expected->element) expected = &*expected->element;
  Type type = makeType(Kind::Text);
  if (expected && isTextual(expected->kind)) {
    type.kind = expected->kind;
    type.glob = expected->glob;
  }
  Typed result{type, checkLiteral(checker, expr, type, scope, context)};
  if (!expected || !isTextual(expected->kind)) {
    for (const ast::StringLiteral::Piece &piece : std::get<ast::StringLiteral>(expr.node).pieces)
      result.type.patternCharacters |=
          piece.embedded.empty() && llvm::StringRef(piece.text).find_first_of("*?[]{}") != llvm::StringRef::npos;
  }
  return result;
}

Typed inferList(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                const Type *expected) {
  const Type *element = nullptr;
  if (expected) element = expected->kind == Kind::List ? expected->element.get() : expected;
  Typed result{listOf(makeType(Kind::Any)), 0};
  Type common = makeType(Kind::Any);
  for (const ast::Expr &value : std::get<ast::List>(expr.node).elements) {
    Typed one = infer(checker, value, scope, context, element);
    result.reads |= one.reads;
    std::optional<Type> both = unify(common, one.type);
    if (!both) {
      checker.engine.report<diag::WrongType>(value.range, typeName(common), typeName(one.type));
      continue;
    }
    common = *both;
  }
  result.type = listOf(common);
  return result;
}

Typed inferRecord(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                  const Type *expected) {
  auto record = std::make_shared<RecordType>();
  Typed result;
  for (const ast::Argument &field : std::get<ast::Record>(expr.node).fields) {
    if (field.name.empty()) {
      checker.engine.report<diag::WrongType>(field.value.range, "a field 'NAME: VALUE'", "a value");
      continue;
    }
    if (record->find(field.name)) checker.engine.report<diag::Duplicate>(field.nameRange, "the field", field.name);
    const RecordType::Field *known =
        expected && expected->kind == Kind::Record && expected->record ? expected->record->find(field.name) : nullptr;
    Typed value = infer(checker, field.value, scope, context, known ? &known->type : nullptr);
    result.reads |= value.reads;
    RecordType::Field made;
    made.name = field.name;
    made.range = field.nameRange;
    made.type = std::move(value.type);
    record->fields.push_back(std::move(made));
  }
  result.type = makeType(Kind::Record);
  result.type.record = std::move(record);
  return result;
}

// Which operand says what the other is: a bare word waits for the other.
bool waitsForOther(const Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context) {
  const ast::Reference *word = expr.bareWord();
  if (!word) return std::holds_alternative<ast::StringLiteral>(expr.node);
  if (context.record && !fieldsNamed(*context.record, word->path[0]).empty()) return false;
  return !isName(checker, word->path[0], &scope, &context) || findLet(checker, word->path[0], context.interface);
}

Typed inferEquality(Checker &checker, const ast::Operation &operation, const Scope &scope, const Context &context) {
  const ast::Expr *first = &operation.operands[0], *second = &operation.operands[1];
  if (waitsForOther(checker, *first, scope, context) && !waitsForOther(checker, *second, scope, context))
    std::swap(first, second);
  Typed a = infer(checker, *first, scope, context);
  if (a.type.kind == Kind::Enum && std::holds_alternative<ast::StringLiteral>(second->node)) {
    checker.engine.report<diag::QuotedWord>(second->range);
    return {makeType(Kind::Bool), a.reads};
  }
  Type expected = a.type;
  expected.optional = false;
  Typed b = infer(checker, *second, scope, context, &expected);
  if (!fits(a.type, b.type) && !fits(b.type, a.type) && !unify(a.type, b.type))
    checker.engine.report<diag::WrongType>(second->range, typeName(a.type), typeName(b.type));
  return {makeType(Kind::Bool), static_cast<ReadSet>(a.reads | b.reads)};
}

Typed inferOrder(Checker &checker, const ast::Operation &operation, const Scope &scope, const Context &context) {
  Typed result{makeType(Kind::Bool), 0};
  for (const ast::Expr &operand : operation.operands)
    result.reads |= require(checker, operand, scope, context, makeType(Kind::Int)).reads;
  return result;
}

Typed inferIn(Checker &checker, const ast::Operation &operation, const Scope &scope, const Context &context) {
  Typed list, element;
  Type any = makeType(Kind::Any);
  if (waitsForOther(checker, operation.operands[0], scope, context)) {
    list = infer(checker, operation.operands[1], scope, context);
    const Type *expected = list.type.kind == Kind::List ? list.type.element.get() : nullptr;
    element = infer(checker, operation.operands[0], scope, context, expected);
  } else {
    element = infer(checker, operation.operands[0], scope, context);
    Type expected = listOf(element.type);
    list = infer(checker, operation.operands[1], scope, context, &expected);
  }
  if (list.type.kind == Kind::Map) {
    checkFits(checker, operation.operands[0], element.type, makeType(Kind::Text), true);
  } else if (list.type.kind != Kind::List && list.type.kind != Kind::Error) {
    checker.engine.report<diag::WrongType>(operation.operands[1].range, "a list", typeName(list.type));
  } else if (list.type.kind == Kind::List && !unify(element.type, *list.type.element)) {
    checker.engine.report<diag::WrongType>(operation.operands[0].range, typeName(*list.type.element),
                                           typeName(element.type));
  }
  return {makeType(Kind::Bool), static_cast<ReadSet>(list.reads | element.reads)};
}

// `and`, `or`: the second operand is read where the first holds, or does not.
Typed inferLogic(Checker &checker, const ast::Operation &operation, const Scope &scope, const Context &context) {
  bool isAnd = operation.kind == OpKind::And;
  Typed result = require(checker, operation.operands[0], scope, context, makeType(Kind::Bool));
  Scope inner(&scope);
  inner.facts.add(narrow(checker, operation.operands[0], isAnd, scope, context));
  result.reads |= require(checker, operation.operands[1], inner, context, makeType(Kind::Bool)).reads;
  result.type = makeType(Kind::Bool);
  return result;
}

Typed inferChoice(Checker &checker, const ast::Operation &operation, const Scope &scope, const Context &context,
                  const Type *expected) {
  const ast::Expr &then = operation.operands[0], &condition = operation.operands[1], &otherwise = operation.operands[2];
  Typed result = require(checker, condition, scope, context, makeType(Kind::Bool));
  Scope holds(&scope), fails(&scope);
  holds.facts.add(narrow(checker, condition, true, scope, context));
  fails.facts.add(narrow(checker, condition, false, scope, context));
  Typed a = infer(checker, then, holds, context, expected);
  Typed b = infer(checker, otherwise, fails, context, expected ? expected : &a.type);
  result.reads |= a.reads | b.reads;
  std::optional<Type> both = unify(a.type, b.type);
  if (both) {
    result.type = *both;
  } else {
    checker.engine.report<diag::WrongType>(otherwise.range, typeName(a.type), typeName(b.type));
    result.type = {};
  }
  return result;
}

// Lists are joined; one that is absent is empty.
Typed inferJoin(Checker &checker, const ast::Operation &operation, const Scope &scope, const Context &context,
                const Type *expected) {
  Typed result{listOf(makeType(Kind::Any)), 0};
  for (const ast::Expr &operand : operation.operands) {
    Typed one = infer(checker, operand, scope, context, expected);
    result.reads |= one.reads;
    if (one.type.kind == Kind::Error) continue;
    std::optional<Type> both;
    if (one.type.kind == Kind::List) both = unify(result.type, one.type);
    if (!both) {
      checker.engine.report<diag::WrongType>(operand.range, typeName(result.type), typeName(one.type));
      continue;
    }
    result.type = *both;
    result.type.optional = false;
  }
  return result;
}

Typed inferOperation(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                     const Type *expected) {
  const auto &operation = std::get<ast::Operation>(expr.node);
  switch (operation.kind) {
  case OpKind::Join: return inferJoin(checker, operation, scope, context, expected);
  case OpKind::Equal:
  case OpKind::NotEqual: return inferEquality(checker, operation, scope, context);
  case OpKind::Less:
  case OpKind::LessEqual:
  case OpKind::Greater:
  case OpKind::GreaterEqual: return inferOrder(checker, operation, scope, context);
  case OpKind::In: return inferIn(checker, operation, scope, context);
  case OpKind::Not: return require(checker, operation.operands[0], scope, context, makeType(Kind::Bool));
  case OpKind::And:
  case OpKind::Or: return inferLogic(checker, operation, scope, context);
  case OpKind::Choose: return inferChoice(checker, operation, scope, context, expected);
  }
  return {};
}

Typed inferNode(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                const Type *expected) {
  if (std::holds_alternative<ast::StringLiteral>(expr.node))
    return inferLiteral(checker, expr, scope, context, expected);
  if (auto *number = std::get_if<ast::Number>(&expr.node)) {
    Type type = makeType(Kind::Int);
    type.min = type.max = number->value;
    if (number->last) return {listOf(makeType(Kind::Int)), 0};
    return {type, 0};
  }
  if (auto *reference = std::get_if<ast::Reference>(&expr.node)) {
    bool ofFact = reference->path.size() > 1;
    if (reference->isCall && !ofFact)
      return inferCall(checker, expr, scope, context, expected ? expected->kind : Kind::Bool);
    return inferReference(checker, expr, scope, context, expected);
  }
  if (std::holds_alternative<ast::List>(expr.node)) return inferList(checker, expr, scope, context, expected);
  if (std::holds_alternative<ast::Record>(expr.node)) return inferRecord(checker, expr, scope, context, expected);
  return inferOperation(checker, expr, scope, context, expected);
}

// A number that is known against the range of the type.
bool inRange(const Type &found, const Type &expected) {
  if (found.kind != Kind::Int || expected.kind != Kind::Int || !found.min || found.min != found.max) return true;
  return (!expected.min || *found.min >= *expected.min) && (!expected.max || *found.max <= *expected.max);
}

} // namespace

Typed infer(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context, const Type *expected) {
  Typed result = inferNode(checker, expr, scope, context, expected);
  checker.inferred[&expr] = result.type;
  return result;
}

bool checkFits(Checker &checker, const ast::Expr &expr, const Type &found, const Type &expected, bool mayBeAbsent) {
  if (found.kind == Kind::Error || expected.kind == Kind::Error) return false;
  bool single = expected.kind == Kind::List && expected.single && expected.element && fits(found, *expected.element);
  if (!fits(found, expected) && !single) {
    checker.engine.report<diag::WrongType>(expr.range, typeName(expected), typeName(found));
    return false;
  }
  if (!inRange(found, expected)) {
    checker.engine.report<diag::OutOfRange>(expr.range, *found.min, expected.min.value_or(INT64_MIN),
                                            expected.max.value_or(INT64_MAX));
    return false;
  }
  if (found.optional && !mayBeAbsent && !expected.optional) {
    checker.engine.report<diag::OptionalRead>(expr.range, shownName(expr));
    return false;
  }
  return true;
}

Typed require(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context, const Type &expected,
              bool mayBeAbsent) {
  Typed result = infer(checker, expr, scope, context, &expected);
  if (!checkFits(checker, expr, result.type, expected, mayBeAbsent)) result.type = {};
  return result;
}

void requireCondition(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context) {
  require(checker, expr, scope, context, makeType(Kind::Bool));
}

} // namespace snapsecc::checking
