// SPDX-License-Identifier: Apache-2.0
// An output tree of the compiler, opened so that nothing in it can be changed by anybody but root between the check and
// the use: a file is read once, compared with manifest.json, and used from memory.
#pragma once
#include "runtime/Files.h"
#include "runtime/Manifest.h"
#include "runtime/RuntimeFile.h"

namespace snapsecc::runtime {

struct PolicyTree {
  std::string path;
  Fd directory;
  Manifest manifest;
};

Result<PolicyTree> openPolicy(const std::string &path);
bool hasFile(const PolicyTree &policy, const std::string &relative); // does the manifest name it?
Result<std::string> readPolicyFile(const PolicyTree &policy, const std::string &relative);
// As readPolicyFile, "" where the manifest does not name the file.
Result<std::string> readIfThere(const PolicyTree &policy, const std::string &relative);

// A label and the snap that it is of.
struct Found {
  SnapInfo snap;
  LabelInfo label;
};
Result<Found> findLabel(const PolicyTree &policy, const std::string &label);

} // namespace snapsecc::runtime
