// SPDX-License-Identifier: Apache-2.0
#include "driver/Options.h"
#include "diag/Engine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cassert>

namespace snapsecc::driver {
namespace {

const Option *findOption(const Command &command, llvm::StringRef name) {
  for (const OptionGroup &group : command.groups)
    for (const Option &option : group.options)
      if (name == option.name || (option.alias && name == option.alias)) return &option;
  return nullptr;
}

std::string unknown(const Command &command, llvm::StringRef name) {
  std::vector<llvm::StringRef> names;
  for (const OptionGroup &group : command.groups)
    for (const Option &option : group.options)
      names.push_back(option.name);
  std::string near = nearest(name, names);
  return "unknown option '" + name.str() + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?");
}

struct Written {
  const Option *option = nullptr;
  std::string key; // under which it is kept
  bool hasValue = false;
  llvm::StringRef value;
};

// Finds the option of a word: whole, before its `=`, with "no-" before a switch's name, or one letter with its value
// behind it.
Written find(const Command &command, llvm::StringRef word) {
  auto [name, value] = word.split('=');
  bool hasValue = name.size() != word.size();
  if (const Option *option = findOption(command, name)) return {option, option->name, hasValue, value};
  llvm::StringRef rest = name;
  if (rest.consume_front("--no-")) {
    const Option *option = findOption(command, ("--" + rest).str());
    if (option && option->kind == Option::Kind::Switch) return {option, name.str(), hasValue, value};
  }
  if (!word.startswith("--") && word.size() > 2) {
    const Option *option = findOption(command, word.take_front(2));
    if (option && option->kind == Option::Kind::Value) return {option, option->name, true, word.drop_front(2)};
  }
  return {};
}

} // namespace

bool isChoice(llvm::StringRef choices, llvm::StringRef word) {
  llvm::SmallVector<llvm::StringRef, 8> words;
  choices.split(words, '|');
  return llvm::is_contained(words, word);
}

bool Arguments::knows(llvm::StringRef name) const { return findOption(command, name) != nullptr; }

llvm::ArrayRef<std::string> Arguments::all(llvm::StringRef name) const {
  assert((findOption(command, name) || name.startswith("--no-")) && "the command has no such option");
  auto found = values.find(name);
  return found == values.end() ? llvm::ArrayRef<std::string>() : llvm::ArrayRef<std::string>(found->second);
}

llvm::StringRef Arguments::get(llvm::StringRef name, llvm::StringRef otherwise) const {
  llvm::ArrayRef<std::string> given = all(name);
  return given.empty() ? otherwise : llvm::StringRef(given.back());
}

bool Arguments::isOn(llvm::StringRef name, bool otherwise) const {
  return has(name) || (otherwise && !has(("--no-" + name.drop_front(2)).str()));
}

std::string parseArguments(llvm::ArrayRef<const char *> words, Arguments &arguments) {
  const Command &command = arguments.command;
  bool onlyOperands = false;
  for (size_t i = 0; i < words.size(); ++i) {
    llvm::StringRef word = words[i];
    if (onlyOperands || !word.startswith("-") || word == "-") {
      arguments.operands.push_back(word.str());
      continue;
    }
    if (word == "--") {
      onlyOperands = true;
      continue;
    }
    Written written = find(command, word);
    if (!written.option) return unknown(command, word.split('=').first);
    const Option &option = *written.option;
    bool takesValue = option.kind == Option::Kind::Value || option.kind == Option::Kind::Optional;
    if (written.hasValue && !takesValue) return "'" + written.key + "' takes no value";
    if (option.kind == Option::Kind::Value && !written.hasValue) {
      if (++i == words.size()) return "'" + written.key + "' needs a value: " + option.value;
      written.value = words[i];
    }
    if (option.choices && !isChoice(option.choices, written.value))
      return "'" + written.key + "' is one of " + option.choices + ", not '" + written.value.str() + "'";
    if (option.kind == Option::Kind::Switch) { // the last of the two counts
      arguments.values.erase(option.name);
      arguments.values.erase("--no-" + std::string(option.name + 2));
    }
    arguments.values[written.key].push_back(written.value.str());
  }
  if (arguments.operands.size() < command.minOperands) return "operands are missing: " + std::string(command.operands);
  if (arguments.operands.size() > command.maxOperands)
    return "one operand too many: '" + arguments.operands[command.maxOperands] + "'";
  return "";
}

} // namespace snapsecc::driver
