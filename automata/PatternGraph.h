// SPDX-License-Identifier: Apache-2.0
// An automaton without cycles but for self-loops, and the patterns that say the same.
#pragma once
#include "automata/Pattern.h"
#include "llvm/ADT/ArrayRef.h"

namespace snapsecc::automata {

struct PatternGraph {
  struct Edge {
    ByteSet bytes;
    uint32_t target = 0;
  };
  struct Node {
    bool accept = false;
    ByteSet loop; // bytes that lead back to the node itself
    std::vector<Edge> edges;
  };
  std::vector<Node> nodes;
  uint32_t start = 0;
  // Adds to the edge to this target, or to the node's loop.
  void connect(uint32_t from, const ByteSet &bytes, uint32_t to);
};

// Patterns whose union is the graph's language, none where that is empty; `prefix` stands before each. An error: a
// cycle, a loop that is neither `*` nor `**`, or more text than a reader could follow.
llvm::Expected<std::vector<Pattern>> toPatterns(PatternGraph graph, llvm::ArrayRef<Pattern> prefix);

} // namespace snapsecc::automata
