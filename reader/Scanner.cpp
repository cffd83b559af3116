// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "reader/Scanner.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::reader {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isWordByte(char c) { return llvm::isAlnum(c) || c == '_'; }

} // namespace

void Scanner::skipLine() {
  size_t end = text.find('\n', at);
  at = static_cast<uint32_t>(end == llvm::StringRef::npos ? text.size() : end);
}

void Scanner::skipBlanks() {
  while (at < text.size()) {
    if (isBlank(text[at])) {
      ++at;
      continue;
    }
    llvm::StringRef rest = text.drop_front(at);
    if (!rest.startswith("#") || rest.startswith("#include")) return;
    uint32_t begin = at + 1;
    bool alone = text.take_front(at).rtrim(" \t").endswith("\n") || text.take_front(at).trim(" \t").empty();
    skipLine();
    if (alone) lastComment = text.slice(begin, at).trim(); // behind a rule it is about that one
  }
}

char Scanner::peek() {
  skipBlanks();
  return at < text.size() ? text[at] : '\0';
}

bool Scanner::peekSymbol(llvm::StringRef symbol) {
  skipBlanks();
  return text.drop_front(at).startswith(symbol);
}

bool Scanner::takeSymbol(llvm::StringRef symbol) {
  if (!peekSymbol(symbol)) return false;
  at += static_cast<uint32_t>(symbol.size());
  return true;
}

llvm::StringRef Scanner::peekWord() {
  skipBlanks();
  llvm::StringRef rest = text.drop_front(at);
  if (rest.empty() || !llvm::isAlpha(rest[0])) return "";
  return rest.take_while(isWordByte);
}

bool Scanner::takeWord(llvm::StringRef word) {
  if (peekWord() != word) return false;
  at += static_cast<uint32_t>(word.size());
  return true;
}

bool Scanner::continues(size_t index, Style style) const {
  if (index >= text.size()) return false;
  char c = text[index];
  if (isBlank(c) || c == '"' || c == '!' || c == '\0') return false;
  bool inList = style == Style::ListValue || style == Style::Key;
  if (c == ',') return !inList && index + 1 < text.size() && text[index + 1] != ',' && continues(index + 1, style);
  if (c == '=') return style == Style::Free || style == Style::ListValue;
  if (c == ')') return style == Style::Free;
  return !inList || c != '(';
}

size_t Scanner::bareLength(Style style) const {
  size_t index = at;
  while (index < text.size()) {
    if (text[index] == '\\' && index + 1 < text.size() && text[index + 1] != '\n')
      index += 2;
    else if (continues(index, style))
      ++index;
    else
      break;
  }
  return index - at;
}

std::optional<Name> Scanner::takeName(Style style) {
  skipBlanks();
  uint32_t begin = at;
  if (at < text.size() && text[at] == '"') {
    size_t end = at + 1;
    while (end < text.size() && text[end] != '"')
      end += text[end] == '\\' && end + 1 < text.size() ? 2 : 1;
    if (end >= text.size()) return std::nullopt;
    std::string content = text.slice(begin + 1, end).str();
    at = static_cast<uint32_t>(end + 1);
    return Name{std::move(content), from(begin)};
  }
  size_t length = bareLength(style);
  if (length == 0) return std::nullopt;
  at += static_cast<uint32_t>(length);
  return Name{text.slice(begin, at).str(), from(begin)};
}

std::optional<Name> Scanner::takeValue() {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text.drop_front(at).startswith("\\\n")))
    at += text[at] == '\\' ? 2 : 1;
  if (at == text.size() || text[at] == '\n' || text[at] == '\r' || text[at] == '#') return std::nullopt;
  return takeName(Style::Free);
}

bool Scanner::peekCondition() {
  llvm::StringRef word = peekWord();
  if (word.empty()) return false;
  llvm::StringRef rest = text.drop_front(at + word.size());
  llvm::StringRef behind = rest.ltrim(" \t");
  if (behind.startswith("=")) return true;
  return behind.size() < rest.size() && behind.consume_front("in") && behind.ltrim(" \t").startswith("(");
}

std::string Scanner::describeNext() {
  skipBlanks();
  if (atEnd()) return "the end of the file";
  size_t length = std::max<size_t>(bareLength(Style::ListValue), 1);
  return ("'" + text.substr(at, std::min<size_t>(length, 40)) + "'").str();
}

} // namespace snapsecc::reader
