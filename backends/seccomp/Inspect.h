// SPDX-License-Identifier: Apache-2.0
// Looking into filters: files read back, programs as text and as a picture, and what a call gets whose arguments are
// partly open.
#pragma once
#include "backends/seccomp/Bpf.h"
#include <set>

namespace snapsecc::seccomp {

struct FilterFile {
  bool unrestricted = false, bigEndian = false;
  std::vector<Program> stack;      // in the order of loading
  std::vector<std::string> titles; // of each
};
// snap-confine's .bin2 or a raw program, of either byte order; each program valid.
llvm::Expected<FilterFile> readFilter(llvm::StringRef bytes);
// The architectures that a filter asks for, in the order of the asking; x32 is part of x86_64.
std::vector<const ir::ArchInfo *> architecturesOf(llvm::ArrayRef<Program> stack);

// A line an instruction, with the names of words, calls, targets and actions.
std::string disassemble(const Program &program, bool bigEndian);
// Which rules decide a call, and the instruction from which its own part of the program starts: a line a call.
std::string origins(llvm::ArrayRef<Program> stack, const LabelPlan &plan);
// Graphviz: tests are nodes, loads are folded into them.
std::string dot(const Program &program, bool bigEndian);
// Pseudo code of a plan, as libseccomp's PFC: nested conditions instead of a program.
std::string pseudoCode(const LabelPlan &plan);

struct OpenCall {
  uint32_t number = 0, arch = 0;
  std::array<std::optional<uint64_t>, 6> arguments; // nullopt: any value
};
struct Simulated {
  std::set<uint32_t> actions;    // what the call can get; several: it depends on the open arguments
  unsigned fewest = 0, most = 0; // executed instructions
};
Simulated simulate(llvm::ArrayRef<Program> stack, const OpenCall &call, bool bigEndian);

} // namespace snapsecc::seccomp
