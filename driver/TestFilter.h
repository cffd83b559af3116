// SPDX-License-Identifier: Apache-2.0
// The filter of one label as a program that is run: what it says to calls, on the machine's architecture and on the
// one that its kernel runs beside it.
#pragma once
#include "backends/seccomp/Generate.h"
#include "driver/QueryAnswer.h"

namespace snapsecc::driver {

class TestFilter {
public:
  // The policy's label of this name.
  TestFilter(const ir::Policy &policy, const ir::Label &label, const ir::Target &target, Engine &engine);
  // Those that have the call.
  std::vector<const ir::ArchInfo *> architectures(const ir::Syscall &call) const;
  // With some values of the arguments that are left open.
  bool allows(const ir::Syscall &call, const CallArguments &arguments, const ir::ArchInfo &arch) const;

private:
  std::shared_ptr<const seccomp::Plan> plan;
  std::vector<const ir::ArchInfo *> arches;
  seccomp::Program program;
};

} // namespace snapsecc::driver
