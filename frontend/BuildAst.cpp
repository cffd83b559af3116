// SPDX-License-Identifier: Apache-2.0
// Parse tree to syntax tree: plain structs with source ranges, numbers read, strings cut at their ${...}, `##` texts
// attached. What the parser could not read is left out; it was reported there. What was read is complete, so the
// productions of Sif.g4 say which child stands where; asking each child for its type would take as long as parsing.
#include "frontend/BuildAst.h"
#include "frontend/Declarations.h"
#include "frontend/Docs.h"
#include "grammar/Diagnostics.h"
#include "grammar/ParseTreeImpl.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

using antlr4::ParserRuleContext;
using grammar::SifParser;
using Tree = grammar::ParseTree::Impl;

template <class Context> Context *childAt(ParserRuleContext *parent, size_t index) {
  return static_cast<Context *>(parent->children[index]);
}
// Every second child from `first` on, between commas or operators; a comma before the closing bracket ends them as
// well.
template <class Context>
std::vector<Context *> everySecond(ParserRuleContext *parent, size_t first, size_t behind = 0) {
  std::vector<Context *> found;
  for (size_t i = first; i + behind < parent->children.size(); i += 2)
    found.push_back(childAt<Context>(parent, i));
  return found;
}
const antlr4::Token &tokenAt(ParserRuleContext *parent, size_t index) {
  return *static_cast<antlr4::tree::TerminalNode *>(parent->children[index])->getSymbol();
}

class AstBuilder {
public:
  AstBuilder(const Tree &built, Engine &reportTo) : tree(built), engine(reportTo), docs(built) {}

  ast::File run() {
    ast::File file;
    file.id = tree.file;
    if (!tree.root) return file;
    file.statements = statements(tree.root->statement());
    docs.reportStray(engine);
    return file;
  }

  // name ('.' name)* ('(' (argument (',' argument)*)? ')')?
  ast::Expr reference(SifParser::ReferenceContext *context) {
    ast::Reference made;
    size_t names = 1;
    while (names < context->children.size() && tokenAt(context, names).getType() == SifParser::DOT)
      names += 2;
    for (size_t i = 0; i < names; i += 2) {
      const antlr4::Token &name = *childAt<SifParser::NameContext>(context, i)->start;
      made.path.push_back(name.getText());
      made.pathRanges.push_back(tree.range(name));
    }
    made.isCall = names < context->children.size();
    for (auto *one : everySecond<SifParser::ArgumentContext>(context, names + 1, 1))
      made.args.push_back(argument(one));
    return {tree.range(*context), std::move(made)};
  }

private:
  // ---- statements
  std::vector<ast::Statement> statements(const std::vector<SifParser::StatementContext *> &contexts) {
    std::vector<ast::Statement> made;
    for (SifParser::StatementContext *context : contexts) {
      size_t first = made.size();
      if (!context->exception) statement(context, made);
      if (made.size() > first)
        docs.attach(*context, made[first]);
      else
        docs.drop(*context);
    }
    return made;
  }

  void statement(SifParser::StatementContext *context, std::vector<ast::Statement> &into) {
    auto add = [&](auto node) { into.push_back({tree.range(*context), "", {}, std::move(node)}); };
    if (auto *rule = dynamic_cast<SifParser::RuleStatementContext *>(context))
      ruleStatements(rule, into);
    else if (auto *let = dynamic_cast<SifParser::LetStatementContext *>(context))
      add(letStatement(let));
    else if (auto *check = dynamic_cast<SifParser::CheckStatementContext *>(context))
      add(ast::CheckStatement{expression(check->expr()), string(*check->STRING()->getSymbol())});
    else if (auto *when = dynamic_cast<SifParser::WhenStatementContext *>(context))
      add(whenStatement(when->when()));
    else if (auto *loop = dynamic_cast<SifParser::ForStatementContext *>(context))
      add(ast::For{loop->name()->getText(), tree.range(*loop->name()), expression(loop->expr()), block(loop->block())});
    else if (auto *field = dynamic_cast<SifParser::FieldStatementContext *>(context))
      add(fieldStatement(field));
  }

  ast::Let letStatement(SifParser::LetStatementContext *context) {
    ast::Let let{context->name()->getText(), tree.range(*context->name()), {}, expression(context->expr())};
    if (context->type()) let.type = type(context->type());
    return let;
  }

  ast::When whenStatement(SifParser::WhenContext *context) {
    std::vector<SifParser::BlockContext *> blocks = context->block();
    ast::When when{expression(context->expr()), block(blocks[0]), {}, context->ELSE() != nullptr};
    if (SifParser::WhenContext *chained = context->when())
      when.otherwise.push_back({tree.range(*chained), "", {}, whenStatement(chained)});
    else if (blocks.size() > 1)
      when.otherwise = block(blocks[1]).statements;
    return when;
  }

  ast::Field fieldStatement(SifParser::FieldStatementContext *context) {
    ast::Field field{context->name()->getText(),
                     tree.range(*context->name()),
                     context->QUESTION() != nullptr,
                     type(context->type()),
                     {}};
    if (context->expr()) field.value = expression(context->expr());
    return field;
  }

  // One statement, or several where a ';' is missing between two lines: words follow words, so the parser cannot see
  // that.
  void ruleStatements(SifParser::RuleStatementContext *context, std::vector<ast::Statement> &into) {
    ast::Rule rule;
    std::vector<bool> startsLine;
    size_t line = 0;
    for (antlr4::tree::ParseTree *child : context->children) {
      auto *part = dynamic_cast<ParserRuleContext *>(child);
      if (!part) continue; // 'if' and ';'
      if (part->getRuleIndex() == SifParser::RuleItem) {
        startsLine.push_back(line != 0 && part->start->getLine() != line);
        line = part->stop->getLine();
        rule.items.push_back(item(static_cast<SifParser::ItemContext *>(part)));
      } else if (part->getRuleIndex() == SifParser::RuleBlock) {
        rule.block = block(static_cast<SifParser::BlockContext *>(part));
      } else {
        rule.condition = expression(static_cast<SifParser::ExprContext *>(part));
      }
    }

    SourceRange whole = tree.range(*context);
    while (size_t next = mistakes < maxMistakes ? missingSemicolon(rule.items, startsLine) : 0) {
      ++mistakes;
      SourceRange at = rule.items[next].range, before = rule.items[next - 1].range;
      engine.report<diag::MissingSemicolon>(at, "'" + word(rule.items[next]).str() + "'")
          .fixIt({at.file, before.end, before.end}, ";");
      auto cut = static_cast<ptrdiff_t>(next);
      ast::Rule head;
      head.items.assign(rule.items.begin(), rule.items.begin() + cut);
      rule.items.erase(rule.items.begin(), rule.items.begin() + cut);
      startsLine.erase(startsLine.begin(), startsLine.begin() + cut);
      into.push_back({{whole.file, whole.begin, before.end}, "", {}, std::move(head)});
      whole.begin = at.begin;
    }
    into.push_back({whole, "", {}, std::move(rule)});
  }

  // The index of an item that begins a line with the first word of a statement, where the one before it cannot go on;
  // 0: none.
  static size_t missingSemicolon(const std::vector<ast::Item> &items, const std::vector<bool> &startsLine) {
    size_t keyword = 0;
    while (keyword < items.size() && (ir::findModifier(word(items[keyword])) || word(items[keyword]) == "allow"))
      ++keyword;
    if (keyword == items.size()) return 0;
    size_t next = keyword + 1;
    while (next < items.size() && !(startsLine[next] && beginsStatement(word(items[next]))))
      ++next;
    if (next == items.size()) return 0;
    std::vector<ir::Item> parts;
    for (size_t i = keyword + 1; i < items.size(); ++i) {
      parts.push_back({items[i].arrow, {}});
      for (const ast::Expr &value : items[i].values)
        parts.back().values.push_back(shapeOf(value));
    }
    // What follows would be judged by this statement's signatures, so the first such item decides: it cannot go on, or
    // could as a name or a value but nothing is then whole, as in `given plug connected` before `allow file`.
    std::vector<const ir::Signature *> signatures = signaturesOf(word(items[keyword]));
    auto before = llvm::makeArrayRef(parts).take_front(next - keyword - 1);
    auto with = llvm::makeArrayRef(parts).take_front(next - keyword);
    auto matches = [](llvm::ArrayRef<ir::Item> some) {
      return [some](const ir::Signature *signature) { return ir::matchStatement(*signature, some).match.has_value(); };
    };
    bool cannotGoOn = llvm::all_of(signatures, [&](const ir::Signature *signature) {
      ir::MatchResult result = ir::matchStatement(*signature, with);
      return !result.match && result.error.item + 1 == with.size();
    });
    bool isWholeBefore = llvm::any_of(signatures, matches(before)) && llvm::none_of(signatures, matches(parts));
    return !signatures.empty() && (cannotGoOn || isWholeBefore) ? next : 0;
  }
  static std::vector<const ir::Signature *> signaturesOf(llvm::StringRef keyword) {
    std::vector<const ir::Signature *> found;
    if (std::optional<ir::RuleKind> kind = ir::findRuleKind(keyword))
      found.push_back(&ir::ruleKindInfo(*kind).signature);
    for (const Declaration &one : allDeclarations())
      if (keyword == one.keyword) found.push_back(&one.signature);
    return found;
  }
  static bool beginsStatement(llvm::StringRef text) { return ir::findModifier(text) || !signaturesOf(text).empty(); }
  static llvm::StringRef word(const ast::Item &item) {
    const ast::Reference *reference = item.values.size() == 1 ? item.values[0].bareWord() : nullptr;
    return reference ? llvm::StringRef(reference->path[0]) : "";
  }

  ast::Block block(SifParser::BlockContext *context) {
    return {tree.range(*context), statements(context->statement())};
  }

  ast::Item item(SifParser::ItemContext *context) {
    ast::Item made;
    made.range = tree.range(*context);
    made.arrow = context->start->getType() == SifParser::ARROW;
    if (made.arrow) return made;
    for (auto *one : everySecond<SifParser::ValueContext>(context, 0))
      made.values.push_back(value(one));
    return made;
  }

  ast::TypeExpr type(SifParser::TypeContext *context) {
    ast::TypeExpr made;
    made.range = tree.range(*context);
    if (context->name())
      made.name = context->name()->getText();
    else if (context->type())
      made.element.push_back(type(context->type()));
    else
      made.record = block(context->block());
    for (SifParser::ItemContext *one : context->item())
      made.refinements.push_back(item(one));
    return made;
  }

  // ---- expressions
  // primary, 'not' expr, expr operator expr, or expr 'if' expr 'else' expr
  ast::Expr expression(SifParser::ExprContext *context) {
    using Kind = ast::Operation::Kind;
    if (context->children.size() == 1) return primary(childAt<SifParser::PrimaryContext>(context, 0));
    if (context->children.size() == 2) return operation(context, Kind::Not, 1);
    switch (tokenAt(context, 1).getType()) {
    case SifParser::PLUS: return operation(context, Kind::Join);
    case SifParser::EQUAL: return operation(context, Kind::Equal);
    case SifParser::NOT_EQUAL: return operation(context, Kind::NotEqual);
    case SifParser::LESS: return operation(context, Kind::Less);
    case SifParser::LESS_EQUAL: return operation(context, Kind::LessEqual);
    case SifParser::GREATER: return operation(context, Kind::Greater);
    case SifParser::GREATER_EQUAL: return operation(context, Kind::GreaterEqual);
    case SifParser::IN: return operation(context, Kind::In);
    case SifParser::AND: return operation(context, Kind::And);
    case SifParser::OR: return operation(context, Kind::Or);
    default: return operation(context, Kind::Choose);
    }
  }

  ast::Expr operation(SifParser::ExprContext *context, ast::Operation::Kind kind, size_t first = 0) {
    ast::Operation made;
    made.kind = kind;
    for (auto *operand : everySecond<SifParser::ExprContext>(context, first))
      made.operands.push_back(expression(operand));
    return {tree.range(*context), std::move(made)};
  }

  ast::Expr primary(SifParser::PrimaryContext *context) {
    switch (context->start->getType()) {
    case SifParser::LEFT_BRACE: return record(childAt<SifParser::RecordContext>(context, 0));
    case SifParser::LEFT_PAREN: return expression(childAt<SifParser::ExprContext>(context, 1));
    default: return value(context);
    }
  }

  // Of a value or a primary: the first token tells which it is.
  ast::Expr value(ParserRuleContext *context) {
    switch (context->start->getType()) {
    case SifParser::STRING: return string(*context->start);
    case SifParser::NUMBER: return number(childAt<SifParser::RangeContext>(context, 0));
    case SifParser::LEFT_BRACKET: return list(childAt<SifParser::ListContext>(context, 0));
    default: return reference(childAt<SifParser::ReferenceContext>(context, 0));
    }
  }

  ast::Expr record(SifParser::RecordContext *context) {
    ast::Record made;
    for (auto *one : everySecond<SifParser::ArgumentContext>(context, 1, 1))
      made.fields.push_back(argument(one));
    return {tree.range(*context), std::move(made)};
  }

  // (name ':')? expr
  ast::Argument argument(SifParser::ArgumentContext *context) {
    ast::Argument made;
    if (context->children.size() > 1) {
      made.name = context->start->getText();
      made.nameRange = tree.range(*context->start);
    }
    made.value = expression(childAt<SifParser::ExprContext>(context, context->children.size() - 1));
    return made;
  }

  ast::Expr list(SifParser::ListContext *context) {
    ast::List made;
    for (auto *one : everySecond<SifParser::ExprContext>(context, 1, 1))
      made.elements.push_back(expression(one));
    return {tree.range(*context), std::move(made)};
  }

  // NUMBER ('..' NUMBER)?
  ast::Expr number(SifParser::RangeContext *context) {
    ast::Number made;
    made.value = readNumber(tokenAt(context, 0), made.wide);
    if (context->children.size() > 1) made.last = readNumber(tokenAt(context, 2), made.wide);
    return {tree.range(*context), made};
  }

  int64_t readNumber(const antlr4::Token &token, bool &wide) {
    llvm::StringRef digits = sourceText(tree.range(token));
    bool negative = digits.consume_front("-");
    uint64_t radix = digits.consume_front("0x") ? 16 : digits.consume_front("0o") ? 8 : 10;
    uint64_t value = 0;
    for (char digit : digits) {
      wide |= __builtin_mul_overflow(value, radix, &value);
      wide |= __builtin_add_overflow(value, uint64_t(llvm::hexDigitValue(digit)), &value);
    }
    wide |= negative && value > uint64_t(1) << 63;
    return static_cast<int64_t>(negative ? 0 - value : value);
  }

  // ---- strings
  ast::Expr string(const antlr4::Token &token) {
    SourceRange range = tree.range(token);
    ast::StringLiteral made;
    std::string text;
    uint32_t begin = range.begin + 1, end = range.end - 1, at = begin;
    auto flush = [&](uint32_t until) {
      if (!text.empty()) made.pieces.push_back({{range.file, begin, until}, std::move(text), {}});
      text.clear();
    };
    while (at < end) {
      llvm::StringRef rest = sourceText({range.file, at, end});
      if (rest.startswith("\\${")) {
        text += "${";
        at += 3;
      } else if (rest.front() == '\\') {
        text += rest.take_front(2);
        at += 2;
      } else if (rest.startswith("${")) {
        flush(at);
        at = begin = embedded({range.file, at, end}, made);
      } else {
        size_t plain = std::min(rest.size(), rest.find_first_of("\\$", 1));
        text += rest.take_front(plain);
        at += static_cast<uint32_t>(plain);
      }
    }
    flush(end);
    return {range, std::move(made)};
  }

  // Reads the ${...} that `rest` begins with; where it ends.
  uint32_t embedded(SourceRange rest, ast::StringLiteral &into) {
    auto length = static_cast<uint32_t>(grammar::embeddedLength(sourceText(rest)));
    if (length == 0) return rest.end; // reported with the tokens
    SourceRange whole{rest.file, rest.begin, rest.begin + length};
    if (mistakes == maxMistakes) return whole.end;
    auto inner = grammar::parseEmbedded(rest.file, whole.begin + 2, whole.end - 1, engine);
    if (!inner) {
      ++mistakes;
    } else {
      ast::StringLiteral::Piece piece{whole, "", {}};
      piece.embedded.push_back(AstBuilder(*inner, engine).reference(inner->embedded->reference()));
      into.pieces.push_back(std::move(piece));
    }
    return whole.end;
  }

  llvm::StringRef sourceText(SourceRange range) const {
    return engine.sources().file(tree.file).text().slice(range.begin, range.end);
  }

  const Tree &tree;
  Engine &engine;
  Docs docs;
  static constexpr unsigned maxMistakes = 20; // that are reported of a file; each of them is an error
  unsigned mistakes = 0;
};

} // namespace

ast::File buildAst(const grammar::ParseTree &tree, Engine &engine) { return AstBuilder(tree.impl(), engine).run(); }

ir::Shape shapeOf(const ast::Expr &value) {
  using Kind = ir::Shape::Kind;
  if (auto *string = std::get_if<ast::StringLiteral>(&value.node)) {
    std::string text;
    for (const ast::StringLiteral::Piece &piece : string->pieces)
      text += piece.embedded.empty() ? piece.text : "${...}";
    return {Kind::String, std::move(text), false};
  }
  if (std::holds_alternative<ast::Number>(value.node)) return {Kind::Number, "", false};
  if (auto *reference = std::get_if<ast::Reference>(&value.node)) {
    if (reference->path.size() == 1) return {reference->isCall ? Kind::Call : Kind::Word, reference->path[0], false};
    return {Kind::Reference, llvm::join(reference->path, "."), false};
  }
  return {Kind::List, "", false};
}

} // namespace snapsecc
