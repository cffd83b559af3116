// SPDX-License-Identifier: Apache-2.0
// What seccomp filters cost, a row for each filter and architecture: a part of `stats`.
#pragma once
#include "backends/seccomp/Stats.h"
#include "driver/FilterInput.h"
#include "llvm/Support/JSON.h"

namespace snapsecc::driver {

struct FilterRow {
  std::string file;  // as given, or relative to the tree
  std::string maker; // "snapsecc" (what is in the file), "libseccomp, tree", "libseccomp, by priority"
  const ir::ArchInfo *arch = nullptr;
  seccomp::Statistics costs;
  std::vector<std::string> lacking; // calls that libseccomp's table does not have: it refuses them
};
struct FilterStats {
  std::vector<seccomp::Trace> traces;         // of the filter's first architecture
  std::shared_ptr<const seccomp::Plan> plans; // to set libseccomp's filters beside ours; may be null
};

// Nothing where a file is unrestricted or cannot be read; the latter is said.
std::vector<FilterRow> filterRows(const std::string &path, const std::string &name, const FilterStats &stats,
                                  Session &session);
void printRows(llvm::ArrayRef<FilterRow> rows, llvm::raw_ostream &out);
llvm::json::Array toJson(llvm::ArrayRef<FilterRow> rows);

} // namespace snapsecc::driver
