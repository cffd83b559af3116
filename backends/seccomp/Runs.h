// SPDX-License-Identifier: Apache-2.0
// Step "runs": a label's plan -> for each architecture the whole range of numbers, cut where the answer changes, and
// the different answers ("leaves"), shared by all numbers and architectures that have them. An answer is what is left
// of a plan once the number is known: conditions on 32-bit words, those of 64-bit tests taken apart.
#pragma once
#include "backends/seccomp/Bpf.h"

namespace snapsecc::seccomp {

// A word of seccomp_data: 0 the number, 1 the architecture, 2+2i and 3+2i the low and high word of argument i.
constexpr uint8_t numberWord = 0, archWord = 1;
constexpr uint8_t lowWord(unsigned argument) { return static_cast<uint8_t>(2 + 2 * argument); }

struct Literal {
  uint8_t word = 0;
  bool isRange = true;
  uint32_t a = 0, b = 0; // a..b, or: bits a are b
  bool operator==(const Literal &) const = default;
  auto operator<=>(const Literal &) const = default;
};
using WordClause = std::vector<Literal>; // all must hold; sorted
struct WordDeny {
  WordClause literals;
  uint32_t action = 0;
  bool operator==(const WordDeny &) const = default;
  auto operator<=>(const WordDeny &) const = default;
};
struct Answer {
  std::vector<WordClause> allow; // one must hold for `granted`, else `otherwise`
  std::vector<WordDeny> deny;    // the least that holds replaces a result of higher precedence
  uint32_t granted = action::Allow, otherwise = action::Allow;
  bool operator==(const Answer &) const = default;
  auto operator<=>(const Answer &) const = default;
  bool isConstant() const { return allow.empty() && deny.empty(); } // then it is `otherwise`
};
// The canonical form: without absorbed clauses, what always or never holds, and denials that can replace nothing.
Answer simplify(Answer answer);

struct Run {
  uint32_t first = 0, last = 0; // both included
  unsigned answer = 0;          // index into Runs::answers
};
struct ArchRuns {
  const ArchPlan *plan = nullptr;
  std::vector<Run> runs; // cover all numbers, in order; neighbours differ, but every call with a test stands alone
};
struct Runs {
  std::vector<Answer> answers;
  std::vector<ArchRuns> arches;
};
Runs makeRuns(const LabelPlan &plan, Part part);

} // namespace snapsecc::seccomp
