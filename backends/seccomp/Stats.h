// SPDX-License-Identifier: Apache-2.0
// What programs cost: instructions, executed instructions over all numbers and over traces, what the kernel's action
// cache answers. Several programs are a stack as the kernel runs it: all of them, on every call; the one loaded last
// first.
#pragma once
#include "backends/seccomp/Bpf.h"

namespace snapsecc::seccomp {

struct Trace {
  std::string name;
  struct Entry {
    uint32_t number = 0;
    uint64_t count = 0;
    std::array<uint64_t, 6> arguments{};
  };
  std::vector<Entry> entries;
};
// Lines `number count [arguments]`; '#' starts a comment.
llvm::Expected<Trace> parseTrace(std::string name, llvm::StringRef text);

struct Statistics {
  size_t size = 0;
  double uniform = 0;     // executed instructions, mean over numbers 0..maxNumber with arguments 0
  unsigned worst = 0;     // longest path of any number
  unsigned cacheable = 0; // numbers that the kernel proves to be allowed
  struct OfTrace {
    std::string name;
    double executed = 0, uncached = 0; // a call; where what the cache answers costs nothing
  };
  std::vector<OfTrace> traces;
};
Statistics measure(llvm::ArrayRef<Program> stack, const ir::ArchInfo &arch, llvm::ArrayRef<Trace> traces,
                   uint32_t maxNumber = 471);
// The kernel's combination: the lowest action of all programs.
Outcome runStack(llvm::ArrayRef<Program> stack, const CallData &data, bool bigEndian);

} // namespace snapsecc::seccomp
