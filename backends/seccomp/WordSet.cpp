// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/WordSet.h"
#include <cassert>
#include <utility>

namespace snapsecc::seccomp {

WordSets::Id WordSets::make(int bit, Id zero, Id one) {
  if (zero == one) return zero;
  auto [found, isNew] = unique[bit].try_emplace({zero, one}, static_cast<Id>(nodes.size()));
  if (isNew) nodes.push_back({bit, zero, one});
  return found->second;
}

WordSets::Id WordSets::range(uint32_t first, uint32_t last) {
  if (first > last) return None;
  if (first == 0 && last == ~0u) return All;
  if (first >= ~0u - 1) return range(31, first, last); // keys that the map has for itself
  auto [found, isNew] = ranges.try_emplace({first, last}, None);
  if (!isNew) return found->second;
  const Id made = range(31, first, last);
  return ranges[{first, last}] = made;
}

WordSets::Id WordSets::masked(uint32_t mask, uint32_t value) {
  if (mask == ~0u) return range(value, value);
  if (mask == ~0u - 1) return masked(31, mask, value); // as above
  auto [found, isNew] = patterns.try_emplace({mask, value}, None);
  if (!isNew) return found->second;
  const Id made = masked(31, mask, value);
  return patterns[{mask, value}] = made;
}

// `first` and `last` hold the bits from `bit` down.
WordSets::Id WordSets::range(int bit, uint32_t first, uint32_t last) {
  if (bit < 0) return All;
  const uint32_t half = 1u << bit;
  if (first == 0 && last == half - 1 + half) return All;
  Id zero = first >= half ? None : range(bit - 1, first, last >= half ? half - 1 : last);
  Id one = last < half ? None : range(bit - 1, first >= half ? first - half : 0, last - half);
  return make(bit, zero, one);
}

WordSets::Id WordSets::masked(int bit, uint32_t mask, uint32_t value) {
  if ((value & ~mask) != 0) return None;
  if (bit < 0) return All;
  const uint32_t one = 1u << bit;
  const uint32_t rest = one - 1;
  if ((mask & (rest | one)) == 0) return All;
  Id below = masked(bit - 1, mask & rest, value & rest);
  if (!(mask & one)) return below;
  return value & one ? make(bit, None, below) : make(bit, below, None);
}

WordSets::Id WordSets::both(Id a, Id b) {
  if (a == b || b == All) return a;
  if (a == All) return b;
  if (a == None || b == None) return None;
  if (a > b) std::swap(a, b);
  if (auto found = ands.find({a, b}); found != ands.end()) return found->second;
  const Node x = nodes[a], y = nodes[b];
  const int bit = std::max(x.bit, y.bit);
  Id zero = both(x.bit == bit ? x.zero : a, y.bit == bit ? y.zero : b);
  Id one = both(x.bit == bit ? x.one : a, y.bit == bit ? y.one : b);
  Id result = make(bit, zero, one);
  ands[{a, b}] = result;
  return result;
}

WordSets::Id WordSets::complement(Id a) {
  if (a <= All) return a == None ? All : None;
  if (auto found = complements.find(a); found != complements.end()) return found->second;
  const Node x = nodes[a];
  Id zero = complement(x.zero);
  Id result = make(x.bit, zero, complement(x.one));
  complements[a] = result;
  return result;
}

bool WordSets::contains(Id set, uint32_t word) const {
  while (set > All)
    set = word >> nodes[set].bit & 1 ? nodes[set].one : nodes[set].zero;
  return set == All;
}

uint32_t WordSets::element(Id set) const {
  assert(set != None);
  uint32_t word = 0;
  while (set > All) {
    const Node &n = nodes[set];
    if (n.zero == None) word |= 1u << n.bit;
    set = n.zero == None ? n.one : n.zero;
  }
  return word;
}

} // namespace snapsecc::seccomp
