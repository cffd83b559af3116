// SPDX-License-Identifier: Apache-2.0
// Types and stages of expressions, and what conditions tell. Part of the checker.
#pragma once
#include "frontend/CheckTypes.h"

namespace snapsecc::checking {

// ---- CheckExpr
// `expected` tells how literals and bare words are read; whether the result fits it is the business of `require`.
Typed infer(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
            const Type *expected = nullptr);
// infer, and a diagnostic where the result does not fit or may be absent.
Typed require(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context, const Type &expected,
              bool mayBeAbsent = false);
void requireCondition(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context);
// Says once that a value does not fit or may be absent.
bool checkFits(Checker &checker, const ast::Expr &expr, const Type &found, const Type &expected, bool mayBeAbsent);

// ---- CheckNames
Typed inferReference(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                     const Type *expected);
bool isName(const Checker &checker, llvm::StringRef name, const Scope *scope, const Context *context);
std::string shownName(const ast::Reference &reference); // a.b.c
std::string shownName(const ast::Expr &expr);           // of a reference; else "this value"
// How `Facts` call the value that a reference reads.
std::string pathOf(const ast::Reference &reference, const Scope &scope, const Context &context);
// Reports where `reads` has more than the context allows.
bool checkStage(Checker &checker, ReadSet reads, llvm::StringRef shown, SourceRange range, const Context &context);

// ---- CheckLets
Typed letValue(Checker &checker, const ast::Let &let);   // of the unit, an interface or a record
Typed checkedLet(Checker &checker, const ast::Let &let); // the same, and does not count as reading it
Typed inferLet(Checker &checker, const ast::Let &let, const Scope &scope, const Context &context);
void checkLet(Checker &checker, const ast::Statement &statement, Scope &scope, const Context &context);
void checkFor(Checker &checker, const ast::For &loop, Scope &inner, const Context &context);
void addLetState(Checker &checker, const ast::Statement &statement, Context context);
const ast::Let *recordLet(Checker &checker, const RecordType &record, llvm::StringRef name);

// ---- CheckCalls
Typed inferCall(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context, Type::Kind place);
// What the arguments read; `ofParameter` is given the type of the argument of that name.
ReadSet checkArguments(Checker &checker, const ast::Expr &call, llvm::ArrayRef<Parameter> parameters,
                       const Scope &scope, const Context &context, llvm::StringRef parameter = "",
                       Type *ofParameter = nullptr);

// ---- CheckNarrow
// What is known where the condition holds, or does not.
Facts narrow(Checker &checker, const ast::Expr &condition, bool holds, const Scope &scope, const Context &context);
// Is it known here that one of the fields is there: that its case and the `when`s around it hold?
bool fieldIsKnown(Checker &checker, const RecordType &record, llvm::ArrayRef<FoundField> found, llvm::StringRef prefix,
                  const Facts &facts);

// ---- CheckPatterns
// The literal as the type reads it: patterns parsed, `${..}` converted. Returns what it reads.
ReadSet checkLiteral(Checker &checker, const ast::Expr &literal, const Type &as, const Scope &scope,
                     const Context &context);
// A value that is put into a pattern, or is one: a list where `many`.
void checkPatternValue(Checker &checker, const ast::Expr &expr, const Type &type, const Type &pattern);

} // namespace snapsecc::checking
