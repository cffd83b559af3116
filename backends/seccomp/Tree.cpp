// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Tree.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <unordered_map>

namespace snapsecc::seccomp {

namespace {
constexpr unsigned setWords = 10, maxItems = 64 * setWords;
constexpr double hotShare = 0.15; // of a set's weight: taken out first

struct ItemSet {
  std::array<uint64_t, setWords> bits{};
  bool operator==(const ItemSet &) const = default;
  void insert(unsigned i) { bits[i / 64] |= uint64_t(1) << i % 64; }
  void erase(unsigned i) { bits[i / 64] &= ~(uint64_t(1) << i % 64); }
  ItemSet operator&(const ItemSet &o) const {
    ItemSet r;
    for (unsigned i = 0; i < setWords; ++i)
      r.bits[i] = bits[i] & o.bits[i];
    return r;
  }
  ItemSet without(const ItemSet &o) const {
    ItemSet r;
    for (unsigned i = 0; i < setWords; ++i)
      r.bits[i] = bits[i] & ~o.bits[i];
    return r;
  }
  bool empty() const {
    uint64_t any = 0;
    for (uint64_t b : bits)
      any |= b;
    return any == 0;
  }
  bool isIn(const ItemSet &o) const {
    uint64_t more = 0;
    for (unsigned i = 0; i < setWords; ++i)
      more |= bits[i] & ~o.bits[i];
    return more == 0;
  }
};
struct HashItems {
  size_t operator()(const ItemSet &s) const {
    uint64_t h = 0;
    for (uint64_t b : s.bits)
      h = (h ^ b) * 0x9e3779b97f4a7c15u, h ^= h >> 29;
    return h;
  }
};

struct Run {
  unsigned first, last, count; // items
  NodeId target;
  double weight;
  unsigned heaviest; // item
};

struct Choice {
  Node::Kind kind = Node::Kind::Return; // Return: uniform
  uint32_t k = 0;
  NodeId target = 0; // of the uniform side, or of all
  bool uniformYes = true;
  ItemSet yes, no; // of a split both; else the side that is not uniform in `no`
  double steps = 0, size = 0, value = 0;
  unsigned depth = 0;
};

class Solver {
public:
  Solver(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options)
      : graph(graph), word(word), items(items), options(options) {
    ItemSet all;
    for (unsigned i = 0; i < items.size(); ++i) {
      all.insert(i);
      sides[items[i].target].insert(i);
      if (items[i].first != items[i].last) wide.insert(i);
    }
    everything = all;
    for (unsigned bit = 0; bit < 32; ++bit)
      for (unsigned i = 0; i < items.size(); ++i)
        if (items[i].first >> bit & 1) withBit[bit].insert(i);
  }

  Decision run() {
    const Choice best = solve(everything);
    return {build(everything), {best.steps, best.size, best.depth}};
  }

private:
  std::vector<Run> runsOf(const ItemSet &set) const {
    std::vector<Run> runs;
    for (unsigned w = 0; w < setWords; ++w)
      for (uint64_t left = set.bits[w]; left; left &= left - 1) {
        const unsigned i = w * 64 + static_cast<unsigned>(__builtin_ctzll(left));
        const Item &item = items[i];
        if (runs.empty() || runs.back().target != item.target) {
          runs.push_back({i, i, 1, item.target, item.weight, i});
          continue;
        }
        Run &run = runs.back();
        run.last = i;
        ++run.count;
        run.weight += item.weight;
        if (item.weight > items[run.heaviest].weight) run.heaviest = i;
      }
    return runs;
  }

  double valueOf(const Choice &c) const { return c.steps + options.instruction * c.size + options.depth * c.depth; }

  void consider(Choice &best, Choice candidate, double weight) {
    double steps = weight, size = 1;
    unsigned depth = 0;
    for (const ItemSet *side : {&candidate.yes, &candidate.no}) {
      if (side->empty()) continue;
      const Choice &c = solve(*side);
      steps += c.steps;
      size += c.size;
      depth = std::max(depth, c.depth);
    }
    candidate.steps = steps;
    candidate.size = size;
    candidate.depth = depth + 1;
    candidate.value = valueOf(candidate);
    if (best.kind == Node::Kind::Return || candidate.value < best.value - 1e-12) best = std::move(candidate);
  }

  const Choice &solve(const ItemSet &set) {
    if (auto found = memo.find(set); found != memo.end()) return *found->second;
    auto best = std::make_unique<Choice>();
    const std::vector<Run> runs = runsOf(set);
    best->target = runs.front().target;
    if (runs.size() > 1) {
      double weight = 0;
      for (const Run &run : runs)
        weight += run.weight;
      const bool exact = runs.size() <= options.exactRuns;
      trySplits(*best, set, runs, weight, exact);
      tryItems(*best, set, runs, weight, exact);
      if (exact) tryBits(*best, set, runs, weight);
    }
    return *(memo[set] = std::move(best));
  }

  void trySplits(Choice &best, const ItemSet &set, const std::vector<Run> &runs, double weight, bool exact) {
    unsigned from = 1, to = static_cast<unsigned>(runs.size()) - 1;
    if (!exact) { // around the split that halves what the tests cost
      const double floor = options.instruction;
      double half = 0, sum = 0;
      for (const Run &run : runs)
        half += run.weight + floor;
      unsigned middle = 1;
      for (unsigned i = 0; i + 1 < runs.size(); ++i) {
        sum += runs[i].weight + floor;
        if (sum <= half / 2) middle = i + 1;
      }
      from = middle > options.window ? middle - options.window : 1;
      to = std::min(to, middle + options.window);
    }
    for (unsigned i = from; i <= to; ++i) {
      Choice c;
      c.kind = Node::Kind::GreaterEqual;
      c.k = items[runs[i].first].first;
      for (unsigned w = 0; w < setWords; ++w) {
        const unsigned first = runs[i].first;
        uint64_t above = w > first / 64 ? ~uint64_t(0) : w < first / 64 ? 0 : ~uint64_t(0) << first % 64;
        c.yes.bits[w] = set.bits[w] & above;
        c.no.bits[w] = set.bits[w] & ~above;
      }
      consider(best, std::move(c), weight);
    }
  }

  void takeOut(Choice &best, const ItemSet &set, unsigned item, double weight) {
    if (items[item].first != items[item].last) return;
    Choice c;
    c.kind = Node::Kind::Equal;
    c.k = items[item].first;
    c.target = items[item].target;
    c.no = set;
    c.no.erase(item);
    consider(best, std::move(c), weight);
  }

  void tryItems(Choice &best, const ItemSet &set, const std::vector<Run> &runs, double weight, bool exact) {
    unsigned hottest = ~0u;
    for (const Run &run : runs)
      if (hottest == ~0u || items[run.heaviest].weight > items[hottest].weight) hottest = run.heaviest;
    if (items[hottest].weight > weight * hotShare) takeOut(best, set, hottest, weight);
    if (!exact) return;
    for (size_t i = 1; i + 1 < runs.size(); ++i) // holes: what is around them joins
      if (runs[i].count == 1 && runs[i - 1].target == runs[i + 1].target && runs[i].first != hottest)
        takeOut(best, set, runs[i].first, weight);
  }

  // Only where more is gained than by taking out an end: the rest has fewer runs by two. The best few of them are
  // followed.
  void tryBits(Choice &best, const ItemSet &set, const std::vector<Run> &runs, double weight) {
    if (runs.size() < 3 || !(set & wide).empty()) return;
    uint32_t varying = 0;
    for (unsigned bit = 0; bit < 32; ++bit) {
      const ItemSet with = set & withBit[bit];
      if (!with.empty() && !(with == set)) varying |= 1u << bit;
    }
    if (__builtin_popcount(varying) > 9) return;
    struct Found {
      size_t runs;
      Choice choice;
    };
    std::vector<Found> found;
    for (uint32_t mask = varying; mask; mask = (mask - 1) & varying) {
      ItemSet with;
      for (uint32_t left = mask; left; left &= left - 1) {
        const ItemSet &more = withBit[__builtin_ctz(left)];
        for (unsigned w = 0; w < setWords; ++w)
          with.bits[w] |= more.bits[w];
      }
      const ItemSet yes = set & with, no = set.without(with);
      if (yes.empty() || no.empty()) continue;
      for (bool uniformYes : {true, false}) {
        const ItemSet &uniform = uniformYes ? yes : no, &rest = uniformYes ? no : yes;
        const NodeId target = targetOf(uniform);
        if (!uniform.isIn(sides.find(target)->second)) continue;
        if (llvm::any_of(found, [&](const Found &f) { return f.choice.no == rest; })) break;
        const size_t left = runsOf(rest).size();
        if (left + 2 > runs.size()) continue;
        Choice c;
        c.kind = Node::Kind::BitsSet;
        c.k = mask;
        c.target = target;
        c.uniformYes = uniformYes;
        c.no = rest;
        found.push_back({left, std::move(c)});
        break;
      }
    }
    llvm::stable_sort(found, [](const Found &a, const Found &b) { return a.runs < b.runs; });
    for (size_t i = 0; i < found.size() && i < options.bitTests; ++i)
      consider(best, std::move(found[i].choice), weight);
  }

  NodeId targetOf(const ItemSet &set) const {
    for (unsigned w = 0; w < setWords; ++w)
      if (set.bits[w]) return items[w * 64 + static_cast<unsigned>(__builtin_ctzll(set.bits[w]))].target;
    return 0;
  }

  NodeId build(const ItemSet &set) {
    const Choice &c = solve(set);
    switch (c.kind) {
    case Node::Kind::GreaterEqual: {
      NodeId no = build(c.no);
      return graph.test(c.kind, word, c.k, build(c.yes), no);
    }
    case Node::Kind::Equal: return graph.test(c.kind, word, c.k, c.target, build(c.no));
    case Node::Kind::BitsSet: {
      NodeId rest = build(c.no);
      return graph.test(c.kind, word, c.k, c.uniformYes ? c.target : rest, c.uniformYes ? rest : c.target);
    }
    default: return c.target;
    }
  }

  Graph &graph;
  uint8_t word;
  const std::vector<Item> &items;
  const TreeOptions &options;
  ItemSet everything, wide;
  std::array<ItemSet, 32> withBit;
  std::map<NodeId, ItemSet> sides;
  std::unordered_map<ItemSet, std::unique_ptr<Choice>, HashItems> memo;
};

// More items than a set holds: halves, each solved for itself.
Decision halve(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options) {
  const size_t middle = items.size() / 2;
  std::vector<Item> low(items.begin(), items.begin() + middle), high(items.begin() + middle, items.end());
  Decision a = makeTree(graph, word, low, options), b = makeTree(graph, word, high, options);
  double weight = 0;
  for (const Item &item : items)
    weight += item.weight;
  return {
      graph.test(Node::Kind::GreaterEqual, word, high.front().first, b.node, a.node),
      {a.cost.steps + b.cost.steps + weight, a.cost.size + b.cost.size + 1, std::max(a.cost.depth, b.cost.depth) + 1}};
}
} // namespace

Decision makeTree(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options) {
  assert(!items.empty());
  if (items.size() > maxItems) return halve(graph, word, items, options);
  return Solver(graph, word, items, options).run();
}

} // namespace snapsecc::seccomp
