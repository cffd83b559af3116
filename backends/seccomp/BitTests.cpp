// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/BitTests.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::seccomp {

namespace {
constexpr unsigned maxSmall = 128, maxBits = 8, followed = 5;

void insert(SmallSet &s, unsigned i) { (i < 64 ? s.low : s.high) |= uint64_t(1) << i % 64; }
void erase(SmallSet &s, unsigned i) { (i < 64 ? s.low : s.high) &= ~(uint64_t(1) << i % 64); }

// The first item becomes the base, so that equal sets are equal.
SmallSet normalize(SmallSet s) {
  if (s.empty()) return {};
  while (!(s.low & 1)) {
    const unsigned shift = s.low ? static_cast<unsigned>(__builtin_ctzll(s.low)) : 63;
    s.low = s.low >> shift | s.high << (64 - shift);
    s.high >>= shift;
    s.base += shift;
  }
  return s;
}

using Wide = unsigned __int128;
Wide bitsOf(const SmallSet &s) { return Wide(s.high) << 64 | s.low; }
unsigned countBits(Wide bits) {
  return static_cast<unsigned>(__builtin_popcountll(static_cast<uint64_t>(bits)) +
                               __builtin_popcountll(static_cast<uint64_t>(bits >> 64)));
}

// Of the members of `set` in `side`, those whose predecessor in `set` is not in `side`. The bit behind each of `side`
// is carried by an addition through the gap that follows it to the next member.
unsigned startsOf(Wide set, Wide side) {
  const Wide gaps = ~set, behind = side << 1;
  const Wide follows = (behind | ((behind & gaps) + gaps)) & set;
  return countBits(side & ~follows);
}

template <class F> void each(const SmallSet &s, F f) {
  for (uint64_t left = s.low; left; left &= left - 1)
    f(static_cast<unsigned>(__builtin_ctzll(left)));
  for (uint64_t left = s.high; left; left &= left - 1)
    f(64 + static_cast<unsigned>(__builtin_ctzll(left)));
}
} // namespace

bool BitTests::isSmall(const std::vector<Item> &items, unsigned first, unsigned last) {
  return last - first < maxSmall && items[first].first == items[first].last && items[last].first == items[last].last &&
         items[last].first - items[first].first == last - first;
}

SmallSet BitTests::makeSet(unsigned first, unsigned last, llvm::ArrayRef<unsigned> gone) const {
  SmallSet s{first, 0, 0};
  for (unsigned i = first; i <= last; ++i)
    insert(s, i - first);
  for (unsigned i : gone)
    if (i >= first && i <= last) erase(s, i - first);
  return normalize(s);
}

BitTests::Runs BitTests::runsOf(const SmallSet &set) const {
  Runs result;
  each(set, [&](unsigned i) {
    const Item &item = items[set.base + i];
    result.weight += item.weight;
    if (result.runs.empty() || item.target != result.runs.back().target) result.runs.push_back({i, 0, item.target});
    ++result.runs.back().count;
  });
  return result;
}

void BitTests::consider(Solution &best, Solution candidate, double weight) {
  candidate.value = weight + options.instruction;
  for (SmallSet *side : {&candidate.yes, &candidate.no}) {
    *side = normalize(*side);
    if (side->empty()) continue;
    const Solution &s = solve(*side);
    candidate.value += s.value;
    candidate.depth = std::max(candidate.depth, s.depth);
  }
  ++candidate.depth;
  auto score = [&](const Solution &s) { return s.value + options.depth * s.depth; };
  if (best.kind == Node::Kind::Return || score(candidate) < score(best) - 1e-12) best = candidate;
}

const BitTests::Solution &BitTests::solve(const SmallSet &set) {
  if (auto found = solved.find(set); found != solved.end()) return found->second;
  const auto [runs, weight] = runsOf(set);
  Solution best;
  best.target = runs.front().target;
  for (size_t i = 1; i < runs.size(); ++i) {
    Solution c;
    c.kind = Node::Kind::GreaterEqual;
    c.k = items[set.base + runs[i].first].first;
    c.yes = c.no = {set.base, 0, 0};
    each(set, [&](unsigned item) { insert(item >= runs[i].first ? c.yes : c.no, item); });
    consider(best, c, weight);
  }
  for (size_t i = 1; i + 1 < runs.size(); ++i) {
    if (runs[i].count != 1 || runs[i - 1].target != runs[i + 1].target) continue;
    Solution c;
    c.kind = Node::Kind::Equal;
    c.k = items[set.base + runs[i].first].first;
    c.target = runs[i].target;
    c.no = set;
    erase(c.no, runs[i].first);
    consider(best, c, weight);
  }
  tryBits(best, set, static_cast<unsigned>(runs.size()), weight);
  return solved[set] = best;
}

// Worth it only where the rest has fewer runs by two: an end is taken off by one test anyway. The best few are
// followed.
void BitTests::tryBits(Solution &best, const SmallSet &set, unsigned runs, double weight) {
  if (runs < 3) return;
  uint32_t some = 0, all = ~0u;
  std::array<SmallSet, 32> withBit;
  llvm::SmallVector<std::pair<NodeId, SmallSet>, 8> sides; // by target
  each(set, [&](unsigned i) {
    const uint32_t value = items[set.base + i].first;
    const NodeId target = items[set.base + i].target;
    auto side = llvm::find_if(sides, [&](const auto &s) { return s.first == target; });
    if (side == sides.end()) side = sides.insert(side, {target, {}});
    insert(side->second, i);
    some |= value;
    all &= value;
    for (uint32_t left = value; left; left &= left - 1)
      insert(withBit[__builtin_ctz(left)], i);
  });
  const uint32_t varying = some & ~all;
  if (__builtin_popcount(varying) > static_cast<int>(maxBits)) return;
  struct Found {
    unsigned runs;
    Solution solution;
  };
  std::vector<Found> found;
  for (uint32_t mask = varying; mask; mask = (mask - 1) & varying) {
    SmallSet yes{set.base, 0, 0}, no = yes;
    for (uint32_t left = mask; left; left &= left - 1) {
      yes.low |= withBit[__builtin_ctz(left)].low;
      yes.high |= withBit[__builtin_ctz(left)].high;
    }
    no.low = set.low & ~yes.low;
    no.high = set.high & ~yes.high;
    if (no.empty()) continue;
    for (bool uniformYes : {true, false}) {
      const SmallSet &uniform = uniformYes ? yes : no, &rest = uniformYes ? no : yes;
      if (llvm::none_of(sides, [&](const auto &s) {
            return ((uniform.low & ~s.second.low) | (uniform.high & ~s.second.high)) == 0;
          }))
        continue;
      const SmallSet left = normalize(rest);
      if (llvm::any_of(found, [&](const Found &f) { return f.solution.yes == left || f.solution.no == left; })) break;
      unsigned leftRuns = 0;
      for (const auto &[target, side] : sides)
        leftRuns += startsOf(bitsOf(rest), bitsOf(side) & bitsOf(rest));
      if (leftRuns + options.bitGain > runs) continue;
      const SmallSet one = normalize(uniform);
      Solution c{Node::Kind::BitsSet, mask, items[one.base].target, uniformYes, {}, {}, 0, 0};
      (uniformYes ? c.no : c.yes) = left;
      found.push_back({leftRuns, c});
      break;
    }
  }
  llvm::stable_sort(found, [](const Found &a, const Found &b) { return a.runs < b.runs; });
  for (size_t i = 0; i < found.size() && i < followed; ++i)
    consider(best, found[i].solution, weight);
}

NodeId BitTests::build(const SmallSet &set) {
  const Solution s = solve(set);
  if (s.kind == Node::Kind::Return) return s.target;
  const NodeId yes = s.yes.empty() ? s.target : build(s.yes), no = s.no.empty() ? s.target : build(s.no);
  return graph.test(s.kind, word, s.k, yes, no);
}

} // namespace snapsecc::seccomp
