// SPDX-License-Identifier: Apache-2.0
// The characters of a profile text as words, names and symbols. What may stand in a name depends on where it stands, so
// the reader asks for what it expects. Facts: parser_lex.l of AppArmor 3.0 to 5.0.
#pragma once
#include "diag/Engine.h"
#include <optional>
#include <string>

namespace snapsecc::reader {

// A name as it was written, its escapes unread, without its quotes.
struct Name {
  std::string text;
  SourceRange range;
  bool operator==(llvm::StringRef other) const { return text == other; }
};

class Scanner {
public:
  Scanner(FileId source, llvm::StringRef content) : file(source), text(content) {}

  enum class Style : uint8_t {
    Free,      // a path, a label: up to a blank, or a comma with a blank or the end behind it
    NoAssign,  // nor '=' or ')': operands beside conditions
    ListValue, // nor any comma or parenthesis: in lists
    Key,       // nor any '=': the name of a condition in a list
  };
  // Blanks, line ends and comments; the last comments are kept.
  void skipBlanks();
  void skipLine();
  bool atEnd() const { return at == text.size(); }
  // Everything below skips blanks first.
  char peek();
  bool peekSymbol(llvm::StringRef symbol);
  bool takeSymbol(llvm::StringRef symbol);
  llvm::StringRef peekWord(); // letters, digits, '_'; a letter first
  bool takeWord(llvm::StringRef word);
  std::optional<Name> takeName(Style style);
  // The value of an assignment on this line; nullopt at its end.
  std::optional<Name> takeValue();
  // Is the next word the name of a condition: `options=`, `options in (`?
  bool peekCondition();

  // What stands next, for messages; and where.
  std::string describeNext();
  SourceRange here() const { return {file, at, at + (at < text.size() ? 1u : 0u)}; }
  SourceRange from(uint32_t begin) const { return {file, begin, at}; }
  uint32_t offset() const { return at; }
  bool isBehindRule() const { return text.take_front(at).endswith(","); } // as long as no blank was skipped
  char charAfterWord(size_t length) const { return at + length < text.size() ? text[at + length] : '\n'; }
  // The text of the comment lines right above what was read last.
  llvm::StringRef comment() const { return lastComment; }
  void clearComment() { lastComment = ""; }

private:
  size_t bareLength(Style style) const;
  bool continues(size_t index, Style style) const;

  FileId file;
  llvm::StringRef text, lastComment;
  uint32_t at = 0;
};

} // namespace snapsecc::reader
