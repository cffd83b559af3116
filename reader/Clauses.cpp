// SPDX-License-Identifier: Apache-2.0
// The common form of rules behind their keyword: accesses, conditions, an operand, a target. Facts: parser_yacc.y
// (cond, cond_list), parser_lex.l (EXTCOND_MODE, LIST_COND_MODE).
#include "reader/ProfileReader.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::reader {
using ir::Value;
using llvm::StringRef;

bool ProfileReader::listOf(std::vector<Name> &into) {
  if (!scanner->takeSymbol("(")) return expected("'('");
  while (!scanner->takeSymbol(")")) {
    if (scanner->takeSymbol(",")) continue;
    std::optional<Name> value = scanner->takeName(Scanner::Style::ListValue);
    if (!value) return expected("a value or ')'");
    into.push_back(std::move(*value));
  }
  return true;
}

bool ProfileReader::conditionList(std::vector<Condition> &into) {
  if (!scanner->takeSymbol("(")) return expected("'('");
  while (!scanner->takeSymbol(")")) {
    if (scanner->takeSymbol(",")) continue;
    std::optional<Name> key = scanner->takeName(Scanner::Style::Key);
    if (!key || !scanner->takeSymbol("=")) return expected("a condition or ')'");
    Condition made{key->text, false, {}, key->range};
    if (scanner->peekSymbol("(")) {
      if (!listOf(made.values)) return false;
    } else if (std::optional<Name> value = scanner->takeName(Scanner::Style::ListValue)) {
      made.values.push_back(std::move(*value));
    } else {
      return expected("a value");
    }
    into.push_back(std::move(made));
  }
  return true;
}

bool ProfileReader::conditions(Clause &into) {
  while (scanner->peekCondition()) {
    uint32_t begin = scanner->offset();
    Condition made;
    made.name = scanner->peekWord().str();
    scanner->takeWord(made.name);
    made.in = scanner->takeWord("in");
    if (!made.in) scanner->takeSymbol("=");
    if (made.name == "peer" && scanner->peekSymbol("(")) {
      // `peer=(label=x)` of sockets and D-Bus, or a list of one label.
      Scanner saved = *scanner;
      scanner->takeSymbol("(");
      std::optional<Name> key = scanner->takeName(Scanner::Style::Key);
      bool group = key && scanner->peekSymbol("=");
      *scanner = saved;
      if (group) {
        if (!conditionList(into.peer)) return false;
        continue;
      }
    }
    if (scanner->peekSymbol("(")) {
      if (!listOf(made.values)) return false;
    } else if (std::optional<Name> value = scanner->takeName(Scanner::Style::Free)) {
      made.values.push_back(std::move(*value));
    } else {
      return expected("a value");
    }
    made.range = scanner->from(begin);
    into.conditions.push_back(std::move(made));
  }
  return true;
}

std::optional<Clause> ProfileReader::clause(bool withOperand) {
  Clause made;
  if (scanner->peekSymbol("(")) {
    if (!listOf(made.access)) return std::nullopt;
  } else if (!withOperand && !scanner->peekWord().empty() && !scanner->peekCondition()) {
    made.access.push_back(*scanner->takeName(Scanner::Style::NoAssign));
  }
  if (!conditions(made)) return std::nullopt;
  if (withOperand && !scanner->peekSymbol(",") && !scanner->peekSymbol("->"))
    made.operand = scanner->takeName(Scanner::Style::NoAssign);
  if (withOperand && scanner->takeSymbol("->") && !(made.target = scanner->takeName(Scanner::Style::NoAssign))) {
    expected("a path");
    return std::nullopt;
  }
  if (!endOfRule()) return std::nullopt;
  return made;
}

bool ProfileReader::conditionsAre(const std::vector<Condition> &list, std::initializer_list<StringRef> allowed) {
  for (const Condition &one : list) {
    if (!llvm::is_contained(allowed, one.name))
      return unsupported(one.range, "condition " + one.name, "rules of this kind have no such part here");
    if (one.values.empty()) return unsupported(one.range, "condition " + one.name, "it has no value");
  }
  return true;
}

void ProfileReader::addPattern(Operands &to, StringRef role, const std::vector<Condition> &list, StringRef name,
                               automata::Slashes slashes) {
  for (const Condition &one : list) {
    if (one.name != name) continue;
    if (one.values.size() != 1)
      unsupported(one.range, "condition " + one.name, "it takes one value");
    else if (llvm::any_of(to, [&](const auto &operand) { return operand.first == role; }))
      unsupported(one.range, "condition " + one.name, "it is given twice");
    else if (std::string text = pattern(one.values.front(), slashes); !text.empty())
      to.push_back({role, {Value::string(text)}});
  }
}

std::optional<Value> ProfileReader::word(StringRef keyword, const Name &name, ir::SlotType slot) {
  const ir::SlotTypeInfo &info = ir::slotTypeInfo(slot);
  if (llvm::is_contained(info.words, name.text)) return Value::word(name.text);
  engine.report<diag::UnknownWord>(name.range, keyword, name.text, info.doc,
                                   didYouMean(nearest(name.text, info.words)));
  return std::nullopt;
}

std::optional<std::vector<Value>> ProfileReader::verbs(StringRef keyword, const std::vector<Name> &access,
                                                       ir::SlotType slot,
                                                       llvm::ArrayRef<std::pair<StringRef, StringRef>> spellings) {
  std::vector<Value> values;
  for (const Name &name : access) {
    bool known = false;
    for (auto [spelling, verb] : spellings)
      if (name == spelling) {
        known = true;
        if (!llvm::is_contained(values, Value::word(verb))) values.push_back(Value::word(verb));
      }
    if (known) continue;
    std::optional<Value> value = word(keyword, name, slot);
    if (!value) return std::nullopt;
    if (!llvm::is_contained(values, *value)) values.push_back(std::move(*value));
  }
  return values;
}

} // namespace snapsecc::reader
