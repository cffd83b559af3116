// SPDX-License-Identifier: Apache-2.0
// What the parts of the checker share. CheckUnit.cpp runs them in this order:
//   1. CheckDeclarations: what the unit declares; matches declarations against Declarations.def
//   2. CheckTypes: written types, records, the attributes of each side
//   3. CheckPolicy, CheckTests, CheckRules: every block in its scope; CheckExpr, CheckNames, CheckLets, CheckCalls and
//   CheckNarrow give
//      expressions types and stages, CheckValues, CheckPatterns and CheckSyscalls fit them into the slots of rules
//   4. CheckLints: what is right but of no use, or a trap
#pragma once
#include "frontend/CheckExpr.h"
#include "frontend/CheckTypes.h"
#include "frontend/Checker.h"
#include "frontend/Lints.h"

namespace snapsecc::checking {

// ---- CheckDeclarations
void collectDeclarations(Checker &checker, ast::File &file);
// The declaration that the statement is, matched; nullopt where it is none that may stand here, which is reported.
std::optional<Parts> matchDeclaration(Checker &checker, const ast::Statement &statement, Place place,
                                      llvm::StringRef where);
std::vector<ir::Item> shapesOf(const Checker &checker, llvm::ArrayRef<ast::Item> items, const Scope *scope,
                               const Context *context);
void reportMismatch(Checker &checker, const ir::MatchError &error, llvm::StringRef keyword, const ast::Rule &rule,
                    unsigned firstItem, SourceRange whole);
void reportUnknownStatement(Checker &checker, llvm::StringRef keyword, SourceRange range, Place place,
                            llvm::StringRef where);
void reportMisplaced(Checker &checker, const ast::Statement &statement, llvm::StringRef where);
std::string firstSentence(llvm::StringRef doc);

// ---- CheckRules, CheckValues, CheckSyscalls
void checkRules(Checker &checker, ast::Block &block, const Scope &outer, const Context &context);
void checkStatements(Checker &checker, std::vector<ast::Statement> &statements, Scope &scope, const Context &context);
// A rule whose modifiers begin at item `first`; fills it in.
void checkRule(Checker &checker, ast::Statement &statement, unsigned first, const Scope &scope, const Context &context);
void checkValues(Checker &checker, const ast::Rule &rule, const Scope &scope, const Context &context);
void checkSyscall(Checker &checker, const ast::Expr &value, const Scope &scope, const Context &context);

// ---- CheckPolicy, CheckTests
void checkInterface(Checker &checker, Interface &interface, ast::Block &block);
// The value of an attribute that may be declared in several cases.
void checkAttributeValue(Checker &checker, const ast::Expr &value, llvm::ArrayRef<FoundField> fields,
                         const Context &context);
void requireInterface(Checker &checker, llvm::StringRef name, SourceRange range);
void checkRecord(Checker &checker, const RecordType &record, const ast::Block &block, const Context &context);
Context sideContext(const Interface &interface, SideKind side, bool always);
void checkTest(Checker &checker, ast::Statement &statement, const Interface *interface);

} // namespace snapsecc::checking
