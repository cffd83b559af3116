// SPDX-License-Identifier: Apache-2.0
// Classic BPF as seccomp runs it (Linux: kernel/seccomp.c, net/core/filter.c): instructions, their bytes, the kernel's
// checks, an interpreter that counts, and the kernel's proof that a call is allowed whatever its arguments (its action
// cache, 5.11 and later).
#pragma once
#include "backends/seccomp/Plan.h"
#include "llvm/Support/Error.h"

namespace snapsecc::seccomp {

struct Instruction {
  uint16_t code = 0;
  uint8_t yes = 0, no = 0; // jt, jf
  uint32_t k = 0;
  bool operator==(const Instruction &) const = default;
};
using Program = std::vector<Instruction>;

namespace bpf {
constexpr uint16_t Load = 0x20, And = 0x54, Jump = 0x05, JumpEqual = 0x15, JumpGreater = 0x25, JumpGreaterEqual = 0x35,
                   JumpSet = 0x45, Return = 0x06;
constexpr unsigned maxInstructions = 4096;
} // namespace bpf

std::string encode(const Program &program, bool bigEndian);
llvm::Expected<Program> decode(llvm::StringRef bytes, bool bigEndian);
// Why the kernel would refuse the program, or why it has instructions that we do not make; empty: it loads.
std::string whyInvalid(const Program &program);

// The outcome of a conditional jump for an accumulator.
bool isTaken(const Instruction &insn, uint32_t a);

struct Outcome {
  uint32_t action = 0;
  unsigned executed = 0;
};
// The program must be valid.
Outcome run(const Program &program, const CallData &data, bool bigEndian);
// How far a program gets with architecture and number alone: to the first load of anything else, or the return.
struct ConstantPart {
  size_t end = 0;        // that instruction
  unsigned executed = 0; // without it
};
ConstantPart constantPart(const Program &program, uint32_t arch, uint32_t number);
bool isConstantAllow(const Program &program, uint32_t arch, uint32_t number);
// "a0.low", "arch": what a load's offset means.
std::string wordName(uint32_t offset, bool bigEndian);

} // namespace snapsecc::seccomp
