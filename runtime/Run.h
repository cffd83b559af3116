// SPDX-License-Identifier: Apache-2.0
// One start of a snap's program: the steps in their order. Each of them failing ends the start; the program is executed
// with everything that the policy asks for, or not at all.
#pragma once
#include "runtime/DeviceCgroup.h"
#include "runtime/Environment.h"
#include "runtime/Mechanisms.h"

namespace snapsecc::runtime {

struct RunOptions {
  std::string label, policy = "/var/lib/snapsecc/policy";
  std::string snap, base;        // directories; base "": the host's root
  std::string user;              // "": who calls
  std::string command = "start"; // stop, reload, post-stop; shell; exec: the first argument is the program
  MechanismSet mayMiss;
  CgroupKind cgroup = CgroupKind::None;
  std::optional<int> nice;
  bool verbose = false;
  std::vector<std::string> arguments;
};

// The words that are executed; the first is an absolute path.
Result<std::vector<std::string>> commandWords(const Found &found, const RunOptions &options, const Environment &env);

// Tries the label's self-checks (SelfCheck.h), prints each; how many the kernel answers otherwise.
Result<unsigned> selfCheck(const RunOptions &options, char **environment, void (*say)(const std::string &line),
                           void (*print)(const std::string &line));

// Does not come back where all is well. `say`: a line for stderr.
Failure run(const RunOptions &options, char **environment, void (*say)(const std::string &line));

} // namespace snapsecc::runtime
