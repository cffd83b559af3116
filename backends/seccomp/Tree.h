// SPDX-License-Identifier: Apache-2.0
// Step "tree": a word's range, cut into items with a target each -> the cheapest decision tree found, of >=, == and bit
// tests.
//   1. Neighbours with one target are a run. One run: done.
//   2. Else the best of: split between two runs (>=); take one item out (==), first of all the hot ones and holes; test
//   bits of which
//      one outcome is uniform. What was taken out stands for anything in the rest: its neighbours may join.
//   3. Each set of items is solved once. Exact below `exactRuns` runs, above that a window of splits around the
//   balanced one.
// Weighted intervals: Anderson, Kannan, Karloff, Ladner, "Thresholds and optimal binary comparison search trees"
// (1999).
#pragma once
#include "backends/seccomp/Graph.h"

namespace snapsecc::seccomp {

struct Item {
  uint32_t first = 0, last = 0;
  NodeId target = 0;
  double weight = 0;
};
struct TreeOptions {
  double instruction = 0.001; // what an instruction of the program costs, in steps of weight 1
  double depth = 0;           // what a step of the longest path costs
  unsigned exactRuns = 9, window = 5, bitTests = 3;
};
struct Decision {
  NodeId node = 0;
  Cost cost; // of the tests alone
};
// The items cover the values in order, without a gap; the accumulator holds the word.
Decision makeTree(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options);

} // namespace snapsecc::seccomp
