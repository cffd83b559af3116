// SPDX-License-Identifier: Apache-2.0
// Sets of 32-bit words as reduced ordered binary decision diagrams, the highest bit first: intervals and bit patterns
// and all their combinations exactly, equal sets as equal ids. What the leaves know of a word, and what the proof
// reasons with.
#pragma once
#include "llvm/ADT/DenseMap.h"
#include <cstdint>
#include <vector>

namespace snapsecc::seccomp {

class WordSets {
public:
  using Id = uint32_t;
  static constexpr Id None = 0, All = 1;
  Id range(uint32_t first, uint32_t last);  // both included
  Id masked(uint32_t mask, uint32_t value); // words whose bits `mask` are `value`
  Id both(Id a, Id b);
  Id complement(Id a);
  Id either(Id a, Id b) { return complement(both(complement(a), complement(b))); }
  bool contains(Id set, uint32_t word) const;
  uint32_t element(Id set) const; // the least; the set is not empty

private:
  struct Node {
    int bit;
    Id zero, one;
  };
  Id make(int bit, Id zero, Id one);
  Id range(int bit, uint32_t first, uint32_t last);
  Id masked(int bit, uint32_t mask, uint32_t value);

  std::vector<Node> nodes{{-1, 0, 0}, {-1, 1, 1}};
  // Keyed by pairs, not by both words in 64 bits, of which LLVM hashes the lower 32 alone.
  using Pairs = llvm::DenseMap<std::pair<uint32_t, uint32_t>, Id>;
  std::vector<Pairs> unique{32}; // by bit: children -> node
  Pairs ands, ranges, patterns;
  llvm::DenseMap<Id, Id> complements;
};

} // namespace snapsecc::seccomp
