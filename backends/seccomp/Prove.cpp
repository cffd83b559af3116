// SPDX-License-Identifier: Apache-2.0
// 1. Each architecture's numbers fall into those of the plan and the gaps between, where the answer is one value.
// 2. A number is followed as a value up to the first load of an argument; a gap as a set.
// 3. From there all paths, with the set of values that each of the words may still have; a test splits one set.
// 4. At a return, the plan's clauses on these sets: a test that is not decided by them splits them.
#include "backends/seccomp/Prove.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>
#include <set>
#include <tuple>

namespace snapsecc::seccomp {

namespace {
constexpr unsigned wordCount =
    16; // of seccomp_data, by value: 0 number, 1 arch, 2 and 3 ip, 4+2i and 5+2i low and high of argument i
using Sets = std::array<WordSets::Id, wordCount>;

class Prover {
public:
  Prover(const Program &program, const LabelPlan &plan, Part part, bool bigEndian, WordSets &sets)
      : program(program), plan(plan), part(part), bigEndian(bigEndian), sets(sets), knowsCall(program.size()) {
    // Whether what can run from here looks at number or architecture.
    for (size_t i = program.size(); i-- > 0;) {
      const Instruction &insn = program[i];
      if (insn.code == bpf::Return) continue;
      const size_t yes = i + 1 + (insn.code == bpf::Jump ? insn.k : insn.yes), no = i + 1 + insn.no;
      knowsCall[i] =
          (insn.code == bpf::Load && insn.k < 8) || knowsCall[yes] || (insn.code != bpf::Jump && knowsCall[no]);
    }
  }

  std::optional<Disproof> run() {
    WordSets::Id others = WordSets::All;
    for (const ArchPlan &arch : plan.arches)
      others = sets.both(others, sets.complement(sets.range(arch.arch->audit, arch.arch->audit)));
    Sets all;
    all.fill(WordSets::All);
    all[1] = others;
    current = nullptr;
    follow(0, all);
    for (const ArchPlan &arch : plan.arches)
      if (!result) proveArch(arch);
    return result;
  }

private:
  void proveArch(const ArchPlan &arch) {
    wide = arch.arch->wide;
    audit = arch.arch->audit;
    Sets all;
    all.fill(WordSets::All);
    all[1] = sets.range(arch.arch->audit, arch.arch->audit);
    uint64_t next = 0;
    auto gap = [&](uint64_t end) { // [next, end)
      for (uint64_t cut : {uint64_t(0x40000000), uint64_t(0xffffffff), end}) {
        cut = std::min(cut, end);
        if (cut <= next) continue;
        all[0] = sets.range(static_cast<uint32_t>(next), static_cast<uint32_t>(cut - 1));
        current = nullptr;
        first = static_cast<uint32_t>(next), last = static_cast<uint32_t>(cut - 1);
        follow(0, all);
        next = cut;
      }
    };
    for (const Call &call : arch.calls) {
      gap(call.number);
      next = uint64_t(call.number) + 1;
      all[0] = sets.range(call.number, call.number);
      current = &call;
      first = last = call.number;
      if (!result) follow(0, all);
    }
    gap(uint64_t(1) << 32);
  }

  struct State {
    size_t at;
    unsigned word; // that the accumulator was loaded from
    uint32_t mask; // and what is left of it
    Sets words;
  };

  unsigned wordAt(uint32_t offset) const {
    if (offset < 8) return offset / 4;
    const unsigned pair = offset / 8 * 2;
    return pair + ((offset % 8 == 4) != bigEndian);
  }

  // All paths from an instruction.
  void follow(size_t start, const Sets &words) {
    std::vector<State> states{{start, 0, 0, words}};
    while (!states.empty() && !result) {
      State s = states.back();
      states.pop_back();
      step(s, states);
    }
  }

  void step(State &s, std::vector<State> &states) {
    for (;; ++s.at) {
      const Instruction &insn = program[s.at];
      switch (insn.code) {
      case bpf::Load:
        if (insn.k >= 16 && current && !knowsCall[s.at] && untouched(s.words) &&
            !proved.insert({s.at, wide, current->allow, current->deny}).second)
          return;
        s.word = wordAt(insn.k);
        s.mask = ~0u;
        break;
      case bpf::And: s.mask &= insn.k; break;
      case bpf::Jump: s.at += insn.k; break;
      case bpf::Return: checkReturn(s.words, insn.k); return;
      default: {
        if (auto known = decideEarly(s, insn)) {
          s.at += *known ? insn.yes : insn.no;
          continue;
        }
        const WordSets::Id yes = sets.both(s.words[s.word], valuesFor(insn, s.mask));
        if (result) return;
        const WordSets::Id no = sets.both(s.words[s.word], sets.complement(yes));
        if (yes != WordSets::None && no != WordSets::None) {
          states.push_back(s);
          states.back().at = s.at + 1 + insn.no;
          states.back().words[s.word] = no;
        }
        s.at += yes != WordSets::None ? insn.yes : insn.no;
        s.words[s.word] = yes != WordSets::None ? yes : no;
      }
      }
    }
  }

  // Most tests of number and architecture, without sets.
  std::optional<bool> decideEarly(const State &s, const Instruction &insn) const {
    if (!audit || s.word > 1) return std::nullopt;
    if (s.word == 1 || first == last) return isTaken(insn, (s.word == 1 ? *audit : first) & s.mask);
    if (s.mask != ~0u || insn.code == bpf::JumpSet) return std::nullopt;
    if (insn.code == bpf::JumpEqual) return insn.k < first || insn.k > last ? std::optional(false) : std::nullopt;
    const bool low = isTaken(insn, first), high = isTaken(insn, last);
    return low == high ? std::optional(low) : std::nullopt;
  }

  static bool untouched(const Sets &words) {
    return llvm::all_of(llvm::ArrayRef(words).drop_front(2), [](WordSets::Id id) { return id == WordSets::All; });
  }

  WordSets::Id valuesFor(const Instruction &insn, uint32_t mask) {
    switch (insn.code) {
    case bpf::JumpEqual: return sets.masked(mask, insn.k);
    case bpf::JumpSet: return sets.complement(sets.masked(mask & insn.k, 0));
    default:
      if (mask != ~0u) result = Disproof{{}, 0, 0, "an order test of masked bits"};
      if (insn.code == bpf::JumpGreater) return insn.k == ~0u ? WordSets::None : sets.range(insn.k + 1, ~0u);
      return sets.range(insn.k, ~0u);
    }
  }

  CallData example(const Sets &words) const {
    auto wordPair = [&](unsigned w) { return uint64_t(sets.element(words[w + 1])) << 32 | sets.element(words[w]); };
    CallData data{sets.element(words[0]), sets.element(words[1]), wordPair(2), {}};
    for (unsigned i = 0; i < 6; ++i)
      data.arguments[i] = wordPair(4 + 2 * i);
    return data;
  }

  // The plan on a set of calls: split until each test of the call is decided, then by example.
  void checkReturn(const Sets &words, uint32_t got) {
    if (current && split(words, got)) return;
    const CallData data = example(words);
    const uint32_t expected = verdict(plan, data, part);
    if (expected != got) result = Disproof{data, expected, got, ""};
  }

  bool split(const Sets &words, uint32_t got) {
    if (part != Part::DenyFilter)
      for (const Clause &clause : current->allow) {
        const auto [truth, test] = decide(words, clause);
        if (truth == Truth::Unknown) return splitBy(words, *test, got);
        if (truth == Truth::Yes) break;
      }
    if (part != Part::AllowFilter)
      for (const Deny &deny : current->deny)
        if (const auto [truth, test] = decide(words, deny.tests); truth == Truth::Unknown)
          return splitBy(words, *test, got);
    return false;
  }

  bool splitBy(const Sets &words, const Test &test, uint32_t got) {
    for (const Sets &piece : piecesOf(words, test))
      if (!result) checkReturn(piece, got);
    return true;
  }

  enum class Truth : uint8_t { No, Yes, Unknown };
  // A clause that some test rules out is decided, whatever the others are.
  std::pair<Truth, const Test *> decide(const Sets &words, const Clause &clause) {
    const Test *unknown = nullptr;
    for (const Test &test : clause) {
      const Truth truth = decide(words, test);
      if (truth == Truth::No) return {Truth::No, nullptr};
      if (truth == Truth::Unknown && !unknown) unknown = &test;
    }
    return {unknown ? Truth::Unknown : Truth::Yes, unknown};
  }

  Truth decide(const Sets &words, const Test &test) {
    const unsigned low = 4 + 2 * test.argument, high = low + 1;
    const WordSets::Id lows = words[low], highs = wide ? words[high] : sets.range(0, 0);
    const uint32_t l = static_cast<uint32_t>(test.value), h = static_cast<uint32_t>(test.value >> 32);
    auto within = [&](WordSets::Id values, WordSets::Id set) { return sets.both(values, set) == values; };
    auto apart = [&](WordSets::Id values, WordSets::Id set) { return sets.both(values, set) == WordSets::None; };
    auto equal = [&](WordSets::Id lowSet, WordSets::Id highSet) {
      if (apart(lows, lowSet) || apart(highs, highSet)) return Truth::No;
      return within(lows, lowSet) && within(highs, highSet) ? Truth::Yes : Truth::Unknown;
    };
    auto negate = [](Truth t) { return t == Truth::Unknown ? t : t == Truth::Yes ? Truth::No : Truth::Yes; };
    // Below the operand, or (orEqual) at most.
    auto below = [&](bool orEqual) {
      if (h ? within(highs, sets.range(0, h - 1)) : false) return Truth::Yes;
      if (h != ~0u && within(highs, sets.range(h + 1, ~0u))) return Truth::No;
      if (!within(highs, sets.range(h, h))) return Truth::Unknown;
      const WordSets::Id less = orEqual ? sets.range(0, l) : l ? sets.range(0, l - 1) : WordSets::None;
      return within(lows, less) ? Truth::Yes : apart(lows, less) ? Truth::No : Truth::Unknown;
    };
    switch (test.op) {
    case Operator::Equal: return equal(sets.range(l, l), sets.range(h, h));
    case Operator::NotEqual: return negate(equal(sets.range(l, l), sets.range(h, h)));
    case Operator::Less: return below(false);
    case Operator::LessEqual: return below(true);
    case Operator::Greater: return negate(below(true));
    case Operator::GreaterEqual: return negate(below(false));
    case Operator::Masked:
      return equal(sets.masked(static_cast<uint32_t>(test.mask), l),
                   sets.masked(static_cast<uint32_t>(test.mask >> 32), h));
    }
    return Truth::Unknown;
  }

  // Cut so that the test has one value on each piece: by the high word against the operand's, then the low one.
  std::vector<Sets> piecesOf(const Sets &words, const Test &test) {
    const unsigned low = 4 + 2 * test.argument, high = low + 1;
    const uint32_t l = static_cast<uint32_t>(test.value), h = static_cast<uint32_t>(test.value >> 32);
    auto cuts = [&](uint32_t v, uint32_t mask) -> std::vector<WordSets::Id> {
      if (test.op == Operator::Masked) return {sets.masked(mask, v), sets.complement(sets.masked(mask, v))};
      return {v ? sets.range(0, v - 1) : WordSets::None, sets.range(v, v),
              v != ~0u ? sets.range(v + 1, ~0u) : WordSets::None};
    };
    std::vector<Sets> pieces;
    auto cut = [&](const Sets &from, unsigned word, uint32_t v, uint32_t mask) {
      std::vector<Sets> out;
      for (WordSets::Id id : cuts(v, mask)) {
        Sets piece = from;
        piece[word] = sets.both(from[word], id);
        if (piece[word] != WordSets::None) out.push_back(piece);
      }
      return out;
    };
    if (!wide) return cut(words, low, l, static_cast<uint32_t>(test.mask));
    for (const Sets &piece : cut(words, high, h, static_cast<uint32_t>(test.mask >> 32))) {
      const bool lowMatters = test.op == Operator::Masked || sets.both(piece[high], sets.range(h, h)) != WordSets::None;
      if (!lowMatters)
        pieces.push_back(piece);
      else
        llvm::append_range(pieces, cut(piece, low, l, static_cast<uint32_t>(test.mask)));
    }
    return pieces;
  }

  const Program &program;
  const LabelPlan &plan;
  Part part;
  bool bigEndian;
  WordSets &sets;
  std::vector<bool> knowsCall;
  const Call *current = nullptr; // nullptr: none, in a gap or on another architecture
  bool wide = true;
  std::optional<uint32_t> audit;  // of the architecture that is proved; none: all others
  uint32_t first = 0, last = ~0u; // of the numbers that are proved
  std::set<std::tuple<size_t, bool, std::vector<Clause>, std::vector<Deny>>> proved;
  std::optional<Disproof> result;
};
} // namespace

std::optional<Disproof> disprove(const Program &program, const LabelPlan &plan, Part part, bool bigEndian) {
  WordSets sets;
  return disprove(program, plan, part, bigEndian, sets);
}

std::optional<Disproof> disprove(const Program &program, const LabelPlan &plan, Part part, bool bigEndian,
                                 WordSets &sets) {
  return Prover(program, plan, part, bigEndian, sets).run();
}

std::string describe(const Disproof &d) {
  if (!d.unsupported.empty()) return d.unsupported;
  std::string text = fmt::format("arch {:#x}, number {:#x} (", d.data.arch, d.data.number);
  for (uint64_t a : d.data.arguments)
    text += fmt::format("{}{:#x}", text.back() == '(' ? "" : ", ", a);
  return text + "): " + actionName(d.got) + " instead of " + actionName(d.expected);
}

} // namespace snapsecc::seccomp
