// SPDX-License-Identifier: Apache-2.0
// A filter as a graph of instructions without places: what the steps "leaves" and "tree" make and the step "layout"
// puts in order. Equal nodes are one node, so equal leaves and equal ends of leaves are shared. No cycles; children
// before parents.
#pragma once
#include "backends/seccomp/Runs.h"
#include "llvm/ADT/DenseMap.h"
#include <map>
#include <tuple>

namespace snapsecc::seccomp {

using NodeId = uint32_t;
struct Node {
  enum class Kind : uint8_t { Return, Load, And, Equal, GreaterEqual, BitsSet };
  Kind kind = Kind::Return;
  uint8_t word = 0;       // what the accumulator holds (Load: will hold); 0 for Return
  uint32_t k = 0;         // the action, the mask, the operand
  uint32_t masked = ~0u;  // bits of the word that are left of it in the accumulator
  NodeId yes = 0, no = 0; // Load and And go on at `yes`
  bool isTest() const { return kind >= Kind::Equal; }
  auto operator<=>(const Node &) const = default;
};

class Graph {
public:
  NodeId result(uint32_t action) { return add({Node::Kind::Return, 0, action}); }
  // What does not look at the accumulator needs no load.
  NodeId load(uint8_t word, NodeId next) {
    const Node::Kind kind = nodes[next].kind;
    if (kind == Node::Kind::Return || kind == Node::Kind::Load) return next;
    return add({Node::Kind::Load, word, 0, ~0u, next, next});
  }
  NodeId mask(uint8_t word, uint32_t bits, NodeId next) {
    if (!nodes[next].isTest()) return next;
    return add({Node::Kind::And, word, bits, ~0u, next, next});
  }
  NodeId test(Node::Kind kind, uint8_t word, uint32_t k, NodeId yes, NodeId no, uint32_t masked = ~0u) {
    return yes == no ? yes : add({kind, word, k, masked, yes, no});
  }
  const Node &operator[](NodeId id) const { return nodes[id]; }
  size_t size() const { return nodes.size(); }
  NodeId root = 0;

private:
  NodeId add(const Node &node) {
    auto [found, isNew] = known.try_emplace(node, static_cast<NodeId>(nodes.size()));
    if (isNew) nodes.push_back(node);
    return found->second;
  }
  std::vector<Node> nodes;
  std::map<Node, NodeId> known;
};

// What a piece of the graph costs: executed instructions times the weight of what reaches it, its instructions, its
// longest path.
struct Cost {
  double steps = 0;
  double size = 0;
  unsigned depth = 0;
};

} // namespace snapsecc::seccomp
