// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Leaves.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace snapsecc::seccomp {

namespace {
double total(llvm::ArrayRef<const Sample *> samples) {
  double sum = 0;
  for (const Sample *s : samples)
    sum += s->weight;
  return sum;
}

template <class F> void eachLiteral(const Answer &answer, F f) {
  for (const WordClause &clause : answer.allow)
    llvm::for_each(clause, f);
  for (const WordDeny &deny : answer.deny)
    llvm::for_each(deny.literals, f);
}

// What is left of the answer when the literals of a word are known.
template <class Holds> Answer restrict(const Answer &answer, uint8_t word, Holds holds) {
  Answer rest{{}, {}, answer.granted, answer.otherwise};
  auto keep = [&](const WordClause &clause, WordClause &kept) {
    for (const Literal &l : clause) {
      if (l.word != word)
        kept.push_back(l);
      else if (!holds(l))
        return false;
    }
    return true;
  };
  for (const WordClause &clause : answer.allow)
    if (WordClause kept; keep(clause, kept)) rest.allow.push_back(std::move(kept));
  for (const WordDeny &deny : answer.deny)
    if (WordClause kept; keep(deny.literals, kept)) rest.deny.push_back({std::move(kept), deny.action});
  return simplify(std::move(rest));
}

void addStep(Decision &decision, double weight) {
  decision.cost.steps += weight;
  decision.cost.size += 1;
  decision.cost.depth += 1;
}
} // namespace

WordSets::Id LeafBuilder::setOf(const Literal &l) { return l.isRange ? sets.range(l.a, l.b) : sets.masked(l.a, l.b); }

Decision LeafBuilder::build(const Answer &answer, const std::vector<Sample> &samples) {
  Samples all;
  for (const Sample &s : samples)
    all.push_back(&s);
  budget = budgetOfLeaf;
  Decision result = solve(answer, all);
  if (budget == 0) { // gave up on the way: the chain, which the search may have shared parts of
    result.node = chain(answer);
    result.cost = {};
    solved[answer] = result;
  }
  return result;
}

Decision LeafBuilder::solve(const Answer &answer, const Samples &samples) {
  if (answer.isConstant()) return {graph.result(answer.otherwise), {0, 0, 1}};
  if (auto found = solved.find(answer); found != solved.end()) return found->second;
  std::map<uint8_t, bool> words; // all ranges?
  eachLiteral(answer, [&](const Literal &l) { words.try_emplace(l.word, true).first->second &= l.isRange; });
  const double weight = total(samples);
  std::optional<Decision> best;
  for (auto [word, ranges] : words) {
    if (budget == 0) break;
    --budget;
    Decision d = ranges ? byRanges(word, answer, samples) : byBits(word, answer, samples);
    addStep(d, weight);
    if (!best || valueOf(d.cost) < valueOf(best->cost) - 1e-12) {
      best = d;
      best->node = graph.load(word, d.node);
    }
  }
  if (budget == 0) return {graph.result(answer.otherwise), {}}; // the caller gives up
  return solved[answer] = *best;
}

Decision LeafBuilder::byRanges(uint8_t word, const Answer &answer, const Samples &samples) {
  std::set<uint32_t> cuts{0};
  eachLiteral(answer, [&](const Literal &l) {
    if (l.word != word) return;
    cuts.insert(l.a);
    if (l.b != ~0u) cuts.insert(l.b + 1);
  });
  std::vector<Item> items;
  std::map<Answer, std::vector<size_t>> rests; // piece -> what is left
  constexpr size_t fewItems = 300;
  constexpr uint32_t shortRange = 16;
  for (auto cut = cuts.begin(); cut != cuts.end(); ++cut) {
    const uint32_t first = *cut, last = std::next(cut) == cuts.end() ? ~0u : *std::next(cut) - 1;
    Answer rest = restrict(answer, word, [&](const Literal &l) { return l.a <= first && first <= l.b; });
    auto &pieces = rests[std::move(rest)];
    // Single values, so that bits may tell them apart.
    if (last - first < shortRange && items.size() < fewItems) {
      for (uint32_t v = first;; ++v) {
        pieces.push_back(items.size());
        items.push_back({v, v, 0, 0});
        if (v == last) break;
      }
    } else {
      pieces.push_back(items.size());
      items.push_back({first, last, 0, 0});
    }
  }
  for (const Sample *s : samples) {
    auto after = llvm::upper_bound(items, s->words[word], [](uint32_t v, const Item &item) { return v < item.first; });
    std::prev(after)->weight += s->weight;
  }
  Cost below;
  for (auto &[rest, pieces] : rests) {
    Samples own;
    for (const Sample *s : samples)
      if (llvm::any_of(pieces,
                       [&](size_t i) { return items[i].first <= s->words[word] && s->words[word] <= items[i].last; }))
        own.push_back(s);
    Decision d = solve(rest, own);
    for (size_t i : pieces)
      items[i].target = d.node;
    below.steps += d.cost.steps;
    below.size += d.cost.size;
    below.depth = std::max(below.depth, d.cost.depth);
  }
  Decision tree = makeTree(graph, word, items, options);
  return {tree.node, {tree.cost.steps + below.steps, tree.cost.size + below.size, tree.cost.depth + below.depth}};
}

Decision LeafBuilder::byBits(uint8_t word, const Answer &answer, const Samples &samples) {
  Bits bits{word, answer, {}, {}};
  auto add = [&](const WordClause &clause, bool isDeny, uint32_t action) {
    Group g{{}, isDeny, action, WordSets::All, {}};
    for (const Literal &l : clause)
      if (l.word != word)
        g.rest.push_back(l);
      else
        g.set = sets.both(g.set, setOf(l)), g.literals.push_back(l);
    for (Group &other : bits.groups)
      if (other.isDeny == isDeny && other.action == action && other.rest == g.rest) {
        other.set = sets.either(other.set, g.set);
        other.literals.insert(other.literals.end(), g.literals.begin(), g.literals.end());
        return;
      }
    bits.groups.push_back(std::move(g));
  };
  for (const WordClause &clause : answer.allow)
    add(clause, false, 0);
  for (const WordDeny &deny : answer.deny)
    add(deny.literals, true, deny.action);
  return decide(bits, WordSets::All, samples).first;
}

// The answer is monotone: more clauses that allow raise it, more that deny lower it. So where both extremes leave the
// same, it is known.
std::optional<Answer> LeafBuilder::decided(const Bits &bits, WordSets::Id known) {
  Answer high{{}, {}, bits.answer.granted, bits.answer.otherwise}, low = high;
  for (const Group &g : bits.groups) {
    const bool may = sets.both(known, g.set) != WordSets::None, must = sets.both(known, g.set) == known;
    if (g.isDeny) {
      if (must) high.deny.push_back({g.rest, g.action});
      if (may) low.deny.push_back({g.rest, g.action});
    } else {
      if (may) high.allow.push_back(g.rest);
      if (must) low.allow.push_back(g.rest);
    }
  }
  high = simplify(std::move(high));
  if (high == simplify(std::move(low))) return high;
  return std::nullopt;
}

std::vector<LeafBuilder::Candidate> LeafBuilder::candidates(const Bits &bits, WordSets::Id known) {
  std::vector<Candidate> all;
  auto add = [&](Node::Kind kind, uint32_t k, uint32_t masked, WordSets::Id set) {
    const WordSets::Id yes = sets.both(known, set);
    if (yes == WordSets::None || yes == known) return;
    if (llvm::none_of(all, [&](const Candidate &c) { return c.kind == kind && c.k == k && c.masked == masked; }))
      all.push_back({kind, k, masked, set});
  };
  auto anyBit = [&](uint32_t mask) {
    if (mask) add(Node::Kind::BitsSet, mask, ~0u, sets.complement(sets.masked(mask, 0)));
  };
  uint32_t everySingle = 0;
  for (const Group &g : bits.groups) {
    const WordSets::Id now = sets.both(known, g.set);
    if (now == WordSets::None || now == known) continue;
    uint32_t singles = 0;
    for (const Literal &l : g.literals) {
      if (l.isRange) {
        if (l.a == l.b)
          add(Node::Kind::Equal, l.a, ~0u, sets.range(l.a, l.a));
        else {
          if (l.a != 0) add(Node::Kind::GreaterEqual, l.a, ~0u, sets.range(l.a, ~0u));
          if (l.b != ~0u) add(Node::Kind::GreaterEqual, l.b + 1, ~0u, sets.range(l.b + 1, ~0u));
        }
        continue;
      }
      if ((l.a & (l.a - 1)) == 0 && l.b) singles |= l.a;
      anyBit(l.a & ~l.b);
      if (__builtin_popcount(l.b) <= 3)
        for (uint32_t left = l.b; left; left &= left - 1)
          anyBit(left & -left);
      if (l.a & (l.a - 1)) add(Node::Kind::Equal, l.b, l.a, sets.masked(l.a, l.b));
    }
    anyBit(singles);
    everySingle |= singles;
  }
  anyBit(everySingle);
  return all;
}

// Whether the second is true, the node expects the word in the accumulator.
std::pair<Decision, bool> LeafBuilder::decide(Bits &bits, WordSets::Id known, const Samples &samples) {
  if (auto rest = decided(bits, known)) return {solve(*rest, samples), false};
  if (auto found = bits.known.find(known); found != bits.known.end()) return found->second;
  const double weight = total(samples);
  std::optional<Decision> best;
  for (const Candidate &c : candidates(bits, known)) {
    if (budget == 0) break;
    --budget;
    Samples yes, no;
    for (const Sample *s : samples)
      (sets.contains(c.set, s->words[bits.word]) ? yes : no).push_back(s);
    auto [y, yNeeds] = decide(bits, sets.both(known, c.set), yes);
    auto [n, nNeeds] = decide(bits, sets.both(known, sets.complement(c.set)), no);
    if (c.masked != ~0u) { // the accumulator is spoilt
      if (yNeeds) y.node = graph.load(bits.word, y.node), addStep(y, total(yes));
      if (nNeeds) n.node = graph.load(bits.word, n.node), addStep(n, total(no));
    }
    Decision d{0, {y.cost.steps + n.cost.steps, y.cost.size + n.cost.size, std::max(y.cost.depth, n.cost.depth)}};
    addStep(d, weight);
    if (c.masked != ~0u) addStep(d, weight);
    if (best && valueOf(d.cost) >= valueOf(best->cost) - 1e-12) continue;
    best = d;
    best->node = graph.test(c.kind, bits.word, c.k, y.node, n.node, c.masked);
    if (c.masked != ~0u) best->node = graph.mask(bits.word, c.masked, best->node);
  }
  if (!best) { // no budget left
    budget = 0;
    return {{graph.result(0), {}}, false};
  }
  return bits.known[known] = {*best, true};
}

NodeId LeafBuilder::clauseTest(const WordClause &clause, NodeId yes, NodeId no) {
  NodeId node = yes;
  for (const Literal &l : llvm::reverse(clause)) {
    if (!l.isRange) {
      node = graph.test(Node::Kind::Equal, l.word, l.b, node, no, l.a);
      node = graph.mask(l.word, l.a, node);
    } else if (l.a == l.b) {
      node = graph.test(Node::Kind::Equal, l.word, l.a, node, no);
    } else {
      if (l.b != ~0u) node = graph.test(Node::Kind::GreaterEqual, l.word, l.b + 1, no, node);
      if (l.a != 0) node = graph.test(Node::Kind::GreaterEqual, l.word, l.a, node, no);
    }
    node = graph.load(l.word, node);
  }
  return node;
}

NodeId LeafBuilder::allowChain(const Answer &answer, uint32_t granted, uint32_t otherwise) {
  NodeId node = graph.result(otherwise);
  if (granted == otherwise) return node;
  const NodeId yes = graph.result(granted);
  for (const WordClause &clause : llvm::reverse(answer.allow))
    node = clauseTest(clause, yes, node);
  return node;
}

NodeId LeafBuilder::chain(const Answer &answer) {
  std::vector<WordDeny> denials = answer.deny;
  llvm::stable_sort(denials, [](const WordDeny &a, const WordDeny &b) {
    return static_cast<int32_t>(a.action) < static_cast<int32_t>(b.action);
  });
  auto lowest = [](uint32_t base, uint32_t deny) { return precedence(deny) < precedence(base) ? deny : base; };
  NodeId node = allowChain(answer, answer.granted, answer.otherwise);
  for (const WordDeny &deny : llvm::reverse(denials))
    node = clauseTest(deny.literals,
                      allowChain(answer, lowest(answer.granted, deny.action), lowest(answer.otherwise, deny.action)),
                      node);
  return node;
}

} // namespace snapsecc::seccomp
