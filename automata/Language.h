// SPDX-License-Identifier: Apache-2.0
// Regular languages of byte strings as deterministic automata: what patterns mean. Immutable values; every operation is
// bounded by a state budget and fails with an error that names it, never by running out of memory.
#pragma once
#include "automata/Pattern.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <optional>

namespace snapsecc::automata {

struct Limits {
  unsigned states = 100000;
};

// Values of variables: name -> alternatives (patterns). Missing: an error.
using Variables = llvm::StringMap<std::vector<std::string>>;
// The tunables that every AppArmor installation has: PROC HOME HOMEDIRS pid pids tid multiarch uid ...
const Variables &standardVariables();

class Dfa;
class Language {
public:
  static llvm::Expected<Language> fromPattern(const Pattern &pattern, const Variables &variables, Limits limits = {});
  static llvm::Expected<Language> fromText(llvm::StringRef pattern, const Variables &variables, Limits limits = {});
  static Language empty();

  llvm::Expected<Language> unite(const Language &other, Limits limits = {}) const;
  llvm::Expected<Language> intersect(const Language &other, Limits limits = {}) const;
  llvm::Expected<Language> subtract(const Language &other, Limits limits = {}) const;
  bool isEmpty() const;
  bool contains(llvm::StringRef word) const;
  llvm::Expected<bool> includes(const Language &other, Limits limits = {}) const; // other is a subset
  llvm::Expected<bool> intersects(const Language &other, Limits limits = {}) const;
  bool equals(const Language &other) const; // minimal automata compared
  // A shortest word, printable characters first; nullopt: the language is empty.
  std::optional<std::string> witness() const;
  // Patterns whose union is this language; an error where AppArmor patterns cannot say it.
  llvm::Expected<std::vector<Pattern>> toPatterns() const;
  const Dfa &dfa() const { return *minimal; }

private:
  explicit Language(std::shared_ptr<const Dfa> automaton) : minimal(std::move(automaton)) {}
  std::shared_ptr<const Dfa> minimal;
};

} // namespace snapsecc::automata
