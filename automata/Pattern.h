// SPDX-License-Identifier: Apache-2.0
// AppArmor patterns (apparmor.d(5), Globbing) as syntax: the tree between text and automaton. Knows nothing of rules.
// The meaning is that of apparmor_parser (processunquoted, then convert_aaregex_to_pcre, then the regex grammar),
// corners included: [^..] holds '/' and NUL, {a} is an error, `[z-a]` is `[a-z]`. A trap that the whole library keeps
// in mind: `*` and `**` between a literal '/' and another '/' or the end of the text stand for at least one character
// that is no '/'; elsewhere, before a '}' too, for none or more. So `/d/**` with `/d/x` is not `/d/{**,x}`.
#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <bitset>
#include <string>
#include <vector>

namespace snapsecc::automata {

using ByteSet = std::bitset<256>;
const ByteSet &anyByte();     // but NUL: `**`
const ByteSet &anyButSlash(); // nor '/': `*`, `?`

struct Pattern {
  enum class Kind : uint8_t {
    Literal,     // text: bytes, escapes read
    Set,         // bytes: [abc], [^a-c], ?
    Star,        // * : any bytes but '/' and NUL
    DoubleStar,  // ** : any bytes but NUL
    Sequence,    // children
    Alternation, // {a,b}
    Variable,    // @{name}: text is the name
  };
  Kind kind = Kind::Sequence;
  std::string text;
  ByteSet bytes;
  bool atLeastOne = false; // of Star and DoubleStar: at least one byte, the first no '/'
  std::vector<Pattern> children;
  bool operator==(const Pattern &) const = default;
};

// Why a text is no pattern, and where: a column from 0.
struct PatternError : llvm::ErrorInfo<PatternError> {
  static char ID;
  size_t column;
  std::string message;
  PatternError(size_t where, std::string what) : column(where), message(std::move(what)) {}
  void log(llvm::raw_ostream &out) const override { out << "column " << column << ": " << message; }
  std::error_code convertToErrorCode() const override { return llvm::inconvertibleErrorCode(); }
};

// Errors are PatternErrors: unbalanced braces or brackets, {} with fewer than two alternatives, an empty class, `*` or
// `?` in a class without a backslash, a `\` at the end, braces 50 deep.
llvm::Expected<Pattern> parsePattern(llvm::StringRef text);
// The text of a pattern; parsePattern(print(p)) means the same, whatever stands around a star. An alternation needs a
// child.
std::string print(const Pattern &pattern);
// The text with its escapes read, as the parser does before anything else: bytes, and `\\x` where a byte is not
// special.
llvm::Expected<std::string> readEscapes(llvm::StringRef text);
// Text that matches itself and nothing else: every special character behind a backslash.
std::string escapeLiteral(llvm::StringRef text);
bool hasMeta(llvm::StringRef text); // is anything in it special?

} // namespace snapsecc::automata
