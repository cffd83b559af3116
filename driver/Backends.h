// SPDX-License-Identifier: Apache-2.0
// All backends side by side: a policy to plans, plans to artifacts.
#pragma once
#include "backends/apparmor/AppArmor.h"
#include "backends/cgroup/Cgroup.h"
#include "backends/mount/Mount.h"
#include "backends/seccomp/Seccomp.h"

namespace snapsecc::driver {

struct Plans {
  apparmor::Plan apparmor;
  std::shared_ptr<const seccomp::Plan> seccomp;
  cgroup::Plan cgroup;
  mount::Plan mount;
  const std::vector<ir::NotEnforced> &notEnforced() const { return apparmor.notEnforced; }
};

Plans lowerAll(const ir::Policy &policy, const ir::Target &target, Engine &engine);
std::string print(const Plans &plans);
// Sorted by path; without what would be empty.
std::vector<ir::Artifact> emitAll(const Plans &plans, const ir::Policy &policy, const seccomp::Options &seccomp,
                                  bool annotate, Engine &engine);

} // namespace snapsecc::driver
