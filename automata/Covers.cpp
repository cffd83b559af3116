// SPDX-License-Identifier: Apache-2.0
// Inclusion without building the automaton of the union: a walk over the product of all automata, which ends at the
// first word that no part accepts, and goes no further where a part accepts whatever follows.
#include "automata/Dfa.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>

namespace snapsecc::automata {
namespace {

// Tuples of states, each kept once, one behind the other; open addressing.
class TupleSet {
public:
  explicit TupleSet(size_t width) : stride(width), slots(64, 0) {}
  size_t size() const { return tuples.size() / stride; }
  const uint32_t *operator[](size_t index) const { return &tuples[index * stride]; }
  bool insert(const uint32_t *tuple);

private:
  size_t hash(const uint32_t *tuple) const {
    uint64_t value = 1469598103934665603u;
    for (size_t i = 0; i < stride; ++i)
      value = (value ^ tuple[i]) * 1099511628211u;
    return value ^ (value >> 29);
  }
  size_t slotOf(const uint32_t *tuple) const {
    size_t slot = hash(tuple) & (slots.size() - 1);
    while (slots[slot] != 0 && !std::equal(tuple, tuple + stride, (*this)[slots[slot] - 1]))
      slot = (slot + 1) & (slots.size() - 1);
    return slot;
  }

  size_t stride;
  std::vector<uint32_t> tuples, slots; // slots: index + 1, 0 for free
};

bool TupleSet::insert(const uint32_t *tuple) {
  size_t slot = slotOf(tuple);
  if (slots[slot] != 0) return false;
  tuples.insert(tuples.end(), tuple, tuple + stride);
  slots[slot] = static_cast<uint32_t>(size());
  if (2 * size() > slots.size()) {
    slots.assign(slots.size() * 4, 0);
    for (size_t i = 0; i < size(); ++i)
      slots[slotOf((*this)[i])] = static_cast<uint32_t>(i + 1);
  }
  return true;
}

class Walk {
public:
  Walk(llvm::ArrayRef<const Dfa *> parts, llvm::ArrayRef<const Dfa *> whole);
  llvm::Expected<bool> run(llvm::StringRef prefix, Limits limits);

private:
  // False: `states` accept in all of `whole` and in no part.
  bool visit();
  bool acceptsAll(size_t automaton, uint32_t state) const;

  size_t wholes;
  llvm::SmallVector<const Dfa *, 8> automata; // those of `whole`, then the parts
  std::vector<bool> mayIgnore; // a class of an automaton that is NUL alone, while no word of all of `whole` holds it
  std::vector<uint32_t> states;
  TupleSet seen;
};

Walk::Walk(llvm::ArrayRef<const Dfa *> parts, llvm::ArrayRef<const Dfa *> whole)
    : wholes(whole.size()), states(whole.size() + parts.size()), seen(states.size()) {
  automata.append(whole.begin(), whole.end());
  automata.append(parts.begin(), parts.end());
  bool noNul = llvm::any_of(whole, [](const Dfa *dfa) {
    for (uint32_t state = 0; state < dfa->states(); ++state)
      if (dfa->step(state, 0) != 0) return false;
    return true;
  });
  for (const Dfa *dfa : automata)
    mayIgnore.push_back(noNul && std::count(dfa->classOf.begin(), dfa->classOf.end(), dfa->classOf[0]) == 1);
}

// The state of a `**` at the end of a pattern.
bool Walk::acceptsAll(size_t automaton, uint32_t state) const {
  const Dfa &dfa = *automata[automaton];
  if (dfa.accept[state] == 0) return false;
  for (unsigned cls = 0; cls < dfa.classes; ++cls)
    if (dfa.next[state * dfa.classes + cls] != state && !(mayIgnore[automaton] && cls == dfa.classOf[0])) return false;
  return true;
}

bool Walk::visit() {
  bool accepted = true, covered = false;
  for (size_t i = 0; i < wholes; ++i) {
    if (states[i] == 0) return true;
    accepted = accepted && automata[i]->accept[states[i]] != 0;
  }
  for (size_t i = wholes; i < automata.size(); ++i) {
    if (states[i] == 0) continue;
    if (acceptsAll(i, states[i])) return true;
    covered = covered || automata[i]->accept[states[i]] != 0;
  }
  if (accepted && !covered) return false;
  seen.insert(states.data());
  return true;
}

llvm::Expected<bool> Walk::run(llvm::StringRef prefix, Limits limits) {
  JointClasses joint = jointClasses(automata);
  for (size_t i = 0; i < automata.size(); ++i) {
    states[i] = automata[i]->start;
    for (unsigned char byte : prefix)
      states[i] = automata[i]->step(states[i], byte);
  }
  if (!visit()) return false;
  std::vector<uint32_t> from(automata.size());
  for (size_t next = 0; next < seen.size(); ++next) {
    if (seen.size() > limits.states) return llvm::make_error<BudgetError>(limits.states);
    from.assign(seen[next], seen[next] + automata.size());
    for (unsigned char byte : joint.sample) {
      bool alive = true;
      for (size_t i = 0; i < automata.size() && alive; ++i) {
        states[i] = automata[i]->step(from[i], byte);
        alive = i >= wholes || states[i] != 0;
      }
      if (alive && !visit()) return false;
    }
  }
  return true;
}

} // namespace

llvm::Expected<bool> covers(llvm::ArrayRef<const Dfa *> parts, llvm::ArrayRef<const Dfa *> whole, Limits limits,
                            llvm::StringRef prefix) {
  return Walk(parts, whole).run(prefix, limits);
}

} // namespace snapsecc::automata
