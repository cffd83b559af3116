// SPDX-License-Identifier: Apache-2.0
// What is right and still a mistake. Part of the checker.
#pragma once
#include "frontend/Checker.h"

namespace snapsecc::checking {

// ---- CheckLints
void lint(Checker &checker);
void lintUnused(Checker &checker);
void lintUsage(Checker &checker);
// A record that is handed over whole has all its fields read.
void markFieldsUsed(Checker &checker, const Type &type);
void markFieldsUsed(Checker &checker, const RecordType &record);
void lintRules(Checker &checker);
void lintResources(Checker &checker);

} // namespace snapsecc::checking
