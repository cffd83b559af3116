// SPDX-License-Identifier: Apache-2.0
// Two walks: over the tokens of all channels, for the texts and the comments; then over the parse tree, which marks
// where statements begin, which brackets are blocks or tables, and where a long line may be broken: before the named
// parts of a rule, before `and`, `or`, `+` and the like, and behind the commas that join values.
#include "frontend/FormatTokens.h"
#include "frontend/Declarations.h"
#include "grammar/ParseTreeImpl.h"
#include "ir/RuleKinds.h"
#include "llvm/ADT/DenseMap.h"
#include <set>

namespace snapsecc::formatting {
namespace {

using antlr4::ParserRuleContext;
using grammar::SifLexer;
using grammar::SifParser;
using Bracket = Token::Bracket;

// "##text  " -> "## text"; what is drawn with '#' and '-' stays.
std::string commentText(llvm::StringRef text) {
  text = text.rtrim();
  size_t marks = text.startswith("##") ? 2 : 1;
  bool isTight = text.size() > marks && llvm::isAlnum(text[marks]);
  return isTight ? (text.take_front(marks) + " " + text.drop_front(marks)).str() : text.str();
}

void addWords(const ir::Element &element, std::set<llvm::StringRef> &into) {
  into.insert(element.words.begin(), element.words.end());
  for (const ir::Element &child : element.children)
    addWords(child, into);
}
// The words that name the parts of this statement: `except`, `peer`, ..
std::set<llvm::StringRef> partWords(llvm::StringRef keyword) {
  std::set<llvm::StringRef> words;
  if (std::optional<ir::RuleKind> kind = ir::findRuleKind(keyword))
    addWords(ir::ruleKindInfo(*kind).signature.root, words);
  for (const Declaration &one : allDeclarations())
    if (keyword == one.keyword) addWords(one.signature.root, words);
  return words;
}

class TokenReader {
public:
  TokenReader(const grammar::ParseTree &read, const SourceManager &sources)
      : tree(read.impl()), text(sources.file(tree.file).text()) {}

  std::vector<Token> run() {
    readTexts();
    mark(*tree.root);
    return std::move(tokens);
  }

private:
  // ---- the tokens
  void readTexts() {
    std::vector<Comment> pending;
    size_t lastLine = 0;
    auto &all = const_cast<antlr4::CommonTokenStream &>(tree.tokens); // its getter is not const
    for (antlr4::Token *one : all.getTokens()) {
      size_t line = one->getLine();
      bool startsLine = line > lastLine, blankBefore = lastLine > 0 && line > lastLine + 1;
      SourceRange range = tree.range(*one);
      llvm::StringRef written = text.slice(range.begin, range.end);
      lastLine = line;
      if (one->getChannel() != antlr4::Token::DEFAULT_CHANNEL) {
        if (startsLine || tokens.empty())
          pending.push_back({commentText(written), blankBefore});
        else
          tokens.back().behind = commentText(written);
        continue;
      }
      indices[one->getTokenIndex()] = tokens.size();
      Token token;
      if (one->getType() != antlr4::Token::EOF) token.text = written.str();
      token.before = std::move(pending);
      pending.clear();
      token.startsLine = startsLine;
      token.blankBefore = blankBefore;
      tokens.push_back(std::move(token));
      space(*one);
      lastType = one->getType();
    }
  }

  // Around punctuation; the rest is marked with the tree.
  void space(const antlr4::Token &token) {
    if (token.getType() == SifLexer::RIGHT_PAREN || token.getType() == SifLexer::RIGHT_BRACKET) depth -= 2;
    tokens.back().depth = depth;
    if (token.getType() == SifLexer::LEFT_PAREN || token.getType() == SifLexer::LEFT_BRACKET) depth += 2;
    switch (token.getType()) {
    case SifLexer::SEMICOLON:
    case SifLexer::COMMA:
    case SifLexer::COLON:
    case SifLexer::QUESTION:
    case SifLexer::DOT:
    case SifLexer::DOTS:
    case SifLexer::RIGHT_PAREN:
    case SifLexer::RIGHT_BRACKET: tokens.back().space = false; break;
    default:
      tokens.back().space = lastType != SifLexer::DOT && lastType != SifLexer::DOTS &&
                            lastType != SifLexer::LEFT_PAREN && lastType != SifLexer::LEFT_BRACKET;
    }
  }

  // ---- the tree
  Token &at(const antlr4::Token *token) { return tokens[indices.lookup(token->getTokenIndex())]; }
  size_t indexOf(const antlr4::Token *token) const { return indices.lookup(token->getTokenIndex()); }

  static ParserRuleContext *contextOf(antlr4::tree::ParseTree *node) { return dynamic_cast<ParserRuleContext *>(node); }
  static const antlr4::Token *tokenOf(antlr4::tree::ParseTree *node) {
    auto *terminal = dynamic_cast<antlr4::tree::TerminalNode *>(node);
    return terminal ? terminal->getSymbol() : nullptr;
  }

  void mark(ParserRuleContext &context) {
    switch (context.getRuleIndex()) {
    case SifParser::RuleStatement: markStatement(context); break;
    case SifParser::RuleBlock: markPair(context, Bracket::OpensBlock, Bracket::ClosesBlock); break;
    case SifParser::RuleList: markList(context); break;
    case SifParser::RuleRecord: at(context.children[1]).space = at(context.stop).space = false; break;
    case SifParser::RuleReference: markCall(context); break;
    case SifParser::RuleItem: breakBehindCommas(context); break;
    case SifParser::RuleType: markType(context); break;
    case SifParser::RuleWhen:
      for (antlr4::tree::ParseTree *child : context.children)
        if (const antlr4::Token *token = tokenOf(child)) at(token).isElse = token->getType() == SifParser::ELSE;
      break;
    case SifParser::RuleExpr:
      for (antlr4::tree::ParseTree *child : context.children)
        if (const antlr4::Token *token = tokenOf(child)) at(token).mayBreak = joins(token->getType());
      break;
    default: break;
    }
    for (antlr4::tree::ParseTree *child : context.children)
      if (ParserRuleContext *inner = contextOf(child)) mark(*inner);
  }
  Token &at(antlr4::tree::ParseTree *node) {
    const antlr4::Token *token = tokenOf(node);
    return at(token ? token : contextOf(node)->start);
  }
  static bool joins(size_t type) {
    return type == SifParser::AND || type == SifParser::OR || type == SifParser::PLUS || type == SifParser::IF ||
           type == SifParser::ELSE;
  }

  void markStatement(ParserRuleContext &context) {
    at(context.start).startsStatement = true;
    std::vector<ParserRuleContext *> items;
    for (antlr4::tree::ParseTree *child : context.children) {
      const antlr4::Token *token = tokenOf(child);
      if (token && (token->getType() == SifParser::IF || token->getType() == SifParser::STRING))
        at(token).mayBreak = true; // the condition of a rule, the message of a `check`
      ParserRuleContext *inner = contextOf(child);
      if (inner && inner->getRuleIndex() == SifParser::RuleItem) items.push_back(inner);
    }
    size_t keyword = 0;
    while (keyword < items.size() && (ir::findModifier(word(*items[keyword])) || word(*items[keyword]) == "allow"))
      ++keyword;
    if (keyword >= items.size()) return;
    std::set<llvm::StringRef> names = partWords(word(*items[keyword]));
    for (size_t i = keyword + 2; i < items.size(); ++i)
      at(items[i]->start).mayBreak = names.count(word(*items[i])) != 0;
  }
  // Of an item that is one word or an arrow.
  llvm::StringRef word(const ParserRuleContext &item) const {
    return item.start == item.stop ? llvm::StringRef(tokens[indexOf(item.start)].text) : "";
  }

  void markType(ParserRuleContext &context) {
    bool first = true;
    for (antlr4::tree::ParseTree *child : context.children)
      if (ParserRuleContext *inner = contextOf(child); inner && inner->getRuleIndex() == SifParser::RuleItem) {
        at(inner->start).mayBreak = !first && llvm::isAlpha(at(inner->start).text.front());
        first = false;
      }
  }

  void markCall(ParserRuleContext &context) {
    for (antlr4::tree::ParseTree *child : context.children)
      if (const antlr4::Token *token = tokenOf(child); token && token->getType() == SifParser::LEFT_PAREN)
        at(token).space = false;
    breakBehindCommas(context);
  }

  void breakBehindCommas(ParserRuleContext &context) {
    for (size_t i = 0; i + 1 < context.children.size(); ++i)
      if (const antlr4::Token *token = tokenOf(context.children[i]); token && token->getType() == SifParser::COMMA)
        breakBefore(at(context.children[i + 1]), context.getRuleIndex() == SifParser::RuleItem);
  }
  static void breakBefore(Token &token, unsigned deeper) {
    token.mayBreak = true;
    token.depth += deeper;
  }

  void markPair(ParserRuleContext &context, Bracket opening, Bracket closing) {
    size_t open = indexOf(context.start), close = indexOf(context.stop);
    tokens[open].bracket = opening;
    tokens[open].partner = close;
    tokens[close].bracket = closing;
    tokens[close].partner = open;
    if (close == open + 1) tokens[close].space = false;
  }

  // '[' (expr (',' expr)* ','?)? ']'
  void markList(ParserRuleContext &context) {
    if (context.children.size() == 2) return;
    const antlr4::Token *comma = tokenOf(context.children[context.children.size() - 2]);
    if (!tokens[indexOf(context.start) + 1].startsLine) {
      breakBehindCommas(context);
      at(context.stop).mayBreak = false; // behind a comma at the end
      if (comma) at(comma).text.clear();
      return;
    }
    markPair(context, Bracket::OpensTable, Bracket::ClosesTable);
    if (!comma) tokens[indexOf(context.stop) - 1].text += ",";
    for (antlr4::tree::ParseTree *child : context.children)
      if (ParserRuleContext *element = contextOf(child)) at(element->start).startsStatement = true;
  }

  const grammar::ParseTree::Impl &tree;
  llvm::StringRef text;
  std::vector<Token> tokens;
  llvm::DenseMap<size_t, size_t> indices; // of ANTLR's tokens into `tokens`
  size_t lastType = 0;
  unsigned depth = 0; // 2 for each open bracket, 1 for joined values within
};

} // namespace

std::vector<Token> readTokens(const grammar::ParseTree &tree, const SourceManager &sources) {
  return TokenReader(tree, sources).run();
}

} // namespace snapsecc::formatting
