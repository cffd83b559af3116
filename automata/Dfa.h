// SPDX-License-Identifier: Apache-2.0
// Automata as data: positions of patterns (Nfa), and deterministic automata over classes of bytes (Dfa). The operations
// on them are generic in what acceptance means: a label, 0 for none; Language uses 1, a policy numbers its permission
// sets.
#pragma once
#include "automata/Language.h"
#include "llvm/ADT/STLExtras.h"
#include <array>

namespace snapsecc::automata {

// A position automaton (Glushkov): a state is a position that was just read. Position 0 accepts; it has no bytes.
struct Nfa {
  struct Position {
    uint32_t bytes;               // index into `sets`
    uint32_t accept = 0;          // of an accepting position: its label
    std::vector<uint32_t> follow; // sorted
  };
  std::vector<ByteSet> sets; // distinct
  std::vector<Position> positions;
  std::vector<uint32_t> first; // what may be read at the start; sorted
};
// Adds a pattern without variables; accepts with `label`.
llvm::Error addPattern(Nfa &nfa, const Pattern &pattern, uint32_t label, Limits limits);

bool matches(const Nfa &nfa, llvm::StringRef word);

// State 0 rejects for ever. Minimal automata are numbered in the order of a breadth-first walk, classes by their lowest
// byte, so that equal languages are equal values.
class Dfa {
public:
  std::array<uint8_t, 256> classOf{};
  unsigned classes = 1;
  uint32_t start = 0;
  std::vector<uint32_t> next{0}; // states * classes
  std::vector<uint32_t> accept{0};

  size_t states() const { return accept.size(); }
  uint32_t step(uint32_t state, unsigned char byte) const { return next[state * classes + classOf[byte]]; }
  bool operator==(const Dfa &) const = default;
};

// Chooses what a state accepts when several labels meet: labels sorted, distinct, none 0.
using Combine = llvm::function_ref<uint32_t(llvm::ArrayRef<uint32_t>)>;
llvm::Expected<Dfa> determinize(const Nfa &nfa, Combine combine, Limits limits);
Dfa minimize(const Dfa &dfa);

// Acceptance of a pair of states.
using Merge = llvm::function_ref<uint32_t(uint32_t, uint32_t)>;
// The product of two automata, not minimal. Pairs of which `merge` can no longer make anything but 0 need not be told
// apart: `prune` says that such a pair is dead, by whether either side is in state 0.
llvm::Expected<Dfa> product(const Dfa &a, const Dfa &b, Merge merge, llvm::function_ref<bool(bool, bool)> prune,
                            Limits limits);

// Is every word that is in all of `whole` in one of `parts`? `prefix`: all words of one of `whole` begin with it.
llvm::Expected<bool> covers(llvm::ArrayRef<const Dfa *> parts, llvm::ArrayRef<const Dfa *> whole, Limits limits,
                            llvm::StringRef prefix = "");

// The coarsest classes that are as fine as those of each automaton: classOf by byte, and a byte of each class.
struct JointClasses {
  std::array<uint8_t, 256> classOf{};
  std::vector<unsigned char> sample;
};
JointClasses jointClasses(llvm::ArrayRef<const Dfa *> automata);
// A byte of each class that reads well: a letter, else a digit, else anything printable; in this order.
std::vector<unsigned char> readableSamples(const Dfa &dfa);

} // namespace snapsecc::automata
