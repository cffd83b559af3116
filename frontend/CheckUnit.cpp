// SPDX-License-Identifier: Apache-2.0
// The checker as a table of contents: files of syntax trees -> a library whose names are resolved and whose rules are
// matched.
#include "frontend/Check.h"

namespace snapsecc {

using namespace checking;

const Type &Library::typeOf(const ast::TypeExpr &written) const {
  static const Type unknown;
  auto found = resolvedTypes.find(&written);
  return found == resolvedTypes.end() ? unknown : found->second;
}

namespace {

Context rulesContext(const char *place) {
  Context context;
  context.place = place;
  context.allowed = Host | Snap | App;
  return context;
}

void checkNamedRecords(Checker &checker) {
  for (const auto &[name, type] : checker.library.types) {
    if (type.kind != Type::Kind::Record || !type.record->block || type.record->name != name) continue;
    Context context;
    context.place = "a record";
    context.allowed = Host | Snap;
    context.record = type.record.get();
    checkRecord(checker, *type.record, *type.record->block, context);
  }
}

void checkFragment(Checker &checker, const std::string &name, ast::Block &block) {
  Scope scope;
  for (const Fragment::Parameter &parameter : checker.library.fragments[name].parameters) {
    checker.blockNames.insert(parameter.name);
    scope.names[parameter.name] = {parameter.type, 0, {}, nullptr};
  }
  checkRules(checker, block, scope, rulesContext("a fragment"));
}

void checkTemplate(Checker &checker, ast::Rule &rule) {
  Context context = rulesContext("a template");
  Context condition = context;
  condition.place = "the condition of a template";
  condition.allowed = Host | Snap;
  if (rule.condition) requireCondition(checker, *rule.condition, Scope(), condition);
  checkRules(checker, *rule.block, Scope(), context);
}

void checkUnitStatement(Checker &checker, ast::Statement &statement, const Parts &parts) {
  ast::Rule &rule = std::get<ast::Rule>(statement.node);
  switch (parts.declaration->kind) {
  case DeclarationKind::Template: return checkTemplate(checker, rule);
  case DeclarationKind::Fragment:
    return checkFragment(checker, std::get<ast::Reference>(rule.items[1].values[0].node).path[0], *rule.block);
  case DeclarationKind::Overlay:
    if (parts.has("interface")) requireInterface(checker, parts.word("interface"), parts.range("interface"));
    return checkRules(checker, *rule.block, Scope(), rulesContext("an overlay"));
  case DeclarationKind::Never:
    if (parts.has("except"))
      for (const ast::Expr &value : parts.get("except")->values)
        requireInterface(checker, value.bareWord()->path[0], value.range);
    return checkRules(checker, *rule.block, Scope(), rulesContext("'never'"));
  case DeclarationKind::Test: return checkTest(checker, statement, nullptr);
  default: return;
  }
}

// Lets that nothing has read yet.
void checkOtherLets(Checker &checker) {
  for (const ast::File &file : checker.library.files)
    for (const ast::Statement &statement : file.statements)
      if (auto *let = std::get_if<ast::Let>(&statement.node); let && checker.lets.count(let)) checkedLet(checker, *let);
  for (auto [interface, block] : checker.interfaces)
    for (const ast::Let *let : interface->lets)
      checkedLet(checker, *let);
}

} // namespace

std::unique_ptr<Library> check(std::vector<ast::File> files, Engine &engine, bool lints,
                               std::optional<DataFiles> dataFiles) {
  auto library = std::make_unique<Library>();
  library->dataFiles = std::move(dataFiles);
  for (ast::File &file : files)
    library->files.push_back(std::move(file));
  Checker checker{engine, *library};
  collectAccepted(checker);
  for (ast::File &file : library->files)
    collectDeclarations(checker, file);
  resolveTypes(checker);
  checkNamedRecords(checker);
  for (auto [interface, block] : checker.interfaces)
    checkInterface(checker, *interface, *block);
  for (ast::File &file : library->files)
    for (ast::Statement &statement : file.statements)
      if (auto found = checker.declarations.find(&statement); found != checker.declarations.end()) {
        Parts parts = found->second;
        checkUnitStatement(checker, statement, parts);
      }
  for (auto [interface, block] : checker.interfaces)
    for (const ast::Statement *test : interface->tests)
      for (ast::Statement &statement : block->statements)
        if (&statement == test) checkTest(checker, statement, interface);
  checkOtherLets(checker);
  if (lints && !engine.hasErrors()) lint(checker);
  return library;
}

} // namespace snapsecc
