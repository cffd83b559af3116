// SPDX-License-Identifier: Apache-2.0
// A .sif file as written: plain structs, every node with its source range. BuildAst makes it from the parse tree; Check resolves it.
// The production names are those of grammar/Sif.g4.
#pragma once
#include "diag/SourceFile.h"
#include "ir/RuleKinds.h"
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace snapsecc::ast {

struct Expr;
struct Argument; // [name:] expr

// A string literal in pieces: text as it stands in the source (escapes not read: that is the business of the type of its
// place), and the references of ${...}. `\${` is text "${". The empty string has no pieces.
struct StringLiteral {
  struct Piece {
    SourceRange range;
    std::string text;            // where `embedded` is empty
    std::vector<Expr> embedded;  // none or one: a Reference
  };
  std::vector<Piece> pieces;
};
struct Number { // a range where last is set
  int64_t value = 0; // from 2^63 on it wraps: 0xffffffffffffffff is -1
  std::optional<int64_t> last;
  bool wide = false; // one of them was written with more than 64 bits, the lowest are here
};
struct Reference { // a.b.c or a.b(args)
  std::vector<std::string> path;
  std::vector<SourceRange> pathRanges;
  bool isCall = false;
  std::vector<Argument> args;
  bool isBareWord() const { return path.size() == 1 && !isCall; }
};
struct List {
  std::vector<Expr> elements;
};
struct Record {
  std::vector<Argument> fields;
};
struct Operation { // operands: one for Not; then, condition, else for Choose (`a if c else b`)
  enum class Kind : uint8_t { Join, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, Not, And, Or, Choose };
  Kind kind{};
  std::vector<Expr> operands;
};

struct Expr {
  SourceRange range;
  std::variant<StringLiteral, Number, Reference, List, Record, Operation> node;
  const Reference *bareWord() const {
    auto *reference = std::get_if<Reference>(&node);
    return reference && reference->isBareWord() ? reference : nullptr;
  }
};
struct Argument {
  std::string name; // empty: positional
  SourceRange nameRange;
  Expr value;
};

struct Item { // values joined by commas, or an arrow
  SourceRange range;
  bool arrow = false;
  std::vector<Expr> values;
};

struct Statement;
struct Block {
  SourceRange range; // with the braces
  std::vector<Statement> statements;
};

struct TypeExpr { // name, [T] or {fields}, then refinements
  SourceRange range;
  std::string name;              // empty for a list or a record
  std::vector<TypeExpr> element; // one for a list
  std::optional<Block> record;
  std::vector<Item> refinements;
};

struct Let {
  std::string name;
  SourceRange nameRange;
  std::optional<TypeExpr> type;
  Expr value;
};
struct CheckStatement {
  Expr condition;
  Expr message; // a StringLiteral
};
struct When {
  Expr condition;
  Block then;
  std::vector<Statement> otherwise; // the else: a block's statements, or one When; empty: none
  bool hasElse = false;
};
struct For {
  std::string name;
  SourceRange nameRange;
  Expr list;
  Block body;
};
struct Field {
  std::string name;
  SourceRange nameRange;
  bool optional = false;
  TypeExpr type;
  std::optional<Expr> value; // the default
};
// Everything else: words and values. Which words mean what is in RuleKinds.def and Declarations.def.
struct Rule {
  std::vector<Item> items;
  std::optional<Expr> condition; // `if`
  std::optional<Block> block;

  // Set by Check, for a rule of RuleKinds.def: what its parts are. Item indices of `match` count from the item behind the keyword.
  std::optional<ir::RuleKind> kind;
  ir::Modifiers modifiers = 0;
  unsigned firstItem = 0;
  ir::Match match;
};

struct Statement {
  SourceRange range;
  std::string doc; // `##` before it or behind it on its line, joined by blanks, markers removed
  SourceRange docRange;
  std::variant<Let, CheckStatement, When, For, Field, Rule> node;
};

struct File {
  FileId id = 0;
  std::vector<Statement> statements;
};

} // namespace snapsecc::ast
