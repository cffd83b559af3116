// SPDX-License-Identifier: Apache-2.0
// The same plan through libseccomp, as snap-seccomp makes filters: a second opinion, and what to fall back to.
#pragma once
#include "backends/seccomp/Bpf.h"

namespace snapsecc::seccomp {

struct LibseccompResult {
  Program program;
  std::vector<std::string> lacking; // calls that its table does not have: not in the program
  double exportSeconds = 0;         // of its code generation alone
};
// `tree`: its binary tree; else, as snapd loads it, in order of priority. One part; both in one filter are beyond
// libseccomp.
llvm::Expected<LibseccompResult> throughLibseccomp(const LabelPlan &plan, Part part, bool tree, bool bigEndian);

} // namespace snapsecc::seccomp
