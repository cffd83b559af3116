// SPDX-License-Identifier: Apache-2.0
// Step "leaves": an answer -> the graph that gives it, from the loads of its argument words to the returns.
//   1. Each word that the answer still asks for is tried as the next to load; the cheapest order holds.
//   2. A word with ranges alone is a decision tree (Tree.h) over the pieces between their ends.
//   3. A word with bit patterns is taken test by test: bits one by one or several in one test where that decides, masks
//   as a whole;
//      what is known of the word is an exact set (WordSet.h).
//   4. What is left of the answer once the word is known is an answer again; each is solved once, for all leaves.
//   5. Where that would take too long, the clauses are tested one behind the other.
#pragma once
#include "backends/seccomp/Tree.h"
#include "backends/seccomp/WordSet.h"

namespace snapsecc::seccomp {

// Argument words that are expected, and how often.
struct Sample {
  std::array<uint32_t, 14> words{}; // by Literal::word
  double weight = 0;
};

class LeafBuilder {
public:
  LeafBuilder(Graph &graph, const TreeOptions &options, unsigned budget = 4000)
      : graph(graph), options(options), budgetOfLeaf(budget) {}
  Decision build(const Answer &answer, const std::vector<Sample> &samples);

private:
  using Samples = std::vector<const Sample *>;
  struct Group { // clauses of one kind that differ in this word alone
    WordClause rest;
    bool isDeny = false;
    uint32_t action = 0;
    WordSets::Id set = WordSets::None;
    std::vector<Literal> literals;
  };
  struct Bits { // one word's bit patterns being decided
    uint8_t word;
    const Answer &answer;
    std::vector<Group> groups;
    std::map<WordSets::Id, std::pair<Decision, bool>> known;
  };
  struct Candidate {
    Node::Kind kind;
    uint32_t k, masked;
    WordSets::Id set; // of words that it answers yes for
    auto key() const { return std::tie(masked, kind, k); }
  };

  Decision solve(const Answer &answer, const Samples &samples);
  Decision byRanges(uint8_t word, const Answer &answer, const Samples &samples);
  Decision byBits(uint8_t word, const Answer &answer, const Samples &samples);
  std::pair<Decision, bool> decide(Bits &bits, WordSets::Id known, const Samples &samples);
  std::optional<Answer> decided(const Bits &bits, WordSets::Id known);
  std::vector<Candidate> candidates(const Bits &bits, WordSets::Id known);
  WordSets::Id setOf(const Literal &literal);
  double valueOf(const Cost &cost) const {
    return cost.steps + options.instruction * cost.size + options.depth * cost.depth;
  }
  NodeId chain(const Answer &answer);
  NodeId allowChain(const Answer &answer, uint32_t granted, uint32_t otherwise);
  NodeId clauseTest(const WordClause &clause, NodeId yes, NodeId no);

  Graph &graph;
  TreeOptions options;
  WordSets sets;
  std::map<Answer, Decision> solved;
  unsigned budgetOfLeaf, budget = 0;
};

} // namespace snapsecc::seccomp
