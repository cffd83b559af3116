// SPDX-License-Identifier: Apache-2.0
#include "test/unit/passes/RuleText.h"
#include "llvm/ADT/StringExtras.h"

using namespace snapsecc::ir;

namespace ruletext {
namespace {

struct Token {
  bool comma = false, arrow = false;
  Value value;
};

Value takeValue(llvm::StringRef &text) {
  if (text.consume_front("\"")) {
    auto [inside, rest] = text.split('"');
    text = rest;
    return Value::string(inside);
  }
  llvm::StringRef word =
      text.take_while([](char c) { return llvm::isAlnum(c) || llvm::StringRef("_-+|").contains(c); });
  assert(!word.empty());
  text = text.drop_front(word.size());
  if (!text.consume_front("(")) return Value::word(word);
  std::vector<Value> arguments;
  while (!text.consume_front(")")) {
    arguments.push_back(takeValue(text));
    text.consume_front(",");
    text = text.ltrim();
  }
  return Value::call(word, std::move(arguments));
}

Rule rule(llvm::StringRef text) {
  Rule out;
  auto word = [&] {
    llvm::StringRef head = text.take_until([](char c) { return c == ' '; });
    text = text.drop_front(head.size()).ltrim();
    return head;
  };
  llvm::StringRef head = word();
  while (std::optional<Modifier> modifier = findModifier(head)) {
    out.modifiers |= *modifier;
    head = word();
  }
  std::optional<RuleKind> kind = findRuleKind(head);
  assert(kind && "a rule kind");
  out.kind = *kind;
  std::vector<Item> items;
  std::vector<std::vector<Value>> values;
  bool joined = false;
  for (text = text.ltrim(); !text.empty(); text = text.ltrim()) {
    if (text.consume_front("->")) {
      items.push_back({true, {}});
      values.emplace_back();
      continue;
    }
    if (text.consume_front(",")) {
      joined = true;
      continue;
    }
    Value value = takeValue(text);
    Shape::Kind shape = value.kind == Value::Kind::String ? Shape::Kind::String
                        : value.kind == Value::Kind::Call ? Shape::Kind::Call
                                                          : Shape::Kind::Word;
    if (!joined) {
      items.emplace_back();
      values.emplace_back();
    }
    joined = false;
    items.back().values.push_back({shape, value.text});
    values.back().push_back(std::move(value));
  }
  MatchResult result = matchStatement(out.signature(), items);
  assert(result.match && "the rule fits its signature");
  for (const Match::Filled &filled : result.match->filled)
    out.operands.push_back({filled.part, values[filled.item]});
  llvm::sort(out.operands);
  return out;
}

} // namespace

Policy policy(llvm::StringRef rules) {
  Policy out;
  out.labels.emplace_back();
  out.labels[0].name = "snap.a.b";
  uint32_t line = 0;
  llvm::SmallVector<llvm::StringRef, 0> statements;
  rules.split(statements, ';', -1, false);
  for (llvm::StringRef statement : statements) {
    if (statement.trim().empty()) continue;
    out.labels[0].rules.push_back(rule(statement.trim()));
    out.labels[0].rules.back().origins.push_back(out.addOrigin({"t.sif", ++line, 1, "", ""}));
  }
  return out;
}

std::string print(const Policy &policy) {
  std::string out;
  for (const Rule &rule : policy.labels[0].rules) {
    if (rule.modifiers != 0) out += printModifiers(rule.modifiers) + " ";
    out += ruleKindInfo(rule.kind).keyword;
    for (const Rule::Operand &operand : rule.operands) {
      const Part &part = rule.signature().parts[operand.part];
      if (!part.isFlag && (part.role[0] < 'A' || part.role[0] > 'Z')) out += " " + part.role;
      for (size_t i = 0; i < operand.values.size(); ++i)
        out += (i == 0 ? " " : ", ") + print(operand.values[i]);
    }
    out += ";\n";
  }
  return out;
}

} // namespace ruletext
