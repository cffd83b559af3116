// SPDX-License-Identifier: Apache-2.0
// manifest.json: what a compilation read, decided and wrote. docs/cli.md describes the keys.
#pragma once
#include "diag/Engine.h"
#include "frontend/Instantiate.h"
#include "ir/Artifact.h"
#include <optional>
#include <set>

namespace snapsecc::driver {

struct ManifestInput {
  std::string path, kind; // as given, or in the library; "snap", "library", "overlay"
  FileId file;
};
struct ManifestFacts {
  const ir::Target &target;
  const Instantiated &instantiated;
  const std::vector<ManifestInput> &inputs;
  const std::vector<ir::NotEnforced> &notEnforced;
  const std::vector<ir::Artifact> &outputs;
};
// The file, to be written beside the outputs.
ir::Artifact makeManifest(const ManifestFacts &facts, const Engine &engine);
// The paths that the manifest of an earlier run names, with its own; empty where there is none that can be read. Only
// clean relative paths count, whatever the file says.
std::set<std::string> readManifestOutputs(const std::string &file);

// The hash that a manifest has for a file of its tree; nullopt: the manifest cannot be read, or does not name the file.
std::optional<std::string> readManifestHash(const std::string &file, llvm::StringRef path);

std::string sha256(llvm::StringRef bytes); // 64 hexadecimal digits

} // namespace snapsecc::driver
