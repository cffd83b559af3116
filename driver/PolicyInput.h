// SPDX-License-Identifier: Apache-2.0
// A POLICY operand: an output tree, IR text (.sir), or profile text.
#pragma once
#include "driver/Session.h"
#include "ir/Policy.h"
#include "reader/Reader.h"

namespace snapsecc::driver {

// Where `compile` leaves the policy as it was before the optimising passes, when each rule still came from one place.
inline constexpr char treePolicyFile[] = "runtime/policy.sir";

struct PolicyInput {
  ir::Policy policy; // resolved (ir/Passes.h)
  bool isTree = false;
  bool isProfile = false; // text: it says what AppArmor does, and nothing of filters and devices
};
// Reports what is wrong. The policy of a tree must be the one that its manifest names.
std::optional<PolicyInput> readPolicy(const std::string &path, Session &session, const reader::Options &profiles = {});

} // namespace snapsecc::driver
