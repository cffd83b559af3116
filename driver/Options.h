// SPDX-License-Identifier: Apache-2.0
// The command line as tables: a command has groups of options; parsing, help, the manual page and shell completion read
// the same rows.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>
#include <vector>

namespace snapsecc::driver {

class Session;
class Arguments;

enum ExitCode : int {
  Done = 0,         // also: yes, same
  PolicyErrors = 1, // diagnostics were printed
  Usage = 2,
  Failed = 3, // the disk or a tool
  No = 4,     // also: different, not allowed
};

struct Option {
  enum class Kind : uint8_t {
    Flag,     // --annotate
    Value,    // --connect X, --connect=X, -o X; of one letter also -j4
    Optional, // -Werror, -Werror=NAME
    Switch,   // --verify, --no-verify
  };
  const char *name; // with its dashes
  const char *alias = nullptr;
  Kind kind = Kind::Flag;
  const char *value = nullptr; // what it is called in the help
  const char *help = "";
  bool many = false;             // may be given several times; else the last one counts
  const char *choices = nullptr; // for completion and messages: "text|json|sarif"; the value must be one of them
};

struct OptionGroup {
  const char *title;
  llvm::ArrayRef<Option> options;
};

struct Command {
  const char *name;
  const char *operands;    // "SNAP.yaml..."
  const char *summary;     // one line
  const char *text;        // what the help says below the usage; may be empty
  const char *examples[2]; // each with its comment behind " # "
  llvm::ArrayRef<OptionGroup> groups;
  unsigned minOperands, maxOperands;
  int (*run)(const Arguments &, Session &);
};
constexpr unsigned anyNumber = ~0u;

// What was given. Asking for an option that is not in the command's table is our bug: asserts.
class Arguments {
public:
  explicit Arguments(const Command &which) : command(which) {}
  bool knows(llvm::StringRef name) const; // has the command this option at all?
  bool has(llvm::StringRef name) const { return !all(name).empty(); }
  // The last value, else `otherwise`.
  llvm::StringRef get(llvm::StringRef name, llvm::StringRef otherwise = "") const;
  llvm::ArrayRef<std::string> all(llvm::StringRef name) const;
  bool isOn(llvm::StringRef name, bool otherwise) const; // of a Switch
  std::vector<std::string> operands;

private:
  friend std::string parseArguments(llvm::ArrayRef<const char *> words, Arguments &arguments);
  const Command &command;
  std::map<std::string, std::vector<std::string>, std::less<>> values; // a Flag holds ""
};

// Options and operands in any order, `--` ends the options. An error text, or empty.
std::string parseArguments(llvm::ArrayRef<const char *> words, Arguments &arguments);
// "a|b|c" has this word?
bool isChoice(llvm::StringRef choices, llvm::StringRef word);

} // namespace snapsecc::driver
