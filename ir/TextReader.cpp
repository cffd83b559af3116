// SPDX-License-Identifier: Apache-2.0
// A rule is modifiers, a keyword, items, origins; its items are matched by the same matcher as those of the language.
#include "ir/TextReader.h"
#include "ir/Diagnostics.h"
#include "ir/RuleItems.h"

namespace snapsecc::ir {
namespace {

constexpr size_t maxErrors = 20;

std::string shown(const TextToken &token) {
  if (token.kind == TextToken::Kind::End) return "the end";
  if (token.kind == TextToken::Kind::String) return "a string";
  return "'" + token.text + "'";
}

} // namespace

TextReader::TextReader(FileId file, Engine &reportTo, bool bare)
    : engine(reportTo), lexer(file, reportTo, bare), errorsBefore(reportTo.errorCount()), queries(bare) {
  token = lexer.next();
}

TextToken TextReader::take() {
  TextToken taken = std::move(token);
  token = lexer.next();
  return taken;
}
bool TextReader::takeSymbol(llvm::StringRef symbol) {
  bool found = token.isSymbol(symbol);
  if (found) take();
  return found;
}
bool TextReader::takeWord(llvm::StringRef word) {
  bool found = token.isWord(word);
  if (found) take();
  return found;
}
void TextReader::expected(llvm::StringRef what) { engine.report<diag::SirSyntax>(token.range, what, shown(token)); }
bool TextReader::expectSymbol(llvm::StringRef symbol) {
  if (takeSymbol(symbol)) return true;
  expected("'" + symbol.str() + "'");
  return false;
}
bool TextReader::expectString(std::string &into) {
  if (token.kind != TextToken::Kind::String) {
    expected("a string");
    return false;
  }
  into = take().text;
  return true;
}
bool TextReader::expectNumber(uint32_t &into) {
  if (token.kind != TextToken::Kind::Number || token.number < 0 || token.number > UINT32_MAX) {
    expected("a number");
    return false;
  }
  into = static_cast<uint32_t>(take().number);
  return true;
}
bool TextReader::tooManyErrors() const { return engine.errorCount() >= errorsBefore + maxErrors; }

void TextReader::skipStatement() {
  for (unsigned depth = 0; token.kind != TextToken::Kind::End; take()) {
    if (depth == 0 && token.isSymbol("}")) return;
    if (token.isSymbol("{")) ++depth;
    bool closed = token.isSymbol("}") && --depth == 0;
    if (closed || (depth == 0 && token.isSymbol(";"))) {
      take();
      return;
    }
  }
}

std::optional<std::vector<Rule>> TextReader::readRules(size_t origins, unsigned depth) {
  std::vector<Rule> rules;
  bool sound = true;
  while (!token.isSymbol("}") && token.kind != TextToken::Kind::End && !tooManyErrors()) {
    std::optional<Rule> rule = readRule(origins, depth);
    sound = sound && rule;
    if (rule) rules.push_back(std::move(*rule));
  }
  if (!expectSymbol("}") || !sound) return std::nullopt;
  return rules;
}

std::optional<Rule> TextReader::readRule(std::optional<size_t> origins, unsigned depth) {
  auto fail = [&] {
    skipStatement();
    return std::nullopt;
  };
  Rule rule;
  std::vector<SourceRange> modifiers;
  if (!readModifiers(rule, modifiers)) return fail();
  if (token.kind != TextToken::Kind::Word) {
    expected("a rule");
    return fail();
  }
  TextToken keyword = take();
  std::optional<RuleKind> kind = findRuleKind(keyword.text);
  if (!kind) {
    std::vector<llvm::StringRef> keywords;
    for (const RuleKindInfo &info : allRuleKinds())
      keywords.push_back(info.keyword);
    engine.report<diag::UnknownStatement>(keyword.range, keyword.text, didYouMean(nearest(keyword.text, keywords)));
    return fail();
  }
  rule.kind = *kind;
  const RuleKindInfo &info = ruleKindInfo(*kind);
  if (Modifiers wrong = rule.modifiers & ~info.allowed) {
    engine.report<diag::ModifierNotAllowed>(modifiers.front(), printModifiers(wrong), keyword.text);
    return fail();
  }
  std::vector<WrittenItem> items;
  while (!token.isSymbol(";") && !token.isSymbol("@") && !token.isSymbol("{") && token.kind != TextToken::Kind::End)
    if (!readItem(items.emplace_back())) return fail();
  if (!fill(rule, std::move(items), keyword.range)) return fail();
  if (origins && !readOrigins(rule, *origins)) return fail();
  if (!origins && token.kind == TextToken::Kind::End) return rule;
  if (rule.kind != RuleKind::Child || !origins) return expectSymbol(";") ? std::optional(std::move(rule)) : fail();
  if (depth == maxTextDepth) {
    engine.report<diag::SirTooDeep>(token.range, maxTextDepth);
    return fail();
  }
  if (!expectSymbol("{")) return fail();
  std::optional<std::vector<Rule>> body = readRules(*origins, depth + 1);
  if (!body) return std::nullopt;
  rule.body = std::move(*body);
  return rule;
}

bool TextReader::readModifiers(Rule &rule, std::vector<SourceRange> &ranges) {
  Modifiers last = 0;
  while (token.kind == TextToken::Kind::Word) {
    std::optional<Modifier> modifier = findModifier(token.text);
    if (!modifier) return true;
    if (last >= *modifier) {
      if (last == *modifier)
        engine.report<diag::SirTwice>(token.range, token.text);
      else
        engine.report<diag::ModifierOrder>(token.range, token.text, printModifiers(last));
      return false;
    }
    last = *modifier;
    rule.modifiers |= last;
    ranges.push_back(take().range);
  }
  return true;
}

bool TextReader::readItem(WrittenItem &item) {
  if (takeSymbol("->")) {
    item.arrow = true;
    return true;
  }
  do {
    item.ranges.push_back(token.range);
    std::optional<Value> value = readValue();
    if (!value) return false;
    item.values.push_back(std::move(*value));
  } while (takeSymbol(","));
  return true;
}

std::optional<Value> TextReader::readValue(unsigned depth) {
  if (depth > maxTextDepth) {
    engine.report<diag::SirTooDeep>(token.range, maxTextDepth);
    return std::nullopt;
  }
  if (token.isWord("_")) {
    take();
    if (token.kind != TextToken::Kind::Symbol || !isComparison(token.text))
      return Value{Value::Kind::Any, "", 0, 0, {}};
    Value compare{Value::Kind::Compare, take().text, 0, 0, {}};
    std::optional<Value> operand = readValue(depth + 1);
    if (!operand) return std::nullopt;
    compare.args.push_back(std::move(*operand));
    return compare;
  }
  if (token.kind == TextToken::Kind::Word) return readCall(take(), depth);
  if (token.kind == TextToken::Kind::String) return Value::string(take().text);
  if (token.kind == TextToken::Kind::Number) {
    int64_t first = take().number;
    if (!takeSymbol("..")) return Value::integer(first);
    if (token.kind == TextToken::Kind::Number) return Value{Value::Kind::Range, "", first, take().number, {}};
  } else if (takeSymbol("[")) {
    Value list{Value::Kind::List, "", 0, 0, {}};
    return readArguments("]", list, depth) ? std::optional(std::move(list)) : std::nullopt;
  }
  expected("a value");
  return std::nullopt;
}

std::optional<Value> TextReader::readCall(TextToken name, unsigned depth) {
  if (!takeSymbol("(")) return Value::word(name.text);
  Value call = Value::call(name.text, {});
  return readArguments(")", call, depth) ? std::optional(std::move(call)) : std::nullopt;
}

bool TextReader::readArguments(llvm::StringRef close, Value &into, unsigned depth) {
  if (takeSymbol(close)) return true;
  do {
    std::optional<Value> value = readValue(depth + 1);
    if (!value) return false;
    into.args.push_back(std::move(*value));
  } while (takeSymbol(","));
  return expectSymbol(close);
}

bool TextReader::readOrigins(Rule &rule, size_t count) {
  if (!takeSymbol("@")) return true;
  do {
    SourceRange where = token.range;
    uint32_t origin = 0;
    if (!expectNumber(origin)) return false;
    if (origin >= count) {
      engine.report<diag::SirOrigin>(where, origin);
      return false;
    }
    rule.origins.push_back(origin);
  } while (takeSymbol(","));
  return true;
}

bool TextReader::fill(Rule &rule, std::vector<WrittenItem> items, SourceRange keyword) {
  std::vector<Item> shapes;
  for (const WrittenItem &item : items) {
    shapes.push_back({item.arrow, {}});
    for (const Value &value : item.values)
      shapes.back().values.push_back(shapeOf(value));
  }
  MatchResult result = matchStatement(rule.signature(), shapes);
  if (!result.match) {
    const MatchError &error = result.error;
    SourceRange where = keyword;
    if (error.item < items.size() && error.value < items[error.item].ranges.size())
      where = items[error.item].ranges[error.value];
    report(error, ruleKindInfo(rule.kind).keyword, where, engine);
    return false;
  }
  for (const Match::Filled &filled : result.match->filled) {
    const Part &part = rule.signature().parts[filled.part];
    std::vector<Value> values = std::move(items[filled.item].values);
    // In a query a name with dots is a string without its quotes.
    for (size_t i = 0; i < values.size() && !part.isFlag; ++i)
      if (!isConcrete(part.type, values[i])) {
        engine.report<diag::SirSyntax>(items[filled.item].ranges[i], slotTypeInfo(part.type).doc, print(values[i]));
        return false;
      }
    bool free = queries && !part.isFlag && slotTypeInfo(part.type).cls == SlotClass::Pattern;
    for (Value &value : values)
      if (free && value.kind == Value::Kind::Word && value.text.find_first_of(".+") != std::string::npos)
        value = Value::string(value.text);
    rule.operands.push_back({filled.part, std::move(values)});
  }
  return true;
}

} // namespace snapsecc::ir
