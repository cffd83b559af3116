// SPDX-License-Identifier: Apache-2.0
// Diagnostics as people and programs read them.
#pragma once
#include "diag/Engine.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc {

struct RenderOptions {
  bool color = false;
  unsigned maxErrors = 50; // 0: no limit; what is left out is counted
};
// Clang's manner: file:line:col: severity: message [name], the line, a caret and the range, fix-its, notes.
void renderText(const Engine &engine, llvm::raw_ostream &out, const RenderOptions &options);
// {"diagnostics": [{file, line, column, endLine, endColumn, severity, name, message, notes, fixIts}]}, sorted keys.
void renderJson(const Engine &engine, llvm::raw_ostream &out);
// SARIF 2.1.0, one run.
void renderSarif(const Engine &engine, llvm::raw_ostream &out);

} // namespace snapsecc
