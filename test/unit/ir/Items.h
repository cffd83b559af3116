// SPDX-License-Identifier: Apache-2.0
// Items from a few characters, for tests of the matcher: blanks separate items, commas join values, "quoted", name(),
// a.b, [list], 12, -> and $name for a name that is in scope.
#pragma once
#include "ir/Signature.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::ir {

inline Shape shape(llvm::StringRef text) {
  using Kind = Shape::Kind;
  if (text.consume_front("$")) return {Kind::Word, text.str(), true};
  if (text.startswith("\"")) return {Kind::String, text.drop_front().drop_back().str(), false};
  if (text.startswith("[")) return {Kind::List, "", false};
  if (text.endswith("()")) {
    llvm::StringRef name = text.drop_back(2);
    return {name.contains('.') ? Kind::Reference : Kind::Call, name.str(), false};
  }
  if (llvm::isDigit(text.front())) return {Kind::Number, "", false};
  return {text.contains('.') ? Kind::Reference : Kind::Word, text.str(), false};
}

inline std::vector<Item> itemsOf(llvm::StringRef text) {
  std::vector<Item> items;
  llvm::SmallVector<llvm::StringRef, 8> words;
  text.split(words, ' ', -1, /*KeepEmpty=*/false);
  bool joined = false;
  for (llvm::StringRef word : words) {
    if (word == "->") {
      items.push_back({true, {}});
      continue;
    }
    if (!joined) items.emplace_back();
    joined = word.consume_back(",");
    items.back().values.push_back(shape(word));
  }
  return items;
}

} // namespace snapsecc::ir
