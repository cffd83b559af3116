// SPDX-License-Identifier: Apache-2.0
// Many patterns, each read once, and the two questions that passes and checks ask of them again and again. Cheap
// answers come first: the text that all words begin with, and a few words of the pattern; an automaton is made when
// they do not decide.
#pragma once
#include "automata/Language.h"
#include "llvm/ADT/StringMap.h"
#include <deque>
#include <map>

namespace snapsecc::automata {

struct Nfa;

class PatternTable {
public:
  using Id = uint32_t;
  // Fold: patterns of paths, compared within the paths that exist; Keep: names, where only NUL is left out.
  explicit PatternTable(const Variables &values, Slashes fold = Slashes::Fold, Limits bounds = {});
  ~PatternTable();

  // The same text gives the same id. An error: no pattern, or an unknown variable.
  llvm::Expected<Id> add(llvm::StringRef text);
  llvm::StringRef text(Id id) const { return entries[id].text; }
  // What every word begins with.
  llvm::StringRef prefix(Id id) const { return entries[id].prefix; }
  // Every word begins with one of these.
  llvm::ArrayRef<std::string> prefixes(Id id) const { return entries[id].prefixes; }
  // Does a prefix of one begin with a prefix of the other? If not, the patterns have no word in common.
  bool prefixesMeet(Id a, Id b) const;
  bool matches(Id id, llvm::StringRef word) const;
  // Patterns without {..} that together are this one, as far as names exist; itself where they are over `limit`. Equal
  // alternatives have equal ids, however they were written.
  const std::vector<Id> &alternatives(Id id, size_t limit = 1024);

  // Do they share a word that is in none of `without`? True also where the budget does not suffice to tell.
  bool overlap(Id a, Id b, llvm::ArrayRef<Id> without = {});
  // Is every word of `whole` a word of a part? Nullopt: the budget, `unionStates` pairs of states at once, does not
  // tell.
  std::optional<bool> covered(Id whole, llvm::ArrayRef<Id> parts, unsigned unionStates);

private:
  struct Entry {
    std::string text, prefix;
    std::vector<std::string> prefixes, samples; // some words; one where `literal`
    bool literal = false;
    Pattern tree; // without variables
    std::unique_ptr<const Nfa> nfa;
    std::unique_ptr<const Dfa> dfa; // made when it is needed
    bool tooLarge = false;
  };
  const Dfa *automaton(Id id);
  std::vector<Id> findAlternatives(Id id, size_t limit);
  std::optional<bool> walk(Id whole, llvm::ArrayRef<Id> parts, unsigned states);
  std::optional<bool> coveredByOne(Id whole, llvm::ArrayRef<Id> parts);
  std::optional<bool> alternativesCovered(Id whole, llvm::ArrayRef<Id> parts, unsigned unionStates);

  const Variables &variables;
  Slashes slashes;
  Limits limits;
  std::map<std::pair<Id, size_t>, std::vector<Id>> expanded; // alternatives(), each found once
  std::map<std::vector<Id>, std::optional<bool>> answered;   // covered(), by whole, budget and parts
  std::deque<Entry> entries;
  llvm::StringMap<Id> ids;
  Language names; // what there is at all
};

} // namespace snapsecc::automata
