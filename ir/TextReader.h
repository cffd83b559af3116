// SPDX-License-Identifier: Apache-2.0
// Reads rules and values of the textual IR: what the policy reader and queries share.
#pragma once
#include "ir/Policy.h"
#include "ir/TextLexer.h"
#include <optional>

namespace snapsecc::ir {

class TextReader {
public:
  TextReader(FileId file, Engine &engine, bool bare);

  const TextToken &peek() const { return token; }
  TextToken take();
  bool takeSymbol(llvm::StringRef symbol); // if it is next
  bool takeWord(llvm::StringRef word);
  // Report where something else stands; false then.
  bool expectSymbol(llvm::StringRef symbol);
  bool expectString(std::string &into);
  bool expectNumber(uint32_t &into);
  void expected(llvm::StringRef what);

  // A rule from its modifiers up to its ';' or '}'; nullopt after an error, which was reported and skipped. `origins`:
  // how many there are; absent: rules name none, and the ';' may be missing at the end.
  std::optional<Rule> readRule(std::optional<size_t> origins, unsigned depth = 0);
  std::optional<std::vector<Rule>> readRules(size_t origins, unsigned depth); // up to '}', which is taken
  // Goes on behind the ';' or the block of the statement, or at a '}' that is not its own.
  void skipStatement();
  bool tooManyErrors() const;

private:
  struct WrittenItem {
    bool arrow = false;
    std::vector<Value> values;
    std::vector<SourceRange> ranges;
  };
  bool readModifiers(Rule &rule, std::vector<SourceRange> &ranges);
  bool readItem(WrittenItem &item);
  std::optional<Value> readValue(unsigned depth = 0);
  std::optional<Value> readCall(TextToken name, unsigned depth);
  bool readArguments(llvm::StringRef close, Value &into, unsigned depth);
  bool readOrigins(Rule &rule, size_t count);
  bool fill(Rule &rule, std::vector<WrittenItem> items, SourceRange keyword);

  Engine &engine;
  TextLexer lexer;
  TextToken token;
  size_t errorsBefore;
  bool queries;
};

} // namespace snapsecc::ir
