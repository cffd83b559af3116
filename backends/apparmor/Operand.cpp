// SPDX-License-Identifier: Apache-2.0
// Patterns are read and printed by automata/Pattern, which follows the parser's own reading of escapes and globs; what
// is left to do here is the quotes.
#include "backends/apparmor/Operand.h"
#include "automata/Pattern.h"

namespace snapsecc::apparmor {
namespace {
using automata::Pattern;

// Alternatives in front that are spelled out; more come from no policy that a person wrote.
constexpr size_t maxBeginnings = 256;

// In the printer's output every backslash and the byte behind it belong together. The lexer knows no such pairs: it
// takes the longest text whose quotes have a backslash in front, so "a\\" would not end there. Written as numbers,
// quote and backslash cannot be misread.
std::string quotePrinted(llvm::StringRef printed) {
  std::string quoted = "\"";
  for (size_t i = 0; i < printed.size(); ++i) {
    bool pair = printed[i] == '\\' && i + 1 < printed.size();
    char byte = printed[pair ? i + 1 : i];
    if (byte == '"' || (pair && byte == '\\'))
      quoted += byte == '"' ? "\\x22" : "\\x5c";
    else
      (quoted += pair ? "\\" : "") += byte;
    i += pair;
  }
  return quoted + '"';
}

void flatten(const Pattern &pattern, std::vector<Pattern> &sequence) {
  if (pattern.kind == Pattern::Kind::Sequence) {
    for (const Pattern &child : pattern.children)
      flatten(child, sequence);
  } else if (pattern.kind != Pattern::Kind::Literal || !pattern.text.empty()) {
    sequence.push_back(pattern);
  }
}

llvm::Error relative() {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                 "a path begins with '/' or a variable");
}

llvm::Error addBeginnings(const Pattern &pattern, std::vector<std::string> &paths) {
  Pattern whole;
  flatten(pattern, whole.children);
  if (whole.children.empty()) return relative();
  Pattern front = whole.children.front();
  if (front.kind == Pattern::Kind::Alternation) {
    for (const Pattern &alternative : front.children) {
      whole.children.front() = alternative;
      if (llvm::Error error = addBeginnings(whole, paths)) return error;
    }
    return llvm::Error::success();
  }
  bool absolute =
      front.kind == Pattern::Kind::Literal ? front.text.front() == '/' : front.kind == Pattern::Kind::Variable;
  if (!absolute) return relative();
  if (paths.size() == maxBeginnings)
    return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                   "too many ways to begin the path");
  paths.push_back(quotePrinted(automata::print(whole)));
  return llvm::Error::success();
}
} // namespace

llvm::Expected<std::string> quotePattern(llvm::StringRef pattern) {
  llvm::Expected<Pattern> parsed = automata::parsePattern(pattern);
  if (!parsed) return parsed.takeError();
  return quotePrinted(automata::print(*parsed));
}

std::string quoteText(llvm::StringRef text) {
  Pattern literal;
  literal.kind = Pattern::Kind::Literal;
  literal.text = text.str();
  return quotePrinted(automata::print(literal));
}

llvm::Expected<std::vector<std::string>> quotePaths(llvm::StringRef pattern) {
  llvm::Expected<Pattern> parsed = automata::parsePattern(pattern);
  if (!parsed) return parsed.takeError();
  std::vector<std::string> paths;
  if (llvm::Error error = addBeginnings(*parsed, paths)) return error;
  return paths;
}

} // namespace snapsecc::apparmor
