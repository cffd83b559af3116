// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Bpf.h"
#include <cassert>
#include <fmt/format.h>

namespace snapsecc::seccomp {

static void put(std::string &out, uint32_t value, unsigned bytes, bool bigEndian) {
  for (unsigned i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> 8 * (bigEndian ? bytes - 1 - i : i) & 0xff);
}

static uint32_t get(llvm::StringRef bytes, unsigned count, bool bigEndian) {
  uint32_t value = 0;
  for (unsigned i = 0; i < count; ++i)
    value |= uint32_t(static_cast<uint8_t>(bytes[i])) << 8 * (bigEndian ? count - 1 - i : i);
  return value;
}

std::string encode(const Program &program, bool bigEndian) {
  std::string out;
  for (const Instruction &insn : program) {
    put(out, insn.code, 2, bigEndian);
    out += static_cast<char>(insn.yes);
    out += static_cast<char>(insn.no);
    put(out, insn.k, 4, bigEndian);
  }
  return out;
}

llvm::Expected<Program> decode(llvm::StringRef bytes, bool bigEndian) {
  if (bytes.size() % 8) return llvm::createStringError(std::errc::invalid_argument, "its size is no multiple of 8");
  Program program;
  for (; !bytes.empty(); bytes = bytes.drop_front(8))
    program.push_back({static_cast<uint16_t>(get(bytes, 2, bigEndian)), static_cast<uint8_t>(bytes[2]),
                       static_cast<uint8_t>(bytes[3]), get(bytes.drop_front(4), 4, bigEndian)});
  return program;
}

static bool isCondition(uint16_t code) {
  return code == bpf::JumpEqual || code == bpf::JumpGreater || code == bpf::JumpGreaterEqual || code == bpf::JumpSet;
}

std::string whyInvalid(const Program &program) {
  if (program.empty() || program.size() > bpf::maxInstructions)
    return fmt::format("{} instructions, not between 1 and {}", program.size(), bpf::maxInstructions);
  for (size_t i = 0; i < program.size(); ++i) {
    const Instruction &insn = program[i];
    const size_t left = program.size() - i - 1;
    if (insn.code == bpf::Load) {
      if (insn.k >= 64 || insn.k % 4) return fmt::format("instruction {}: load at offset {}", i, insn.k);
    } else if (insn.code == bpf::Jump) {
      if (insn.k >= left) return fmt::format("instruction {}: jump out of the program", i);
    } else if (isCondition(insn.code)) {
      if (insn.yes >= left || insn.no >= left) return fmt::format("instruction {}: jump out of the program", i);
    } else if (insn.code != bpf::And && insn.code != bpf::Return) {
      return fmt::format("instruction {}: code {:#04x}", i, insn.code);
    }
  }
  return program.back().code == bpf::Return ? "" : "the last instruction is no return";
}

static uint32_t word(const CallData &data, uint32_t offset, bool bigEndian) {
  if (offset == 0) return data.number;
  if (offset == 4) return data.arch;
  uint64_t value = offset < 16 ? data.instruction : data.arguments[(offset - 16) / 8];
  bool high = (offset % 8 == 4) != bigEndian;
  return static_cast<uint32_t>(high ? value >> 32 : value);
}

bool isTaken(const Instruction &insn, uint32_t a) {
  switch (insn.code) {
  case bpf::JumpEqual: return a == insn.k;
  case bpf::JumpGreater: return a > insn.k;
  case bpf::JumpGreaterEqual: return a >= insn.k;
  default: return (a & insn.k) != 0;
  }
}

Outcome run(const Program &program, const CallData &data, bool bigEndian) {
  uint32_t a = 0;
  unsigned executed = 0;
  for (size_t i = 0;; ++i) {
    assert(i < program.size());
    const Instruction &insn = program[i];
    ++executed;
    switch (insn.code) {
    case bpf::Load: a = word(data, insn.k, bigEndian); break;
    case bpf::And: a &= insn.k; break;
    case bpf::Jump: i += insn.k; break;
    case bpf::Return: return {insn.k, executed};
    default: i += isTaken(insn, a) ? insn.yes : insn.no;
    }
  }
}

ConstantPart constantPart(const Program &program, uint32_t arch, uint32_t number) {
  uint32_t a = 0;
  unsigned executed = 0;
  for (size_t i = 0;; ++i, ++executed) {
    assert(i < program.size());
    const Instruction &insn = program[i];
    switch (insn.code) {
    case bpf::Load:
      if (insn.k > 4) return {i, executed};
      a = insn.k == 0 ? number : arch;
      break;
    case bpf::And: a &= insn.k; break;
    case bpf::Jump: i += insn.k; break;
    case bpf::Return: return {i, executed};
    default: i += isTaken(insn, a) ? insn.yes : insn.no;
    }
  }
}

// seccomp_is_const_allow() of kernel/seccomp.c.
bool isConstantAllow(const Program &program, uint32_t arch, uint32_t number) {
  const Instruction &insn = program[constantPart(program, arch, number).end];
  return insn.code == bpf::Return && insn.k == action::Allow;
}

std::string wordName(uint32_t offset, bool bigEndian) {
  if (offset < 8) return offset == 0 ? "number" : "arch";
  bool high = (offset % 8 == 4) != bigEndian;
  return (offset < 16 ? std::string("ip") : fmt::format("a{}", (offset - 16) / 8)) + (high ? ".high" : "");
}

} // namespace snapsecc::seccomp
