// SPDX-License-Identifier: Apache-2.0
// 1. Each pattern is cut behind every '/' of its top level; the pieces are the way into a tree. The first level and
// what follows it are one piece.
// 2. From the leaves up, what stands below a piece becomes an alternation behind it, as far as the bounds allow.
// Patterns are put together as trees, so that a star or a comma means what it meant.
#include "ir/passes/PathTree.h"
#include "automata/Language.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <memory>

namespace snapsecc::ir {
namespace {

using automata::Pattern;
using Piece = std::vector<Pattern>;

// Of one pattern: alternatives of a brace, bytes of text, plain patterns that it stands for.
constexpr size_t maxSiblings = 64, maxLength = 2000, maxAlternatives = 1000;

Pattern sequence(llvm::ArrayRef<Pattern> parts) {
  Pattern whole;
  whole.children = parts.vec();
  return whole;
}

size_t countAlternatives(const Pattern &pattern) {
  bool braces = pattern.kind == Pattern::Kind::Alternation;
  size_t count = braces ? 0 : 1;
  for (const Pattern &child : pattern.children) {
    size_t own = std::min(countAlternatives(child), maxAlternatives + 1);
    count = std::min(braces ? count + own : count * own, maxAlternatives + 1);
  }
  return count;
}

// What a variable stands for may depend on the byte beside it, which in braces is another one: where a value begins or
// ends with '/', or is not known.
bool dependsOnNeighbours(const Pattern &pattern, unsigned depth = 0) {
  if (pattern.kind != Pattern::Kind::Variable) return false;
  auto known = automata::standardVariables().find(pattern.text);
  if (known == automata::standardVariables().end() || depth > 8) return true;
  return llvm::any_of(known->second, [&](llvm::StringRef value) {
    if (value.startswith("@{") && value.endswith("}") && value.find('}') + 1 == value.size()) {
      Pattern inner = pattern;
      inner.text = value.drop_front(2).drop_back().str();
      return dependsOnNeighbours(inner, depth + 1);
    }
    return value.empty() || value.startswith("/") || value.endswith("/") || value.contains("@{");
  });
}

std::vector<Piece> cut(const Pattern &pattern) {
  std::vector<Piece> pieces(1);
  for (const Pattern &part : pattern.children) {
    if (part.kind != Pattern::Kind::Literal) {
      pieces.back().push_back(part);
      continue;
    }
    for (llvm::StringRef rest = part.text; !rest.empty();) {
      size_t length = std::min(rest.find('/'), rest.size() - 1) + 1;
      Pattern literal = part;
      literal.text = rest.take_front(length).str();
      pieces.back().push_back(std::move(literal));
      if (rest[length - 1] == '/') pieces.emplace_back();
      rest = rest.drop_front(length);
    }
  }
  if (pieces.back().empty()) pieces.pop_back();
  bool isRoot = pieces.size() > 1 && pieces[0].size() == 1 && pieces[0][0].text == "/";
  if (isRoot) {
    pieces[1].insert(pieces[1].begin(), pieces[0].begin(), pieces[0].end());
    pieces.erase(pieces.begin());
  }
  return pieces;
}

struct Alternative {
  Piece parts;
  std::vector<uint32_t> from;
  size_t plain = 1, length = 0; // plain patterns, bytes of text
};

// May it stand between a brace or comma and another?
bool mayStandInBraces(const Alternative &one) {
  return one.parts.empty() || (!dependsOnNeighbours(one.parts.front()) && !dependsOnNeighbours(one.parts.back()));
}

class Node {
public:
  void insert(llvm::ArrayRef<Piece> way, uint32_t path) {
    if (way.empty()) return ends.push_back(path);
    auto [at, isNew] = index.try_emplace(automata::print(sequence(way.front())), below.size());
    if (isNew) below.push_back({way.front(), at->getKey().size(), std::make_unique<Node>()});
    below[at->second].node->insert(way.drop_front(), path);
  }
  // What stands below, at the root and within.
  std::vector<Alternative> alternatives() const {
    std::vector<Alternative> out;
    for (const Branch &branch : below) {
      std::vector<Alternative> inner = branch.node->alternatives();
      if (!branch.node->ends.empty()) inner.insert(inner.begin(), {{}, branch.node->ends, 1, 0});
      for (Alternative &one : brace(std::move(inner)))
        out.push_back(behind(branch, std::move(one)));
    }
    return out;
  }

private:
  struct Branch {
    Piece piece;
    size_t length;
    std::unique_ptr<Node> node;
  };

  static Alternative behind(const Branch &branch, Alternative one) {
    one.plain = std::min(one.plain * countAlternatives(sequence(branch.piece)), maxAlternatives + 1);
    one.length += branch.length;
    one.parts.insert(one.parts.begin(), branch.piece.begin(), branch.piece.end());
    return one;
  }

  static std::vector<Alternative> brace(std::vector<Alternative> all) {
    std::vector<Alternative> out, open;
    for (Alternative &one : all)
      (mayStandInBraces(one) ? open : out).push_back(std::move(one));
    for (llvm::ArrayRef<Alternative> rest = open; !rest.empty();) {
      size_t count = 0, length = 2, plain = 0;
      for (; count < rest.size() && count < maxSiblings; ++count) {
        length += rest[count].length + 1;
        plain += rest[count].plain;
        if (count > 0 && (length > maxLength || plain > maxAlternatives)) break;
      }
      out.push_back(count == 1 ? rest.front() : join(rest.take_front(count)));
      rest = rest.drop_front(count);
    }
    return out;
  }

  static Alternative join(llvm::ArrayRef<Alternative> all) {
    Alternative joined;
    joined.plain = 0;
    joined.length = 2;
    Pattern names;
    names.kind = Pattern::Kind::Alternation;
    for (const Alternative &one : all) {
      // An alternation that is all of the name opens up: {a,b} beside c is {a,b,c}.
      if (one.parts.size() == 1 && one.parts[0].kind == Pattern::Kind::Alternation)
        llvm::append_range(names.children, one.parts[0].children);
      else
        names.children.push_back(sequence(one.parts));
      llvm::append_range(joined.from, one.from);
      joined.plain += one.plain;
      joined.length += one.length + 1;
    }
    joined.parts.push_back(std::move(names));
    return joined;
  }

  llvm::StringMap<size_t> index;
  std::vector<Branch> below;
  std::vector<uint32_t> ends;
};

} // namespace

std::vector<JoinedPath> joinPaths(llvm::ArrayRef<std::string> paths) {
  std::vector<JoinedPath> out;
  Node root;
  for (uint32_t i = 0; i < paths.size(); ++i) {
    llvm::Expected<Pattern> pattern = automata::parsePattern(paths[i]);
    if (pattern) {
      root.insert(cut(*pattern), i);
    } else {
      llvm::consumeError(pattern.takeError());
      out.push_back({paths[i], {i}});
    }
  }
  for (Alternative &one : root.alternatives()) {
    llvm::sort(one.from);
    out.push_back({one.from.size() == 1 ? paths[one.from[0]] : automata::print(sequence(one.parts)), one.from});
  }
  llvm::sort(out, [](const JoinedPath &a, const JoinedPath &b) { return a.from.front() < b.from.front(); });
  return out;
}

} // namespace snapsecc::ir
