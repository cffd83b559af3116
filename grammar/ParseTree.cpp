// SPDX-License-Identifier: Apache-2.0
// Text to parse tree, in this order: guards on the text; tokens, and guards on them; a quick parse that gives up at the
// first mistake (SLL prediction: all that correct text needs); only where there is one, a careful parse that reports
// and recovers (LL).
#include "grammar/Diagnostics.h"
#include "grammar/Guards.h"
#include "grammar/Recovery.h"
#include "llvm/Support/ConvertUTF.h"

namespace snapsecc::grammar {
namespace {

using antlr4::atn::ParserATNSimulator;
using antlr4::atn::PredictionMode;

void usePrediction(SifParser &parser, PredictionMode mode) {
  parser.getInterpreter<ParserATNSimulator>()->setPredictionMode(mode);
}

bool parseQuickly(ParseTree::Impl &tree) {
  usePrediction(tree.parser, PredictionMode::SLL);
  tree.parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  try {
    tree.root = tree.parser.file();
    return true;
  } catch (const antlr4::ParseCancellationException &) {
    tree.parser.reset();
    return false;
  }
}

void parseCarefully(ParseTree::Impl &tree, TokenMistakes &mistakes, Engine &engine) {
  usePrediction(tree.parser, PredictionMode::LL);
  tree.parser.setErrorHandler(std::make_shared<StatementRecovery>(tree, mistakes, engine));
  try {
    tree.root = tree.parser.file();
  } catch (const TooManyErrors &) {
  }
}

} // namespace

CodePoints::CodePoints(llvm::StringRef text, uint32_t firstByte)
    : base(firstByte), bytes(static_cast<uint32_t>(text.size())) {
  _data.reserve(text.size());
  bool ascii = llvm::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  auto *at = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  auto *end = reinterpret_cast<const llvm::UTF8 *>(text.end());
  while (at != end) {
    if (!ascii) offsets.push_back(static_cast<uint32_t>(reinterpret_cast<const char *>(at) - text.begin()));
    llvm::UTF32 codePoint = 0, *into = &codePoint;
    [[maybe_unused]] auto result = llvm::convertUTF8Sequence(&at, end, into, llvm::strictConversion);
    assert(result == llvm::conversionOK && "the text was checked");
    _data.push_back(codePoint);
  }
}

uint32_t CodePoints::byteOffset(size_t index) const {
  if (index >= _data.size()) return base + bytes;
  return base + (offsets.empty() ? static_cast<uint32_t>(index) : offsets[index]);
}

ParseTree::Impl::Impl(FileId id, llvm::StringRef text, uint32_t firstByte)
    : file(id), input(text, firstByte), lexer(&input), tokens(&lexer), parser(&tokens) {
  lexer.removeErrorListeners(); // it has no errors: UNKNOWN takes any character
  parser.removeErrorListeners();
}

SourceRange ParseTree::Impl::range(const antlr4::Token &token) const {
  uint32_t begin = input.byteOffset(token.getStartIndex());
  if (token.getType() == antlr4::Token::EOF) return {file, begin, begin};
  return {file, begin, input.byteOffset(token.getStopIndex() + 1)};
}

SourceRange ParseTree::Impl::range(const antlr4::ParserRuleContext &context) const {
  SourceRange whole = range(*context.start);
  if (context.stop) whole.end = std::max(whole.end, range(*context.stop).end);
  return whole;
}

ParseTree::ParseTree(std::unique_ptr<Impl> made) : implementation(std::move(made)) {}
ParseTree::ParseTree(ParseTree &&) noexcept = default;
ParseTree &ParseTree::operator=(ParseTree &&) noexcept = default;
ParseTree::~ParseTree() = default;
FileId ParseTree::file() const { return implementation->file; }

ParseTree parse(FileId file, Engine &engine) {
  llvm::StringRef text = engine.sources().file(file).text();
  if (!checkText(file, text, engine)) return ParseTree(std::make_unique<ParseTree::Impl>(file, "", 0));
  auto tree = std::make_unique<ParseTree::Impl>(file, text, 0);
  TokenMistakes mistakes = checkTokens(*tree, engine);
  if (mistakes.stop) return ParseTree(std::move(tree));
  if (mistakes.reported > 0 || !parseQuickly(*tree)) parseCarefully(*tree, mistakes, engine);
  return ParseTree(std::move(tree));
}

std::unique_ptr<ParseTree::Impl> parseEmbedded(FileId file, uint32_t begin, uint32_t end, Engine &engine) {
  llvm::StringRef text = engine.sources().file(file).text().slice(begin, end);
  auto tree = std::make_unique<ParseTree::Impl>(file, text, begin);
  tree->tokens.fill();
  for (const antlr4::Token *token : tree->tokens.getTokens()) {
    bool comment = token->getChannel() != antlr4::Token::DEFAULT_CHANNEL;
    if (!comment && token->getType() != SifLexer::UNKNOWN) continue;
    engine.report<diag::BadEmbedded>(tree->range(*token));
    return nullptr;
  }
  if (checkTokens(*tree, engine).reported > 0) return nullptr;
  usePrediction(tree->parser, PredictionMode::SLL);
  tree->parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  try {
    tree->embedded = tree->parser.embedded();
    return tree;
  } catch (const antlr4::ParseCancellationException &) {
    SourceRange where = tree->range(*tree->tokens.LT(1));
    engine.report<diag::BadEmbedded>(where);
    return nullptr;
  }
}

} // namespace snapsecc::grammar
