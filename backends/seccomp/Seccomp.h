// SPDX-License-Identifier: Apache-2.0
// ir::Policy -> seccomp classic-BPF programs, one policy a label.
#pragma once
#include "diag/Engine.h"
#include "ir/Artifact.h"
#include "ir/Policy.h"
#include "ir/Target.h"
#include <memory>
#include <set>

namespace snapsecc::seccomp {

enum class Tune : uint8_t { Balanced, Uniform, Traces, Cached, Size };
struct Options {
  bool one = true, two = true; // --seccomp-layout: the single filter (.bpf), the allow and deny pair (.bin2)
  Tune tune = Tune::Balanced;
  std::string profile;     // text of a call-frequency profile; empty: the built-in one
  bool libseccomp = false; // --seccomp-codegen=libseccomp: the same plan through libseccomp, which makes the pair alone
  bool verify = true;      // prove each program equal to the plan
  bool search = false;     // -O3
  unsigned threads = 1;    // to generate and prove filters with; what comes out does not depend on it
};

struct Plan; // defined in backends/seccomp/Plan.h
std::shared_ptr<const Plan> lower(const ir::Policy &policy, const ir::Target &target, Engine &engine);
std::string print(const Plan &plan);
// What the steps of code generation make of each filter: "runs", "leaves", "tree", "layout" (Generate.h).
std::string printSteps(const Plan &plan, const Options &options, const std::set<std::string> &steps, Engine &engine);
// seccomp/bpf/LABEL.bin2 and .bpf
std::vector<ir::Artifact> emit(const Plan &plan, const Options &options, Engine &engine);

} // namespace snapsecc::seccomp
