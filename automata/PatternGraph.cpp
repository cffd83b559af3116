// SPDX-License-Identifier: Apache-2.0
// Graph -> patterns that people can read.
//   1. drop what reaches no acceptance; order the nodes so that edges lead forward, or fail
//   2. make equal nodes one, from the last to the first
//   3. a node that several edges reach is a join. From each join (and the start) walk every path to the next join or to
//      acceptance; paths with the same end become one alternation before what follows the end: {[^s],s[^n],sn[^a]}**
//   4. in an alternation, common leading directories are factored out
#include "automata/PatternGraph.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <map>

namespace snapsecc::automata {

void PatternGraph::connect(uint32_t from, const ByteSet &bytes, uint32_t to) {
  if (bytes.none()) return;
  Node &node = nodes[from];
  if (from == to) {
    node.loop |= bytes;
    return;
  }
  for (Edge &edge : node.edges)
    if (edge.target == to) {
      edge.bytes |= bytes;
      return;
    }
  node.edges.push_back({bytes, to});
}

namespace {

constexpr size_t maxHeads = 1000, maxAtoms = 30000, maxLength = 4000;

llvm::Error cannotSay(const char *why) { return llvm::createStringError(llvm::inconvertibleErrorCode(), "%s", why); }

bool lessBytes(const ByteSet &a, const ByteSet &b) {
  for (unsigned byte = 0; byte < 256; ++byte)
    if (a.test(byte) != b.test(byte)) return a.test(byte);
  return false;
}

// The nodes that are reached and reach acceptance, each before those that it leads to.
llvm::Expected<std::vector<uint32_t>> order(const PatternGraph &graph) {
  enum : uint8_t { New, Open, Done };
  std::vector<uint8_t> state(graph.nodes.size(), New);
  std::vector<bool> useful(graph.nodes.size(), false);
  std::vector<uint32_t> postorder;
  std::vector<std::pair<uint32_t, size_t>> stack{{graph.start, 0}};
  state[graph.start] = Open;
  bool cycle = false;
  while (!stack.empty()) {
    auto &[node, edge] = stack.back();
    const std::vector<PatternGraph::Edge> &edges = graph.nodes[node].edges;
    if (edge < edges.size()) {
      uint32_t target = edges[edge++].target;
      if (state[target] == New) {
        state[target] = Open;
        stack.push_back({target, 0});
      } else if (state[target] == Open) {
        cycle = true;
      }
      continue;
    }
    state[node] = Done;
    postorder.push_back(node);
    stack.pop_back();
  }
  // A cycle that leads nowhere would do no harm, but minimal automata and trimmed products have none.
  if (cycle) return cannotSay("it repeats more than a '*' or '**' does");
  std::vector<uint32_t> out;
  for (uint32_t node : postorder) {
    useful[node] = graph.nodes[node].accept;
    for (const PatternGraph::Edge &edge : graph.nodes[node].edges)
      useful[node] = useful[node] || useful[edge.target];
    if (useful[node]) out.push_back(node);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

// Equal nodes become one. Also a node that begins a loop by hand: x{,x*} is x*.
PatternGraph mergeEqual(const PatternGraph &graph, llvm::ArrayRef<uint32_t> forward) {
  auto less = [](const PatternGraph::Node &a, const PatternGraph::Node &b) {
    if (a.accept != b.accept) return b.accept;
    if (a.loop != b.loop) return lessBytes(a.loop, b.loop);
    if (a.edges.size() != b.edges.size()) return a.edges.size() < b.edges.size();
    for (size_t i = 0; i < a.edges.size(); ++i) {
      if (a.edges[i].target != b.edges[i].target) return a.edges[i].target < b.edges[i].target;
      if (a.edges[i].bytes != b.edges[i].bytes) return lessBytes(a.edges[i].bytes, b.edges[i].bytes);
    }
    return false;
  };
  PatternGraph out;
  std::map<PatternGraph::Node, uint32_t, decltype(less)> known(less);
  std::vector<int64_t> number(graph.nodes.size(), -1);
  for (uint32_t old : llvm::reverse(forward)) {
    out.nodes.emplace_back();
    uint32_t fresh = static_cast<uint32_t>(out.nodes.size() - 1);
    out.nodes[fresh].accept = graph.nodes[old].accept;
    out.nodes[fresh].loop = graph.nodes[old].loop;
    for (const PatternGraph::Edge &edge : graph.nodes[old].edges)
      if (number[edge.target] >= 0) out.connect(fresh, edge.bytes, static_cast<uint32_t>(number[edge.target]));
    PatternGraph::Node &node = out.nodes[fresh];
    llvm::sort(node.edges,
               [](const PatternGraph::Edge &a, const PatternGraph::Edge &b) { return a.target < b.target; });
    for (const PatternGraph::Edge &edge : node.edges) {
      PatternGraph::Node looping = node;
      looping.loop = edge.bytes;
      llvm::erase_if(looping.edges, [&](const PatternGraph::Edge &other) { return other.target == edge.target; });
      const PatternGraph::Node &target = out.nodes[edge.target];
      if (node.loop.none() && !less(looping, target) && !less(target, looping)) number[old] = edge.target;
    }
    if (number[old] < 0) number[old] = known.emplace(node, fresh).first->second;
    if (number[old] != fresh) out.nodes.pop_back();
  }
  out.start = static_cast<uint32_t>(number[graph.start]);
  return out;
}

using Atoms = std::vector<Pattern>; // single bytes, sets, stars: a path through the graph

Pattern atom(const ByteSet &bytes) {
  Pattern out;
  out.kind = Pattern::Kind::Set;
  out.bytes = bytes;
  return out;
}

Pattern sequence(std::vector<Pattern> children) {
  Pattern out;
  out.children = std::move(children);
  return out;
}

bool isSlash(const Pattern &pattern) { return pattern.bytes.count() == 1 && pattern.bytes.test('/'); }

Pattern alternation(std::vector<Pattern> children) {
  if (children.size() == 1) return std::move(children[0]);
  Pattern out;
  out.kind = Pattern::Kind::Alternation;
  out.children = std::move(children);
  return out;
}

// Paths as a pattern: those that share their leading directory are told apart behind it.
Pattern factor(llvm::ArrayRef<Atoms> paths, size_t from) {
  std::vector<Pattern> alternatives;
  for (size_t i = 0; i < paths.size();) {
    size_t end = from;
    while (end < paths[i].size() && !isSlash(paths[i][end]))
      ++end;
    if (end < paths[i].size()) ++end;
    auto sameDirectory = [&](const Atoms &other) {
      return end > from && isSlash(paths[i][end - 1]) && other.size() >= end &&
             std::equal(paths[i].begin() + from, paths[i].begin() + end, other.begin() + from);
    };
    size_t last = i + 1;
    while (last < paths.size() && sameDirectory(paths[last]))
      ++last;
    Atoms head(paths[i].begin() + from, last > i + 1 ? paths[i].begin() + end : paths[i].end());
    if (last > i + 1) head.push_back(factor(paths.slice(i, last - i), end));
    alternatives.push_back(sequence(std::move(head)));
    i = last;
  }
  return alternation(std::move(alternatives));
}

class Speller {
public:
  explicit Speller(const PatternGraph &automaton) : graph(automaton), joins(automaton.nodes.size(), 0) {
    for (const PatternGraph::Node &node : graph.nodes)
      for (const PatternGraph::Edge &edge : node.edges)
        ++joins[edge.target];
  }
  // What may follow `root`, an alternative for each end: the next join or acceptance. `apart`: for each end behind that
  // too.
  llvm::Expected<std::vector<Pattern>> spell(uint32_t root, bool apart);

private:
  static constexpr int64_t acceptance = -1;
  struct Group {
    int64_t end;
    std::vector<Atoms> heads;
  };
  void walk(uint32_t node, uint32_t root, Atoms &path, std::vector<Group> &groups);
  void finish(int64_t end, const Atoms &path, std::vector<Group> &groups);
  bool tooMuch() const { return heads > maxHeads || atoms > maxAtoms; }

  const PatternGraph &graph;
  std::vector<uint32_t> joins; // edges that lead to a node
  size_t heads = 0, atoms = 0;
};

void Speller::finish(int64_t end, const Atoms &path, std::vector<Group> &groups) {
  ++heads;
  atoms += path.size();
  auto found = llvm::find_if(groups, [&](const Group &group) { return group.end == end; });
  if (found == groups.end()) found = groups.insert(groups.end(), {end, {}});
  found->heads.push_back(path);
}

void Speller::walk(uint32_t index, uint32_t root, Atoms &path, std::vector<Group> &groups) {
  if (path.size() > maxLength) atoms = maxAtoms + 1;
  if (tooMuch()) return;
  if (index != root && joins[index] > 1) return finish(index, path, groups);
  const PatternGraph::Node &node = graph.nodes[index];
  size_t length = path.size();
  if (node.loop.any()) {
    Pattern star;
    star.kind = node.loop == anyByte() ? Pattern::Kind::DoubleStar : Pattern::Kind::Star;
    path.push_back(std::move(star));
  }
  if (node.accept) finish(acceptance, path, groups);
  std::vector<PatternGraph::Edge> edges = node.edges;
  llvm::sort(edges, [](const PatternGraph::Edge &a, const PatternGraph::Edge &b) {
    bool wideA = a.bytes.count() > 128, wideB = b.bytes.count() > 128;
    return wideA != wideB ? wideA : lessBytes(a.bytes, b.bytes);
  });
  for (const PatternGraph::Edge &edge : edges) {
    path.push_back(atom(edge.bytes));
    walk(edge.target, root, path, groups);
    path.pop_back();
  }
  path.resize(length);
}

llvm::Expected<std::vector<Pattern>> Speller::spell(uint32_t root, bool apart) {
  std::vector<Group> groups;
  Atoms path;
  walk(root, root, path, groups);
  std::vector<Pattern> out;
  for (const Group &group : groups) {
    if (tooMuch()) return cannotSay("it needs too many patterns");
    Pattern head = factor(group.heads, 0);
    std::vector<Pattern> tails(1);
    if (group.end != acceptance) {
      llvm::Expected<std::vector<Pattern>> spelled = spell(static_cast<uint32_t>(group.end), false);
      if (!spelled) return spelled.takeError();
      tails = std::move(*spelled);
    }
    if (!apart) tails = {alternation(std::move(tails))};
    for (Pattern &tail : tails)
      out.push_back(sequence({head, std::move(tail)}));
  }
  return out;
}

// Flat sequences; bytes joined to text; [^/] before `*` or `**` is the star that needs a byte.
void tidy(const Pattern &pattern, std::vector<Pattern> &out) {
  if (pattern.kind == Pattern::Kind::Sequence) {
    for (const Pattern &child : pattern.children)
      tidy(child, out);
    return;
  }
  bool isStar = pattern.kind == Pattern::Kind::Star || pattern.kind == Pattern::Kind::DoubleStar;
  if (isStar && !pattern.atLeastOne && !out.empty() && out.back().kind == Pattern::Kind::Set &&
      out.back().bytes == anyButSlash()) {
    out.back() = pattern;
    out.back().atLeastOne = true;
    return;
  }
  if (pattern.kind == Pattern::Kind::Set && pattern.bytes.count() == 1) {
    if (out.empty() || out.back().kind != Pattern::Kind::Literal) {
      out.emplace_back();
      out.back().kind = Pattern::Kind::Literal;
    }
    for (unsigned byte = 0; byte < 256; ++byte)
      if (pattern.bytes.test(byte)) out.back().text += static_cast<char>(byte);
    return;
  }
  out.push_back(pattern);
  for (Pattern &child : out.back().children) {
    std::vector<Pattern> inner;
    tidy(child, inner);
    child = sequence(std::move(inner));
  }
}

} // namespace

llvm::Expected<std::vector<Pattern>> toPatterns(PatternGraph graph, llvm::ArrayRef<Pattern> prefix) {
  llvm::Expected<std::vector<uint32_t>> forward = order(graph);
  if (!forward) return forward.takeError();
  if (forward->empty()) return std::vector<Pattern>();
  for (uint32_t node : *forward) {
    const ByteSet &loop = graph.nodes[node].loop;
    if (loop.any() && loop != anyByte() && loop != anyButSlash())
      return cannotSay("it repeats bytes that are no '*' or '**'");
  }
  PatternGraph merged = mergeEqual(graph, *forward);
  llvm::Expected<std::vector<Pattern>> spelled = Speller(merged).spell(merged.start, true);
  if (!spelled) return spelled.takeError();
  std::vector<Pattern> out;
  for (const Pattern &pattern : *spelled) {
    std::vector<Pattern> parts(prefix.begin(), prefix.end());
    tidy(pattern, parts);
    out.push_back(sequence(std::move(parts)));
  }
  return out;
}

} // namespace snapsecc::automata
