// SPDX-License-Identifier: Apache-2.0
#include "driver/Backends.h"
#include "backends/misc/Misc.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::driver {

Plans lowerAll(const ir::Policy &policy, const ir::Target &target, Engine &engine) {
  Plans plans;
  plans.apparmor = apparmor::lower(policy, target, engine);
  plans.seccomp = seccomp::lower(policy, target, engine);
  plans.cgroup = cgroup::lower(policy, target, engine);
  plans.mount = mount::lower(policy, target, engine);
  return plans;
}

std::string print(const Plans &plans) {
  return apparmor::print(plans.apparmor) + seccomp::print(*plans.seccomp) + cgroup::print(plans.cgroup) +
         mount::print(plans.mount);
}

std::vector<ir::Artifact> emitAll(const Plans &plans, const ir::Policy &policy, const seccomp::Options &seccompOptions,
                                  bool annotate, Engine &engine) {
  std::vector<ir::Artifact> all;
  auto add = [&all](std::vector<ir::Artifact> artifacts) { llvm::append_range(all, std::move(artifacts)); };
  add(apparmor::emit(plans.apparmor, policy, annotate));
  add(seccomp::emit(*plans.seccomp, seccompOptions, engine));
  add(cgroup::emit(plans.cgroup));
  add(mount::emit(plans.mount));
  add(misc::emitKmod(policy, engine));
  add(misc::emitBusConfig(policy, engine));
  add(misc::emitSystemd(policy, engine));
  add(misc::emitPolkit(policy, engine));
  add(misc::emitSystemFiles(policy, engine));
  llvm::sort(all);
  return all;
}

} // namespace snapsecc::driver
