// SPDX-License-Identifier: Apache-2.0
// What the parser does about a mistake: says it in the language's words, and goes on behind the statement that holds
// it.
#pragma once
#include "grammar/Guards.h"

namespace snapsecc::grammar {

// Thrown through the parser where reading on makes no sense; parse() catches it.
struct TooManyErrors {};

class StatementRecovery : public antlr4::DefaultErrorStrategy {
public:
  StatementRecovery(ParseTree::Impl &recovered, TokenMistakes &known, Engine &reportTo)
      : tree(recovered), mistakes(known), engine(reportTo) {}

  void reportError(antlr4::Parser *parser, const antlr4::RecognitionException &error) override;
  void recover(antlr4::Parser *parser, std::exception_ptr error) override;
  antlr4::Token *recoverInline(antlr4::Parser *parser) override;
  void sync(antlr4::Parser *parser) override;

private:
  void say(antlr4::Parser *parser, const antlr4::RecognitionException &error);
  void sayUnexpected(const antlr4::Token &token, const antlr4::misc::IntervalSet &expected);
  bool startsLine(const antlr4::Token &token) const;
  SourceRange endBefore(const antlr4::Token &token) const;
  size_t endOfStatement(size_t start, size_t mistake) const;
  size_t nextVisible(size_t index) const;
  template <class D, class... A> Engine::Builder report(SourceRange range, A &&...args);

  ParseTree::Impl &tree;
  TokenMistakes &mistakes;
  Engine &engine;
  size_t mistakeAt = 0;         // index of the token that the last error is about
  bool onlyNoSemicolon = false; // the last error: the statement is complete
};

} // namespace snapsecc::grammar
