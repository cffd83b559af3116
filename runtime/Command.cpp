// SPDX-License-Identifier: Apache-2.0
// snap-exec's words: of snap.yaml the command is split at blanks, variables in its arguments are expanded and those
// that are empty then left out; the command-chain comes before it, the caller's arguments behind it as they are.
#include "runtime/Run.h"

namespace snapsecc::runtime {
namespace {

Result<std::string> lineOf(const LabelInfo &label, const std::string &which) {
  if (label.isHook) {
    if (which != "start") return Failure{"a hook has no " + which + " command"};
    return "meta/hooks/" + label.app;
  }
  const std::pair<const char *, const std::string *> lines[] = {{"start", &label.command},
                                                                {"stop", &label.stopCommand},
                                                                {"reload", &label.reloadCommand},
                                                                {"post-stop", &label.postStopCommand}};
  for (const auto &[name, line] : lines)
    if (which == name && !line->empty()) return *line;
  return Failure{"'" + label.name + "' has no " + which + " command"};
}

} // namespace

Result<std::vector<std::string>> commandWords(const Found &found, const RunOptions &options, const Environment &env) {
  std::vector<std::string> words;
  const std::string snap = env.get("SNAP") + "/";
  if (options.command == "self-check") return words; // nothing is executed
  if (options.command == "exec") {
    if (options.arguments.empty() || options.arguments.front()[0] != '/')
      return Failure{"--exec needs a program's absolute path behind the label"};
    return options.arguments;
  }
  if (!found.label.isHook)
    for (const std::string &link : found.label.commandChain)
      words.push_back(snap + link);
  if (options.command == "shell") {
    words.push_back("/bin/bash");
  } else {
    Result<std::string> line = lineOf(found.label, options.command);
    if (!line) return line.failure();
    std::vector<std::string> parts = split(*line, ' ');
    if (parts.empty()) return Failure{"'" + found.label.name + "' has an empty command"};
    for (size_t i = 0; i < parts.size(); ++i) {
      std::string word = i == 0 ? snap + parts[i] : env.expand(parts[i]);
      if (!word.empty()) words.push_back(std::move(word));
    }
  }
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  return words;
}

} // namespace snapsecc::runtime
