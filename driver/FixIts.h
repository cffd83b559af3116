// SPDX-License-Identifier: Apache-2.0
// What diagnostics propose to change, applied to the files.
#pragma once
#include "diag/Engine.h"

namespace snapsecc::driver {

// Applies the fix-its of all diagnostics and writes the files that change; where two touch one place, the first is
// taken. The names of sources are paths below `directory`, or paths where they are not there. Returns how many were
// applied.
llvm::Expected<unsigned> applyFixIts(const Engine &engine, const std::string &directory);
// The text with fix-its of one file applied; `applied` is increased by their number.
std::string applyTo(llvm::StringRef text, std::vector<FixIt> fixIts, unsigned &applied);

} // namespace snapsecc::driver
