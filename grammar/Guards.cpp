// SPDX-License-Identifier: Apache-2.0
#include "grammar/Guards.h"
#include "diag/Diagnostics.h"
#include "grammar/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include <optional>

namespace snapsecc::grammar {
namespace {

using antlr4::Token;

// Walks the tokens with a stack of open brackets. A ';' or '}' ends what '(' and '[' left open before it, so that one
// mistake stays in its statement.
class TokenChecker {
public:
  TokenChecker(ParseTree::Impl &checked, Engine &reportTo) : tree(checked), engine(reportTo) {}

  TokenMistakes run() {
    tree.tokens.fill();
    for (Token *token : tree.tokens.getTokens()) {
      if (token->getChannel() != Token::DEFAULT_CHANNEL) continue;
      visit(*token);
      if (mistakes.stop) return std::move(mistakes);
      before = token;
    }
    checkOpenAtEnd();
    return std::move(mistakes);
  }

private:
  struct Open {
    const Token *token;
    uint32_t indent;        // of the line that it stands on
    unsigned operators = 0; // that nest at this level
  };

  void visit(const Token &token) {
    uint32_t lineBefore = before ? static_cast<uint32_t>(before->getLine()) : 0;
    bool startsLine = token.getLine() != lineBefore;
    if (startsLine) indent = static_cast<uint32_t>(token.getCharPositionInLine());
    switch (token.getType()) {
    case SifLexer::UNCLOSED:
      report<diag::UnclosedString>(tree.range(token));
      mistakes.ranges.push_back(tree.range(token));
      break;
    case SifLexer::STRING: checkEmbedded(token); break;
    case SifLexer::NUMBER: checkNumber(token); break;
    case SifLexer::MALFORMED:
      mistakes.ranges.push_back(tree.range(token));
      report<diag::BadNumber>(tree.range(token), token.getText(), "");
      break;
    case SifLexer::UNKNOWN: unknown(token); break;
    case SifLexer::LEFT_BRACE:
    case SifLexer::LEFT_BRACKET:
    case SifLexer::LEFT_PAREN: open(token); break;
    case SifLexer::RIGHT_BRACE: closeBrace(token, startsLine); break;
    case SifLexer::RIGHT_BRACKET: close(token, SifLexer::LEFT_BRACKET); break;
    case SifLexer::RIGHT_PAREN: close(token, SifLexer::LEFT_PAREN); break;
    case SifLexer::SEMICOLON: dropUnclosed(token); [[fallthrough]];
    case SifLexer::COMMA: resetOperators(); break;
    default: countNesting(token); break;
    }
  }

  // A quote within ${...} ends the string too early; nothing on the line behind it is worth a message.
  void checkEmbedded(const Token &token) {
    SourceRange range = tree.range(token);
    llvm::StringRef text = engine.sources().file(tree.file).text().slice(range.begin, range.end);
    for (size_t at = 0; at < text.size();) {
      if (text[at] == '\\') {
        at += 2;
      } else if (!text.substr(at).startswith("${")) {
        ++at;
      } else if (size_t length = embeddedLength(text.substr(at))) {
        at += length;
      } else {
        uint32_t begin = range.begin + static_cast<uint32_t>(at);
        llvm::StringRef line = engine.sources().file(tree.file).text().drop_front(begin).split('\n').first;
        mistakes.ranges.push_back({range.file, begin, begin + static_cast<uint32_t>(line.size())});
        lastUnknownLine = token.getLine();
        report<diag::BadEmbedded>({range.file, begin, begin + 2});
        return;
      }
    }
  }

  void checkNumber(const Token &token) {
    std::string text = token.getText();
    llvm::StringRef digits = llvm::StringRef(text).ltrim('-');
    if (digits.size() > 1 && digits[0] == '0' && llvm::isDigit(digits[1]))
      report<diag::BadNumber>(tree.range(token), text, "; octal numbers begin with 0o");
  }

  void unknown(const Token &token) {
    SourceRange range = tree.range(token);
    llvm::StringRef text = engine.sources().file(tree.file).text().slice(range.begin, range.end);
    bool pattern = text.find_first_of("/@*$~") != llvm::StringRef::npos;
    if (lastUnknownLine == token.getLine()) { // one message a line: an unquoted path has many
      mistakes.ranges.back().end = range.end;
      return;
    }
    lastUnknownLine = token.getLine();
    mistakes.ranges.push_back(range);
    report<diag::UnexpectedCharacter>(range, text, pattern ? "; paths and patterns stand in quotes" : "");
  }

  void open(const Token &token) {
    stack.push_back({&token, indent});
    if (stack.size() > maxBrackets || ++nesting > maxNesting) tooDeep(token);
  }
  void tooDeep(const Token &token) {
    report<diag::NestingTooDeep>(tree.range(token), maxBrackets);
    mistakes.stop = true;
  }
  template <class D, class... A> Engine::Builder report(SourceRange range, A &&...args) {
    if (++mistakes.reported > maxErrors) {
      mistakes.stop = true;
      return engine.report<diag::TooManySyntaxErrors>(range, maxErrors);
    }
    return engine.report<D>(range, std::forward<A>(args)...);
  }

  void pop() {
    nesting -= 1 + stack.back().operators;
    stack.pop_back();
  }

  void closeBrace(const Token &token, bool startsLine) {
    dropUnclosed(token);
    if (stack.empty()) return unopened(token);
    // Where a '}' is indented otherwise than the line of its '{', one of the two is somebody else's.
    if (startsLine && stack.back().indent != indent && !suspect) suspect = {stack.back().token, &token};
    pop();
    braceClosed = true;
  }
  void close(const Token &token, size_t opening) {
    if (stack.empty() || stack.back().token->getType() != opening) return unopened(token);
    pop();
  }
  void unopened(const Token &token) {
    auto made = report<diag::UnopenedBracket>(tree.range(token), token.getText());
    if (suspect && token.getType() == SifLexer::RIGHT_BRACE)
      made.note<diag::BracketClosesEarly>(tree.range(*suspect->second), suspect->second->getText());
    mistakes.ranges.push_back(tree.range(token));
  }

  // '(' and '[' that are open where a statement ends.
  void dropUnclosed(const Token &token) {
    while (!stack.empty() && stack.back().token->getType() != SifLexer::LEFT_BRACE) {
      const Token &opening = *stack.back().token;
      report<diag::UnclosedBracket>(tree.range(opening), opening.getText())
          .note<diag::BracketMissingHere>(tree.range(token), opening.getType() == SifLexer::LEFT_PAREN ? ")" : "]",
                                          token.getText());
      SourceRange range = tree.range(opening);
      mistakes.ranges.push_back({range.file, range.begin, tree.range(token).end});
      pop();
    }
  }

  void checkOpenAtEnd() {
    mistakes.atEnd = !stack.empty();
    if (stack.empty()) return;
    const Token *opening = suspect ? suspect->first : stack.back().token;
    auto made = report<diag::UnclosedBracket>(tree.range(*opening), opening->getText());
    if (suspect) made.note<diag::BracketClosesEarly>(tree.range(*suspect->second), suspect->second->getText());
  }

  // Operators and branches recurse in the parser as brackets do.
  void countNesting(const Token &token) {
    size_t type = token.getType();
    bool afterElse = before && before->getType() == SifLexer::ELSE;
    if (braceClosed && type != SifLexer::ELSE) resetOperators();
    if (type == SifLexer::WHEN && !afterElse) resetOperators();
    braceClosed = false;
    switch (type) {
    case SifLexer::PLUS:
    case SifLexer::EQUAL:
    case SifLexer::NOT_EQUAL:
    case SifLexer::LESS:
    case SifLexer::LESS_EQUAL:
    case SifLexer::GREATER:
    case SifLexer::GREATER_EQUAL:
    case SifLexer::IN:
    case SifLexer::NOT:
    case SifLexer::AND:
    case SifLexer::OR:
    case SifLexer::IF:
    case SifLexer::ELSE: break;
    default: return;
    }
    ++(stack.empty() ? outerOperators : stack.back().operators);
    if (++nesting > maxNesting) tooDeep(token);
  }
  void resetOperators() {
    unsigned &operators = stack.empty() ? outerOperators : stack.back().operators;
    nesting -= operators;
    operators = 0;
  }

  ParseTree::Impl &tree;
  Engine &engine;
  TokenMistakes mistakes;
  std::vector<Open> stack;
  std::optional<std::pair<const Token *, const Token *>> suspect; // '{' and the '}' that seems not to be its own
  const Token *before = nullptr;
  size_t lastUnknownLine = 0;
  uint32_t indent = 0; // of the current line
  unsigned nesting = 0, outerOperators = 0;
  bool braceClosed = false;
};

} // namespace

size_t embeddedLength(llvm::StringRef text) {
  unsigned depth = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i + 1;
  }
  return 0;
}

bool checkText(FileId file, llvm::StringRef text, Engine &engine) {
  if (text.size() > maxBytes) {
    engine.report<diag::FileTooLarge>({file, 0, 0}, maxBytes >> 20);
    return false;
  }
  std::optional<uint32_t> bad = invalidUtf8(text);
  if (bad) engine.report<diag::InvalidUtf8>({file, *bad, *bad + 1});
  return !bad;
}

bool TokenMistakes::covers(SourceRange range) const {
  return llvm::any_of(ranges, [&](SourceRange one) { return range.begin >= one.begin && range.begin < one.end; });
}

TokenMistakes checkTokens(ParseTree::Impl &tree, Engine &engine) { return TokenChecker(tree, engine).run(); }

} // namespace snapsecc::grammar
