// SPDX-License-Identifier: Apache-2.0
// AppArmor patterns (apparmor.d(5), Globbing) as syntax: the tree between text and automaton. Knows nothing of rules.
// A trap that the whole library keeps in mind: `*` and `**` straight after a literal `/` stand for at least one character, inside
// {} they do not, so `/d/**` with `/d/x` is not `/d/{**,x}`. (parser/parser_regex.c, convert_aaregex_to_pcre)
#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <bitset>
#include <string>
#include <vector>

namespace snapsecc::automata {

using ByteSet = std::bitset<256>;

struct Pattern {
  enum class Kind : uint8_t {
    Literal,    // text: bytes, escapes read
    Set,        // bytes: [abc], [^a-c], ?
    Star,       // * : any bytes but '/' and NUL
    DoubleStar, // ** : any bytes but NUL
    Sequence,   // children
    Alternation,// {a,b}
    Variable,   // @{name}: text is the name
  };
  Kind kind = Kind::Sequence;
  std::string text;
  ByteSet bytes;
  bool atLeastOne = false; // of Star and DoubleStar: behind a '/'
  std::vector<Pattern> children;
};

// Errors name the column (from 0) in the text: unbalanced braces or brackets, an empty class, a bad escape, depth over 50.
llvm::Expected<Pattern> parsePattern(llvm::StringRef text);
// The text of a pattern; parsePattern(print(p)) means the same.
std::string print(const Pattern &pattern);
// Text that matches itself and nothing else: every special character behind a backslash.
std::string escapeLiteral(llvm::StringRef text);
bool hasMeta(llvm::StringRef text); // is anything in it special?

} // namespace snapsecc::automata
