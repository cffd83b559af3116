// SPDX-License-Identifier: Apache-2.0
// Sources whose expected diagnostics stand on the offending line: `# error: name`, `# warning: name`, several joined by
// commas.
#pragma once
#include "frontend/Library.h"

namespace snapsecc::testing {

// Parses, builds and checks one file, and compares what was reported with what its lines expect. Empty: they agree;
// else each difference on a line of its own.
std::string verify(llvm::StringRef source);
// The checked library of a source without errors; else null and the diagnostics in `rendered`.
struct Checked {
  SourceManager sources;
  Engine engine{sources};
  std::unique_ptr<Library> library;
};
std::unique_ptr<Checked> checkSource(llvm::StringRef source);
std::string rendered(const Checked &checked);

} // namespace snapsecc::testing
