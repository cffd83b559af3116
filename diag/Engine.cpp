// SPDX-License-Identifier: Apache-2.0
#include "diag/Engine.h"
#include <algorithm>
#include <cassert>

namespace snapsecc {

const std::vector<DiagInfo> &allDiagInfos() {
  static const std::vector<DiagInfo> infos = {
#define DIAG(Id, Name, Sev, Text, Long, ...) {#Id, Name, Severity::Sev, Text, Long},
#include "diag/Diagnostics.def"
#undef DIAG
  };
  return infos;
}

const DiagInfo &diagInfo(DiagKind kind) { return allDiagInfos()[static_cast<size_t>(kind)]; }

// {N} in the table's text is replaced by argument N; a brace that holds no digit stays.
Diagnostic Engine::format(DiagKind kind, SourceRange range, const std::vector<std::string> &args) {
  const DiagInfo &info = diagInfo(kind);
  std::string message;
  for (llvm::StringRef rest = info.text; !rest.empty();) {
    if (rest.size() >= 3 && rest[0] == '{' && rest[1] >= '0' && rest[1] <= '9' && rest[2] == '}') {
      size_t index = static_cast<size_t>(rest[1] - '0');
      assert(index < args.size() && "Diagnostics.def: the text names an argument that is not declared");
      message += args[index];
      rest = rest.drop_front(3);
    } else {
      message += rest.front();
      rest = rest.drop_front();
    }
  }
  return {kind, info.severity, range, std::move(message), {}, {}};
}

Engine::Builder Engine::add(Diagnostic diagnostic) {
  const char *name = diagInfo(diagnostic.kind).name;
  if (diagnostic.severity == Severity::Warning && (promoted.count("") || promoted.count(name)))
    diagnostic.severity = Severity::Error;
  errors += diagnostic.severity == Severity::Error;
  list.push_back(std::move(diagnostic));
  return Builder(*this, list.size() - 1);
}

std::string nearest(llvm::StringRef word, const std::vector<llvm::StringRef> &candidates) {
  unsigned best = std::max<unsigned>(1, static_cast<unsigned>(word.size()) / 3) + 1;
  llvm::StringRef found;
  for (llvm::StringRef candidate : candidates) {
    unsigned distance = word.edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found.str();
}

std::string didYouMean(llvm::StringRef suggestion) {
  return suggestion.empty() ? "" : "; did you mean '" + suggestion.str() + "'?";
}

} // namespace snapsecc
