// SPDX-License-Identifier: Apache-2.0
// The tokens of a .sif file as the formatter sees them: with the comments around them and what the grammar says of
// where a line may or must begin. Part of Format.
#pragma once
#include "grammar/ParseTree.h"

namespace snapsecc::formatting {

struct Comment {
  std::string text;         // with its '#'
  bool blankBefore = false; // an empty line stands before it
};

struct Token {
  enum class Bracket : uint8_t { None, OpensBlock, ClosesBlock, OpensTable, ClosesTable };

  std::string text;
  std::vector<Comment> before;  // on lines of their own
  std::string behind;           // a comment on the token's line, or empty
  bool startsLine = false;      // in the source
  bool blankBefore = false;     // an empty line stands before it, behind its comments
  bool startsStatement = false; // or, in a table, an element
  bool isElse = false;          // of a `when`
  bool space = true;            // between it and the token before it
  bool mayBreak = false;        // a line that is too long may end before it
  unsigned depth = 0;           // a break is better where this is less: outside of parentheses, lists and joined values
  // Brackets whose content can stand on lines of its own: blocks, and lists whose first element begins a line (tables).
  Bracket bracket = Bracket::None;
  size_t partner = 0;

  bool opens() const { return bracket == Bracket::OpensBlock || bracket == Bracket::OpensTable; }
  bool closes() const { return bracket == Bracket::ClosesBlock || bracket == Bracket::ClosesTable; }
};

// Of a file that was parsed without an error. The last token stands for the end of the file and has no text. The last
// element of a table has a comma behind it, that of another list has none.
std::vector<Token> readTokens(const grammar::ParseTree &tree, const SourceManager &sources);

} // namespace snapsecc::formatting
