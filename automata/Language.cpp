// SPDX-License-Identifier: Apache-2.0
// Languages on top of automata: what a pattern means, and the questions asked of it. Every value is minimal, so
// equality is a comparison of tables.
#include "automata/Language.h"
#include "automata/Dfa.h"

namespace snapsecc::automata {

char BudgetError::ID = 0;

namespace {

uint32_t accepts(llvm::ArrayRef<uint32_t>) { return 1; }
uint32_t either(uint32_t x, uint32_t y) { return x | y; }
uint32_t both(uint32_t x, uint32_t y) { return x & y; }
uint32_t firstAlone(uint32_t x, uint32_t y) { return x & ~y; }
bool bothDead(bool x, bool y) { return x && y; }
bool eitherDead(bool x, bool y) { return x || y; }
bool firstDead(bool x, bool) { return x; }

} // namespace

Language Language::make(Dfa dfa) { return Language(std::make_shared<const Dfa>(minimize(dfa))); }

llvm::Expected<Language> Language::fromText(llvm::StringRef pattern, const Variables &variables, Limits limits,
                                            Slashes slashes) {
  llvm::Expected<std::string> expanded = expandVariables(pattern, variables, slashes);
  if (!expanded) return expanded.takeError();
  llvm::Expected<Pattern> parsed = parsePattern(*expanded);
  if (!parsed) return parsed.takeError();
  Nfa nfa;
  if (llvm::Error error = addPattern(nfa, *parsed, 1, limits)) return error;
  llvm::Expected<Dfa> dfa = determinize(nfa, accepts, limits);
  if (!dfa) return dfa.takeError();
  return make(std::move(*dfa));
}

llvm::Expected<Language> Language::fromPattern(const Pattern &pattern, const Variables &variables, Limits limits,
                                               Slashes slashes) {
  return fromText(print(pattern), variables, limits, slashes);
}

Language Language::empty() { return make(Dfa()); }

const Language &Language::canonicalPaths() {
  static const Language paths = [] {
    enum : uint32_t { Reject, Start, BehindSlash, InName };
    Dfa dfa;
    dfa.classOf.fill(2);
    dfa.classOf[0] = 0;
    dfa.classOf['/'] = 1;
    dfa.classes = 3;
    dfa.start = Start;
    dfa.next = {Reject, Reject,      Reject, // NUL, '/', others
                Reject, BehindSlash, Reject, //
                Reject, Reject,      InName, //
                Reject, BehindSlash, InName};
    dfa.accept = {0, 0, 1, 1};
    return make(std::move(dfa));
  }();
  return paths;
}

llvm::Expected<Language> Language::unite(const Language &other, Limits limits) const {
  llvm::Expected<Dfa> dfa = product(*minimal, *other.minimal, either, bothDead, limits);
  if (!dfa) return dfa.takeError();
  return make(std::move(*dfa));
}

llvm::Expected<Language> Language::intersect(const Language &other, Limits limits) const {
  llvm::Expected<Dfa> dfa = product(*minimal, *other.minimal, both, eitherDead, limits);
  if (!dfa) return dfa.takeError();
  return make(std::move(*dfa));
}

llvm::Expected<Language> Language::subtract(const Language &other, Limits limits) const {
  llvm::Expected<Dfa> dfa = product(*minimal, *other.minimal, firstAlone, firstDead, limits);
  if (!dfa) return dfa.takeError();
  return make(std::move(*dfa));
}

bool Language::isEmpty() const { return minimal->start == 0; }

bool Language::contains(llvm::StringRef word) const {
  uint32_t state = minimal->start;
  for (unsigned char byte : word)
    state = minimal->step(state, byte);
  return minimal->accept[state] != 0;
}

llvm::Expected<bool> Language::includes(const Language &other, Limits limits) const {
  return covers({this}, {&other}, limits);
}

llvm::Expected<bool> Language::intersects(const Language &other, Limits limits) const {
  llvm::Expected<bool> disjoint = covers({}, {this, &other}, limits);
  if (!disjoint) return disjoint.takeError();
  return !*disjoint;
}

llvm::Expected<bool> Language::covers(llvm::ArrayRef<const Language *> parts, llvm::ArrayRef<const Language *> whole,
                                      Limits limits) {
  auto automata = [](llvm::ArrayRef<const Language *> languages) {
    std::vector<const Dfa *> out;
    for (const Language *language : languages)
      out.push_back(language->minimal.get());
    return out;
  };
  return automata::covers(automata(parts), automata(whole), limits);
}

bool Language::equals(const Language &other) const { return minimal == other.minimal || *minimal == *other.minimal; }

std::optional<std::string> Language::witness() const {
  const Dfa &dfa = *minimal;
  if (dfa.start == 0) return std::nullopt;
  constexpr uint32_t unseen = ~0u;
  std::vector<unsigned char> samples = readableSamples(dfa);
  std::vector<uint32_t> from(dfa.states(), unseen), queue{dfa.start};
  std::vector<unsigned char> by(dfa.states());
  from[dfa.start] = dfa.start;
  for (size_t i = 0; i < queue.size(); ++i) {
    uint32_t state = queue[i];
    if (dfa.accept[state] != 0) {
      std::string word;
      for (; state != dfa.start; state = from[state])
        word += static_cast<char>(by[state]);
      return std::string(word.rbegin(), word.rend());
    }
    for (unsigned char byte : samples) {
      uint32_t target = dfa.step(state, byte);
      if (target == 0 || from[target] != unseen) continue;
      from[target] = state;
      by[target] = byte;
      queue.push_back(target);
    }
  }
  return std::nullopt;
}

} // namespace snapsecc::automata
