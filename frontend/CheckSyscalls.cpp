// SPDX-License-Identifier: Apache-2.0
// System calls of rules: their names, and the patterns of their arguments.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "ir/Syscalls.h"
#include <cstring>

namespace snapsecc::checking {

namespace {

using Kind = Type::Kind;
using OpKind = ast::Operation::Kind;

bool isArgument(const ast::Expr &expr) {
  const ast::Reference *word = expr.bareWord();
  return word && word->path[0] == "_";
}

void checkComparison(Checker &checker, const ast::Expr &pattern, const ast::Operation &operation, const Scope &scope,
                     const Context &context) {
  bool compares = operation.kind >= OpKind::Equal && operation.kind <= OpKind::GreaterEqual;
  if (!compares || !isArgument(operation.operands[0]) || isArgument(operation.operands[1])) {
    checker.engine.report<diag::NotAnArgument>(pattern.range);
    return;
  }
  require(checker, operation.operands[1], scope, context, makeType(Kind::Int));
}

void checkPattern(Checker &checker, const ast::Expr &pattern, const Scope &scope, const Context &context) {
  if (isArgument(pattern)) return;
  auto *operation = std::get_if<ast::Operation>(&pattern.node);
  if (operation && operation->kind != OpKind::Choose && operation->kind != OpKind::Join)
    return checkComparison(checker, pattern, *operation, scope, context);
  Context inside = context;
  inside.inArgument = true;
  Type type = infer(checker, pattern, scope, inside).type;
  if (type.kind == Kind::Error) return;
  if (type.optional) {
    checker.engine.report<diag::OptionalRead>(pattern.range, shownName(pattern));
    return;
  }
  if (type.kind == Kind::Argument || fits(type, makeType(Kind::Int)) || fits(type, listOf(makeType(Kind::Int)))) return;
  checker.engine.report<diag::WrongType>(pattern.range, "a number or an argument pattern", typeName(type));
}

} // namespace

void checkSyscall(Checker &checker, const ast::Expr &value, const Scope &scope, const Context &context) {
  const auto &reference = std::get<ast::Reference>(value.node);
  const std::string &name = reference.path[0];
  const ir::Syscall *call = ir::findSyscall(name);
  if (!call) {
    std::string suggestion = nearest(name, ir::syscallNames());
    SourceRange range = reference.pathRanges[0];
    auto made = checker.engine.report<diag::UnknownSyscall>(range, name, didYouMean(suggestion));
    if (!suggestion.empty()) made.fixIt(range, suggestion);
  }
  size_t most = call && call->arguments ? std::strlen(call->arguments) : 6;
  for (size_t i = 0; i < reference.args.size(); ++i) {
    const ast::Argument &argument = reference.args[i];
    if (!argument.name.empty() || i >= most) {
      std::string what = argument.name.empty() ? "the call has " + std::to_string(most) + " arguments"
                                               : "arguments of a system call have no names";
      checker.engine.report<diag::WrongArguments>(argument.value.range, name, what);
      break;
    }
    checkPattern(checker, argument.value, scope, context);
  }
}

} // namespace snapsecc::checking
