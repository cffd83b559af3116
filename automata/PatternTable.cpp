// SPDX-License-Identifier: Apache-2.0
// See the header. Samples are words by construction: the tree is walked once with the first alternatives and empty
// stars, once with the last alternatives and stars that are filled with what no rule is likely to name.
#include "automata/PatternTable.h"
#include "automata/Alternatives.h"
#include "automata/Dfa.h"

namespace snapsecc::automata {
namespace {

constexpr size_t maxPrefixes = 16, maxAlternatives = 128;

// What words begin with: each with one of `texts`, of which those not `open` are whole words.
struct Prefixes {
  struct Text {
    std::string text;
    bool open = false;
  };
  std::vector<Text> texts{{}};
  void close() {
    for (Text &text : texts)
      text.open = true;
  }
  void append(llvm::StringRef more) {
    for (Text &text : texts)
      if (!text.open) text.text += more;
  }
};

void collectPrefixes(const Pattern &pattern, Prefixes &prefixes) {
  switch (pattern.kind) {
  case Pattern::Kind::Literal: return prefixes.append(pattern.text);
  case Pattern::Kind::Set:
    if (pattern.bytes.count() != 1) return prefixes.close();
    for (unsigned byte = 0; byte < 256; ++byte)
      if (pattern.bytes.test(byte)) prefixes.append(std::string(1, static_cast<char>(byte)));
    return;
  case Pattern::Kind::Sequence:
    for (const Pattern &child : pattern.children)
      collectPrefixes(child, prefixes);
    return;
  case Pattern::Kind::Alternation: {
    std::vector<Prefixes::Text> all;
    for (const Pattern &child : pattern.children) {
      Prefixes own;
      collectPrefixes(child, own);
      for (const Prefixes::Text &before : prefixes.texts)
        for (const Prefixes::Text &text : own.texts)
          if (!before.open) all.push_back({before.text + text.text, text.open});
    }
    llvm::copy_if(prefixes.texts, std::back_inserter(all), [](const Prefixes::Text &text) { return text.open; });
    if (all.size() > maxPrefixes) return prefixes.close();
    prefixes.texts = std::move(all);
    return;
  }
  default: return prefixes.close();
  }
}

std::string commonBeginning(llvm::ArrayRef<std::string> texts) {
  llvm::StringRef common = texts.front();
  for (llvm::StringRef text : texts) {
    size_t length = 0;
    while (length < common.size() && length < text.size() && common[length] == text[length])
      ++length;
    common = common.take_front(length);
  }
  return common.str();
}

char readable(const ByteSet &bytes, bool late) {
  for (unsigned i = 0; i < 26; ++i) {
    unsigned byte = late ? 'z' - i : 'a' + i;
    if (bytes.test(byte)) return static_cast<char>(byte);
  }
  unsigned found = 0;
  for (unsigned byte = 1; byte < 256; ++byte)
    if (bytes.test(byte) && (found == 0 || (late && byte < 0x7f))) found = byte;
  return static_cast<char>(found);
}

void collectSample(const Pattern &pattern, bool late, std::string &word) {
  switch (pattern.kind) {
  case Pattern::Kind::Literal: word += pattern.text; return;
  case Pattern::Kind::Set: word += readable(pattern.bytes, late); return;
  case Pattern::Kind::Star:
    if (late || pattern.atLeastOne) word += late ? "q7z" : "a";
    return;
  case Pattern::Kind::DoubleStar:
    if (late || pattern.atLeastOne) word += late ? "q7z/.z" : "a";
    return;
  case Pattern::Kind::Sequence:
    for (const Pattern &child : pattern.children)
      collectSample(child, late, word);
    return;
  case Pattern::Kind::Alternation:
    return collectSample(late ? pattern.children.back() : pattern.children.front(), late, word);
  case Pattern::Kind::Variable: assert(false && "variables are expanded"); return;
  }
}

bool isKind(const Pattern &pattern, Pattern::Kind kind) { return pattern.kind == kind; }

// Does a variable stand beside a brace or comma? What it stands for depends on the byte beside it (expandVariables),
// which is another one when the alternatives are multiplied out.
bool meetsBraces(const Pattern &pattern, bool inBraces = false) {
  if (pattern.kind == Pattern::Kind::Variable) return inBraces;
  if (pattern.kind == Pattern::Kind::Alternation)
    return llvm::any_of(pattern.children, [](const Pattern &child) { return meetsBraces(child, true); });
  llvm::ArrayRef<Pattern> parts = pattern.children;
  for (size_t i = 0; i < parts.size(); ++i) {
    bool edge = i == 0 || i + 1 == parts.size();
    bool beside = (i > 0 && isKind(parts[i - 1], Pattern::Kind::Alternation)) ||
                  (i + 1 < parts.size() && isKind(parts[i + 1], Pattern::Kind::Alternation));
    if (isKind(parts[i], Pattern::Kind::Variable) ? beside || (edge && inBraces) : meetsBraces(parts[i])) return true;
  }
  return false;
}

Language namesOf(Slashes slashes) {
  if (slashes == Slashes::Fold) return Language::canonicalPaths();
  return llvm::cantFail(Language::fromText("**", Variables()));
}

} // namespace

PatternTable::PatternTable(const Variables &values, Slashes fold, Limits bounds)
    : variables(values), slashes(fold), limits(bounds), names(namesOf(fold)) {}
PatternTable::~PatternTable() = default;

llvm::Expected<PatternTable::Id> PatternTable::add(llvm::StringRef text) {
  auto found = ids.find(text);
  if (found != ids.end()) return found->second;
  llvm::Expected<std::string> expanded = expandVariables(text, variables, slashes);
  if (!expanded) return expanded.takeError();
  llvm::Expected<Pattern> pattern = parsePattern(*expanded);
  if (!pattern) return pattern.takeError();
  auto nfa = std::make_unique<Nfa>();
  if (llvm::Error error = addPattern(*nfa, *pattern, 1, limits)) return error;
  Entry entry;
  entry.text = text.str();
  Prefixes prefixes;
  collectPrefixes(*pattern, prefixes);
  entry.literal = prefixes.texts.size() == 1 && !prefixes.texts[0].open;
  for (Prefixes::Text &prefix : prefixes.texts)
    entry.prefixes.push_back(std::move(prefix.text));
  llvm::sort(entry.prefixes);
  entry.prefixes.erase(std::unique(entry.prefixes.begin(), entry.prefixes.end()), entry.prefixes.end());
  entry.prefix = commonBeginning(entry.prefixes);
  for (bool late : {false, true}) {
    std::string word;
    collectSample(*pattern, late, word);
    if (names.contains(word)) entry.samples.push_back(std::move(word));
  }
  entry.nfa = std::move(nfa);
  entry.tree = std::move(*pattern);
  entries.push_back(std::move(entry));
  return ids[text] = static_cast<Id>(entries.size() - 1);
}

bool PatternTable::prefixesMeet(Id a, Id b) const {
  for (llvm::StringRef x : entries[a].prefixes)
    for (llvm::StringRef y : entries[b].prefixes)
      if (x.startswith(y) || y.startswith(x)) return true;
  return false;
}

bool PatternTable::matches(Id id, llvm::StringRef word) const {
  const Entry &entry = entries[id];
  return word.startswith(entry.prefix) &&
         (entry.literal ? word.size() == entry.prefix.size() : automata::matches(*entry.nfa, word));
}

const Dfa *PatternTable::automaton(Id id) {
  Entry &entry = entries[id];
  if (!entry.dfa && !entry.tooLarge) {
    llvm::Expected<Dfa> dfa = determinize(
        *entry.nfa, [](llvm::ArrayRef<uint32_t>) -> uint32_t { return 1; }, limits);
    entry.tooLarge = !dfa;
    if (dfa)
      entry.dfa = std::make_unique<const Dfa>(std::move(*dfa));
    else
      llvm::consumeError(dfa.takeError());
  }
  return entry.dfa.get();
}

bool PatternTable::overlap(Id a, Id b, llvm::ArrayRef<Id> without) {
  if (!prefixesMeet(a, b)) return false;
  auto isOutside = [&](llvm::StringRef word) {
    return names.contains(word) && llvm::none_of(without, [&](Id other) { return matches(other, word); });
  };
  if (entries[a].literal) return isOutside(entries[a].prefix) && matches(b, entries[a].prefix);
  if (entries[b].literal) return isOutside(entries[b].prefix) && matches(a, entries[b].prefix);
  for (const std::string &word : entries[a].samples)
    if (matches(b, word) && isOutside(word)) return true;
  const Dfa *x = automaton(a), *y = automaton(b);
  if (!x || !y) return true;
  llvm::SmallVector<const Dfa *, 4> minus;
  for (Id other : without)
    if (const Dfa *dfa = automaton(other)) minus.push_back(dfa);
  llvm::Expected<bool> nothing = covers(minus, {x, y, &names.dfa()}, limits, prefix(a));
  if (nothing) return !*nothing;
  llvm::consumeError(nothing.takeError());
  return true;
}

std::optional<bool> PatternTable::walk(Id whole, llvm::ArrayRef<Id> parts, unsigned states) {
  const Dfa *all = automaton(whole);
  if (!all) return std::nullopt;
  llvm::SmallVector<const Dfa *, 8> automata;
  for (Id part : parts)
    if (const Dfa *dfa = automaton(part)) automata.push_back(dfa);
  llvm::Expected<bool> result = covers(automata, {all, &names.dfa()}, {states}, prefix(whole));
  if (result) return *result;
  llvm::consumeError(result.takeError());
  return std::nullopt;
}

// By one part, or not because no part has one of the samples; nullopt: the union has to be asked.
std::optional<bool> PatternTable::coveredByOne(Id whole, llvm::ArrayRef<Id> parts) {
  if (llvm::is_contained(parts, whole)) return true;
  const std::vector<std::string> &samples = entries[whole].samples;
  llvm::SmallVector<Id, 16> likely;
  std::vector<bool> hit(samples.size(), false);
  for (Id part : parts) {
    size_t hits = 0;
    for (size_t i = 0; i < samples.size(); ++i)
      if (matches(part, samples[i])) {
        hit[i] = true;
        ++hits;
      }
    if (hits == samples.size()) likely.push_back(part);
  }
  if (llvm::is_contained(hit, false)) return false;
  if (entries[whole].literal) return true; // its one word is covered, or no name
  for (Id part : likely)
    if (walk(whole, {part}, limits.states) == true) return true;
  if (parts.size() < 2) return false;
  return std::nullopt;
}

const std::vector<PatternTable::Id> &PatternTable::alternatives(Id id, size_t limit) {
  auto [found, isNew] = expanded.try_emplace({id, limit});
  if (isNew) found->second = findAlternatives(id, limit);
  return found->second;
}

std::vector<PatternTable::Id> PatternTable::findAlternatives(Id id, size_t limit) {
  llvm::Expected<Pattern> written = parsePattern(entries[id].text);
  bool keep = written && !meetsBraces(*written);
  llvm::consumeError(written.takeError());
  std::optional<std::vector<FlatPattern>> flat = flatten(keep ? *written : entries[id].tree, limit);
  if (!flat) return {id};
  std::vector<Id> out;
  for (FlatPattern &parts : *flat) {
    Pattern pattern;
    pattern.children = std::move(parts);
    std::string text = print(pattern);
    // {a/,b}/c does not match a/c, so its a//c is none of the paths that exist.
    if (slashes == Slashes::Fold && llvm::StringRef(text).contains("//")) continue;
    llvm::Expected<Id> one = add(text);
    if (!one) {
      llvm::consumeError(one.takeError());
      return {id};
    }
    out.push_back(*one);
  }
  return out;
}

// A pattern with {..} is covered when each of its alternatives is.
std::optional<bool> PatternTable::alternativesCovered(Id whole, llvm::ArrayRef<Id> parts, unsigned unionStates) {
  const std::vector<Id> &all = alternatives(whole, maxAlternatives);
  if (all.size() == 1) return walk(whole, parts, unionStates);
  std::optional<bool> result = true;
  for (Id one : all) {
    llvm::SmallVector<Id, 16> meeting;
    llvm::copy_if(parts, std::back_inserter(meeting), [&](Id part) { return prefixesMeet(one, part); });
    std::optional<bool> covered = coveredByOne(one, meeting);
    if (!covered) covered = walk(one, meeting, unionStates);
    if (covered == false) return false;
    if (!covered) result = std::nullopt;
  }
  return result;
}

std::optional<bool> PatternTable::covered(Id whole, llvm::ArrayRef<Id> parts, unsigned unionStates) {
  std::vector<Id> question{whole, unionStates};
  llvm::copy_if(parts, std::back_inserter(question), [&](Id part) { return prefixesMeet(whole, part); });
  if (auto known = answered.find(question); known != answered.end()) return known->second;
  const llvm::ArrayRef<Id> meeting = llvm::makeArrayRef(question).drop_front(2);
  std::optional<bool> answer = coveredByOne(whole, meeting);
  if (!answer) answer = alternativesCovered(whole, meeting, unionStates);
  answered[question] = answer;
  return answer;
}

} // namespace snapsecc::automata
