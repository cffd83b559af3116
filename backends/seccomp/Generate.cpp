// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Generate.h"
#include "backends/seccomp/Layout.h"
#include "backends/seccomp/Leaves.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::seccomp {

Weights weightsFor(Tune tune, bool search) {
  Weights w;
  switch (tune) {
  case Tune::Balanced: // found by search over these numbers; docs/performance.md
    w = {.uniform = 0.35, .compat = 0.2, .instruction = 0.0013, .depth = 0.0025, .deep = 0.001};
    break;
  case Tune::Uniform: w = {.uniform = 1, .instruction = 1e-4, .bitGain = 1}; break;
  case Tune::Traces: w = {.uniform = 0.01, .instruction = 1e-4}; break;
  case Tune::Cached: w = {.uniform = 0.002, .onlyUncached = true, .instruction = 1e-6}; break;
  case Tune::Size: w = {.instruction = 1, .bitRuns = 9}; break;
  }
  if (search) w.bitRuns = 12, w.bitGain = 1, w.hotValues = 8;
  return w;
}

namespace {
// Numbers below are looked at one by one, so that bits may tell them apart; all that Linux has but for a few of its own
// on ARM.
constexpr uint32_t oneByOne = 512;

class GraphMaker {
public:
  GraphMaker(const Runs &runs, const Weights &weights, const Profile &profile) : runs(runs), weights(weights) {
    for (const ArchRuns &arch : runs.arches)
      numbers.push_back(numbersOf(*arch.plan->arch, profile));
  }

  Graph run() {
    makeLeaves();
    graph.root = graph.result(action::KillThread);
    for (size_t i = runs.arches.size(); i-- > 0;) {
      const ArchRuns &arch = runs.arches[i];
      NodeId tree = graph.load(numberWord, makeTree(graph, numberWord, items(arch, i), options(i)).node);
      graph.root = graph.test(Node::Kind::Equal, archWord, arch.plan->arch->audit, tree, graph.root);
    }
    graph.root = graph.load(archWord, graph.root);
    return std::move(graph);
  }

private:
  TreeOptions options(size_t arch) const {
    return {weights.instruction * (arch == 0 ? 1 : weights.compat), weights.depth * (arch == 0 ? 1 : weights.compat),
            weights.bitRuns, weights.bitGain, weights.hotValues};
  }
  double scale(size_t arch) const { return arch == 0 ? 1 : weights.compat; }

  // What is known of an architecture's numbers, once.
  struct Numbers {
    unsigned count = 1; // of those that are looked at one by one: up to the highest call
    llvm::DenseMap<uint32_t, const CallProfile *> profiles;
  };
  static Numbers numbersOf(const ir::ArchInfo &info, const Profile &profile) {
    Numbers numbers;
    for (const ir::Syscall &call : ir::allSyscalls()) {
      auto number = ir::syscallNumber(call, info);
      if (!number) continue;
      if (*number < oneByOne) numbers.count = std::max(numbers.count, *number + 1);
      if (auto found = profile.find(call.name); found != profile.end()) numbers.profiles[*number] = &found->second;
    }
    return numbers;
  }

  struct Expected {
    double uniform, profiled;
    const CallProfile *calls;
  };
  Expected expected(size_t index, uint32_t number, const Answer &answer) const {
    const CallProfile *calls = numbers[index].profiles.lookup(number);
    const bool free = weights.onlyUncached && answer.isConstant() && answer.otherwise == action::Allow;
    const double uniform = number < numbers[index].count ? weights.uniform / numbers[index].count : 0;
    const double profiled = calls && !free ? (1 - weights.uniform) * calls->share : 0;
    return {uniform * scale(index), profiled * scale(index), calls};
  }

  // Those that are expected most first: their paths decide how what several share is made.
  void makeLeaves() {
    std::vector<std::vector<Sample>> samples(runs.answers.size());
    std::vector<double> sums(runs.answers.size());
    for (size_t i = 0; i < runs.arches.size(); ++i)
      for (const Run &run : runs.arches[i].runs) {
        const Answer &answer = runs.answers[run.answer];
        if (answer.isConstant()) continue;
        for (uint32_t number = run.first;; ++number) {
          addSamples(samples[run.answer], expected(i, number, answer));
          if (number == run.last) break;
        }
        for (const Sample &s : samples[run.answer])
          sums[run.answer] += s.weight;
      }
    std::vector<unsigned> order(runs.answers.size());
    for (unsigned i = 0; i < order.size(); ++i)
      order[i] = i;
    llvm::stable_sort(order, [&](unsigned a, unsigned b) { return sums[a] > sums[b]; });
    leaves.resize(order.size());
    LeafBuilder builder(graph, options(0));
    for (unsigned i : order) {
      const Decision leaf = builder.build(runs.answers[i], samples[i]);
      leaves[i] = {leaf.node, leaf.cost.depth};
    }
  }

  static void addSamples(std::vector<Sample> &samples, const Expected &e) {
    samples.push_back({{}, e.uniform + 1e-9});
    if (!e.calls || e.profiled == 0) return;
    double known = 0;
    for (const CallProfile::Arguments &arguments : e.calls->arguments) {
      Sample s;
      for (unsigned i = 0; i < arguments.values.size(); ++i) {
        s.words[lowWord(i)] = static_cast<uint32_t>(arguments.values[i]);
        s.words[lowWord(i) + 1] = static_cast<uint32_t>(arguments.values[i] >> 32);
      }
      s.weight = e.profiled * arguments.share;
      known += arguments.share;
      samples.push_back(s);
    }
    samples.front().weight += e.profiled * std::max(0.0, 1 - known);
  }

  std::vector<Item> items(const ArchRuns &arch, size_t index) const {
    std::vector<Item> items;
    uint32_t lastCall = 0;
    for (const Call &call : arch.plan->calls)
      if (call.number < oneByOne) lastCall = call.number;
    for (const Run &run : arch.runs) {
      uint32_t first = run.first;
      const Answer &answer = runs.answers[run.answer];
      const NodeId leaf = leaves[run.answer].node;
      // Long leaves are put where the tree is short, for the sake of the longest path.
      constexpr unsigned longLeaf = 8;
      const unsigned over = std::min(leaves[run.answer].depth, 2 * longLeaf);
      const double deep = over > longLeaf ? weights.deep * scale(index) * (1u << (over - longLeaf)) : 0;
      for (; first <= run.last && first <= lastCall; ++first) {
        Expected e = expected(index, first, answer);
        items.push_back({first, first, leaf, e.uniform + e.profiled + deep});
      }
      if (first > run.last) continue;
      double weight = 0;
      for (uint32_t n = first; n <= run.last && n < numbers[index].count; ++n)
        weight += expected(index, n, answer).uniform;
      items.push_back({first, run.last, leaf, weight});
    }
    return items;
  }

  const Runs &runs;
  const Weights &weights;
  std::vector<Numbers> numbers; // by architecture
  Graph graph;
  struct Leaf {
    NodeId node = 0;
    unsigned depth = 0;
  };
  std::vector<Leaf> leaves; // by answer
};
} // namespace

Graph makeGraph(const Runs &runs, const Weights &weights, const Profile &profile) {
  return GraphMaker(runs, weights, profile).run();
}

Program assemble(const Graph &graph, bool bigEndian) {
  Program program = layout(graph);
  for (Instruction &insn : program) {
    if (insn.code != bpf::Load) continue;
    const uint32_t word = insn.k; // of Runs.h
    const bool high = (word % 2 == 1) != bigEndian;
    insn.k = word == numberWord ? 0 : word == archWord ? 4 : 16 + (word - 2) / 2 * 8 + (high ? 4 : 0);
  }
  return program;
}

Program generate(const LabelPlan &plan, Part part, const Weights &weights, const Profile &profile, bool bigEndian) {
  return assemble(makeGraph(makeRuns(plan, part), weights, profile), bigEndian);
}

} // namespace snapsecc::seccomp
