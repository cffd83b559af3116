// SPDX-License-Identifier: Apache-2.0
// Types as the checker resolves and compares them: CheckTypes, CheckRecords, TypeRelations. Part of the checker.
#pragma once
#include "frontend/Checker.h"

namespace snapsecc::checking {

// ---- CheckTypes
void resolveTypes(Checker &checker); // named types, attributes, parameters of fragments
Type resolveType(Checker &checker, const ast::TypeExpr &written, const Interface *interface);
const Type *namedType(Checker &checker, llvm::StringRef name);
// Adds the fields and cases of a block to a record.
void buildRecord(Checker &checker, RecordType &record, const ast::Block &block, const Interface *interface);
// Text that is known without running anything: a literal, or a let of one.
std::optional<std::string> constantText(Checker &checker, const ast::Expr &expr, const Interface *interface);
const ast::Let *findLet(const Checker &checker, llvm::StringRef name, const Interface *interface);

// ---- TypeRelations
Type makeType(Type::Kind kind);
Type listOf(Type element);
// Fields of a record by name, with the case that each stands in, or "".
struct FoundField {
  const RecordType::Field *field = nullptr;
  std::string shape;
};
std::vector<FoundField> fieldsNamed(const RecordType &record, llvm::StringRef name);
std::vector<std::string> fieldNames(const RecordType &record);
std::set<std::string> caseNames(const RecordType &record);
std::optional<Type> unify(const Type &a, const Type &b); // nullopt: they do not go together
bool fits(const Type &from, const Type &to);             // whether it may be absent is left aside
bool isTextual(Type::Kind kind);                         // a literal can have this type

} // namespace snapsecc::checking
