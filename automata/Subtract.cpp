// SPDX-License-Identifier: Apache-2.0
// pattern minus patterns -> patterns.
//   1. exceptions that share nothing with the pattern are left out
//   2. leading bytes, sets, variables and alternations that all share are put aside (they are checked, not trusted, see
//   5)
//   3. the rest of the pattern stays a position automaton, so that its stars stay stars; the exceptions become one
//   minimal
//      automaton. Their product accepts where the first accepts and the second does not
//   4. the product is spelled as patterns (PatternGraph.cpp)
//   5. the result is compared with the difference of the languages; where it is not equal, variables are replaced by
//   their values,
//      and at last nothing is put aside
#include "automata/Subtract.h"
#include "automata/Dfa.h"
#include "automata/PatternGraph.h"
#include <map>

namespace snapsecc::automata {
namespace {

// Top-level elements, literals byte by byte.
std::vector<Pattern> elements(const Pattern &pattern) {
  std::vector<Pattern> out;
  for (const Pattern &child : pattern.children) {
    if (child.kind != Pattern::Kind::Literal) {
      out.push_back(child);
      continue;
    }
    for (char c : child.text) {
      out.emplace_back();
      out.back().kind = Pattern::Kind::Literal;
      out.back().text = std::string(1, c);
    }
  }
  return out;
}

bool hasVariable(const Pattern &pattern) {
  return pattern.kind == Pattern::Kind::Variable || llvm::any_of(pattern.children, hasVariable);
}

size_t sharedLength(const std::vector<std::vector<Pattern>> &all) {
  size_t length = 0;
  for (;; ++length) {
    for (const std::vector<Pattern> &pattern : all) {
      if (length >= pattern.size() || !(pattern[length] == all[0][length])) return length;
      Pattern::Kind kind = pattern[length].kind;
      if (kind == Pattern::Kind::Star || kind == Pattern::Kind::DoubleStar) return length;
    }
  }
}

Pattern restOf(const std::vector<Pattern> &all, size_t from) {
  Pattern out;
  out.children.assign(all.begin() + from, all.end());
  return out;
}

ByteSet slash() { return ByteSet().set('/'); }

// The product of step 3. Node 0 is the start.
llvm::Expected<PatternGraph> difference(const Nfa &nfa, const Dfa &minus, Limits limits) {
  PatternGraph graph;
  constexpr uint32_t atStart = ~0u;
  std::vector<ByteSet> bytesOfClass(minus.classes);
  for (unsigned byte = 1; byte < 256; ++byte)
    bytesOfClass[minus.classOf[byte]].set(byte);
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> ids;
  std::vector<std::pair<uint32_t, uint32_t>> nodes;
  auto nodeOf = [&](uint32_t position, uint32_t state) {
    auto [where, isNew] = ids.try_emplace({position, state}, static_cast<uint32_t>(nodes.size()));
    if (isNew) {
      nodes.push_back({position, state});
      graph.nodes.emplace_back();
    }
    return where->second;
  };
  graph.start = nodeOf(atStart, minus.start);
  for (uint32_t node = 0; node < nodes.size(); ++node) {
    if (nodes.size() > limits.states) return llvm::make_error<BudgetError>(limits.states);
    auto [position, state] = nodes[node];
    for (uint32_t next : position == atStart ? nfa.first : nfa.positions[position].follow) {
      if (nfa.positions[next].accept != 0) {
        graph.nodes[node].accept |= minus.accept[state] == 0;
        continue;
      }
      const ByteSet &bytes = nfa.sets[nfa.positions[next].bytes];
      for (unsigned cls = 0; cls < minus.classes; ++cls) {
        ByteSet part = bytes & bytesOfClass[cls];
        if (part.none()) continue;
        if (part.count() > 128 && bytes.test(0)) part.set(0); // [^ab] of [^a]: as free to match NUL as it was
        graph.connect(node, part, nodeOf(next, minus.next[state * minus.classes + cls]));
      }
    }
  }
  return graph;
}

// No kernel path has "//": an edge that needs a '/' behind a '/' goes, and any byte there is any but '/'. Nothing that
// reaches no acceptance stays.
void prune(PatternGraph &graph, bool startsBehindSlash, bool paths) {
  std::vector<bool> behindSlash(graph.nodes.size(), true), useful(graph.nodes.size());
  behindSlash[graph.start] = startsBehindSlash;
  for (const PatternGraph::Node &node : graph.nodes)
    for (const PatternGraph::Edge &edge : node.edges)
      if (edge.bytes != slash() || graph.nodes[edge.target].loop.any()) behindSlash[edge.target] = false;
  for (size_t i = 0; i < graph.nodes.size() && paths; ++i)
    if (behindSlash[i] && graph.nodes[i].loop.none()) {
      llvm::erase_if(graph.nodes[i].edges, [](const PatternGraph::Edge &edge) { return edge.bytes == slash(); });
      for (PatternGraph::Edge &edge : graph.nodes[i].edges)
        if (edge.bytes == anyByte()) edge.bytes.reset('/');
    }
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = graph.nodes.size(); i-- > 0;) {
      bool now =
          useful[i] || graph.nodes[i].accept ||
          llvm::any_of(graph.nodes[i].edges, [&](const PatternGraph::Edge &edge) { return useful[edge.target]; });
      changed = changed || now != useful[i];
      useful[i] = now;
    }
  }
  for (PatternGraph::Node &node : graph.nodes) {
    llvm::erase_if(node.edges, [&](const PatternGraph::Edge &edge) { return !useful[edge.target]; });
  }
}

class Subtraction {
public:
  Subtraction(const Variables &values, Slashes fold, Limits bounds)
      : variables(values), slashes(fold), limits(bounds) {}
  llvm::Expected<std::vector<std::string>> run(llvm::StringRef text, llvm::ArrayRef<std::string> except);

private:
  llvm::Expected<Language> language(llvm::StringRef text) const {
    return Language::fromText(text, variables, limits, slashes);
  }
  llvm::Expected<std::vector<std::string>> attempt(llvm::StringRef text, llvm::ArrayRef<std::string> except,
                                                   bool share);
  llvm::Expected<bool> isDifference(llvm::ArrayRef<std::string> result);

  const Variables &variables;
  Slashes slashes;
  Limits limits;
  std::optional<Language> whole, names; // names: what there is at all
  std::vector<Language> minus;
};

llvm::Expected<bool> Subtraction::isDifference(llvm::ArrayRef<std::string> result) {
  std::vector<Language> parts;
  for (const std::string &text : result) {
    llvm::Expected<Language> part = language(text);
    if (!part) return part.takeError();
    parts.push_back(std::move(*part));
  }
  std::vector<const Language *> cover;
  for (const Language &part : parts) {
    llvm::Expected<bool> inside = Language::covers({&*whole}, {&part, &*names}, limits);
    if (!inside || !*inside) return inside;
    for (const Language &other : minus) {
      llvm::Expected<bool> disjoint = Language::covers({}, {&part, &other, &*names}, limits);
      if (!disjoint || !*disjoint) return disjoint;
    }
    cover.push_back(&part);
  }
  for (const Language &other : minus)
    cover.push_back(&other);
  return Language::covers(cover, {&*whole, &*names}, limits);
}

// The patterns of steps 2 to 4, not yet checked; an error where `text` cannot be taken in this form.
llvm::Expected<std::vector<std::string>> Subtraction::attempt(llvm::StringRef text, llvm::ArrayRef<std::string> except,
                                                              bool share) {
  std::vector<std::vector<Pattern>> all;
  llvm::Expected<Pattern> parsed = parsePattern(text);
  if (!parsed) return parsed.takeError();
  all.push_back(elements(*parsed));
  for (const std::string &other : except) {
    parsed = parsePattern(other);
    if (!parsed) return parsed.takeError();
    all.push_back(elements(*parsed));
  }
  size_t shared = share ? sharedLength(all) : 0;
  Nfa minusNfa, nfa;
  for (size_t i = 0; i < all.size(); ++i) {
    Pattern rest = restOf(all[i], shared);
    if (hasVariable(rest))
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "a variable stands behind the part that is shared");
    if (llvm::Error error = addPattern(i == 0 ? nfa : minusNfa, rest, 1, limits)) return error;
  }
  llvm::Expected<Dfa> excepted = determinize(
      minusNfa, [](llvm::ArrayRef<uint32_t>) -> uint32_t { return 1; }, limits);
  if (!excepted) return excepted.takeError();
  llvm::Expected<PatternGraph> graph = difference(nfa, minimize(*excepted), limits);
  if (!graph) return graph.takeError();
  std::vector<Pattern> prefix(all[0].begin(), all[0].begin() + shared);
  prune(*graph, !prefix.empty() && prefix.back().text == "/", slashes == Slashes::Fold);
  llvm::Expected<std::vector<Pattern>> patterns = toPatterns(std::move(*graph), prefix);
  if (!patterns) return patterns.takeError();
  std::vector<std::string> out;
  for (const Pattern &pattern : *patterns)
    out.push_back(print(pattern));
  return out;
}

llvm::Expected<std::vector<std::string>> Subtraction::run(llvm::StringRef text, llvm::ArrayRef<std::string> except) {
  llvm::Expected<Language> all = slashes == Slashes::Fold ? Language::canonicalPaths() : language("**");
  if (!all) return all.takeError();
  names = std::move(*all);
  llvm::Expected<Language> pattern = language(text);
  if (!pattern) return pattern.takeError();
  whole = std::move(*pattern);
  std::vector<std::string> touching;
  for (const std::string &other : except) {
    llvm::Expected<Language> taken = language(other);
    if (!taken) return taken.takeError();
    llvm::Expected<bool> disjoint = Language::covers({}, {&*whole, &*taken, &*names}, limits);
    if (!disjoint) return disjoint.takeError();
    if (*disjoint) continue;
    touching.push_back(other);
    minus.push_back(std::move(*taken));
  }
  if (touching.empty()) return std::vector<std::string>{text.str()};
  std::vector<std::string> plain{text.str()};
  plain.insert(plain.end(), touching.begin(), touching.end());
  for (std::string &one : plain) {
    llvm::Expected<std::string> expanded = expandVariables(one, variables, slashes);
    if (!expanded) return expanded.takeError();
    one = std::move(*expanded);
  }
  llvm::ArrayRef<std::string> plainExcept = llvm::makeArrayRef(plain).drop_front();
  for (unsigned round = 0;; ++round) {
    llvm::Expected<std::vector<std::string>> result =
        round == 0 ? attempt(text, touching, true) : attempt(plain[0], plainExcept, round == 1);
    if (result) {
      llvm::Expected<bool> right = isDifference(*result);
      if (!right) return right.takeError();
      if (*right) return result;
      result = llvm::createStringError(llvm::inconvertibleErrorCode(), "patterns cannot say the difference");
    }
    if (round == 2) return result;
    llvm::consumeError(result.takeError());
  }
}

} // namespace

llvm::Expected<std::vector<std::string>> subtractPatterns(llvm::StringRef pattern, llvm::ArrayRef<std::string> except,
                                                          const Variables &variables, Slashes slashes, Limits limits) {
  return Subtraction(variables, slashes, limits).run(pattern, except);
}

llvm::Expected<std::vector<Pattern>> Language::toPatterns() const {
  const Dfa &automaton = dfa();
  std::vector<ByteSet> bytesOfClass(automaton.classes);
  for (unsigned byte = 0; byte < 256; ++byte)
    bytesOfClass[automaton.classOf[byte]].set(byte);
  PatternGraph graph;
  graph.nodes.resize(automaton.states());
  graph.start = automaton.start;
  for (uint32_t state = 1; state < automaton.states(); ++state) {
    graph.nodes[state].accept = automaton.accept[state] != 0;
    for (unsigned cls = 0; cls < automaton.classes; ++cls)
      if (uint32_t target = automaton.next[state * automaton.classes + cls])
        graph.connect(state, bytesOfClass[cls], target);
  }
  return automata::toPatterns(std::move(graph), {});
}

} // namespace snapsecc::automata
