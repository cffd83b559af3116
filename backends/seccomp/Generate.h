// SPDX-License-Identifier: Apache-2.0
// A label's plan -> one program, by the steps runs, leaves, tree, layout. What is expected often is given short paths:
// the weights are a mixture of all numbers alike and of a call profile.
#pragma once
#include "backends/seccomp/Bpf.h"
#include "backends/seccomp/Graph.h"
#include "backends/seccomp/Profile.h"
#include "backends/seccomp/Seccomp.h"

namespace snapsecc::seccomp {

struct Weights {
  double uniform = 0.5;       // the share of the uniform distribution over all numbers; the profile has the rest
  bool onlyUncached = false;  // what the kernel's action cache answers costs nothing
  double compat = 0.05;       // of the second architecture, against the first
  double instruction = 0.001; // an instruction of the program, in steps

  double depth = 0; // a step of the longest path
  double deep = 0;  // weight of a number whose leaf is one step too long, doubled with each further
  unsigned bitRuns = 6, bitGain = 2, hotValues = 5; // of the search (Tree.h)
};
Weights weightsFor(Tune tune, bool search);

Graph makeGraph(const Runs &runs, const Weights &weights, const Profile &profile);
// The program of a graph for a byte order.
Program assemble(const Graph &graph, bool bigEndian);
Program generate(const LabelPlan &plan, Part part, const Weights &weights, const Profile &profile, bool bigEndian);

} // namespace snapsecc::seccomp
