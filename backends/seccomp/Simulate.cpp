// SPDX-License-Identifier: Apache-2.0
// A call with open arguments through a stack of filters: all paths, with the exact set of values that each word may
// still have.
#include "backends/seccomp/Inspect.h"
#include "backends/seccomp/WordSet.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::seccomp {

namespace {
struct State {
  size_t program, at;
  unsigned word;
  uint32_t mask, result;
  unsigned executed;
  std::array<WordSets::Id, 16> words;
};

class Simulation {
public:
  Simulation(llvm::ArrayRef<Program> stack, bool bigEndian) : stack(stack), bigEndian(bigEndian) {}

  Simulated run(const OpenCall &call) {
    State start{stack.size() - 1, 0, 0, 0, action::Allow, 0, {}};
    start.words.fill(WordSets::All);
    start.words[0] = sets.range(call.number, call.number);
    start.words[1] = sets.range(call.arch, call.arch);
    for (unsigned i = 0; i < 6; ++i)
      if (call.arguments[i]) {
        const uint32_t low = static_cast<uint32_t>(*call.arguments[i]),
                       high = static_cast<uint32_t>(*call.arguments[i] >> 32);
        start.words[4 + 2 * i] = sets.range(low, low);
        start.words[5 + 2 * i] = sets.range(high, high);
      }
    states = {start};
    result.fewest = ~0u;
    while (!states.empty()) {
      const State s = states.back();
      states.pop_back();
      follow(s);
    }
    return std::move(result);
  }

private:
  void follow(State s) {
    while (true) {
      const Instruction &insn = stack[s.program][s.at];
      ++s.executed;
      ++s.at;
      switch (insn.code) {
      case bpf::Load:
        s.word = insn.k < 8 ? insn.k / 4 : insn.k / 8 * 2 + ((insn.k % 8 == 4) != bigEndian);
        s.mask = ~0u;
        break;
      case bpf::And: s.mask &= insn.k; break;
      case bpf::Jump: s.at += insn.k; break;
      case bpf::Return:
        if (precedence(insn.k) < precedence(s.result)) s.result = insn.k;
        if (s.program-- == 0) {
          result.actions.insert(s.result);
          result.fewest = std::min(result.fewest, s.executed);
          result.most = std::max(result.most, s.executed);
          return;
        }
        s.at = 0;
        break;
      default: test(s, insn);
      }
    }
  }

  void test(State &s, const Instruction &insn) {
    const WordSets::Id now = s.words[s.word], yes = sets.both(now, answeringYes(insn, s.mask)),
                       no = sets.both(now, sets.complement(yes));
    if (yes != WordSets::None && no != WordSets::None) {
      states.push_back(s);
      states.back().at += insn.no;
      states.back().words[s.word] = no;
    }
    s.at += yes != WordSets::None ? insn.yes : insn.no;
    s.words[s.word] = yes != WordSets::None ? yes : no;
  }

  WordSets::Id answeringYes(const Instruction &insn, uint32_t mask) {
    if (insn.code == bpf::JumpEqual) return sets.masked(mask, insn.k);
    if (insn.code == bpf::JumpSet) return sets.complement(sets.masked(mask & insn.k, 0));
    const bool orEqual = insn.code == bpf::JumpGreaterEqual;
    if (!orEqual && insn.k == ~0u) return WordSets::None;
    return atLeast(mask, insn.k + !orEqual);
  }

  // Words whose bits `mask` are `least` or more: from the top, equal so far and then greater, or equal throughout.
  WordSets::Id atLeast(uint32_t mask, uint32_t least) {
    if (mask == ~0u) return sets.range(least, ~0u);
    WordSets::Id all = sets.masked(mask, least);
    for (unsigned bit = 0; bit < 32; ++bit) {
      const uint32_t one = 1u << bit, above = ~(one | (one - 1));
      if (least & one || !(mask & one) || (least & above & ~mask)) continue;
      all = sets.either(all, sets.masked((mask & above) | one, (least & above) | one));
    }
    return all;
  }

  llvm::ArrayRef<Program> stack;
  bool bigEndian;
  WordSets sets;
  std::vector<State> states;
  Simulated result;
};
} // namespace

Simulated simulate(llvm::ArrayRef<Program> stack, const OpenCall &call, bool bigEndian) {
  return Simulation(stack, bigEndian).run(call);
}

} // namespace snapsecc::seccomp
