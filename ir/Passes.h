// SPDX-License-Identifier: Apache-2.0
// The passes over the IR. Passes.def is the list, in order, with the reason for each position.
#pragma once
#include "diag/Engine.h"
#include "ir/Policy.h"
#include "ir/Target.h"
#include <string>
#include <vector>

namespace snapsecc::ir {

struct PassOptions {
  // Names of optimising passes to run, in order; what is mandatory always runs, before them.
  std::vector<std::string> passes; // empty with `useDefault` false: none
  bool useDefault = true;
  bool verify = true; // check the policy's meaning and form after each pass
};

struct PassInfo {
  const char *name;
  bool mandatory; // part of the meaning (weak rules, except), not an optimisation
  const char *doc;
  void (*run)(Policy &policy, const Target &target, Engine &engine);
};
const std::vector<PassInfo> &allPasses();
#define PASS(Function, Name, Mandatory, Doc) void Function(Policy &policy, const Target &target, Engine &engine);
#include "ir/Passes.def"
#undef PASS
// "a,b,c", "all" or "none"; an error text names an unknown pass.
std::string parsePassList(llvm::StringRef list, PassOptions &options);

// The mandatory passes: every rule then holds as it stands, and comes from one place. Only once: policy that
// they have been over stays as it is, for what later passes dropped would be added again.
Policy resolve(Policy policy, const Target &target, Engine &engine);
// The others, over resolved policy: all in the table's order, or those asked for in the order of asking. Reports
// through the engine; verifies after each.
Policy optimise(Policy policy, const PassOptions &options, const Target &target, Engine &engine);
// Both; nothing is optimised after errors.
Policy runPasses(Policy policy, const PassOptions &options, const Target &target, Engine &engine);

} // namespace snapsecc::ir
