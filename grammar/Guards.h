// SPDX-License-Identifier: Apache-2.0
// What is checked before and beside ANTLR, so that it never sees text that could exhaust it.
#pragma once
#include "grammar/ParseTreeImpl.h"

namespace snapsecc::grammar {

inline constexpr size_t maxBytes = 1u << 20;
inline constexpr unsigned maxBrackets = 64; // open at one time
inline constexpr unsigned maxErrors = 20;   // syntax errors of a file
inline constexpr unsigned maxNesting = 400; // with the operators and else-branches within them, all of which recurse

// Is the text small enough and UTF-8? Reports.
bool checkText(FileId file, llvm::StringRef text, Engine &engine);

// Mistakes that the tokens alone show: open strings, characters that mean nothing, brackets without partner. The parser
// meets the same places again; it says nothing about a token within `ranges`.
struct TokenMistakes {
  std::vector<SourceRange> ranges;
  unsigned reported = 0;
  bool atEnd = false; // a bracket is open at the end of the file
  bool stop = false;  // too deep or too many: not to be parsed
  bool covers(SourceRange range) const;
};
TokenMistakes checkTokens(ParseTree::Impl &tree, Engine &engine);

} // namespace snapsecc::grammar
