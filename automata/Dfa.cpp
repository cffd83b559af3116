// SPDX-License-Identifier: Apache-2.0
// Minimal automata (Hopcroft 1971), numbered so that equal languages are equal values, and products of two.
//   1. partition by acceptance; split by what leads into a block until nothing splits
//   2. classes whose columns are equal become one
//   3. states in the order of a breadth-first walk from the start; the rejecting state is 0
#include "automata/Dfa.h"
#include <map>
#include <unordered_map>

namespace snapsecc::automata {
namespace {

// A partition of 0..n-1 into blocks; each block is a stretch of `elements`, its marked elements in front.
class Partition {
public:
  explicit Partition(llvm::ArrayRef<uint32_t> colors);
  uint32_t blockOf(uint32_t element) const { return block[element]; }
  size_t size() const { return blocks.size(); }
  llvm::ArrayRef<uint32_t> members(uint32_t index) const {
    return llvm::makeArrayRef(elements).slice(blocks[index].begin, blocks[index].end - blocks[index].begin);
  }
  void mark(uint32_t element);
  // Splits every block that is marked in part; calls split(block) for the new one, which is the smaller of the two.
  template <class Split> void splitMarked(Split split);

private:
  struct Block {
    uint32_t begin = 0, end = 0, marked = 0;
  };
  std::vector<uint32_t> elements, position, block;
  std::vector<Block> blocks;
  std::vector<uint32_t> touched;
};

Partition::Partition(llvm::ArrayRef<uint32_t> colors)
    : elements(colors.size()), position(colors.size()), block(colors.size()) {
  std::map<uint32_t, uint32_t> ids; // color -> block, in the order of colors
  for (uint32_t color : colors)
    ids.emplace(color, 0);
  uint32_t count = 0;
  for (auto &entry : ids)
    entry.second = count++;
  blocks.resize(count);
  for (uint32_t color : colors)
    ++blocks[ids[color]].end;
  uint32_t at = 0;
  for (Block &b : blocks) {
    uint32_t size = b.end;
    b = {at, at, 0};
    at += size;
  }
  for (uint32_t i = 0; i < colors.size(); ++i) {
    block[i] = ids[colors[i]];
    position[i] = blocks[block[i]].end++;
    elements[position[i]] = i;
  }
}

void Partition::mark(uint32_t element) {
  Block &b = blocks[block[element]];
  uint32_t front = b.begin + b.marked;
  if (position[element] < front) return;
  if (b.marked++ == 0) touched.push_back(block[element]);
  uint32_t other = elements[front];
  std::swap(elements[front], elements[position[element]]);
  std::swap(position[other], position[element]);
}

template <class Split> void Partition::splitMarked(Split split) {
  for (uint32_t index : touched) {
    uint32_t marked = std::exchange(blocks[index].marked, 0);
    uint32_t size = blocks[index].end - blocks[index].begin;
    if (marked == size) continue;
    uint32_t middle = blocks[index].begin + marked;
    uint32_t fresh = static_cast<uint32_t>(blocks.size());
    if (marked <= size - marked) {
      blocks.push_back({blocks[index].begin, middle, 0});
      blocks[index].begin = middle;
    } else {
      blocks.push_back({middle, blocks[index].end, 0});
      blocks[index].end = middle;
    }
    for (uint32_t element : members(fresh))
      block[element] = fresh;
    split(fresh);
  }
  touched.clear();
}

// For each class the states that lead to each state: sources[begin[cls * n + state] ...).
struct Inverse {
  std::vector<uint32_t> begin, sources;
  explicit Inverse(const Dfa &dfa) : begin(dfa.states() * dfa.classes + 1), sources(dfa.states() * dfa.classes) {
    size_t n = dfa.states();
    for (size_t s = 0; s < n; ++s)
      for (size_t c = 0; c < dfa.classes; ++c)
        ++begin[c * n + dfa.next[s * dfa.classes + c] + 1];
    for (size_t i = 1; i < begin.size(); ++i)
      begin[i] += begin[i - 1];
    std::vector<uint32_t> at(begin.begin(), begin.end() - 1);
    for (size_t s = 0; s < n; ++s)
      for (size_t c = 0; c < dfa.classes; ++c)
        sources[at[c * n + dfa.next[s * dfa.classes + c]]++] = static_cast<uint32_t>(s);
  }
};

Partition refine(const Dfa &dfa) {
  Partition partition(dfa.accept);
  Inverse inverse(dfa);
  size_t n = dfa.states();
  std::vector<uint32_t> work, splitter;
  for (uint32_t b = 0; b < partition.size(); ++b)
    work.push_back(b);
  while (!work.empty()) {
    uint32_t index = work.back();
    work.pop_back();
    llvm::ArrayRef<uint32_t> members = partition.members(index);
    splitter.assign(members.begin(), members.end());
    for (size_t c = 0; c < dfa.classes; ++c) {
      for (uint32_t state : splitter)
        for (uint32_t i = inverse.begin[c * n + state]; i < inverse.begin[c * n + state + 1]; ++i)
          partition.mark(inverse.sources[i]);
      // The fresh block is the smaller one; the old one keeps its place on the list, if it has one.
      partition.splitMarked([&](uint32_t fresh) { work.push_back(fresh); });
    }
  }
  return partition;
}

} // namespace

Dfa minimize(const Dfa &dfa) {
  Partition partition = refine(dfa);
  size_t blocks = partition.size();
  // Columns of the quotient; bytes in ascending order give classes their numbers.
  std::vector<uint32_t> representative(blocks);
  for (uint32_t b = 0; b < blocks; ++b)
    representative[b] = partition.members(b)[0];
  Dfa out;
  std::vector<int> merged(dfa.classes, -1);
  std::map<std::vector<uint32_t>, int> columns;
  std::vector<uint32_t> sample; // a class of `dfa` for each class of `out`
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned cls = dfa.classOf[byte];
    if (merged[cls] < 0) {
      std::vector<uint32_t> column(blocks);
      for (size_t b = 0; b < blocks; ++b)
        column[b] = partition.blockOf(dfa.next[representative[b] * dfa.classes + cls]);
      auto [where, isNew] = columns.emplace(std::move(column), static_cast<int>(columns.size()));
      if (isNew) sample.push_back(cls);
      merged[cls] = where->second;
    }
    out.classOf[byte] = static_cast<uint8_t>(merged[cls]);
  }
  out.classes = static_cast<unsigned>(sample.size());
  constexpr uint32_t unseen = ~0u;
  std::vector<uint32_t> number(blocks, unseen), order{partition.blockOf(0)};
  number[partition.blockOf(0)] = 0;
  auto numberOf = [&](uint32_t block) {
    if (number[block] == unseen) {
      number[block] = static_cast<uint32_t>(order.size());
      order.push_back(block);
    }
    return number[block];
  };
  out.start = numberOf(partition.blockOf(dfa.start));
  out.next.clear();
  out.accept.clear();
  for (size_t i = 0; i < order.size(); ++i) {
    uint32_t state = representative[order[i]];
    out.accept.push_back(dfa.accept[state]);
    for (uint32_t cls : sample)
      out.next.push_back(numberOf(partition.blockOf(dfa.next[state * dfa.classes + cls])));
  }
  return out;
}

JointClasses jointClasses(llvm::ArrayRef<const Dfa *> automata) {
  JointClasses out;
  unsigned count = 1;
  for (const Dfa *dfa : automata) {
    std::vector<int> ids(count * dfa->classes, -1);
    unsigned fresh = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
      int &id = ids[out.classOf[byte] * dfa->classes + dfa->classOf[byte]];
      if (id < 0) id = static_cast<int>(fresh++);
      out.classOf[byte] = static_cast<uint8_t>(id);
    }
    count = fresh;
  }
  out.sample.resize(count);
  for (unsigned byte = 256; byte-- > 0;)
    out.sample[out.classOf[byte]] = static_cast<unsigned char>(byte);
  return out;
}

llvm::Expected<Dfa> product(const Dfa &a, const Dfa &b, Merge merge, llvm::function_ref<bool(bool, bool)> prune,
                            Limits limits) {
  JointClasses joint = jointClasses({&a, &b});
  Dfa out;
  out.classOf = joint.classOf;
  out.classes = static_cast<unsigned>(joint.sample.size());
  out.next.assign(out.classes, 0);
  std::unordered_map<uint64_t, uint32_t> ids;
  std::vector<std::pair<uint32_t, uint32_t>> pairs{{0, 0}};
  auto stateOf = [&](uint32_t x, uint32_t y) -> uint32_t {
    if (prune(x == 0, y == 0)) return 0;
    auto [where, isNew] = ids.try_emplace(uint64_t(x) << 32 | y, static_cast<uint32_t>(pairs.size()));
    if (isNew) pairs.push_back({x, y});
    return where->second;
  };
  out.start = stateOf(a.start, b.start);
  for (size_t state = 1; state < pairs.size(); ++state) {
    if (pairs.size() > limits.states) return llvm::make_error<BudgetError>(limits.states);
    auto [x, y] = pairs[state];
    out.accept.push_back(merge(a.accept[x], b.accept[y]));
    for (unsigned char byte : joint.sample) {
      uint32_t target = stateOf(a.step(x, byte), b.step(y, byte));
      out.next.push_back(target);
    }
  }
  return out;
}

std::vector<unsigned char> readableSamples(const Dfa &dfa) {
  auto rank = [](unsigned byte) {
    if (byte >= 'a' && byte <= 'z') return 0;
    if (byte >= '0' && byte <= '9') return 1;
    if (byte >= 'A' && byte <= 'Z') return 2;
    return byte > 0x20 && byte < 0x7f ? 3 : 4;
  };
  std::vector<unsigned char> bytes(256), samples;
  for (unsigned byte = 0; byte < 256; ++byte)
    bytes[byte] = static_cast<unsigned char>(byte);
  llvm::stable_sort(bytes, [&](unsigned char a, unsigned char b) { return rank(a) < rank(b); });
  ByteSet seen;
  for (unsigned char byte : bytes)
    if (!seen.test(dfa.classOf[byte])) {
      seen.set(dfa.classOf[byte]);
      samples.push_back(byte);
    }
  return samples;
}

} // namespace snapsecc::automata
