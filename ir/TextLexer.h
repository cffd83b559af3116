// SPDX-License-Identifier: Apache-2.0
// The tokens of the textual IR and of queries.
#pragma once
#include "diag/Engine.h"
#include <cstdint>
#include <string>

namespace snapsecc::ir {

struct TextToken {
  enum class Kind : uint8_t {
    Word,   // rwk, AF_INET, rtmin+1, fuse.sshfs
    String, // text: the characters, escapes read; in a query also a bare /path, 1:3, org.name
    Number,
    Symbol, // text: one of ; , { } ( ) [ ] @ -> .. == != < <= > >=
    End,
  };
  Kind kind = Kind::End;
  std::string text;
  int64_t number = 0;
  SourceRange range;
  bool isSymbol(llvm::StringRef symbol) const { return kind == Kind::Symbol && text == symbol; }
  bool isWord(llvm::StringRef word) const { return kind == Kind::Word && text == word; }
};

class TextLexer {
public:
  // `bare`: whatever is no other token is a string up to the next blank, as in `file /etc/shadow w`.
  TextLexer(FileId file, Engine &engine, bool bare);
  // The next token; what is no token is reported and skipped. After some mistakes the text ends.
  TextToken next();

private:
  static constexpr unsigned maxMistakes = 20;
  template <class D, class... A> void report(SourceRange range, A &&...args);
  void skipBlanks();
  TextToken make(TextToken::Kind kind, size_t length);
  TextToken lexString();
  TextToken lexNumber(size_t length);
  TextToken lexBare();
  size_t wordLength() const;
  size_t numberLength() const;
  bool gluedBehind(size_t length) const;

  FileId file;
  Engine &engine;
  llvm::StringRef text;
  size_t at = 0;
  unsigned mistakes = 0;
  bool bare;
};

} // namespace snapsecc::ir
