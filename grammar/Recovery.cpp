// SPDX-License-Identifier: Apache-2.0
// ANTLR throws at a mistake; each rule function reports it here and asks to recover. In any rule but `statement` that
// means: out, to the innermost statement (ParseCancellationException). There:
//   1. a statement that only lacks its ';' counts as read, and the next one begins at the mistake;
//   2. any other is left at its end, found by its brackets from its first token on, so that a '{' of its own is not
//   taken for another's.
// Between statements, sync() skips what cannot begin one.
#include "grammar/Recovery.h"
#include "grammar/Diagnostics.h"
#include <algorithm>

namespace snapsecc::grammar {
namespace {

using antlr4::Parser;
using antlr4::RecognitionException;
using antlr4::Token;

bool beginsStatement(size_t type) {
  switch (type) {
  case SifParser::LET:
  case SifParser::CHECK:
  case SifParser::WHEN:
  case SifParser::FOR:
  case SifParser::NAME:
  case SifParser::STRING:
  case SifParser::NUMBER:
  case SifParser::LEFT_BRACKET:
  case SifParser::ARROW: return true;
  default: return false;
  }
}

bool isReserved(size_t type) { return type >= SifParser::LET && type <= SifParser::NOT; }

bool has(const antlr4::misc::IntervalSet &set, size_t type) { return set.contains(type); }

std::string shown(const Token &token) {
  if (token.getType() == Token::EOF) return "the end of the file";
  if (token.getType() == SifParser::STRING || token.getType() == SifParser::UNCLOSED) return "a string";
  return "'" + token.getText() + "'";
}

// What messages call a kind of token; empty for those that are left out where something better is there too.
std::string shown(size_t type) {
  switch (type) {
  case SifParser::NAME: return "a name";
  case SifParser::STRING: return "a string";
  case SifParser::NUMBER: return "a number";
  case SifParser::LEFT_BRACE: return "a block";
  case SifParser::SEMICOLON: return "';'";
  case SifParser::COLON: return "':'";
  case SifParser::ASSIGN: return "'='";
  case SifParser::RIGHT_BRACE: return "'}'";
  case SifParser::RIGHT_PAREN: return "')'";
  case SifParser::RIGHT_BRACKET: return "']'";
  case SifParser::IN: return "'in'";
  case SifParser::ELSE: return "'else'";
  default: return "";
  }
}

} // namespace

bool StatementRecovery::startsLine(const Token &token) const {
  for (size_t i = token.getTokenIndex(); i > 0; --i) {
    const Token *before = tree.tokens.get(i - 1);
    if (before->getChannel() == Token::DEFAULT_CHANNEL) return before->getLine() != token.getLine();
  }
  return true;
}

// An empty range where the token before ends, for a fix-it.
SourceRange StatementRecovery::endBefore(const Token &token) const {
  for (size_t i = token.getTokenIndex(); i > 0; --i) {
    const Token *before = tree.tokens.get(i - 1);
    if (before->getChannel() != Token::DEFAULT_CHANNEL) continue;
    SourceRange range = tree.range(*before);
    return {range.file, range.end, range.end};
  }
  return {tree.file, 0, 0};
}

template <class D, class... A> Engine::Builder StatementRecovery::report(SourceRange range, A &&...args) {
  if (++mistakes.reported > maxErrors) {
    engine.report<diag::TooManySyntaxErrors>(range, maxErrors);
    throw TooManyErrors();
  }
  return engine.report<D>(range, std::forward<A>(args)...);
}

void StatementRecovery::reportError(Parser *parser, const RecognitionException &error) {
  const Token &token = *error.getOffendingToken();
  mistakeAt = token.getTokenIndex();
  onlyNoSemicolon = false;
  if (mistakes.covers(tree.range(token))) return;
  if (token.getType() == Token::EOF && mistakes.atEnd) return;
  say(parser, error);
}

void StatementRecovery::say(Parser *parser, const RecognitionException &error) {
  const Token &token = *error.getOffendingToken();
  antlr4::misc::IntervalSet expected = parser->getExpectedTokens();
  // A prediction that failed behind a name at the beginning of a statement: whatever it was to be, it has read an item.
  auto *prediction = dynamic_cast<const antlr4::NoViableAltException *>(&error);
  if (prediction && prediction->getStartToken() != &token &&
      parser->getContext()->getRuleIndex() == SifParser::RuleStatement)
    for (size_t type : {SifParser::SEMICOLON, SifParser::LEFT_BRACE, SifParser::COLON})
      expected.add(static_cast<ssize_t>(type));

  bool startsNext = token.getType() == SifParser::RIGHT_BRACE || token.getType() == Token::EOF || startsLine(token);
  SourceRange range = tree.range(token);
  if (has(expected, SifParser::SEMICOLON) && startsNext) {
    onlyNoSemicolon = true;
    report<diag::MissingSemicolon>(token.getType() == Token::EOF ? endBefore(token) : range, shown(token))
        .fixIt(endBefore(token), ";");
  } else if (isReserved(token.getType()) && has(expected, SifParser::NAME)) {
    report<diag::ReservedWord>(range, token.getText());
  } else if (has(expected, SifParser::LEFT_PAREN) && has(expected, SifParser::STRING)) {
    report<diag::MissingExpression>(range, shown(token));
  } else {
    sayUnexpected(token, expected);
  }
}

void StatementRecovery::sayUnexpected(const Token &token, const antlr4::misc::IntervalSet &expected) {
  std::vector<std::string> names;
  bool anyValue = has(expected, SifParser::STRING) && has(expected, SifParser::NAME);
  if (anyValue) names.push_back("a value");
  for (ssize_t type : expected.toList()) {
    bool ofValue = type == SifParser::STRING || type == SifParser::NAME || type == SifParser::NUMBER;
    if (std::string name = shown(static_cast<size_t>(type)); !name.empty() && !(anyValue && ofValue))
      names.push_back(name);
  }
  std::string list;
  for (size_t i = 0; i < names.size(); ++i)
    list += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  report<diag::UnexpectedToken>(tree.range(token), shown(token), list.empty() ? "" : "; expected " + list);
}

Token *StatementRecovery::recoverInline(Parser *parser) { throw antlr4::InputMismatchException(parser); }

void StatementRecovery::recover(Parser *parser, std::exception_ptr error) {
  auto *context = parser->getContext();
  if (context->getRuleIndex() != SifParser::RuleStatement) {
    onlyNoSemicolon = false; // something else of the statement is not complete
    throw antlr4::ParseCancellationException();
  }
  if (onlyNoSemicolon) {
    parser->getInputStream()->seek(mistakeAt);
    return;
  }
  context->exception = error;
  size_t start = context->getStart()->getTokenIndex();
  size_t end = endOfStatement(start, mistakeAt);
  SourceRange from = tree.range(*tree.tokens.get(start)), to = tree.range(*tree.tokens.get(end));
  tree.skipped.push_back({tree.file, from.begin, to.begin});
  parser->getInputStream()->seek(end);
}

size_t StatementRecovery::nextVisible(size_t index) const {
  do
    ++index;
  while (tree.tokens.get(index)->getChannel() != Token::DEFAULT_CHANNEL);
  return index;
}

// The index of the token behind a statement that began at `start` and cannot be read at `mistake`.
size_t StatementRecovery::endOfStatement(size_t start, size_t mistake) const {
  unsigned depth = 0;
  for (size_t i = start;; ++i) {
    const Token *token = tree.tokens.get(i);
    if (token->getChannel() != Token::DEFAULT_CHANNEL) continue;
    switch (token->getType()) {
    case Token::EOF: return i;
    case SifParser::LEFT_BRACE: ++depth; break;
    case SifParser::RIGHT_BRACE: {
      if (depth == 0) return i;
      if (--depth > 0 || i < mistake) break;
      size_t next = nextVisible(i);
      size_t type = tree.tokens.get(next)->getType();
      if (type == SifParser::SEMICOLON) return nextVisible(next);
      if (type != SifParser::ELSE) return next;
      break;
    }
    case SifParser::SEMICOLON:
    case SifParser::UNCLOSED: // to the end of its line, with the ';' that it has swallowed
      if (depth == 0 && i >= mistake) return nextVisible(i);
      break;
    default: break;
    }
  }
}

void StatementRecovery::sync(Parser *parser) {
  auto *context = parser->getContext();
  size_t rule = context->getRuleIndex();
  if (rule != SifParser::RuleFile && rule != SifParser::RuleBlock) return;
  antlr4::TokenStream &input = *parser->getTokenStream();
  auto mayStay = [&](size_t type) {
    return type == Token::EOF || beginsStatement(type) ||
           (rule == SifParser::RuleBlock && type == SifParser::RIGHT_BRACE);
  };
  while (!mayStay(input.LA(1))) {
    const Token &token = *input.LT(1);
    SourceRange range = tree.range(token);
    if (!mistakes.covers(range)) {
      if (isReserved(token.getType()))
        report<diag::ReservedWord>(range, token.getText());
      else
        report<diag::UnexpectedToken>(range, shown(token), "; expected a statement");
    }
    size_t at = token.getTokenIndex();
    bool alone = token.getType() == SifParser::SEMICOLON || token.getType() == SifParser::RIGHT_BRACE;
    input.seek(alone ? nextVisible(at) : endOfStatement(at, at));
    tree.skipped.push_back({tree.file, range.begin, tree.range(*input.LT(1)).begin});
  }
}

} // namespace snapsecc::grammar
