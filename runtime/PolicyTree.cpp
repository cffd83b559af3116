// SPDX-License-Identifier: Apache-2.0
#include "runtime/PolicyTree.h"
#include "runtime/Sha256.h"

namespace snapsecc::runtime {
namespace {
constexpr size_t largest = 64u << 20;
}

Result<PolicyTree> openPolicy(const std::string &path) {
  Result<Fd> directory = openTrustedDirectory(path);
  if (!directory) return directory.failure();
  Result<Fd> file = openTrustedFile(*directory, "manifest.json");
  if (!file) return file.failure();
  Result<std::string> bytes = readAll(*file, largest, "manifest.json");
  if (!bytes) return bytes.failure();
  Result<Manifest> manifest = readManifest(*bytes);
  if (!manifest) return manifest.failure();
  return PolicyTree{path, std::move(*directory), std::move(*manifest)};
}

bool hasFile(const PolicyTree &policy, const std::string &relative) {
  return policy.manifest.files.count(relative) != 0;
}

Result<std::string> readPolicyFile(const PolicyTree &policy, const std::string &relative) {
  auto entry = policy.manifest.files.find(relative);
  if (entry == policy.manifest.files.end() || entry->second.isLink)
    return Failure{"'" + relative + "' is not a file of manifest.json"};
  Result<Fd> file = openTrustedFile(policy.directory, relative);
  if (!file) return file.failure();
  Result<std::string> bytes = readAll(*file, largest, relative);
  if (!bytes) return bytes;
  if (bytes->size() != entry->second.size || sha256(*bytes) != entry->second.sha256)
    return Failure{"'" + relative + "' is not what manifest.json says: its sha256 differs"};
  return bytes;
}

Result<std::string> readIfThere(const PolicyTree &policy, const std::string &relative) {
  return hasFile(policy, relative) ? readPolicyFile(policy, relative) : std::string();
}

Result<Found> findLabel(const PolicyTree &policy, const std::string &label) {
  Result<std::string> instance = instanceOf(label);
  if (!instance) return instance.failure();
  std::string file = "runtime/snap." + *instance + ".run";
  if (!hasFile(policy, file)) return Failure{"'" + policy.path + "' holds no policy of a snap '" + *instance + "'"};
  Result<std::string> bytes = readPolicyFile(policy, file);
  if (!bytes) return bytes.failure();
  Result<SnapInfo> snap = readRuntimeFile(*bytes);
  if (!snap) return snap.failure();
  if (snap->instance != *instance) return Failure{"'" + file + "' is of another snap"};
  for (const LabelInfo &one : snap->labels)
    if (one.name == label) return Found{*snap, one};
  return Failure{"snap '" + *instance + "' has no app or hook with the label '" + label + "'"};
}

} // namespace snapsecc::runtime
