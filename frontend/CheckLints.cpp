// SPDX-License-Identifier: Apache-2.0
// What is right and still a mistake: names that nothing reads, an interface or a denial without a reason. Only of a
// unit without errors.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"

namespace snapsecc::checking {

void lintUnused(Checker &checker) {
  auto unused = [&](const ast::Let &let) {
    if (!checker.used.count(&let)) warn<diag::Unused>(checker, let.nameRange, "let", let.name);
  };
  for (const ast::File &file : checker.library.files)
    for (const ast::Statement &statement : file.statements)
      if (auto *let = std::get_if<ast::Let>(&statement.node)) unused(*let);
  for (auto [interface, block] : checker.interfaces)
    for (const ast::Let *let : interface->lets)
      unused(*let);
  for (const ast::Statement *statement : checker.blockLets)
    unused(std::get<ast::Let>(statement->node));
  for (const auto &[name, statement] : checker.typeStatements)
    if (!checker.usedTypes.count(name))
      warn<diag::Unused>(checker, std::get<ast::Rule>(statement->node).items[1].range, "type", name);
  for (const auto &[name, fragment] : checker.library.fragments)
    if (!checker.usedFragments.count(name)) warn<diag::Unused>(checker, fragment.range, "fragment", name);
}

void lint(Checker &checker) {
  for (auto [interface, block] : checker.interfaces)
    if (interface->summary.empty()) warn<diag::NoSummary>(checker, interface->range, interface->name);
  for (auto [interface, block] : checker.interfaces)
    for (const Interface::Connect &line : interface->connects)
      if (line.level == Interface::Connect::Level::AutoOnly) warn<diag::AutoOnly>(checker, line.range);
  for (const Checker::AbsentPart &one : checker.absent)
    warn<diag::AbsentWidens>(checker, one.range, one.value, one.part);
  lintUnused(checker);
  lintUsage(checker);
  lintRules(checker);
  lintResources(checker);
  lintAccepted(checker);
}

} // namespace snapsecc::checking
