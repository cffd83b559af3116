// SPDX-License-Identifier: Apache-2.0
// Proof that a program does what a plan says, for every architecture, number and argument, along all its paths. It
// shares nothing with code generation but the sets: the program is followed with exact sets of words, and where a path
// returns, the plan's own 64-bit tests are decided on what can get there.
#pragma once
#include "backends/seccomp/Bpf.h"
#include "backends/seccomp/WordSet.h"

namespace snapsecc::seccomp {

struct Disproof {
  CallData data; // a call on which they differ
  uint32_t expected = 0, got = 0;
  std::string unsupported; // or why nothing could be proved
};
std::optional<Disproof> disprove(const Program &program, const LabelPlan &plan, Part part, bool bigEndian);
// The same with the sets of earlier proofs: filters of one policy test much the same words.
std::optional<Disproof> disprove(const Program &program, const LabelPlan &plan, Part part, bool bigEndian,
                                 WordSets &sets);
std::string describe(const Disproof &disproof);

} // namespace snapsecc::seccomp
