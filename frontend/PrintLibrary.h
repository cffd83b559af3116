// SPDX-License-Identifier: Apache-2.0
// The checked library as text, for --emit=library: what each file declares, with types, conditions and places. Rules
// are counted, not shown; they are in --emit=ast.
#pragma once
#include "frontend/Library.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc {

void printLibrary(const Library &library, const SourceManager &sources, llvm::raw_ostream &out);

} // namespace snapsecc
