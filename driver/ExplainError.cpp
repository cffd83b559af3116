// SPDX-License-Identifier: Apache-2.0
// explain-error NAME: the long text of a diagnostic.
#include "driver/AllDiagnostics.h"
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"

namespace snapsecc::driver {
namespace {

int runExplainError(const Arguments &arguments, Session &session) {
  llvm::StringRef name = arguments.operands.front();
  name.consume_front("[");
  name.consume_back("]");
  std::vector<llvm::StringRef> names;
  for (const DiagInfo &info : allDiagnostics()) {
    if (info.severity == Severity::Note) continue;
    names.push_back(info.name);
    if (name != info.name) continue;
    session.out << info.name << ": " << (info.severity == Severity::Error ? "an error" : "a warning") << "\n  "
                << info.text << "\n\n"
                << info.longText << "\n";
    return Done;
  }
  std::string near = nearest(name, names);
  return session.usage("there is no diagnostic '" + name + "'" +
                       (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

constexpr OptionGroup groups[] = {{"Options", commonOptions}};

} // namespace

const Command explainErrorCommand = {
    "explain-error",
    "NAME",
    "the long text of an error or warning",
    "NAME is what stands in brackets behind the message. In the text, {0}, {1} ... stand for what the message names.",
    {"snapsecc explain-error duplicate-key # Why a key that is given twice is refused.",
     "snapsecc explain-error '[yaml-tag]' # The brackets may stay."},
    groups,
    1,
    1,
    runExplainError};

} // namespace snapsecc::driver
