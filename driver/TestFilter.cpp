// SPDX-License-Identifier: Apache-2.0
#include "driver/TestFilter.h"
#include "backends/seccomp/Inspect.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::driver {

TestFilter::TestFilter(const ir::Policy &policy, const ir::Label &label, const ir::Target &target, Engine &engine) {
  ir::Policy alone;
  alone.arch = policy.arch;
  alone.origins = policy.origins;
  alone.labels = {label};
  plan = seccomp::lower(alone, target, engine);
  const ir::ArchInfo *native = ir::findArch(policy.arch);
  arches.push_back(native);
  if (native->compat) arches.push_back(ir::findArch(native->compat));
  const seccomp::LabelPlan &only = plan->labels.front();
  if (only.unrestricted) return;
  program = generate(only, seccomp::Part::Both, seccomp::weightsFor(seccomp::Tune::Balanced, /*search=*/false),
                     seccomp::builtinProfile(), plan->bigEndian);
}

std::vector<const ir::ArchInfo *> TestFilter::architectures(const ir::Syscall &call) const {
  std::vector<const ir::ArchInfo *> known;
  llvm::copy_if(arches, std::back_inserter(known),
                [&](const ir::ArchInfo *arch) { return ir::syscallNumber(call, *arch).has_value(); });
  return known;
}

bool TestFilter::allows(const ir::Syscall &call, const CallArguments &arguments, const ir::ArchInfo &arch) const {
  if (program.empty()) return true;
  seccomp::OpenCall open{*ir::syscallNumber(call, arch), arch.audit, arguments};
  return simulate(program, open, plan->bigEndian).actions.count(seccomp::action::Allow) != 0;
}

} // namespace snapsecc::driver
