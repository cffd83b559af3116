// SPDX-License-Identifier: Apache-2.0
// Pattern -> position automaton -> deterministic automaton.
//   1. positions, from the end of the pattern to its start: each knows what may follow it (Glushkov 1961)
//   2. classes: bytes that no position tells apart
//   3. sets of positions as states (Rabin and Scott 1959)
#include "automata/Dfa.h"
#include "llvm/ADT/Hashing.h"
#include <algorithm>
#include <unordered_map>

namespace snapsecc::automata {
namespace {

using Positions = std::vector<uint32_t>; // sorted, distinct

class Builder {
public:
  Builder(Nfa &automaton, Limits bounds) : nfa(automaton), limits(bounds) {}
  // What may be read first where `pattern` stands before `follow`.
  Positions build(const Pattern &pattern, const Positions &follow);
  bool overBudget() const { return exceeded; }

private:
  uint32_t addPosition(const ByteSet &bytes, const Positions &follow);
  Positions buildStar(const ByteSet &bytes, bool atLeastOne, const Positions &follow);

  Nfa &nfa;
  Limits limits;
  size_t edges = 0;
  bool exceeded = false;
};

uint32_t Builder::addPosition(const ByteSet &bytes, const Positions &follow) {
  edges += follow.size();
  if (nfa.positions.size() >= limits.states || edges > 16 * size_t(limits.states)) exceeded = true;
  auto found = llvm::find(nfa.sets, bytes);
  uint32_t set = static_cast<uint32_t>(found - nfa.sets.begin());
  if (found == nfa.sets.end()) nfa.sets.push_back(bytes);
  nfa.positions.push_back({set, 0, follow});
  return static_cast<uint32_t>(nfa.positions.size() - 1);
}

Positions Builder::buildStar(const ByteSet &bytes, bool atLeastOne, const Positions &follow) {
  uint32_t loop = addPosition(bytes, follow);
  // The newest position is the greatest, so the lists stay sorted.
  Positions again = follow;
  again.push_back(loop);
  nfa.positions[loop].follow = again;
  if (!atLeastOne) return again;
  return {addPosition(anyButSlash(), again)};
}

Positions Builder::build(const Pattern &pattern, const Positions &follow) {
  if (exceeded) return {};
  switch (pattern.kind) {
  case Pattern::Kind::Literal: {
    Positions entry = follow;
    for (size_t i = pattern.text.size(); i-- > 0 && !exceeded;) {
      ByteSet bytes;
      bytes.set(static_cast<unsigned char>(pattern.text[i]));
      entry = {addPosition(bytes, entry)};
    }
    return entry;
  }
  case Pattern::Kind::Set: return {addPosition(pattern.bytes, follow)};
  case Pattern::Kind::Star: return buildStar(anyButSlash(), pattern.atLeastOne, follow);
  case Pattern::Kind::DoubleStar: return buildStar(anyByte(), pattern.atLeastOne, follow);
  case Pattern::Kind::Sequence: {
    Positions entry = follow;
    for (const Pattern &child : llvm::reverse(pattern.children))
      entry = build(child, entry);
    return entry;
  }
  case Pattern::Kind::Alternation: {
    Positions entry;
    for (const Pattern &child : pattern.children) {
      Positions part = build(child, follow);
      entry.insert(entry.end(), part.begin(), part.end());
    }
    llvm::sort(entry);
    entry.erase(std::unique(entry.begin(), entry.end()), entry.end());
    return entry;
  }
  case Pattern::Kind::Variable: break;
  }
  assert(false && "variables are expanded before automata are built");
  return {};
}

struct HashPositions {
  size_t operator()(const Positions &positions) const {
    return llvm::hash_combine_range(positions.begin(), positions.end());
  }
};

// The sets of bytes as sets of classes.
struct SetClasses {
  std::array<uint8_t, 256> classOf{};
  unsigned count = 1;
  std::vector<std::vector<uint8_t>> ofSet;
};

int firstByte(const ByteSet &set) {
  int byte = 0;
  while (!set.test(byte))
    ++byte;
  return byte;
}

// Most sets are single bytes; each is a class of its own, so only the others split what is left.
SetClasses classify(llvm::ArrayRef<ByteSet> sets) {
  SetClasses out;
  std::vector<int> single(sets.size(), -1);
  for (size_t i = 0; i < sets.size(); ++i)
    if (sets[i].count() == 1) single[i] = firstByte(sets[i]);
  std::array<int, 512> split;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (single[i] >= 0) continue;
    split.fill(-1);
    unsigned count = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
      int &id = split[out.classOf[byte] * 2 + (sets[i].test(byte) ? 1 : 0)];
      if (id < 0) id = static_cast<int>(count++);
      out.classOf[byte] = static_cast<uint8_t>(id);
    }
    out.count = count;
  }
  std::array<unsigned, 256> size{};
  for (uint8_t cls : out.classOf)
    ++size[cls];
  for (int byte : single) {
    if (byte < 0 || size[out.classOf[byte]] == 1) continue;
    --size[out.classOf[byte]];
    out.classOf[byte] = static_cast<uint8_t>(out.count++);
    size[out.classOf[byte]] = 1;
  }
  out.ofSet.resize(sets.size());
  for (size_t i = 0; i < sets.size(); ++i) {
    if (single[i] >= 0) {
      out.ofSet[i] = {out.classOf[single[i]]};
      continue;
    }
    ByteSet seen;
    for (unsigned byte = 0; byte < 256; ++byte)
      if (sets[i].test(byte) && !seen.test(out.classOf[byte])) {
        seen.set(out.classOf[byte]);
        out.ofSet[i].push_back(out.classOf[byte]);
      }
  }
  return out;
}

void sortUnique(std::vector<uint32_t> &list) {
  if (list.size() < 2) return;
  llvm::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

} // namespace

llvm::Error addPattern(Nfa &nfa, const Pattern &pattern, uint32_t label, Limits limits) {
  nfa.positions.push_back({0, label, {}});
  Builder builder(nfa, limits);
  Positions entry = builder.build(pattern, {static_cast<uint32_t>(nfa.positions.size() - 1)});
  if (builder.overBudget()) return llvm::make_error<BudgetError>(limits.states);
  nfa.first.insert(nfa.first.end(), entry.begin(), entry.end());
  sortUnique(nfa.first);
  return llvm::Error::success();
}

bool matches(const Nfa &nfa, llvm::StringRef word) {
  Positions at = nfa.first, next;
  for (unsigned char byte : word) {
    next.clear();
    for (uint32_t index : at) {
      const Nfa::Position &position = nfa.positions[index];
      if (position.accept == 0 && nfa.sets[position.bytes].test(byte))
        next.insert(next.end(), position.follow.begin(), position.follow.end());
    }
    sortUnique(next);
    std::swap(at, next);
    if (at.empty()) return false;
  }
  return llvm::any_of(at, [&](uint32_t index) { return nfa.positions[index].accept != 0; });
}

llvm::Expected<Dfa> determinize(const Nfa &nfa, Combine combine, Limits limits) {
  SetClasses classes = classify(nfa.sets);
  Dfa dfa;
  dfa.classOf = classes.classOf;
  dfa.classes = classes.count;
  dfa.next.assign(dfa.classes, 0);
  std::unordered_map<Positions, uint32_t, HashPositions> ids;
  std::vector<const Positions *> subsets;
  auto stateOf = [&](const Positions &subset) {
    auto [where, isNew] = ids.try_emplace(subset, static_cast<uint32_t>(subsets.size()));
    if (isNew) subsets.push_back(&where->first);
    return where->second;
  };
  stateOf({}); // the rejecting state
  dfa.start = stateOf(nfa.first);
  std::vector<Positions> targets(dfa.classes);
  std::vector<uint8_t> touched;
  std::vector<uint32_t> labels;
  for (uint32_t state = 1; state < subsets.size(); ++state) {
    if (subsets.size() > limits.states) return llvm::make_error<BudgetError>(limits.states);
    touched.clear();
    labels.clear();
    for (uint32_t index : *subsets[state]) {
      const Nfa::Position &position = nfa.positions[index];
      if (position.accept != 0) {
        labels.push_back(position.accept);
        continue;
      }
      for (uint8_t cls : classes.ofSet[position.bytes]) {
        if (targets[cls].empty()) touched.push_back(cls);
        targets[cls].insert(targets[cls].end(), position.follow.begin(), position.follow.end());
      }
    }
    sortUnique(labels);
    dfa.accept.push_back(labels.empty() ? 0 : combine(labels));
    dfa.next.resize(dfa.next.size() + dfa.classes, 0);
    for (uint8_t cls : touched) {
      sortUnique(targets[cls]);
      dfa.next[state * dfa.classes + cls] = stateOf(targets[cls]);
      targets[cls].clear();
    }
  }
  return dfa;
}

} // namespace snapsecc::automata
