// SPDX-License-Identifier: Apache-2.0
// Multiplies alternations out: the list of a sequence is the product of its children's lists, that of an alternation
// their concatenation. The product is cut off at the limit before it is made.
#include "automata/Alternatives.h"

namespace snapsecc::automata {
namespace {

void append(FlatPattern &flat, const FlatPattern &tail) {
  for (const Pattern &atom : tail) {
    bool join = !flat.empty() && flat.back().kind == Pattern::Kind::Literal && atom.kind == Pattern::Kind::Literal;
    if (join)
      flat.back().text += atom.text;
    else
      flat.push_back(atom);
  }
}

std::optional<std::vector<FlatPattern>> flattenSequence(const Pattern &pattern, size_t limit) {
  std::vector<FlatPattern> made(1);
  for (const Pattern &child : pattern.children) {
    std::optional<std::vector<FlatPattern>> tails = flatten(child, limit);
    if (!tails || tails->size() * made.size() > limit) return std::nullopt;
    std::vector<FlatPattern> longer;
    for (const FlatPattern &head : made)
      for (const FlatPattern &tail : *tails) {
        longer.push_back(head);
        append(longer.back(), tail);
      }
    made = std::move(longer);
  }
  return made;
}

} // namespace

std::optional<std::vector<FlatPattern>> flatten(const Pattern &pattern, size_t limit) {
  if (pattern.kind == Pattern::Kind::Sequence) return flattenSequence(pattern, limit);
  if (pattern.kind != Pattern::Kind::Alternation) return std::vector<FlatPattern>{{pattern}};
  std::vector<FlatPattern> made;
  for (const Pattern &child : pattern.children) {
    std::optional<std::vector<FlatPattern>> more = flatten(child, limit);
    if (!more || more->size() + made.size() > limit) return std::nullopt;
    made.insert(made.end(), more->begin(), more->end());
  }
  return made;
}

std::optional<std::string> literalText(llvm::StringRef text) {
  llvm::Expected<Pattern> pattern = parsePattern(text);
  if (!pattern) {
    llvm::consumeError(pattern.takeError());
    return std::nullopt;
  }
  std::optional<std::vector<FlatPattern>> flat = flatten(*pattern, 1);
  if (!flat) return std::nullopt;
  const FlatPattern &atoms = flat->front();
  if (atoms.empty()) return std::string();
  if (atoms.size() > 1 || atoms.front().kind != Pattern::Kind::Literal) return std::nullopt;
  return atoms.front().text;
}

} // namespace snapsecc::automata
