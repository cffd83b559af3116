// SPDX-License-Identifier: Apache-2.0
// What values of a policy may be in files that know no escapes, or other ones than we would trust.
#pragma once
#include "backends/misc/Diagnostics.h"
#include "diag/Engine.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::misc {

// Letters, digits and `more`, at least one.
inline bool isName(llvm::StringRef text, llvm::StringRef more) {
  return !text.empty() && llvm::all_of(text, [&](char c) { return llvm::isAlnum(c) || more.contains(c); });
}
inline bool hasControl(llvm::StringRef text) {
  return llvm::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}
// False, and reported, where `good` is false. `owner`: label or snap; `file`: "a unit", ...; `why`: what is wrong.
inline bool check(bool good, Engine &engine, llvm::StringRef owner, llvm::StringRef value, llvm::StringRef file,
                  llvm::StringRef why) {
  if (!good) engine.report<diag::ArtifactValue>({}, owner, value, file, why);
  return good;
}

} // namespace snapsecc::misc
