// SPDX-License-Identifier: Apache-2.0
// The functions of Functions.def that need nothing but their arguments; the dispatch to all of them.
#include "frontend/Functions.h"
#include "automata/Language.h"
#include "frontend/Compatibility.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"
#include <cassert>

namespace snapsecc {

bool matchesRegex(llvm::StringRef text, llvm::StringRef regex) {
  return llvm::Regex("^(" + regex.str() + ")$").match(text);
}

bool matchesPattern(llvm::StringRef text, llvm::StringRef pattern) {
  auto language = automata::Language::fromText(pattern, automata::standardVariables());
  if (language) return language->contains(text);
  llvm::consumeError(language.takeError()); // Check parsed the pattern; too large a one matches nothing
  return false;
}

namespace {

bool contains(const Value &list, const Value &element) {
  return llvm::any_of(list.list, [&](const Value &other) { return sameValue(element, other); });
}

Value set(const Value &value) { return Value::of(!value.isAbsent() && !value.defaulted); }

Value matches(const Value &text, const Value &pattern) {
  if (!text.isText() || !pattern.isText()) return Value::of(false);
  return Value::of(pattern.reading == Value::Reading::Regex ? matchesRegex(text.text, pattern.text)
                                                            : matchesPattern(text.text, pattern.text));
}

Value only(const Value &list, const Value &words) {
  return Value::of(!list.list.empty() &&
                   llvm::all_of(list.list, [&](const Value &element) { return contains(words, element); }));
}

Value disjoint(const Value &a, const Value &b) {
  return Value::of(llvm::none_of(a.list, [&](const Value &element) { return contains(b, element); }));
}

Value nonempty(const Value &value) {
  if (value.kind == Value::Kind::Record) return Value::of(!value.record->fields.empty());
  return Value::of(value.isText() ? !value.text.empty() : !value.list.empty());
}

Value join(const Value &list, const Value &separator) {
  std::vector<std::string> texts;
  for (const Value &element : list.list)
    texts.push_back(plainText(element).value_or(""));
  return Value::string(llvm::join(texts, separator.text));
}

Value hex(const Value &text) {
  llvm::StringRef digits = text.text;
  int64_t number = 0;
  digits.consume_front("0x");
  if (digits.empty() || digits.getAsInteger(16, number)) return {};
  return Value::integer(number);
}

} // namespace

const Value &argument(const Arguments &arguments, unsigned position, llvm::StringRef name) {
  static const Value none;
  const Value *value = arguments.find(position, name);
  return value ? *value : none;
}

Value callFunction(llvm::StringRef name, const Arguments &arguments, const Context &context) {
  auto at = [&](unsigned position, llvm::StringRef parameter) -> const Value & {
    return argument(arguments, position, parameter);
  };
  if (name == "set") return set(at(0, "value"));
  if (name == "matches") return matches(at(0, "text"), at(1, "pattern"));
  if (name == "only") return only(at(0, "list"), at(1, "words"));
  if (name == "disjoint") return disjoint(at(0, "a"), at(1, "b"));
  if (name == "nonempty") return nonempty(at(0, "list"));
  if (name == "join") return join(at(0, "list"), at(1, "separator"));
  if (name == "hex") return hex(at(0, "text"));
  if (name == "consistent") return Value::of(areConsistent(at(0, "options")));
  if (name == "fs_option") return Value::of(isFileSystemOption(at(0, "option").text, at(1, "types")));
  if (name == "compatible") {
    const Value &plug = at(0, "plug"), &slot = at(1, "slot");
    return Value::of(plug.isText() && slot.isText() && areCompatible(plug.text, slot.text));
  }
  std::optional<Value> value = callPathFunction(name, arguments, context);
  if (!value) value = callMachineFunction(name, arguments, context);
  assert(value && "Functions.def has a function that nothing implements");
  return value.value_or(Value());
}

} // namespace snapsecc
