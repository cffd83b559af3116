// SPDX-License-Identifier: Apache-2.0
#include "ir/Where.h"

namespace snapsecc::ir {

SourceRange whereIs(const Policy &policy, const Rule &rule, const SourceManager &sources) {
  if (rule.origins.empty() || rule.origins.front() >= policy.origins.size()) return {};
  const Origin &origin = policy.origins[rule.origins.front()];
  for (FileId file = 1; file <= sources.size(); ++file) {
    const SourceFile &source = sources.file(file);
    if (source.name() != origin.file || origin.line == 0) continue;
    uint32_t line = source.lineStart(origin.line), length = static_cast<uint32_t>(source.line(origin.line).size());
    uint32_t column = origin.column == 0 ? 0 : std::min(origin.column - 1, length);
    return {file, line + column, line + length};
  }
  return {};
}

} // namespace snapsecc::ir
