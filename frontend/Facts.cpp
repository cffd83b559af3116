// SPDX-License-Identifier: Apache-2.0
// Facts.def and Functions.def, their notation read once.
#include "frontend/Facts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cassert>

namespace snapsecc {

namespace {

// `name: T|U`, `name?: T`, `name*: T`, separated by commas, up to ')' or the end.
std::vector<Parameter> readParameters(llvm::StringRef &text) {
  std::vector<Parameter> parameters;
  for (text = text.ltrim(); !text.empty() && text.front() != ')'; text = text.ltrim()) {
    auto isNameChar = [](char c) { return llvm::isAlnum(c) || c == '_' || c == '-'; };
    Parameter parameter;
    parameter.name = text.take_while(isNameChar).str();
    text = text.drop_front(parameter.name.size());
    parameter.mayBeLeftOut = text.consume_front("?");
    parameter.repeats = text.consume_front("*");
    [[maybe_unused]] bool colon = text.consume_front(":");
    assert(colon && "table: ':' is missing behind a parameter");
    do {
      parameter.types.push_back(readType(text));
      parameter.takesAbsent |= parameter.types.back().optional;
      parameter.types.back().optional = false;
      text = text.ltrim();
    } while (text.consume_front("|"));
    if (parameter.types[0].kind == Type::Kind::Any) parameter.types.clear();
    parameters.push_back(std::move(parameter));
    text.consume_front(",");
  }
  return parameters;
}

Fact makeFact(const char *name, llvm::StringRef notation, Stage stage, const char *doc) {
  Fact fact{name, false, {}, {}, stage, doc};
  if (notation.consume_front("(")) {
    fact.isCall = true;
    fact.parameters = readParameters(notation);
    [[maybe_unused]] bool arrow = notation.consume_front(") ->");
    assert(arrow && "Facts.def: '->' is missing");
  }
  fact.type = readType(notation);
  assert(notation.empty() && "Facts.def: text behind the type");
  return fact;
}

Function makeFunction(const char *name, llvm::StringRef parameters, llvm::StringRef result, Stage stage,
                      const char *doc) {
  Function function{name, readParameters(parameters), {}, "", stage, doc};
  assert(parameters.empty() && "Functions.def: text behind the parameters");
  if (result.consume_front("=")) {
    function.resultOf = result.str();
  } else {
    function.result = readType(result);
    assert(result.empty() && "Functions.def: text behind the result");
  }
  return function;
}

} // namespace

llvm::ArrayRef<Fact> allFacts() {
  static const std::vector<Fact> facts = {
#define FACT(Name, TypeText, StageOf, Doc) makeFact(Name, TypeText, Stage::StageOf, Doc),
#include "frontend/Facts.def"
#undef FACT
  };
  return facts;
}

const Fact *findFact(llvm::StringRef name) {
  const Fact *found = llvm::find_if(allFacts(), [&](const Fact &fact) { return name == fact.name; });
  return found == allFacts().end() ? nullptr : found;
}

llvm::ArrayRef<Function> allFunctions() {
  static const std::vector<Function> functions = {
#define FUNCTION(Name, Parameters, Result, StageOf, Doc) makeFunction(Name, Parameters, Result, Stage::StageOf, Doc),
#include "frontend/Functions.def"
#undef FUNCTION
  };
  return functions;
}

bool isPlace(Type::Kind kind) {
  using enum Type::Kind;
  return kind == Match || kind == Action || kind == Transition || kind == Family || kind == Command || kind == Argument;
}

const Function *findFunction(llvm::StringRef name, Type::Kind place) {
  const Function *found = llvm::find_if(allFunctions(), [&](const Function &function) {
    Type::Kind kind = function.result.kind;
    return name == function.name && (isPlace(place) ? kind == place : !isPlace(kind));
  });
  return found == allFunctions().end() ? nullptr : found;
}

} // namespace snapsecc
