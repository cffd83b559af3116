// SPDX-License-Identifier: Apache-2.0
// Step "tree": a word's range, cut into items with a target each -> the cheapest decision tree found, of >=, == and bit
// tests.
//   1. Neighbours with one target are a run.
//   2. For each interval of runs, and for each count of its hottest values that were asked for before, the best of:
//   nothing to ask;
//      a split between two runs (>=); the next hot value (==); holes of one value, one behind the other (==); and, on
//      few runs,
//   3. a test of bits with one uniform outcome (BitTests.h), whose other outcome is any set of values.
// What was asked for stands for anything in the rest: its neighbours may join.
// Source of 2: Anderson, Kannan, Karloff, Ladner, "Thresholds and optimal binary comparison search trees" (J.
// Algorithms, 2002).
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
  unsigned bitRuns = 6;       // bits are tested on at most so many runs
  unsigned bitGain = 2;       // runs that a test of bits must save
  unsigned hotValues = 5;     // == tests that may stand above a split
};
struct Decision {
  NodeId node = 0;
  Cost cost; // of the tests alone
};
// The items cover the values in order, without a gap; the accumulator holds the word.
Decision makeTree(Graph &graph, uint8_t word, const std::vector<Item> &items, const TreeOptions &options);

} // namespace snapsecc::seccomp
