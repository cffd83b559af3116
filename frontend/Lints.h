// SPDX-License-Identifier: Apache-2.0
// What is right and still a mistake. Part of the checker.
#pragma once
#include "frontend/Checker.h"

namespace snapsecc::checking {

// ---- CheckAccepted
void collectAccepted(Checker &checker);
bool isAccepted(Checker &checker, SourceRange range, llvm::StringRef warning);
// Of acceptances that no warning met.
void lintAccepted(Checker &checker);
// Gives a warning, unless it is accepted where it stands.
template <class D, class... A> std::optional<Engine::Builder> warn(Checker &checker, SourceRange range, A &&...args) {
  if (isAccepted(checker, range, D::info.name)) return std::nullopt;
  return checker.engine.report<D>(range, std::forward<A>(args)...);
}

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
