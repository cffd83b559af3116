// SPDX-License-Identifier: Apache-2.0
// The tables of what expressions may ask: Facts.def and Functions.def, types read.
#pragma once
#include "frontend/Types.h"
#include "llvm/ADT/ArrayRef.h"

namespace snapsecc {

struct Parameter {
  std::string name;
  std::vector<Type> types; // one must fit; empty: anything
  bool mayBeLeftOut = false, repeats = false;
  bool takesAbsent = false; // an optional value may be given
};

// Facts.def
struct Fact {
  std::string name; // "host.classic"; "side.name" for both sides
  bool isCall = false;
  std::vector<Parameter> parameters;
  Type type;
  Stage stage{};
  const char *doc = "";
};
llvm::ArrayRef<Fact> allFacts();
// By its whole name; for a side ask for "side.X".
const Fact *findFact(llvm::StringRef name);

// Functions.def
struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  Type result;
  std::string resultOf; // the parameter whose type the result has; else empty
  Stage stage{};
  const char *doc = "";
};
llvm::ArrayRef<Function> allFunctions();
// `place`: Type::Kind::Match, Action, Transition, Family, Command or Argument; any other kind: a function of
// expressions.
const Function *findFunction(llvm::StringRef name, Type::Kind place = Type::Kind::Bool);
// Is this the type of words of a slot (`match`, `family`, ...) and not of a value?
bool isPlace(Type::Kind kind);

} // namespace snapsecc
