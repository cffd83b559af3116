// SPDX-License-Identifier: Apache-2.0
// What stands in a part of a rule once everything is known: a tree of words, strings, numbers and calls. Printed and read back
// in the spelling of the policy language: rwk  "/dev/**"  19  1..4  netlink(NETLINK_ROUTE)  nice(_ <= 19)  [AF_UNIX, AF_INET].
#pragma once
#include "llvm/ADT/StringRef.h"
#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace snapsecc::ir {

struct Value {
  enum class Kind : uint8_t {
    Word,    // text: a bare word, a constant (AF_INET), permissions (rwk)
    String,  // text: the characters, not escaped; a pattern where the slot's type is a pattern
    Number,  // number
    Range,   // number..last, both included
    Call,    // text(args...)
    List,    // [args...]
    Compare, // _ text args[0], text one of == != < <= > >=
    Any,     // _ : whatever the argument is
  };
  Kind kind = Kind::Word;
  std::string text;
  int64_t number = 0, last = 0;
  std::vector<Value> args;

  static Value word(llvm::StringRef s) { return {Kind::Word, s.str(), 0, 0, {}}; }
  static Value string(llvm::StringRef s) { return {Kind::String, s.str(), 0, 0, {}}; }
  static Value integer(int64_t n) { return {Kind::Number, "", n, 0, {}}; }
  static Value call(llvm::StringRef name, std::vector<Value> arguments) {
    return {Kind::Call, name.str(), 0, 0, std::move(arguments)};
  }
  bool isWord(llvm::StringRef s) const { return kind == Kind::Word && text == s; }
  bool isCall(llvm::StringRef s) const { return kind == Kind::Call && text == s; }
  bool operator==(const Value &) const = default;
  std::strong_ordering operator<=>(const Value &other) const;
};

// Written out: Clang 14 cannot default it for a struct that holds a vector of itself.
inline std::strong_ordering Value::operator<=>(const Value &other) const {
  auto first = std::tie(kind, text, number, last) <=> std::tie(other.kind, other.text, other.number, other.last);
  if (first != 0) return first;
  return std::lexicographical_compare_three_way(args.begin(), args.end(), other.args.begin(), other.args.end());
}

// The text that a value is printed as; strings are quoted with \" \\ \xNN.
std::string print(const Value &value);

} // namespace snapsecc::ir
