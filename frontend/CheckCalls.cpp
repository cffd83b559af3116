// SPDX-License-Identifier: Apache-2.0
// Calls against Functions.def: which function a name is at its place, and whether each argument fits its parameter.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

namespace {

class ArgumentChecker {
public:
  ArgumentChecker(Checker &shared, const ast::Expr &expression, llvm::ArrayRef<Parameter> declared, const Scope &inner,
                  const Context &place)
      : checker(shared), expr(expression), call(std::get<ast::Reference>(expression.node)), parameters(declared),
        scope(inner), context(place), given(declared.size()) {}

  ReadSet run(llvm::StringRef wanted, Type *ofParameter) {
    size_t position = 0;
    for (const ast::Argument &argument : call.args) {
      const Parameter *parameter = parameterOf(argument, position);
      if (!parameter) continue;
      Type type = checkOne(argument.value, *parameter);
      if (ofParameter && parameter->name == wanted) *ofParameter = type;
    }
    for (size_t i = 0; i < parameters.size() && !failed; ++i)
      if (!given[i] && !parameters[i].mayBeLeftOut && !parameters[i].repeats) {
        wrong(expr.range, "the argument '" + parameters[i].name + "' is missing");
        break;
      }
    return reads;
  }

private:
  void wrong(SourceRange range, const std::string &what) {
    failed = true;
    checker.engine.report<diag::WrongArguments>(range, shownName(call), what);
  }

  const Parameter *parameterOf(const ast::Argument &argument, size_t &position) {
    size_t index = position;
    if (!argument.name.empty()) {
      auto same = [&](const Parameter &parameter) { return parameter.name == argument.name; };
      index = llvm::find_if(parameters, same) - parameters.begin();
      if (index == parameters.size()) {
        wrong(argument.nameRange, "there is no argument '" + argument.name + "'");
        return nullptr;
      }
    } else if (index < parameters.size() && !parameters[index].repeats) {
      ++position;
    }
    if (index >= parameters.size()) {
      if (index == parameters.size()) wrong(argument.value.range, "this is one argument too many");
      position = parameters.size() + 1; // said once
      return nullptr;
    }
    if (given[index] && !parameters[index].repeats) {
      wrong(argument.value.range, "the argument '" + parameters[index].name + "' is given twice");
      return nullptr;
    }
    given[index] = true;
    return &parameters[index];
  }

  // By which of a parameter's types the argument is read: literals as patterns where these may stand.
  const Type *readAs(const ast::Expr &value, const Parameter &parameter) const {
    const ast::Reference *word = value.bareWord();
    const Type *first = nullptr;
    for (const Type &type : parameter.types) {
      if (word && type.kind == Kind::Enum &&
          (parameter.types.size() == 1 || llvm::is_contained(type.words, word->path[0])))
        return &type;
      if (word && (type.kind == Kind::Child || type.kind == Kind::Side)) return &type;
      if (std::holds_alternative<ast::StringLiteral>(value.node)) {
        if (type.kind == Kind::Glob || type.kind == Kind::Label) return &type;
        // A path that may also be text is not held to the form of paths: it may begin with a variable.
        if (isTextual(type.kind) && (!first || type.kind == Kind::Text)) first = &type;
      } else if (std::holds_alternative<ast::List>(value.node)) {
        if (type.kind == Kind::List) return &type;
      }
    }
    if (first) return first;
    return parameter.types.size() == 1 ? &parameter.types[0] : nullptr;
  }

  Type checkOne(const ast::Expr &value, const Parameter &parameter) {
    Typed found = infer(checker, value, scope, context, readAs(value, parameter));
    reads |= found.reads;
    if (found.type.kind == Kind::Error) return found.type;
    if (shownName(call) != "set" && shownName(call) != "nonempty") handOver(value, found.type);
    if (found.type.optional && !parameter.takesAbsent) {
      checker.engine.report<diag::OptionalRead>(value.range, shownName(value));
      return {};
    }
    bool takes = parameter.types.empty();
    for (const Type &type : parameter.types)
      takes |= fits(found.type, type);
    if (takes) return found.type;
    std::string wanted;
    for (const Type &type : parameter.types)
      wanted += (wanted.empty() ? "" : " or ") + typeName(type);
    checker.engine.report<diag::WrongType>(value.range, wanted, typeName(found.type));
    return {};
  }

  void handOver(const ast::Expr &value, const Type &type) {
    markFieldsUsed(checker, type);
    const ast::Reference *side = value.bareWord();
    if (type.kind == Kind::Side && side && context.interface)
      markFieldsUsed(checker, (side->path[0] == "plug" ? context.interface->plug : context.interface->slot).attributes);
  }

  Checker &checker;
  const ast::Expr &expr;
  const ast::Reference &call;
  llvm::ArrayRef<Parameter> parameters;
  const Scope &scope;
  const Context &context;
  std::vector<bool> given;
  bool failed = false;
  ReadSet reads = 0;
};

Typed unknownFunction(Checker &checker, const ast::Reference &call, Kind place) {
  std::vector<llvm::StringRef> names;
  for (const Function &function : allFunctions())
    if (findFunction(function.name, place) == &function) names.push_back(function.name);
  std::string suggestion = nearest(call.path[0], names);
  SourceRange range = call.pathRanges[0];
  auto made = checker.engine.report<diag::UnknownFunction>(range, call.path[0], didYouMean(suggestion));
  if (!suggestion.empty()) made.fixIt(range, suggestion);
  return {};
}

} // namespace

ReadSet checkArguments(Checker &checker, const ast::Expr &call, llvm::ArrayRef<Parameter> parameters,
                       const Scope &scope, const Context &context, llvm::StringRef parameter, Type *ofParameter) {
  return ArgumentChecker(checker, call, parameters, scope, context).run(parameter, ofParameter);
}

Typed inferCall(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context, Kind place) {
  const auto &call = std::get<ast::Reference>(expr.node);
  const Function *function = findFunction(call.path[0], place);
  if (!function && context.inArgument) function = findFunction(call.path[0], Kind::Argument);
  if (!function) return unknownFunction(checker, call, place);
  Typed result{function->result, 0};
  Type ofParameter;
  result.reads = checkArguments(checker, expr, function->parameters, scope, context, function->resultOf, &ofParameter);
  if (function->stage == Stage::Host) result.reads |= Host;
  if (function->stage == Stage::Snap) result.reads |= Snap;
  if (!checkStage(checker, result.reads & (Host | Snap), call.path[0] + "()", expr.range, context)) return {};
  if (!function->resultOf.empty()) {
    result.type = makeType(ofParameter.kind);
    result.type.glob = ofParameter.glob;
  }
  return result;
}

} // namespace snapsecc::checking
