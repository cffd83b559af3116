// SPDX-License-Identifier: Apache-2.0
// From words to a command's function.
#include "diag/Engine.h"
#include "driver/Driver.h"
#include "driver/Session.h"

namespace snapsecc::driver {

llvm::ArrayRef<const Command *> allCommands() {
  // clang-format off: a line each
  static constexpr const Command *commands[] = {
      &compileCommand,
      &checkCommand,
      &fmtCommand,
      &testCommand,
      &optCommand,
      &queryCommand,
      &importCommand,
      &disasmCommand,
      &simCommand,
      &statsCommand,
      &syscallsCommand,
      &loadCommand,
      &unloadCommand,
      &statusCommand,
      &explainErrorCommand,
      &completionCommand,
      &helpCommand,
  };
  // clang-format on
  return commands;
}

const Command *findCommand(llvm::StringRef name) {
  for (const Command *command : allCommands())
    if (name == command->name) return command;
  return nullptr;
}

static int unknownCommand(llvm::StringRef name, llvm::raw_ostream &err) {
  std::vector<llvm::StringRef> names;
  for (const Command *command : allCommands())
    names.push_back(command->name);
  std::string near = nearest(name, names);
  err << "snapsecc: error: unknown " << (name.startswith("-") ? "option '" : "command '") << name << "'"
      << (near.empty() ? "" : "; did you mean '" + near + "'?") << "\n"
      << "`snapsecc --help` lists the commands.\n";
  return Usage;
}

int run(llvm::ArrayRef<const char *> words, llvm::raw_ostream &out, llvm::raw_ostream &err) {
  if (words.empty()) {
    printHelp(err);
    return Usage;
  }
  llvm::StringRef first = words.front();
  if (first == "--help" || first == "-h") {
    printHelp(out);
    return Done;
  }
  if (first == "--version") {
    out << "snapsecc " << SNAPSECC_VERSION << "\n";
    return Done;
  }
  const Command *command = findCommand(first);
  if (!command) return unknownCommand(first, err);
  for (llvm::StringRef word : words) { // wherever it stands, and whatever else is wrong
    if (word == "--") break;
    if (word == "--help" || word == "-h") {
      printHelp(*command, out);
      return Done;
    }
  }
  Arguments arguments(*command);
  if (std::string error = parseArguments(words.drop_front(), arguments); !error.empty()) {
    err << "snapsecc " << command->name << ": error: " << error << "\n"
        << "`snapsecc " << command->name << " --help` lists what there is.\n";
    return Usage;
  }
  Session session(arguments, out, err);
  return command->run(arguments, session);
}

} // namespace snapsecc::driver
