// SPDX-License-Identifier: Apache-2.0
#include "frontend/Docs.h"
#include "grammar/Diagnostics.h"
#include <algorithm>

namespace snapsecc {

using antlr4::Token;

Docs::Docs(const grammar::ParseTree::Impl &documented) : tree(documented) {
  if (!tree.root) return;
  std::vector<const Token *> pending;
  const Token *last = nullptr;
  auto &tokens = const_cast<antlr4::CommonTokenStream &>(tree.tokens);
  for (Token *token : tokens.getTokens()) {
    if (token->getType() == grammar::SifLexer::DOC) {
      if (last && last->getLine() == token->getLine())
        behind.emplace(last->getTokenIndex(), token);
      else
        pending.push_back(token);
    } else if (token->getChannel() == Token::DEFAULT_CHANNEL) {
      for (const Token *doc : pending)
        before.emplace(token->getTokenIndex(), doc);
      pending.clear();
      last = token;
    }
  }
}

template <class Visitor> void Docs::take(const antlr4::ParserRuleContext &context, Visitor visit) {
  size_t first = context.start->getTokenIndex();
  size_t last = std::max(first, context.stop ? context.stop->getTokenIndex() : first);
  auto erase = [&](ByToken &docs, size_t from, size_t to) {
    auto begin = docs.lower_bound(from), end = docs.upper_bound(to);
    for (auto at = begin; at != end; ++at)
      visit(*at->second);
    docs.erase(begin, end);
  };
  erase(before, first, first);
  erase(behind, first, last);
}

void Docs::attach(const antlr4::ParserRuleContext &context, ast::Statement &statement) {
  take(context, [&](const Token &token) {
    SourceRange range = tree.range(token);
    std::string text = llvm::StringRef(token.getText()).ltrim('#').trim().str();
    if (!text.empty()) statement.doc += (statement.doc.empty() ? "" : " ") + text;
    if (!statement.docRange.isValid()) statement.docRange = range;
    statement.docRange.end = std::max(statement.docRange.end, range.end);
  });
}

void Docs::drop(const antlr4::ParserRuleContext &context) {
  take(context, [](const Token &) {});
}

// One warning for lines that follow one another, and not more than some of a file.
void Docs::reportStray(Engine &engine) const {
  std::vector<const Token *> stray;
  for (const ByToken *docs : {&before, &behind})
    for (auto [at, token] : *docs)
      stray.push_back(token);
  std::sort(stray.begin(), stray.end(), [](auto *a, auto *b) { return a->getTokenIndex() < b->getTokenIndex(); });
  unsigned reported = 0;
  for (size_t i = 0; i < stray.size() && reported < 20; ++i) {
    SourceRange range = tree.range(*stray[i]);
    while (i + 1 < stray.size() && stray[i + 1]->getTokenIndex() == stray[i]->getTokenIndex() + 1)
      ++i;
    range.end = tree.range(*stray[i]).end;
    bool skipped = std::any_of(tree.skipped.begin(), tree.skipped.end(),
                               [&](SourceRange one) { return range.begin >= one.begin && range.begin < one.end; });
    if (skipped) continue;
    engine.report<diag::StrayDoc>(range);
    ++reported;
  }
}

} // namespace snapsecc
