// SPDX-License-Identifier: Apache-2.0
// Warnings that are meant: a reason that ends with the name of a warning in brackets, as messages show it, accepts that
// warning for its statement and all within it; the brackets are no part of the reason. `## The daemon opens it.
// [device-without-cgroup]`
#include "frontend/CheckDiagnostics.h"
#include "frontend/Lints.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::checking {
namespace {

bool isName(llvm::StringRef text) {
  return !text.empty() && llvm::all_of(text, [](char c) { return llvm::isAlpha(c) || c == '-'; });
}

class Collector {
public:
  explicit Collector(Checker &shared) : checker(shared) {}

  void add(std::vector<ast::Statement> &statements) {
    for (ast::Statement &statement : statements)
      addOne(statement);
  }

private:
  void addOne(ast::Statement &statement) {
    for (llvm::StringRef doc = statement.doc; doc.consume_back("]");) {
      auto [rest, name] = doc.rsplit('[');
      if (rest.size() == doc.size() || !isName(name)) break;
      checker.accepted.push_back({statement.range, statement.docRange, name.str()});
      statement.doc.resize(rest.rtrim().size());
      doc = statement.doc;
    }
    if (auto *when = std::get_if<ast::When>(&statement.node)) {
      add(when->then.statements);
      add(when->otherwise);
    } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
      add(loop->body.statements);
    } else if (auto *field = std::get_if<ast::Field>(&statement.node)) {
      addType(field->type);
    } else if (auto *rule = std::get_if<ast::Rule>(&statement.node)) {
      if (rule->block) add(rule->block->statements);
    }
  }

  void addType(ast::TypeExpr &type) {
    if (type.record) add(type.record->statements);
    for (ast::TypeExpr &element : type.element)
      addType(element);
  }

  Checker &checker;
};

} // namespace

void collectAccepted(Checker &checker) {
  for (ast::File &file : checker.library.files)
    Collector(checker).add(file.statements);
}

bool isAccepted(Checker &checker, SourceRange range, llvm::StringRef warning) {
  bool found = false;
  for (Acceptance &one : checker.accepted)
    if (one.warning == warning && one.where.file == range.file && one.where.begin <= range.begin &&
        range.end <= one.where.end)
      found = one.met = true;
  return found;
}

void lintAccepted(Checker &checker) {
  for (const Acceptance &one : checker.accepted)
    if (!one.met) checker.engine.report<diag::NothingAccepted>(one.doc, one.warning);
}

} // namespace snapsecc::checking
