// SPDX-License-Identifier: Apache-2.0
// What a compilation did, for people: labels, connections made and not made and why, rules, files, what is not
// enforced, time.
#pragma once
#include "frontend/Instantiate.h"
#include "ir/Artifact.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc::driver {

struct SummaryFacts {
  const ir::Target &target;
  const std::vector<Snap> &snaps;
  const Instantiated &instantiated;
  const ir::Policy &policy; // after the passes
  size_t rulesBefore = 0;
  const std::vector<ir::NotEnforced> &notEnforced;
  const std::vector<ir::Artifact> &files;
  std::string directory;
  size_t warnings = 0;
  double seconds = 0;
  bool verbose = false; // every file, every unconnected plug
};
void printSummary(const SummaryFacts &facts, llvm::raw_ostream &out);

} // namespace snapsecc::driver
