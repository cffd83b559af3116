// SPDX-License-Identifier: Apache-2.0
#include "driver/FilterInput.h"

namespace snapsecc::driver {

std::optional<seccomp::FilterFile> readFilter(const std::string &path, Session &session) {
  auto file = session.read(path);
  if (!file) return std::nullopt;
  auto filter = seccomp::readFilter(session.sources.file(*file).text());
  if (filter) return std::move(*filter);
  session.fail(path + ": " + llvm::toString(filter.takeError()));
  return std::nullopt;
}

} // namespace snapsecc::driver
