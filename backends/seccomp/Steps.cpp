// SPDX-License-Identifier: Apache-2.0
// The steps of code generation as text, for each filter of a plan:
//   runs    numbers with one answer, and the answers
//   leaves  what an answer became: instructions that look at arguments
//   tree    instructions that look at architecture and number, down to the leaves
//   layout  the program
#include "backends/seccomp/Generate.h"
#include "backends/seccomp/Inspect.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

namespace snapsecc::seccomp {

namespace {
std::string nameOf(uint8_t word) {
  if (word == numberWord) return "number";
  if (word == archWord) return "arch";
  return fmt::format("a{}{}", (word - 2) / 2, word % 2 ? ".high" : "");
}

std::string shown(const Literal &literal) {
  const std::string word = nameOf(literal.word);
  if (!literal.isRange) return fmt::format("{} & {:#x} == {:#x}", word, literal.a, literal.b);
  if (literal.a == literal.b) return fmt::format("{} == {:#x}", word, literal.a);
  return fmt::format("{} in {:#x}..{:#x}", word, literal.a, literal.b);
}

std::string shown(const WordClause &clause) {
  std::string text;
  for (const Literal &literal : clause)
    text += (text.empty() ? "" : " and ") + shown(literal);
  return text.empty() ? "always" : text;
}

std::string shown(const Runs &runs) {
  std::string text;
  for (const ArchRuns &arch : runs.arches) {
    text += fmt::format("  runs of {}\n", arch.plan->arch->kernel);
    for (const Run &run : arch.runs) {
      const ir::Syscall *call = run.first == run.last ? ir::findSyscall(*arch.plan->arch, run.first) : nullptr;
      text +=
          fmt::format("    {}{} answer {}{}\n", run.first, run.first == run.last ? "" : fmt::format("..{}", run.last),
                      run.answer, call ? fmt::format(" ({})", call->name) : "");
    }
  }
  for (size_t i = 0; i < runs.answers.size(); ++i) {
    const Answer &answer = runs.answers[i];
    text += fmt::format("  answer {}\n", i);
    for (const WordDeny &deny : answer.deny)
      text += fmt::format("    no more than {} if {}\n", actionName(deny.action), shown(deny.literals));
    for (const WordClause &clause : answer.allow)
      text += fmt::format("    {} if {}\n", actionName(answer.granted), shown(clause));
    text += fmt::format("    {}{}\n", answer.isConstant() ? "" : "else ", actionName(answer.otherwise));
  }
  return text;
}

class GraphPrinter {
public:
  explicit GraphPrinter(const Graph &graph) : graph(graph), isReached(graph.size()) {
    std::vector<NodeId> stack{graph.root};
    while (!stack.empty()) {
      const NodeId id = stack.back();
      stack.pop_back();
      if (isReached[id]) continue;
      isReached[id] = true;
      const Node &node = graph[id];
      if (node.kind != Node::Kind::Return) stack.insert(stack.end(), {node.yes, node.no});
    }
  }

  // Parents before children, which have the smaller ids.
  std::string nodes(bool ofTree) const {
    std::string text = ofTree ? "  tree\n" : "  leaves\n";
    for (NodeId id = static_cast<NodeId>(graph.size()); id-- > 0;)
      if (isReached[id] && isOfTree(graph[id]) == ofTree) text += fmt::format("    {}: {}\n", id, shown(graph[id]));
    return text;
  }

private:
  static bool isOfTree(const Node &node) { return node.kind != Node::Kind::Return && node.word <= archWord; }

  static std::string shown(const Node &node) {
    const std::string word = nameOf(node.word) + (node.masked == ~0u ? "" : fmt::format(" & {:#x}", node.masked));
    auto test = [&](const char *sign) {
      return fmt::format("if {} {} {:#x} goto {} else {}", word, sign, node.k, node.yes, node.no);
    };
    switch (node.kind) {
    case Node::Kind::Return: return "return " + actionName(node.k);
    case Node::Kind::Load: return fmt::format("load {}, goto {}", word, node.yes);
    case Node::Kind::And: return fmt::format("and {:#x}, goto {}", node.k, node.yes);
    case Node::Kind::Equal: return test("==");
    case Node::Kind::GreaterEqual: return test(">=");
    case Node::Kind::BitsSet: return test("&");
    }
    return "";
  }

  const Graph &graph;
  std::vector<bool> isReached;
};
} // namespace

std::string printSteps(const Plan &plan, const Options &options, const std::set<std::string> &steps, Engine &engine) {
  std::optional<Profile> own;
  if (!options.profile.empty() && !(own = parseProfile(options.profile, engine))) return "";
  const Weights weights = weightsFor(options.tune, options.search);
  std::string text;
  std::map<std::string, std::string> shownAt; // by meaning
  for (const LabelPlan &label : plan.labels) {
    if (label.unrestricted) continue;
    for (auto [part, name] : {std::pair(Part::Both, "single"), std::pair(Part::AllowFilter, "allow"),
                              std::pair(Part::DenyFilter, "deny")}) {
      if (!(part == Part::Both ? options.one : options.two)) continue;
      const std::string title = fmt::format("{} filter of {}", name, label.label);
      text += title + "\n";
      if (auto [known, isNew] = shownAt.try_emplace(name + print(label, part), title); !isNew) {
        text += "  as the " + known->second + "\n";
        continue;
      }
      const Runs runs = makeRuns(label, part);
      if (steps.count("runs")) text += shown(runs);
      const Graph graph = makeGraph(runs, weights, own ? *own : builtinProfile());
      if (steps.count("leaves")) text += GraphPrinter(graph).nodes(false);
      if (steps.count("tree")) text += GraphPrinter(graph).nodes(true);
      if (steps.count("layout")) text += "  layout\n" + disassemble(assemble(graph, plan.bigEndian), plan.bigEndian);
    }
  }
  return text;
}

} // namespace snapsecc::seccomp
