// SPDX-License-Identifier: Apache-2.0
// What a ParseTree holds: the text as code points, the tokens, the parser that owns the tree. For grammar/ and
// frontend/BuildAst.cpp alone; compile with -fno-char8_t.
#pragma once
#include "SifLexer.h"
#include "SifParser.h"
#include "antlr4-runtime.h"
#include "grammar/ParseTree.h"

namespace snapsecc::grammar {

using generated::SifLexer;
using generated::SifParser;

// Part of a file for ANTLR, which counts code points, and the way back to bytes. The text is valid UTF-8.
class CodePoints : public antlr4::ANTLRInputStream {
public:
  CodePoints(llvm::StringRef text, uint32_t firstByte);
  // Of the code point with this index; at or past the end: of the end.
  uint32_t byteOffset(size_t index) const;

private:
  uint32_t base, bytes;
  std::vector<uint32_t> offsets; // empty where all is ASCII
};

struct ParseTree::Impl {
  Impl(FileId file, llvm::StringRef text, uint32_t firstByte);
  SourceRange range(const antlr4::Token &token) const;
  SourceRange range(const antlr4::ParserRuleContext &context) const; // from its first token to its last

  FileId file;
  CodePoints input;
  SifLexer lexer;
  antlr4::CommonTokenStream tokens;
  SifParser parser;
  SifParser::FileContext *root = nullptr;         // of parse()
  SifParser::EmbeddedContext *embedded = nullptr; // of parseEmbedded()
  std::vector<SourceRange> skipped;               // what recovery jumped over
};

// How long the ${...} is that the text begins with; 0: it has no end.
size_t embeddedLength(llvm::StringRef text);
// The bytes [begin, end) of a file as the inside of a string's ${...}. Null after an error.
std::unique_ptr<ParseTree::Impl> parseEmbedded(FileId file, uint32_t begin, uint32_t end, Engine &engine);

} // namespace snapsecc::grammar
