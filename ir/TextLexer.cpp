// SPDX-License-Identifier: Apache-2.0
#include "ir/TextLexer.h"
#include "diag/Diagnostics.h"
#include "ir/Diagnostics.h"
#include "ir/RuleItems.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::ir {
namespace {

bool isWordStart(char c) { return llvm::isAlpha(c) || c == '_'; }
bool isWordChar(char c) { return llvm::isAlnum(c) || c == '_'; }

// Letters, digits and _, and single - + . between them.
size_t wordPrefix(llvm::StringRef text) {
  if (text.empty() || !isWordStart(text.front())) return 0;
  size_t length = 1;
  while (length < text.size()) {
    if (isWordChar(text[length]))
      ++length;
    else if (length + 1 < text.size() && llvm::StringRef("-+.").contains(text[length]) && isWordChar(text[length + 1]))
      length += 2;
    else
      break;
  }
  return length;
}

// The longest first.
constexpr llvm::StringLiteral symbols[] = {"->", "..", "==", "!=", "<=", ">=", "<", ">", ";",
                                           ",",  "{",  "}",  "(",  ")",  "[",  "]", "@"};

} // namespace

bool isWord(llvm::StringRef text) { return !text.empty() && text != "_" && wordPrefix(text) == text.size(); }

template <class D, class... A> void TextLexer::report(SourceRange range, A &&...args) {
  ++mistakes;
  engine.report<D>(range, std::forward<A>(args)...);
}

TextLexer::TextLexer(FileId id, Engine &reportTo, bool bareStrings)
    : file(id), engine(reportTo), text(reportTo.sources().file(id).text()), bare(bareStrings) {}

void TextLexer::skipBlanks() {
  while (at < text.size()) {
    if (llvm::isSpace(text[at]))
      ++at;
    else if (text[at] == '#')
      at = std::min(text.find('\n', at), text.size());
    else
      return;
  }
}

TextToken TextLexer::make(TextToken::Kind kind, size_t length) {
  TextToken token{
      kind, text.substr(at, length).str(), 0, {file, static_cast<uint32_t>(at), static_cast<uint32_t>(at + length)}};
  at += length;
  return token;
}

size_t TextLexer::wordLength() const { return wordPrefix(text.drop_front(at)); }

size_t TextLexer::numberLength() const {
  llvm::StringRef rest = text.drop_front(at);
  size_t sign = rest.startswith("-") ? 1 : 0;
  if (rest.size() == sign || !llvm::isDigit(rest[sign])) return 0;
  return sign + rest.drop_front(sign).take_while(isWordChar).size();
}

// Does something follow without a blank that makes of a word or a number the beginning of a bare string?
bool TextLexer::gluedBehind(size_t length) const {
  llvm::StringRef rest = text.drop_front(at + length);
  return bare && !rest.empty() && !llvm::isSpace(rest.front()) &&
         !llvm::StringRef(";,(){}[]<>=!#").contains(rest.front()) && !rest.startswith("->") && !rest.startswith("..");
}

TextToken TextLexer::next() {
  for (skipBlanks(); at < text.size() && mistakes < maxMistakes; skipBlanks()) {
    if (text[at] == '"') return lexString();
    if (size_t length = wordLength()) return gluedBehind(length) ? lexBare() : make(TextToken::Kind::Word, length);
    if (size_t length = numberLength()) return gluedBehind(length) ? lexBare() : lexNumber(length);
    if (bare && llvm::StringRef("/@:~*?\\").contains(text[at])) return lexBare();
    for (llvm::StringRef symbol : symbols)
      if (text.drop_front(at).startswith(symbol)) return make(TextToken::Kind::Symbol, symbol.size());
    TextToken junk = make(TextToken::Kind::Symbol, 1);
    report<diag::UnexpectedCharacter>(junk.range, junk.text, "");
  }
  return {TextToken::Kind::End, "", 0, {file, static_cast<uint32_t>(at), static_cast<uint32_t>(at)}};
}

// Up to the next blank, without a comma or semicolon at its end.
TextToken TextLexer::lexBare() {
  llvm::StringRef word = text.drop_front(at).take_until([](char c) { return llvm::isSpace(c); });
  return make(TextToken::Kind::String, std::max<size_t>(1, word.rtrim(",;").size()));
}

TextToken TextLexer::lexString() {
  size_t begin = at++;
  std::string value;
  auto token = [&](size_t end) {
    at = end;
    return TextToken{
        TextToken::Kind::String, std::move(value), 0, {file, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}};
  };
  while (at < text.size() && text[at] != '"' && text[at] != '\n') {
    llvm::StringRef rest = text.drop_front(at);
    unsigned code = 0;
    if (rest.front() != '\\') {
      value += rest.front();
      ++at;
    } else if (rest.startswith("\\\"") || rest.startswith("\\\\")) {
      value += rest[1];
      at += 2;
    } else if (rest.size() >= 4 && rest[1] == 'x' && llvm::isHexDigit(rest[2]) && llvm::isHexDigit(rest[3]) &&
               !rest.substr(2, 2).getAsInteger(16, code)) {
      value += static_cast<char>(code);
      at += 4;
    } else {
      report<diag::SirEscape>({file, static_cast<uint32_t>(at), static_cast<uint32_t>(at + 1)});
      ++at;
    }
  }
  if (at < text.size() && text[at] == '"') return token(at + 1);
  report<diag::UnclosedString>({file, static_cast<uint32_t>(begin), static_cast<uint32_t>(at)});
  return token(at);
}

// Decimal, 0x or 0o; from 2^63 on hexadecimal ones wrap, as in the language.
TextToken TextLexer::lexNumber(size_t length) {
  TextToken token = make(TextToken::Kind::Number, length);
  llvm::StringRef digits = token.text;
  uint64_t value = 0;
  if (digits.startswith("0x") || digits.startswith("0o")) {
    bool failed = digits.drop_front(2).getAsInteger(digits[1] == 'x' ? 16 : 8, value);
    token.number = static_cast<int64_t>(value);
    if (!failed) return token;
  } else if (!digits.getAsInteger(10, token.number)) {
    return token;
  }
  report<diag::BadNumber>(token.range, token.text, "");
  return token;
}

} // namespace snapsecc::ir
