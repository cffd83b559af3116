// SPDX-License-Identifier: Apache-2.0
// Compatibility labels: read once, compared range by range.
#include "frontend/Compatibility.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

constexpr size_t maxDimensions = 3, maxValues = 3, maxName = 32, maxDigits = 8;

bool isName(llvm::StringRef text) {
  return !text.empty() && text.size() <= maxName && text[0] >= 'a' && text[0] <= 'z' &&
         llvm::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || llvm::isDigit(c); });
}

std::optional<unsigned> readNumber(llvm::StringRef text) {
  unsigned number = 0;
  bool leadingZero = text.size() > 1 && text[0] == '0';
  if (text.empty() || text.size() > maxDigits || leadingZero || !llvm::all_of(text, llvm::isDigit)) return std::nullopt;
  if (text.getAsInteger(10, number)) return std::nullopt;
  return number;
}

std::optional<Compatibility::Range> readRange(llvm::StringRef text) {
  if (auto number = readNumber(text)) return Compatibility::Range{*number, *number};
  if (!text.consume_front("(") || !text.consume_back(")")) return std::nullopt;
  auto [first, last] = text.split("..");
  auto min = readNumber(first), max = readNumber(last);
  if (!min || !max || *min > *max) return std::nullopt;
  return Compatibility::Range{*min, *max};
}

bool overlap(const Compatibility::Range &a, const Compatibility::Range &b) { return a.min <= b.max && b.min <= a.max; }

bool agree(const Compatibility::Dimension &a, const Compatibility::Dimension &b) {
  return a.name == b.name && a.values.size() == b.values.size() &&
         std::equal(a.values.begin(), a.values.end(), b.values.begin(), overlap);
}

} // namespace

CompatibilityResult parseCompatibility(llvm::StringRef text) {
  Compatibility label;
  llvm::SmallVector<llvm::StringRef, 8> tokens;
  text.split(tokens, '-');
  for (llvm::StringRef token : tokens) {
    if (isName(token)) {
      if (llvm::any_of(label.dimensions, [&](const auto &other) { return other.name == token; }))
        return {std::nullopt, "'" + token.str() + "' appears twice"};
      if (label.dimensions.size() == maxDimensions) return {std::nullopt, "there may be three names at most"};
      label.dimensions.push_back({token.str(), {}});
      continue;
    }
    auto range = readRange(token);
    if (!range || label.dimensions.empty())
      return {std::nullopt, "'" + token.str() + "' is neither a name, a number nor a range like (1..3)"};
    std::vector<Compatibility::Range> &values = label.dimensions.back().values;
    if (values.size() == maxValues) return {std::nullopt, "a name may have three numbers at most"};
    values.push_back(*range);
  }
  for (Compatibility::Dimension &dimension : label.dimensions)
    if (dimension.values.empty()) dimension.values.push_back({0, 0});
  return {label, ""};
}

bool areCompatible(llvm::StringRef plug, llvm::StringRef slot) {
  auto a = parseCompatibility(plug).label, b = parseCompatibility(slot).label;
  return a && b && a->dimensions.size() == b->dimensions.size() &&
         std::equal(a->dimensions.begin(), a->dimensions.end(), b->dimensions.begin(), agree);
}

} // namespace snapsecc
