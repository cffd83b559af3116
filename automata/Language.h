// SPDX-License-Identifier: Apache-2.0
// Regular languages of byte strings as deterministic automata: what patterns mean. Immutable values; every operation is
// bounded by a state budget and fails with a BudgetError, never by running out of memory.
#pragma once
#include "automata/Pattern.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <optional>

namespace snapsecc::automata {

struct Limits {
  unsigned states = 100000; // of one automaton, or of a product that is explored
};
struct BudgetError : llvm::ErrorInfo<BudgetError> {
  static char ID;
  unsigned states;
  explicit BudgetError(unsigned limit) : states(limit) {}
  void log(llvm::raw_ostream &out) const override { out << "the automaton has more than " << states << " states"; }
  std::error_code convertToErrorCode() const override { return llvm::inconvertibleErrorCode(); }
};

// Values of variables: name -> alternatives (patterns). Missing: an error.
using Variables = llvm::StringMap<std::vector<std::string>>;
// The tunables that every AppArmor installation has: PROC HOME HOMEDIRS pid pids tid multiarch uid ...
const Variables &standardVariables();

// apparmor_parser reads runs of '/' in a path's text as one (file, mount, dbus path, socket addresses), once variables
// stand for their values; labels, names and the programs of change_profile it takes as they are.
enum class Slashes : uint8_t { Fold, Keep };
// The text that the parser makes of a pattern before it compiles it; no variable is left.
llvm::Expected<std::string> expandVariables(llvm::StringRef text, const Variables &variables,
                                            Slashes slashes = Slashes::Fold);

class Dfa;
class Language {
public:
  static llvm::Expected<Language> fromPattern(const Pattern &pattern, const Variables &variables, Limits limits = {},
                                              Slashes slashes = Slashes::Fold);
  static llvm::Expected<Language> fromText(llvm::StringRef pattern, const Variables &variables, Limits limits = {},
                                           Slashes slashes = Slashes::Fold);
  static Language empty();
  // What the kernel asks about: '/' in front, no "//", no NUL. Compare paths within it, the rest is never looked up.
  static const Language &canonicalPaths();

  llvm::Expected<Language> unite(const Language &other, Limits limits = {}) const;
  llvm::Expected<Language> intersect(const Language &other, Limits limits = {}) const;
  llvm::Expected<Language> subtract(const Language &other, Limits limits = {}) const;
  bool isEmpty() const;
  bool contains(llvm::StringRef word) const;
  llvm::Expected<bool> includes(const Language &other, Limits limits = {}) const; // other is a subset
  llvm::Expected<bool> intersects(const Language &other, Limits limits = {}) const;
  // Is every word that is in all of `whole` in one of `parts`? Cheaper than uniting the parts.
  static llvm::Expected<bool> covers(llvm::ArrayRef<const Language *> parts, llvm::ArrayRef<const Language *> whole,
                                     Limits limits = {});
  bool equals(const Language &other) const; // minimal automata compared
  // A shortest word, printable characters first; nullopt: the language is empty.
  std::optional<std::string> witness() const;
  // Patterns whose union is this language; an error where AppArmor patterns cannot say it.
  llvm::Expected<std::vector<Pattern>> toPatterns() const;
  const Dfa &dfa() const { return *minimal; }

private:
  explicit Language(std::shared_ptr<const Dfa> automaton) : minimal(std::move(automaton)) {}
  static Language make(Dfa dfa);
  std::shared_ptr<const Dfa> minimal;
};

} // namespace snapsecc::automata
