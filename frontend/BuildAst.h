// SPDX-License-Identifier: Apache-2.0
// Parse tree to syntax tree. Attaches `##` texts to their statements; reports a `##` that documents nothing.
#pragma once
#include "diag/Engine.h"
#include "frontend/Ast.h"
#include "grammar/ParseTree.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc {

ast::File buildAst(const grammar::ParseTree &tree, Engine &engine);
// What the matcher sees of a value of an item; inScope is for the caller to set.
ir::Shape shapeOf(const ast::Expr &value);
// An indented dump, for --emit=ast and tests; `places`: with the line and column of each statement.
void printAst(const ast::File &file, const SourceManager &sources, llvm::raw_ostream &out, bool places = true);

} // namespace snapsecc
