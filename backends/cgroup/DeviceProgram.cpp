// SPDX-License-Identifier: Apache-2.0
// The instruction set: Documentation/bpf/standardization/instruction-set.rst; the context: struct bpf_cgroup_dev_ctx.
//   1. sorted entries become blocks of neighbouring numbers; 2. r2 r3 r4 = type, major, minor; 3. by type and major, a
//   chain of comparisons; 4. two ends, to which the comparisons jump. An end that nothing jumps to is left out: the
//   kernel's verifier refuses instructions that are never reached.
#include "backends/cgroup/DeviceProgram.h"
#include <cassert>
#include <fmt/format.h>

namespace snapsecc::cgroup {
namespace {

constexpr uint8_t loadWord = 0x61, andWord = 0x54, move = 0xb7, leave = 0x95;
constexpr uint8_t jumpAlways = 0x05, jumpEqual = 0x15, jumpGreater = 0x25, jumpNotEqual = 0x55, jumpLess = 0xa5,
                  jumpLessEqual = 0xb5;
enum Register : uint8_t { Result, Context, Type, Major, Minor };
constexpr int blockType = 1, charType = 2; // BPF_DEVCG_DEV_*

// Devices of the same type whose numbers follow each other.
struct Block {
  char type;
  int firstMajor, lastMajor, firstMinor, lastMinor; // minors -1: all
};

std::vector<Block> blocksOf(const std::vector<DeviceEntry> &devices) {
  std::vector<Block> blocks;
  for (const DeviceEntry &device : devices) {
    if (!blocks.empty() && blocks.back().type == device.type) {
      Block &last = blocks.back();
      bool nextMajor = device.minor < 0 && last.lastMinor < 0 && device.major == last.lastMajor + 1;
      bool nextMinor = device.minor >= 0 && last.lastMinor >= 0 && device.major == last.lastMajor &&
                       device.minor == last.lastMinor + 1;
      bool covered = last.lastMinor < 0 && device.major == last.lastMajor;
      if (nextMajor) last.lastMajor = device.major;
      if (nextMinor) last.lastMinor = device.minor;
      if (nextMajor || nextMinor || covered) continue;
    }
    blocks.push_back({device.type, device.major, device.major, device.minor, device.minor});
  }
  return blocks;
}

class Assembler {
public:
  using Label = size_t;
  Label label() {
    places.push_back(-1);
    return places.size() - 1;
  }
  void bind(Label label) { places[label] = static_cast<int>(program.size()); }
  void add(Instruction instruction) { program.push_back(instruction); }
  void jump(uint8_t code, uint8_t left, int right, Label to) {
    jumps.push_back({program.size(), to});
    program.push_back({code, left, 0, 0, right});
  }
  bool isUsed(Label label) const {
    for (const auto &[from, to] : jumps)
      if (to == label) return true;
    return false;
  }
  std::vector<Instruction> finish() {
    for (const auto &[from, to] : jumps) {
      int distance = places[to] - static_cast<int>(from) - 1;
      assert(places[to] >= 0 && distance >= 0 && distance <= INT16_MAX && "a jump that cannot be made");
      program[from].offset = static_cast<int16_t>(distance);
    }
    return std::move(program);
  }

private:
  std::vector<Instruction> program;
  std::vector<int> places;
  std::vector<std::pair<size_t, Label>> jumps;
};

// Goes to `allow` where the minor number is one of first..last (-1: any), else falls through.
void allowMinors(Assembler &out, int first, int last, Assembler::Label allow) {
  if (first < 0) return out.jump(jumpAlways, 0, 0, allow);
  if (first == last) return out.jump(jumpEqual, Minor, first, allow);
  Assembler::Label other = out.label();
  if (first > 0) out.jump(jumpLess, Minor, first, other);
  out.jump(jumpLessEqual, Minor, last, allow);
  out.bind(other);
}

// The blocks of one type, those of one major together.
void allowBlocks(Assembler &out, const std::vector<Block> &blocks, char type, Assembler::Label allow) {
  for (size_t i = 0; i < blocks.size();) {
    const Block &head = blocks[i];
    if (head.type != type) {
      ++i;
      continue;
    }
    Assembler::Label next = out.label();
    if (head.firstMajor == head.lastMajor) {
      out.jump(jumpNotEqual, Major, head.firstMajor, next);
    } else {
      out.jump(jumpLess, Major, head.firstMajor, next);
      out.jump(jumpGreater, Major, head.lastMajor, next);
    }
    for (; i < blocks.size() && blocks[i].type == type && blocks[i].firstMajor == head.firstMajor; ++i)
      allowMinors(out, blocks[i].firstMinor, blocks[i].lastMinor, allow);
    out.bind(next);
  }
}

const char *comparison(uint8_t code) {
  switch (code) {
  case jumpEqual: return "==";
  case jumpNotEqual: return "!=";
  case jumpGreater: return ">";
  case jumpLess: return "<";
  default: return "<=";
  }
}

} // namespace

std::vector<Instruction> assembleDeviceFilter(const std::vector<DeviceEntry> &devices) {
  assert(std::is_sorted(devices.begin(), devices.end()));
  std::vector<Block> blocks = blocksOf(devices);
  Assembler out;
  Assembler::Label allow = out.label(), deny = out.label(), chars = out.label();
  out.add({loadWord, Type, Context, 0, 0}); // access in the upper half, type in the lower one
  out.add({andWord, Type, 0, 0, 0xffff});
  out.add({loadWord, Major, Context, 4, 0});
  out.add({loadWord, Minor, Context, 8, 0});
  bool anyBlock = !blocks.empty() && blocks.front().type == 'b', anyChar = !blocks.empty() && blocks.back().type == 'c';
  if (anyBlock) {
    out.jump(jumpNotEqual, Type, blockType, anyChar ? chars : deny);
    allowBlocks(out, blocks, 'b', allow);
    if (anyChar) out.jump(jumpAlways, 0, 0, deny);
  }
  out.bind(chars);
  if (anyChar) {
    out.jump(jumpNotEqual, Type, charType, deny);
    allowBlocks(out, blocks, 'c', allow);
  }
  if (out.isUsed(allow)) {
    out.jump(jumpAlways, 0, 0, deny);
    out.bind(allow);
    out.add({move, Result, 0, 0, 1});
    out.add({leave, 0, 0, 0, 0});
  }
  out.bind(deny);
  out.add({move, Result, 0, 0, 0});
  out.add({leave, 0, 0, 0, 0});
  return out.finish();
}

std::string encode(const std::vector<Instruction> &program, bool bigEndian) {
  std::string bytes;
  auto number = [&](uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i)
      bytes += static_cast<char>(value >> 8 * (bigEndian ? size - 1 - i : i));
  };
  for (const Instruction &one : program) {
    bytes += static_cast<char>(one.code);
    bytes += static_cast<char>(bigEndian ? one.target << 4 | one.source : one.source << 4 | one.target);
    number(static_cast<uint16_t>(one.offset), 2);
    number(static_cast<uint32_t>(one.immediate), 4);
  }
  return bytes;
}

std::string print(const std::vector<Instruction> &program) {
  std::string text;
  for (size_t i = 0; i < program.size(); ++i) {
    const Instruction &one = program[i];
    text += fmt::format("{:4}: ", i);
    switch (one.code) {
    case loadWord: text += fmt::format("r{} = *(u32 *)(r{} +{})", one.target, one.source, one.offset); break;
    case andWord: text += fmt::format("w{} &= {}", one.target, one.immediate); break;
    case move: text += fmt::format("r{} = {}", one.target, one.immediate); break;
    case leave: text += "exit"; break;
    case jumpAlways: text += fmt::format("goto +{}", one.offset); break;
    default: text += fmt::format("if r{} {} {} goto +{}", one.target, comparison(one.code), one.immediate, one.offset);
    }
    text += '\n';
  }
  return text;
}

} // namespace snapsecc::cgroup
