// SPDX-License-Identifier: Apache-2.0
#include "driver/PolicyInput.h"
#include "driver/Manifest.h"
#include "ir/Passes.h"
#include "ir/Text.h"
#include "llvm/Support/FileSystem.h"

namespace snapsecc::driver {
namespace {

constexpr uint64_t maxBytes = 64u << 20;

std::optional<PolicyInput> readTree(const std::string &directory, Session &session) {
  std::optional<std::string> hash = readManifestHash(directory + "/manifest.json", treePolicyFile);
  if (!hash) {
    session.fail("'" + directory + "' is no output tree of this snapsecc: its manifest.json names no " +
                 treePolicyFile);
    return std::nullopt;
  }
  std::optional<FileId> file = session.read(directory + "/" + treePolicyFile, maxBytes);
  if (!file) return std::nullopt;
  if (sha256(session.sources.file(*file).text()) != *hash) {
    session.fail("'" + directory + "/" + treePolicyFile + "' is not what manifest.json says; compile again");
    return std::nullopt;
  }
  std::optional<ir::Policy> policy = ir::parse(*file, session.engine);
  if (!policy) return std::nullopt;
  return PolicyInput{std::move(*policy), true, false};
}

std::optional<PolicyInput> readText(FileId file, Session &session, const reader::Options &profiles) {
  bool isProfile = reader::looksLikeProfile(session.sources.file(file).text());
  std::optional<ir::Policy> policy =
      isProfile ? reader::readProfiles(file, profiles, session.engine) : ir::parse(file, session.engine);
  if (!policy) return std::nullopt;
  ir::Target target;
  target.system = policy->system;
  target.arch = policy->arch;
  ir::Policy resolved = ir::resolve(std::move(*policy), target, session.engine);
  if (session.hasFailed()) return std::nullopt;
  return PolicyInput{std::move(resolved), false, isProfile};
}

} // namespace

std::optional<PolicyInput> readPolicy(const std::string &path, Session &session, const reader::Options &profiles) {
  if (llvm::sys::fs::is_directory(path)) return readTree(path, session);
  std::optional<FileId> file = session.read(path, maxBytes);
  return file ? readText(*file, session, profiles) : std::nullopt;
}

} // namespace snapsecc::driver
