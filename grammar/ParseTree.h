// SPDX-License-Identifier: Apache-2.0
// Text of a .sif file to a parse tree. The only place that knows ANTLR: its types and exceptions end here and in
// frontend/BuildAst.cpp, which walks the tree through SifParser's contexts.
#pragma once
#include "diag/Engine.h"
#include <memory>

namespace snapsecc::grammar {

// Owns the text, the tokens and the tree.
class ParseTree {
public:
  struct Impl;
  explicit ParseTree(std::unique_ptr<Impl> made);
  ParseTree(ParseTree &&) noexcept;
  ParseTree &operator=(ParseTree &&) noexcept;
  ~ParseTree();
  const Impl &impl() const { return *implementation; }
  FileId file() const;

private:
  std::unique_ptr<Impl> implementation;
};

// Never throws. Mistakes are reported (several a run; a rule with a mistake is skipped up to its ';' or '}'), the tree
// holds what could be read. Text that is not UTF-8, or nests deeper than 64 brackets, is refused before parsing, with
// an empty tree.
ParseTree parse(FileId file, Engine &engine);

} // namespace snapsecc::grammar
