// SPDX-License-Identifier: Apache-2.0
// Pattern tree -> text that parsePattern() reads back to the same language. What a star means depends on its neighbours
// in the text, so the tree is first flattened to pieces; then each star is written plainly where its place gives it the
// wanted meaning, and else as {,*} (none or more) or ?* (at least one).
#include "automata/Pattern.h"
#include "llvm/ADT/StringExtras.h"
#include <cassert>

namespace snapsecc::automata {
namespace {

struct Piece {
  std::string text; // empty: a star
  bool literal = false;
  bool doubled = false, atLeastOne = false;
};

std::string hexByte(unsigned byte) {
  return std::string("\\x") + llvm::hexdigit(byte >> 4, true) + llvm::hexdigit(byte & 15, true);
}

std::string printLiteral(llvm::StringRef text, bool inBraces) {
  std::string out;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += hexByte(byte);
      continue;
    }
    if (llvm::StringRef("*?[]{}\\").contains(c) || (c == ',' && inBraces)) out += '\\';
    out += c;
  }
  return out;
}

std::string classByte(unsigned byte) {
  if (byte < 0x20 || byte == 0x7f) return hexByte(byte);
  std::string out;
  if (llvm::StringRef("*?[]{}\\").contains(static_cast<char>(byte))) out += '\\';
  return out + static_cast<char>(byte);
}

// '-' stands first and '^' last, where both are themselves; runs of three and more are ranges.
std::string classElements(ByteSet bytes) {
  std::string out, last;
  auto isIn = [&](unsigned byte) { return byte < 256 && bytes.test(byte); };
  for (unsigned edge : {'-', '^'}) {
    if (!isIn(edge) || (isIn(edge - 1) && isIn(edge + 1))) continue;
    (edge == '-' ? out : last) = static_cast<char>(edge);
    bytes.reset(edge);
  }
  for (unsigned low = 0; low < 256; ++low) {
    if (!isIn(low)) continue;
    unsigned high = low;
    while (isIn(high + 1))
      ++high;
    out += classByte(low);
    if (high - low >= 2) out += '-';
    if (high > low) out += classByte(high);
    low = high;
  }
  return out + last;
}

std::string printSet(const ByteSet &bytes, bool inBraces) {
  if (bytes == anyButSlash()) return "?";
  if (bytes.count() == 1)
    for (unsigned byte = 0; byte < 256; ++byte)
      if (bytes.test(byte)) return printLiteral(std::string(1, static_cast<char>(byte)), inBraces);
  if (bytes.all()) return "{\\x00,[^\\x00]}"; // no class holds every byte
  return bytes.count() > 128 ? "[^" + classElements(~bytes) + "]" : "[" + classElements(bytes) + "]";
}

void flatten(const Pattern &pattern, bool inBraces, std::vector<Piece> &pieces) {
  switch (pattern.kind) {
  case Pattern::Kind::Literal:
    if (!pattern.text.empty()) pieces.push_back({printLiteral(pattern.text, inBraces), true});
    return;
  case Pattern::Kind::Set:
    assert(pattern.bytes.any() && "an empty class has no text");
    pieces.push_back({printSet(pattern.bytes, inBraces), pattern.bytes.count() == 1});
    return;
  case Pattern::Kind::Star: pieces.push_back({"", false, false, pattern.atLeastOne}); return;
  case Pattern::Kind::DoubleStar: pieces.push_back({"", false, true, pattern.atLeastOne}); return;
  case Pattern::Kind::Variable: pieces.push_back({"@{" + pattern.text + "}"}); return;
  case Pattern::Kind::Sequence:
    for (const Pattern &child : pattern.children)
      flatten(child, inBraces, pieces);
    return;
  case Pattern::Kind::Alternation:
    assert(!pattern.children.empty() && "an alternation of nothing has no text");
    if (pattern.children.size() == 1) return flatten(pattern.children[0], inBraces, pieces);
    for (size_t i = 0; i < pattern.children.size(); ++i) {
      pieces.push_back({i == 0 ? "{" : ","});
      flatten(pattern.children[i], true, pieces);
    }
    pieces.push_back({"}"});
    return;
  }
}

} // namespace

std::string print(const Pattern &pattern) {
  std::vector<Piece> pieces;
  flatten(pattern, false, pieces);
  std::string out;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Piece &piece = pieces[i];
    if (!piece.text.empty()) {
      out += piece.text;
      continue;
    }
    bool behindSlash = i > 0 && pieces[i - 1].literal && out.back() == '/';
    bool beforeSlash = i + 1 == pieces.size() || (pieces[i + 1].literal && pieces[i + 1].text[0] == '/');
    bool behindStar = i > 0 && pieces[i - 1].text.empty();
    const char *star = piece.doubled ? "**" : "*";
    if (piece.atLeastOne && !(behindSlash && beforeSlash))
      out += std::string("?") + star;
    else if (!piece.atLeastOne && ((behindSlash && beforeSlash) || behindStar))
      out += std::string("{,") + star + "}";
    else
      out += star;
  }
  return out;
}

} // namespace snapsecc::automata
