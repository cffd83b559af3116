// SPDX-License-Identifier: Apache-2.0
// A 64-bit test in words: equality and masks are a conjunction of both halves; v < V is high < H, or high == H and low
// < L; and so on. Where arguments have 32 bits the high half is known to be zero.
#include "backends/seccomp/Runs.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace snapsecc::seccomp {

namespace {
constexpr uint32_t maxWord = 0xffffffff;
using Alternatives = std::vector<WordClause>;

Literal range(uint8_t word, uint32_t a, uint32_t b) { return {word, true, a, b}; }

// A clause that cannot hold is left out, a literal that always holds too.
void add(Alternatives &all, std::initializer_list<Literal> literals) {
  WordClause clause;
  for (const Literal &l : literals) {
    if (l.isRange ? l.a > l.b : (l.b & ~l.a) != 0) return;
    if (l.isRange ? l.a == 0 && l.b == maxWord : l.a == 0) continue;
    if (!l.isRange && l.a == maxWord)
      clause.push_back(range(l.word, l.b, l.b));
    else
      clause.push_back(l);
  }
  all.push_back(std::move(clause));
}

// high:low between first and last
Alternatives between(uint8_t word, uint64_t first, uint64_t last) {
  const uint32_t h1 = first >> 32, l1 = static_cast<uint32_t>(first), h2 = last >> 32, l2 = static_cast<uint32_t>(last);
  const uint8_t low = word, high = word + 1;
  Alternatives all;
  if (h1 == h2) {
    add(all, {range(low, l1, l2), range(high, h1, h1)});
    return all;
  }
  const bool wholeFirst = l1 == 0, wholeLast = l2 == maxWord;
  if (!wholeFirst) add(all, {range(low, l1, maxWord), range(high, h1, h1)});
  const uint32_t from = wholeFirst ? h1 : h1 + 1, to = wholeLast ? h2 : h2 - 1;
  if (from <= to) add(all, {range(high, from, to)});
  if (!wholeLast) add(all, {range(low, 0, l2), range(high, h2, h2)});
  return all;
}

Alternatives words(const Test &test, bool wide) {
  const uint8_t word = lowWord(test.argument);
  const uint64_t most = wide ? ~uint64_t(0) : maxWord, v = test.value;
  Alternatives all;
  auto interval = [&](uint64_t first, uint64_t last) {
    if (first > last || first > most) return;
    last = std::min(last, most);
    Alternatives some = between(word, first, last);
    if (!wide) // what is said of the high word holds: it is zero
      for (WordClause &clause : some)
        llvm::erase_if(clause, [&](const Literal &l) { return l.word == word + 1; });
    all.insert(all.end(), some.begin(), some.end());
  };
  switch (test.op) {
  case Operator::Equal: interval(v, v); break;
  case Operator::NotEqual:
    if (v != 0) interval(0, v - 1);
    if (v != ~uint64_t(0)) interval(v + 1, ~uint64_t(0));
    break;
  case Operator::Less:
    if (v != 0) interval(0, v - 1);
    break;
  case Operator::LessEqual: interval(0, v); break;
  case Operator::Greater:
    if (v != ~uint64_t(0)) interval(v + 1, ~uint64_t(0));
    break;
  case Operator::GreaterEqual: interval(v, ~uint64_t(0)); break;
  case Operator::Masked: {
    const Literal low{word, false, static_cast<uint32_t>(test.mask), static_cast<uint32_t>(v)};
    const Literal high{static_cast<uint8_t>(word + 1), false, static_cast<uint32_t>(test.mask >> 32),
                       static_cast<uint32_t>(v >> 32)};
    if (wide)
      add(all, {low, high});
    else if (high.b == 0)
      add(all, {low});
    break;
  }
  }
  return all;
}

// Ranges of one word in one clause are intersected; nullopt: the clause cannot hold.
std::optional<WordClause> merge(WordClause clause) {
  llvm::sort(clause);
  WordClause merged;
  for (const Literal &l : clause) {
    if (!merged.empty() && l.isRange && merged.back().isRange && merged.back().word == l.word) {
      Literal &last = merged.back();
      last = range(l.word, std::max(last.a, l.a), std::min(last.b, l.b));
      if (last.a > last.b) return std::nullopt;
    } else if (merged.empty() || merged.back() != l) {
      merged.push_back(l);
    }
  }
  llvm::sort(merged);
  return merged;
}

std::vector<WordClause> words(const Clause &clause, bool wide) {
  Alternatives product{{}};
  for (const Test &test : clause) {
    Alternatives next;
    for (const WordClause &left : product)
      for (const WordClause &right : words(test, wide)) {
        next.push_back(left);
        next.back().insert(next.back().end(), right.begin(), right.end());
      }
    product = std::move(next);
  }
  std::vector<WordClause> all;
  for (WordClause &candidate : product)
    if (auto merged = merge(std::move(candidate))) all.push_back(std::move(*merged));
  return all;
}

bool implies(const Literal &l, const Literal &weaker) {
  if (l.word != weaker.word) return false;
  if (weaker.isRange) return l.isRange && weaker.a <= l.a && l.b <= weaker.b;
  if (l.isRange) return l.a == l.b && (l.a & weaker.a) == weaker.b;
  return (l.a & weaker.a) == weaker.a && (l.b & weaker.a) == weaker.b;
}
bool implies(const WordClause &clause, const WordClause &weaker) {
  return llvm::all_of(
      weaker, [&](const Literal &w) { return llvm::any_of(clause, [&](const Literal &l) { return implies(l, w); }); });
}

// Removes clauses that another one (of a denial as low at least) makes superfluous.
template <class T, class Covers> void absorb(std::vector<T> &list, Covers covers) {
  llvm::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  std::vector<T> kept;
  for (size_t i = 0; i < list.size(); ++i) {
    bool covered = false;
    for (size_t j = 0; j < list.size() && !covered; ++j)
      covered = i != j && covers(list[j], list[i]) && !(j > i && covers(list[i], list[j]));
    if (!covered) kept.push_back(list[i]);
  }
  list = std::move(kept);
}

uint32_t lowest(uint32_t base, uint32_t deny) { return precedence(deny) < precedence(base) ? deny : base; }

// A denial without conditions holds always: it becomes part of both results, unless one of its own precedence may still
// be lower.
void foldDenials(Answer &answer) {
  for (size_t i = 0; i < answer.deny.size(); ++i) {
    const WordDeny deny = answer.deny[i];
    if (!deny.literals.empty()) continue;
    auto rival = [&](const WordDeny &d) {
      return !d.literals.empty() && precedence(d.action) == precedence(deny.action);
    };
    if (llvm::any_of(answer.deny, rival)) continue;
    answer.granted = lowest(answer.granted, deny.action);
    answer.otherwise = lowest(answer.otherwise, deny.action);
    answer.deny.erase(answer.deny.begin() + i--);
  }
}
} // namespace

Answer simplify(Answer answer) {
  absorb(answer.allow, [](const WordClause &wide, const WordClause &narrow) { return implies(narrow, wide); });
  absorb(answer.deny, [](const WordDeny &wide, const WordDeny &narrow) {
    return static_cast<int32_t>(wide.action) <= static_cast<int32_t>(narrow.action) &&
           implies(narrow.literals, wide.literals);
  });
  foldDenials(answer);
  if (!answer.allow.empty() && answer.allow.front().empty()) {
    answer.allow.clear();
    answer.otherwise = answer.granted;
  }
  if (answer.granted == answer.otherwise) answer.allow.clear();
  if (answer.allow.empty()) answer.granted = answer.otherwise;
  const int32_t highest = std::max(precedence(answer.granted), precedence(answer.otherwise));
  llvm::erase_if(answer.deny, [&](const WordDeny &deny) { return precedence(deny.action) >= highest; });
  return answer;
}

Runs makeRuns(const LabelPlan &plan, Part part) {
  Runs result;
  std::map<Answer, unsigned> known;
  auto index = [&](Answer answer) {
    auto [found, isNew] = known.try_emplace(simplify(std::move(answer)), static_cast<unsigned>(result.answers.size()));
    if (isNew) result.answers.push_back(found->first);
    return found->second;
  };
  const uint32_t otherwise = part == Part::DenyFilter ? action::Allow : plan.defaultAction;
  for (const ArchPlan &arch : plan.arches) {
    ArchRuns own{&arch, {}};
    auto append = [&](uint32_t first, uint32_t last, unsigned answer) {
      if (first > last) return;
      if (!own.runs.empty() && own.runs.back().answer == answer)
        own.runs.back().last = last;
      else
        own.runs.push_back({first, last, answer});
    };
    const unsigned nothing = index({{}, {}, otherwise, otherwise});
    const bool hasX32 = arch.arch->audit == 0xc000003e;
    uint64_t next = 0;
    for (const Call &call : arch.calls) {
      Answer answer{{}, {}, action::Allow, otherwise};
      if (part != Part::DenyFilter)
        for (const Clause &clause : call.allow)
          for (WordClause &w : words(clause, arch.arch->wide))
            answer.allow.push_back(std::move(w));
      if (part != Part::AllowFilter)
        for (const Deny &deny : call.deny)
          for (WordClause &w : words(deny.tests, arch.arch->wide))
            answer.deny.push_back({std::move(w), deny.action});
      if (part == Part::DenyFilter) answer.otherwise = action::Allow;
      if (call.number > next) append(static_cast<uint32_t>(next), call.number - 1, nothing);
      append(call.number, call.number, index(std::move(answer)));
      next = uint64_t(call.number) + 1;
    }
    if (hasX32) {
      append(static_cast<uint32_t>(next), 0x3fffffff, nothing);
      append(0x40000000, maxWord - 1, index({{}, {}, action::KillThread, action::KillThread}));
      append(maxWord, maxWord, nothing);
    } else if (next <= maxWord) {
      append(static_cast<uint32_t>(next), maxWord, nothing);
    }
    result.arches.push_back(std::move(own));
  }
  return result;
}

} // namespace snapsecc::seccomp
