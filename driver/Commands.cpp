// SPDX-License-Identifier: Apache-2.0
// From words to a command's function.
#include "diag/Engine.h"
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"
#include "llvm/ADT/STLExtras.h"

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

// Of the program itself, without a command.
static bool isProgramOption(llvm::StringRef word) { return word == "--help" || word == "-h" || word == "--version"; }

// How many words before the command are options that every command has, and their values.
static size_t leadingOptions(llvm::ArrayRef<const char *> words) {
  size_t count = 0;
  while (count < words.size() && !isProgramOption(words[count])) {
    auto [name, value] = llvm::StringRef(words[count]).split('=');
    const Option *found = llvm::find_if(commonOptions, [&, name = name](const Option &option) {
      return name == option.name || (option.alias && name == option.alias);
    });
    if (found == std::end(commonOptions)) break;
    bool takesNext = found->kind == Option::Kind::Value && name.size() == llvm::StringRef(words[count]).size();
    count += takesNext ? 2 : 1;
  }
  return std::min(count, words.size());
}

int run(llvm::ArrayRef<const char *> words, llvm::raw_ostream &out, llvm::raw_ostream &err) {
  size_t options = leadingOptions(words);
  if (options == words.size()) {
    printHelp(err);
    return Usage;
  }
  if (options > 0) {
    std::vector<const char *> inOrder{words[options]};
    inOrder.insert(inOrder.end(), words.begin(), words.begin() + options);
    inOrder.insert(inOrder.end(), words.begin() + options + 1, words.end());
    return run(inOrder, out, err);
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
