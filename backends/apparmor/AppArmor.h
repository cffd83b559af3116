// SPDX-License-Identifier: Apache-2.0
// ir::Policy -> AppArmor profile text, one profile a label.
#pragma once
#include "diag/Engine.h"
#include "ir/Artifact.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc::apparmor {

// One profile, its statements in the order in which they are printed.
struct ProfilePlan {
  struct Line {
    std::string text; // without the comma
    std::vector<ir::OriginId> origins;
  };
  std::string name;
  std::vector<std::string> flags, preamble; // preamble: includes and variables before the profile
  std::vector<Line> lines;
  std::vector<ProfilePlan> children;
};
struct Plan {
  std::vector<ProfilePlan> profiles; // sorted by name
  std::vector<ir::NotEnforced> notEnforced;
};

Plan lower(const ir::Policy &policy, const ir::Target &target, Engine &engine);
// --emit=plan
std::string print(const Plan &plan);
// apparmor/profiles/LABEL; `annotate` puts each statement's origin and reason behind it.
std::vector<ir::Artifact> emit(const Plan &plan, const ir::Policy &policy, bool annotate);

} // namespace snapsecc::apparmor
