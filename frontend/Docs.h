// SPDX-License-Identifier: Apache-2.0
// The `##` texts of a file, and which statement each belongs to: the one that follows, or the innermost one that it
// stands behind on its line. Part of BuildAst.
#pragma once
#include "frontend/Ast.h"
#include "grammar/ParseTreeImpl.h"
#include <map>

namespace snapsecc {

class Docs {
public:
  explicit Docs(const grammar::ParseTree::Impl &documented);
  // Gives a statement its texts; those of the statements within it must have been attached before.
  void attach(const antlr4::ParserRuleContext &context, ast::Statement &statement);
  // A statement that could not be read: nothing is said about its texts.
  void drop(const antlr4::ParserRuleContext &context);
  void reportStray(Engine &engine) const;

private:
  using ByToken = std::multimap<size_t, const antlr4::Token *>; // index of a token -> its texts
  template <class Visitor> void take(const antlr4::ParserRuleContext &context, Visitor visit);

  const grammar::ParseTree::Impl &tree;
  ByToken before, behind; // what follows them, and what they stand behind on its line
};

} // namespace snapsecc
