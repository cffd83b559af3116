// SPDX-License-Identifier: Apache-2.0
// Artifacts -> disk; the only code that writes. A tree appears whole or not at all: everything is staged in a directory
// beside the output and renamed from there, and what fails half-way is undone. SIGINT, SIGTERM and SIGHUP wait until
// the disk is in order.
#pragma once
#include "ir/Artifact.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace snapsecc::driver {

// Makes `directory` hold these files. Where it exists, files that its manifest.json names are replaced or, where they
// are not among the artifacts, removed; other files stay, and one that stands in the way is an error. What is the same
// already is not touched.
llvm::Error writeTree(llvm::ArrayRef<ir::Artifact> artifacts, const std::string &directory);

// Replaces one file by a staged copy.
llvm::Error writeFile(const std::string &path, llvm::StringRef bytes);

} // namespace snapsecc::driver
