// SPDX-License-Identifier: Apache-2.0
// ir::Policy -> AppArmor profile text, one profile a label. The passes that are mandatory must have run: no `except` is
// left.
#pragma once
#include "diag/Engine.h"
#include "ir/Artifact.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc::apparmor {

// The groups of statements in a profile, in the order of printing.
enum class Section : uint8_t {
  Abstractions,
  Everything,
  Files,
  Transitions, // exec and change_profile
  Capabilities,
  Network,
  Unix,
  Dbus,
  Signals,
  Ptrace,
  MessageQueues,
  Namespaces,
  IoUring,
  Limits,
  Mounts,
};

// One profile, its statements in the order in which they are printed.
struct ProfilePlan {
  struct Line {
    Section section{};
    std::string text; // without the comma
    std::vector<ir::OriginId> origins;
  };
  std::string name;
  std::vector<std::string> attachment; // operands behind the name
  bool hat = false;
  std::vector<std::string> flags, preamble; // preamble: includes and variables before the profile
  std::vector<Line> lines;                  // sorted by section and text, each text once
  std::vector<ProfilePlan> children;        // sorted by name
};
struct Plan {
  std::vector<ProfilePlan> profiles;        // sorted by name
  std::vector<ir::NotEnforced> notEnforced; // sorted by what
};

// What the target cannot mediate is left out, counted in the plan and warned of (not-enforced), a class at a time. A
// rule that AppArmor's language cannot say is an error (not-expressible).
Plan lower(const ir::Policy &policy, const ir::Target &target, Engine &engine);
// --emit=plan
std::string print(const Plan &plan);
// apparmor/profiles/LABEL; `annotate` puts comments with each statement's origins and reasons on the lines before it.
std::vector<ir::Artifact> emit(const Plan &plan, const ir::Policy &policy, bool annotate);

} // namespace snapsecc::apparmor
