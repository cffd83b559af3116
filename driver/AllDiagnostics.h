// SPDX-License-Identifier: Apache-2.0
// Every diagnostic of every component, in the order of the tables.
#pragma once
#include "diag/Engine.h"

namespace snapsecc::driver {

llvm::ArrayRef<DiagInfo> allDiagnostics();

} // namespace snapsecc::driver
