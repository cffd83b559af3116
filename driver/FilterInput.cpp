// SPDX-License-Identifier: Apache-2.0
#include "driver/FilterInput.h"
#include "driver/PolicyInput.h"
#include "llvm/Support/Path.h"

namespace snapsecc::driver {

std::optional<seccomp::FilterFile> readFilter(const std::string &path, Session &session) {
  auto file = session.read(path);
  if (!file) return std::nullopt;
  auto filter = seccomp::readFilter(session.sources.file(*file).text());
  if (filter) return std::move(*filter);
  session.fail(path + ": " + llvm::toString(filter.takeError()));
  return std::nullopt;
}

std::shared_ptr<const seccomp::Plan> readFilterPlans(const std::string &path, Session &session) {
  std::optional<PolicyInput> input = readPolicy(path, session);
  if (!input) return nullptr;
  ir::Target target;
  target.system = input->policy.system;
  target.arch = input->policy.arch;
  auto plans = seccomp::lower(input->policy, target, session.engine);
  return session.hasFailed() ? nullptr : plans;
}

std::string labelOfFilter(llvm::StringRef path) {
  llvm::StringRef name = llvm::sys::path::filename(path);
  return name.consume_back(".bpf") || name.consume_back(".bin2") ? name.str() : "";
}

} // namespace snapsecc::driver
