// SPDX-License-Identifier: Apache-2.0
// Names that statements make: lets and the variables of loops. A let of a block is known behind it; one of the unit, an
// interface or a record wherever that is in sight, so a chain of them may come back to itself, which is reported.
#include "diag/Diagnostics.h"
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

void addLetState(Checker &checker, const ast::Statement &statement, Context context) {
  const ast::Let &let = std::get<ast::Let>(statement.node);
  if (isReservedName(let.name))
    checker.engine.report<diag::ReservedName>(let.nameRange, let.name, "a word of the rules");
  LetState &state = checker.lets[&let];
  state.statement = &statement;
  state.context = std::move(context);
}

const ast::Let *recordLet(Checker &checker, const RecordType &record, llvm::StringRef name) {
  if (!record.block) return nullptr;
  for (const ast::Statement &statement : record.block->statements) {
    auto *let = std::get_if<ast::Let>(&statement.node);
    if (!let || let->name != name) continue;
    if (!checker.lets.count(let)) {
      Context context;
      context.place = "a record";
      context.allowed = Host | Snap;
      context.record = &record;
      addLetState(checker, statement, context);
    }
    return let;
  }
  return nullptr;
}

Typed letValue(Checker &checker, const ast::Let &let) {
  checker.used.insert(&let);
  return checkedLet(checker, let);
}

Typed checkedLet(Checker &checker, const ast::Let &let) {
  LetState &state = checker.lets[&let];
  if (state.progress == LetState::Progress::Done) return state.value;
  if (state.progress == LetState::Progress::Running) {
    checker.engine.report<diag::Cycle>(let.nameRange, "the let", let.name);
    return {};
  }
  state.progress = LetState::Progress::Running;
  Typed value = inferLet(checker, let, Scope(), state.context);
  state.progress = LetState::Progress::Done;
  return state.value = value;
}

Typed inferLet(Checker &checker, const ast::Let &let, const Scope &scope, const Context &context) {
  if (!let.type) {
    Typed value = infer(checker, let.value, scope, context);
    if (value.type.kind == Kind::Int) value.type.min = value.type.max = std::nullopt;
    return value;
  }
  Type type = resolveType(checker, *let.type, context.interface);
  Typed value = infer(checker, let.value, scope, context, &type);
  bool pattern = type.kind == Kind::Glob || type.kind == Kind::Label;
  if (pattern)
    checkPatternValue(checker, let.value, value.type, type);
  else
    checkFits(checker, let.value, value.type, type, true);
  type.optional = value.type.optional;
  return {type, value.reads};
}

static void addName(Checker &checker, Scope &scope, const std::string &name, SourceRange range, Name value) {
  if (isReservedName(name)) checker.engine.report<diag::ReservedName>(range, name, "a word of the rules");
  checker.blockNames.insert(name);
  auto [previous, fresh] = scope.names.try_emplace(name, value);
  if (!fresh)
    checker.engine.report<diag::Duplicate>(range, "the name", name)
        .note<diag::PreviousHere>(previous->second.range, name);
  // What was known of an outer name is not known of this one.
  auto about = [&](llvm::StringRef path) { return path == name || path.startswith(name + "."); };
  std::set<std::string> present;
  for (const std::string &path : scope.facts.present)
    if (!about(path)) present.insert(path);
  scope.facts.present = std::move(present);
  std::map<std::string, std::set<std::string>> words;
  for (const auto &[path, limited] : scope.facts.words)
    if (!about(path)) words[path] = limited;
  scope.facts.words = std::move(words);
}

void checkLet(Checker &checker, const ast::Statement &statement, Scope &scope, const Context &context) {
  const ast::Let &let = std::get<ast::Let>(statement.node);
  Typed value = inferLet(checker, let, scope, context);
  checker.blockLets.push_back(&statement);
  addName(checker, scope, let.name, let.nameRange, {value.type, value.reads, let.nameRange, &let});
}

void checkFor(Checker &checker, const ast::For &loop, Scope &inner, const Context &context) {
  Typed list = infer(checker, loop.list, inner, context);
  Type element;
  if (list.type.kind == Kind::List && list.type.element) {
    element = *list.type.element;
    element.optional = false;
    if (element.kind == Kind::Int) element.min = element.max = std::nullopt;
  } else if (list.type.kind != Kind::Error) {
    checker.engine.report<diag::WrongType>(loop.list.range, "a list", typeName(list.type));
  }
  addName(checker, inner, loop.name, loop.nameRange, {element, list.reads, loop.nameRange, nullptr});
}

} // namespace snapsecc::checking
