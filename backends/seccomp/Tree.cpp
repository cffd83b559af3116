// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Tree.h"
#include "backends/seccomp/BitTests.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cassert>

namespace snapsecc::seccomp {

namespace {
constexpr unsigned maxRuns = 400, maxHoles = 8, maxHot = 24;
constexpr double hotShare = 1.0 / 8;  // of an interval's weight: less is not asked for first
constexpr double unreachable = 1e300; // the value of what has no tree yet

struct Run {
  unsigned first, last; // items
  NodeId target;
};

class Solver {
public:
  Solver(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options)
      : graph(graph), word(word), items(items), options(options), bits(graph, word, items, options) {
    for (unsigned i = 0; i < items.size(); ++i)
      if (runs.empty() || runs.back().target != items[i].target)
        runs.push_back({i, i, items[i].target});
      else
        runs.back().last = i;
    sums.resize(items.size() + 1);
    for (unsigned i = 0; i < items.size(); ++i)
      sums[i + 1] = sums[i] + items[i].weight;
    chooseHot();
    const size_t cells = runs.size() * runs.size() * (options.hotValues + 1);
    table.resize(cells);
    lows.resize(cells);
    highs.resize(cells);
  }

  Decision run() {
    const unsigned n = static_cast<unsigned>(runs.size());
    for (unsigned length = 1; length <= n; ++length)
      for (unsigned i = 0; i + length <= n; ++i)
        solve(i, i + length - 1);
    const NodeId node = build(0, n - 1, 0);
    const Cell &best = cell(0, n - 1, 0);
    return {node, {best.steps, (best.value - best.steps) / options.instruction, best.depth}};
  }

private:
  enum class How : uint8_t { Uniform, Split, Hot, Holes, Bits };
  struct Cell {
    double value = 0, steps = 0;
    unsigned depth = 0;
    How how = How::Uniform;
    unsigned at = 0; // Split: first run of the upper side
  };

  Cell &cell(unsigned i, unsigned j, unsigned h) { return table[(i * runs.size() + j) * (options.hotValues + 1) + h]; }

  size_t place(unsigned run, unsigned h) const { return size_t(run) * (options.hotValues + 1) + h; }

  void chooseHot() {
    const double total = sums.back();
    for (unsigned r = 0; r < runs.size(); ++r)
      for (unsigned i = runs[r].first; i <= runs[r].last; ++i)
        if (items[i].first == items[i].last && items[i].weight > total * 0.004) hot.push_back({i, r});
    llvm::stable_sort(hot, [&](const Hot &a, const Hot &b) { return items[a.item].weight > items[b.item].weight; });
    if (hot.size() > maxHot) hot.resize(maxHot);
  }

  // The hottest of an interval, hottest first.
  llvm::SmallVector<unsigned, 8> hotIn(unsigned i, unsigned j) const {
    llvm::SmallVector<unsigned, 8> in;
    for (unsigned h = 0; h < hot.size() && in.size() < options.hotValues; ++h)
      if (hot[h].run >= i && hot[h].run <= j) in.push_back(h);
    return in;
  }

  bool isEmpty(unsigned run, llvm::ArrayRef<unsigned> gone) const {
    return runs[run].first == runs[run].last && llvm::any_of(gone, [&](unsigned h) { return hot[h].run == run; });
  }

  void solve(unsigned i, unsigned j) {
    const auto in = hotIn(i, j);
    for (unsigned h = static_cast<unsigned>(in.size()) + 1; h-- > 0;) {
      const llvm::ArrayRef<unsigned> gone = llvm::ArrayRef<unsigned>(in).take_front(h);
      if (mayBeAsked(i, j, gone))
        solveOne(i, j, in, gone);
      else
        cell(i, j, h).value = unreachable;
      const Cell &solved = cell(i, j, h);
      lows[place(i, h) * runs.size() + j] =
          highs[place(j, h) * runs.size() + i] = {solved.value, options.depth * solved.depth};
    }
  }

  // What was asked for first had its share of an interval around this one, hence of this one.
  bool mayBeAsked(unsigned i, unsigned j, llvm::ArrayRef<unsigned> gone) const {
    double weight = sums[runs[j].last + 1] - sums[runs[i].first];
    for (unsigned g : gone) {
      const double own = items[hot[g].item].weight;
      if (own <= weight * hotShare - 1e-12) return false;
      weight -= own;
    }
    return true;
  }

  void solveOne(unsigned i, unsigned j, llvm::ArrayRef<unsigned> in, llvm::ArrayRef<unsigned> gone) {
    const unsigned h = static_cast<unsigned>(gone.size());
    Cell &best = cell(i, j, h);
    if (isUniform(i, j, gone)) return;
    double weight = sums[runs[j].last + 1] - sums[runs[i].first];
    for (unsigned g : gone)
      weight -= items[hot[g].item].weight;
    weight = std::max(weight, 0.0);
    best.value = unreachable;
    trySplits(best, i, j, gone, weight);
    if (h < in.size() && items[hot[in[h]].item].weight > weight * hotShare) {
      const Cell &rest = cell(i, j, h + 1);
      offer(best, {rest.value + weight + options.instruction, rest.steps + weight, rest.depth + 1, How::Hot, 0});
    }
    tryHoles(best, i, j, gone, weight);
    if (h <= 1 && j - i + 1 <= options.bitRuns && j - i >= 2 && BitTests::isSmall(items, runs[i].first, runs[j].last)) {
      const SmallSet set = small(i, j, gone);
      const BitTests::Solution &s = bits.solve(set);
      offer(best, {s.value, s.value, s.depth, How::Bits, 0});
    }
  }

  void offer(Cell &best, const Cell &candidate) const {
    const double score = candidate.value + options.depth * candidate.depth,
                 old = best.value + options.depth * best.depth;
    if (score < old - 1e-12 || (score < old + 1e-12 && candidate.depth < best.depth)) best = candidate;
  }

  SmallSet small(unsigned i, unsigned j, llvm::ArrayRef<unsigned> gone) const {
    llvm::SmallVector<unsigned, 8> goneItems;
    for (unsigned g : gone)
      goneItems.push_back(hot[g].item);
    return bits.makeSet(runs[i].first, runs[j].last, goneItems);
  }

  bool isUniform(unsigned i, unsigned j, llvm::ArrayRef<unsigned> gone) const {
    NodeId target = ~0u;
    for (unsigned r = i; r <= j; ++r) {
      if (runs[r].target == target || isEmpty(r, gone)) continue;
      if (target != ~0u) return false;
      target = runs[r].target;
    }
    return true;
  }

  void trySplits(Cell &best, unsigned i, unsigned j, llvm::ArrayRef<unsigned> gone, double weight) {
    // How many of those that are gone lie in the lower side, which has its own hottest first, and these are they.
    llvm::SmallVector<unsigned, 8> goneRuns;
    for (unsigned g : gone)
      goneRuns.push_back(hot[g].run);
    llvm::sort(goneRuns);
    const unsigned n = static_cast<unsigned>(runs.size()), all = static_cast<unsigned>(gone.size());
    goneRuns.push_back(n);
    size_t k = i + 1;
    for (unsigned below = 0; below <= all; ++below) {
      const Side *low = &lows[place(i, below) * n], *high = &highs[place(j, all - below) * n];
      double least = unreachable;
      size_t at = 0; // like k a size_t, so that both sides are walked by pointers: this is the innermost loop of all
      for (const size_t end = std::min(j, goneRuns[below]); k <= end; ++k) {
        const double score = low[k - 1].value + high[k].value + std::max(low[k - 1].depth, high[k].depth);
        if (score < least) least = score, at = k;
      }
      if (at == 0) continue;
      const unsigned split = static_cast<unsigned>(at);
      const Cell &l = cell(i, split - 1, below), &h = cell(split, j, all - below);
      offer(best, {l.value + h.value + weight + options.instruction, l.steps + h.steps + weight,
                   std::max(l.depth, h.depth) + 1, How::Split, split});
    }
  }

  // Runs of one value in one other target.
  std::optional<std::vector<unsigned>> holes(unsigned i, unsigned j, llvm::ArrayRef<unsigned> gone) const {
    if (j - i > 2 * maxHoles) return std::nullopt;
    NodeId around = ~0u;
    unsigned widest = 0;
    for (unsigned r = i; r <= j; ++r)
      if (unsigned count = runs[r].last - runs[r].first;
          around == ~0u || count > widest || items[runs[r].first].first != items[runs[r].first].last)
        around = runs[r].target, widest = items[runs[r].first].first != items[runs[r].first].last ? ~0u : count;
    std::vector<unsigned> found;
    for (unsigned r = i; r <= j; ++r) {
      if (runs[r].target == around || isEmpty(r, gone)) continue;
      const Item &item = items[runs[r].first];
      if (runs[r].first != runs[r].last || item.first != item.last || found.size() == maxHoles) return std::nullopt;
      found.push_back(runs[r].first);
    }
    llvm::stable_sort(found, [&](unsigned a, unsigned b) { return items[a].weight > items[b].weight; });
    return found;
  }

  void tryHoles(Cell &best, unsigned i, unsigned j, llvm::ArrayRef<unsigned> gone, double weight) {
    const auto found = holes(i, j, gone);
    if (!found) return;
    double steps = 0;
    for (unsigned item : *found) {
      steps += weight;
      weight -= items[item].weight;
    }
    offer(best, {steps + options.instruction * static_cast<double>(found->size()), steps,
                 static_cast<unsigned>(found->size()), How::Holes, 0});
  }

  NodeId build(unsigned i, unsigned j, unsigned h) {
    const auto in = hotIn(i, j);
    const llvm::ArrayRef<unsigned> gone = llvm::ArrayRef<unsigned>(in).take_front(h);
    const Cell c = cell(i, j, h);
    switch (c.how) {
    case How::Uniform: return *targetOf(i, j, gone);
    case How::Split: {
      unsigned below = static_cast<unsigned>(llvm::count_if(gone, [&](unsigned g) { return hot[g].run < c.at; }));
      const NodeId no = build(i, c.at - 1, below), yes = build(c.at, j, h - below);
      return graph.test(Node::Kind::GreaterEqual, word, items[runs[c.at].first].first, yes, no);
    }
    case How::Hot: {
      const Item &item = items[hot[in[h]].item];
      return graph.test(Node::Kind::Equal, word, item.first, item.target, build(i, j, h + 1));
    }
    case How::Bits: return bits.build(small(i, j, gone));
    case How::Holes: break;
    }
    const std::vector<unsigned> found = *holes(i, j, gone);
    NodeId node = 0;
    for (unsigned r = i; r <= j; ++r)
      if (!isEmpty(r, gone) && !llvm::is_contained(found, runs[r].first)) node = runs[r].target;
    for (unsigned item : llvm::reverse(found))
      node = graph.test(Node::Kind::Equal, word, items[item].first, items[item].target, node);
    return node;
  }

  // Of a uniform interval; where all is gone, anything.
  std::optional<NodeId> targetOf(unsigned i, unsigned j, llvm::ArrayRef<unsigned> gone) const {
    for (unsigned r = i; r <= j; ++r)
      if (!isEmpty(r, gone)) return runs[r].target;
    return runs[i].target;
  }

  struct Hot {
    unsigned item, run;
  };
  Graph &graph;
  uint8_t word;
  const std::vector<Item> &items;
  const TreeOptions &options;
  BitTests bits;
  std::vector<Run> runs;
  std::vector<double> sums; // of weights, by item
  std::vector<Hot> hot;
  std::vector<Cell> table;
  struct Side { // of a split: what a cell costs, its depth in the same measure
    double value, depth;
  };
  std::vector<Side> lows, highs; // of the cells, by first run and by last run, for the search of splits
};

// More runs than a table should have: halves, each solved for itself.
Decision halve(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options) {
  const auto middle = items.begin() + static_cast<ptrdiff_t>(items.size() / 2);
  const std::vector<Item> low(items.begin(), middle), high(middle, items.end());
  const Decision a = makeTree(graph, word, low, options), b = makeTree(graph, word, high, options);
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
  size_t runs = 1;
  for (size_t i = 1; i < items.size(); ++i)
    runs += items[i].target != items[i - 1].target;
  if (runs > maxRuns) return halve(graph, word, items, options);
  return Solver(graph, word, items, options).run();
}

} // namespace snapsecc::seccomp
