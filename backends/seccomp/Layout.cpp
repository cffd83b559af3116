// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Layout.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>

namespace snapsecc::seccomp {

namespace {
constexpr size_t reach = 255;

// Reverse postorder, the side that `noFirst` says nearer.
class Order {
public:
  Order(const Graph &graph, bool noFirst) : graph(graph), noFirst(noFirst), seen(graph.size()) {}
  std::vector<NodeId> run() {
    visit(graph.root);
    std::reverse(order.begin(), order.end());
    return std::move(order);
  }

private:
  // Iterative: a graph may be deeper than the stack allows.
  void visit(NodeId root) {
    struct Frame {
      NodeId node;
      unsigned next;
    };
    std::vector<Frame> stack{{root, 0}};
    seen[root] = true;
    while (!stack.empty()) {
      Frame &frame = stack.back();
      const Node &node = graph[frame.node];
      const unsigned children = node.kind == Node::Kind::Return ? 0 : node.isTest() ? 2 : 1;
      if (frame.next == children) {
        order.push_back(frame.node);
        stack.pop_back();
        continue;
      }
      const bool takeNo = children == 2 && (frame.next == 1) != noFirst;
      ++frame.next;
      const NodeId child = takeNo ? node.no : node.yes;
      if (seen[child]) continue;
      seen[child] = true;
      stack.push_back({child, 0});
    }
  }
  const Graph &graph;
  bool noFirst;
  std::vector<bool> seen;
  std::vector<NodeId> order;
};

bool fallsThrough(const Node &node) { return node.kind == Node::Kind::Load || node.kind == Node::Kind::And; }

// The order of emission: a load moves down to what it is for, returns to the end.
std::vector<NodeId> blocks(const Graph &graph, const std::vector<NodeId> &order) {
  constexpr NodeId none = ~0u;
  std::vector<NodeId> before(graph.size(), none), placed, returns;
  for (NodeId id : order)
    if (fallsThrough(graph[id])) before[graph[id].yes] = id;
  for (NodeId id : order) {
    if (fallsThrough(graph[id])) continue;
    if (graph[id].kind == Node::Kind::Return) {
      returns.push_back(id);
      continue;
    }
    std::vector<NodeId> chain{id};
    while (before[chain.back()] != none)
      chain.push_back(before[chain.back()]);
    placed.insert(placed.end(), chain.rbegin(), chain.rend());
  }
  placed.insert(placed.end(), returns.begin(), returns.end());
  return placed;
}

// Written from the end, so that the distance to what is placed already stands. What is out of reach is repeated (a
// return) or sent on (an unconditional jump) straight behind the test that needs it, where all before it can use it
// too.
class Placement {
public:
  explicit Placement(const Graph &graph) : graph(graph), nearestPlace(graph.size()), home(graph.size()) {}

  Program run(const std::vector<NodeId> &order) {
    for (NodeId id : llvm::reverse(order)) {
      const Node &node = graph[id];
      if (node.isTest())
        // Twice: what the second target needs may push the first out of reach.
        for (NodeId target : {node.yes, node.no, node.yes})
          bringNear(target);
      place(id);
    }
    std::reverse(reversed.begin(), reversed.end());
    return std::move(reversed);
  }

private:
  // Instructions between the next one to be written and a place.
  size_t distance(size_t place) const { return reversed.size() - place - 1; }

  void bringNear(NodeId target) {
    if (distance(nearestPlace[target]) <= reach) return;
    if (graph[target].kind == Node::Kind::Return)
      reversed.push_back({bpf::Return, 0, 0, graph[target].k});
    else
      reversed.push_back({bpf::Jump, 0, 0, static_cast<uint32_t>(distance(home[target]))});
    nearestPlace[target] = reversed.size() - 1;
  }

  void place(NodeId id) {
    const Node &node = graph[id];
    Instruction insn{0, 0, 0, node.k};
    switch (node.kind) {
    case Node::Kind::Return: insn.code = bpf::Return; break;
    case Node::Kind::And: insn.code = bpf::And; break;
    case Node::Kind::Load: insn = {bpf::Load, 0, 0, node.word}; break; // assemble() makes it an offset
    case Node::Kind::Equal: insn.code = bpf::JumpEqual; break;
    case Node::Kind::GreaterEqual: insn.code = bpf::JumpGreaterEqual; break;
    case Node::Kind::BitsSet: insn.code = bpf::JumpSet; break;
    }
    if (node.isTest()) {
      insn.yes = static_cast<uint8_t>(distance(nearestPlace[node.yes]));
      insn.no = static_cast<uint8_t>(distance(nearestPlace[node.no]));
    }
    assert(!fallsThrough(node) || nearestPlace[node.yes] + 1 == reversed.size());
    nearestPlace[id] = home[id] = reversed.size();
    reversed.push_back(insn);
  }

  const Graph &graph;
  std::vector<size_t> nearestPlace, home; // by node, counted from the end
  Program reversed;
};
} // namespace

Program layout(const Graph &graph) {
  Program best;
  for (bool noFirst : {false, true}) {
    Program program = Placement(graph).run(blocks(graph, Order(graph, noFirst).run()));
    if (best.empty() || program.size() < best.size()) best = std::move(program);
  }
  return best;
}

} // namespace snapsecc::seccomp
