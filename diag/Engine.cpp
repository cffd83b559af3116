// SPDX-License-Identifier: Apache-2.0
#include "diag/Engine.h"
#include <algorithm>
#include <cassert>

namespace snapsecc {

// {N} in the table's text is replaced by argument N; a brace that holds no digit stays.
Diagnostic Engine::format(const DiagInfo &info, SourceRange range, const std::vector<std::string> &args) {
  std::string message;
  for (llvm::StringRef rest = info.text; !rest.empty();) {
    if (rest.size() >= 3 && rest[0] == '{' && rest[1] >= '0' && rest[1] <= '9' && rest[2] == '}') {
      size_t index = static_cast<size_t>(rest[1] - '0');
      assert(index < args.size() && "the text names an argument that is not declared");
      message += args[index];
      rest = rest.drop_front(3);
    } else {
      message += rest.front();
      rest = rest.drop_front();
    }
  }
  return {&info, info.severity, range, std::move(message), {}, {}};
}

Engine::Builder Engine::add(Diagnostic diagnostic) {
  const char *name = diagnostic.info->name;
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
