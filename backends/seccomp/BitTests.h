// SPDX-License-Identifier: Apache-2.0
// Exact search for a tree on a small set of values, which need not be an interval: >=, == and bit tests. Each set is
// solved once.
#pragma once
#include "backends/seccomp/Tree.h"
#include <unordered_map>

namespace snapsecc::seccomp {

// Up to 128 items from `base` on; the first is always in it.
struct SmallSet {
  unsigned base = 0;
  uint64_t low = 0, high = 0;
  bool operator==(const SmallSet &) const = default;
  bool empty() const { return (low | high) == 0; }
};

class BitTests {
public:
  BitTests(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options)
      : graph(graph), word(word), items(items), options(options) {}

  struct Solution {
    Node::Kind kind = Node::Kind::Return; // Return: all have `target`
    uint32_t k = 0;
    NodeId target = 0; // of the uniform side
    bool uniformYes = true;
    SmallSet yes, no; // what is left on either side; empty: the uniform one
    double value = 0; // steps and instructions
    unsigned depth = 0;
  };
  // The best tree for the items first..last of one value each, without `gone`; the set must be small enough.
  static bool isSmall(const std::vector<Item> &items, unsigned first, unsigned last);
  SmallSet makeSet(unsigned first, unsigned last, llvm::ArrayRef<unsigned> gone) const;
  const Solution &solve(const SmallSet &set);
  NodeId build(const SmallSet &set);

private:
  struct Run {
    unsigned first, count; // relative to the base
    NodeId target;
  };
  struct HashSet {
    size_t operator()(const SmallSet &s) const {
      uint64_t h = s.base * 0x9e3779b97f4a7c15u;
      for (uint64_t b : {s.low, s.high})
        h = (h ^ b) * 0x9e3779b97f4a7c15u, h ^= h >> 31;
      return h;
    }
  };
  struct Runs {
    llvm::SmallVector<Run, 32> runs;
    double weight = 0;
  };
  Runs runsOf(const SmallSet &set) const;
  void consider(Solution &best, Solution candidate, double weight);
  void tryBits(Solution &best, const SmallSet &set, unsigned runs, double weight);

  Graph &graph;
  uint8_t word;
  const std::vector<Item> &items;
  const TreeOptions &options;
  std::unordered_map<SmallSet, Solution, HashSet> solved;
};

} // namespace snapsecc::seccomp
