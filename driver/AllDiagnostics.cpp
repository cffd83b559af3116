// SPDX-License-Identifier: Apache-2.0
#include "driver/AllDiagnostics.h"

namespace snapsecc::driver {

llvm::ArrayRef<DiagInfo> allDiagnostics() {
  static constexpr DiagInfo all[] = {
#define DIAG(Id, Name, Sev, Text, Long, ...) {Name, Severity::Sev, Text, Long},
#include "backends/apparmor/Diagnostics.def"
#include "backends/cgroup/Diagnostics.def"
#include "backends/misc/Diagnostics.def"
#include "backends/mount/Diagnostics.def"
#include "backends/seccomp/Diagnostics.def"
#include "diag/Diagnostics.def"
#include "driver/Diagnostics.def"
#include "frontend/CheckDiagnostics.def"
#include "frontend/InstantiateDiagnostics.def"
#include "frontend/SnapDiagnostics.def"
#include "grammar/Diagnostics.def"
#include "ir/Diagnostics.def"
#include "ir/passes/Diagnostics.def"
#include "reader/Diagnostics.def"
#undef DIAG
  };
  return all;
}

} // namespace snapsecc::driver
