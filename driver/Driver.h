// SPDX-License-Identifier: Apache-2.0
// The commands of snapsecc, a file each; Commands.cpp lists them.
#pragma once
#include "driver/Options.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc::driver {

extern const Command compileCommand;
extern const Command checkCommand;
extern const Command fmtCommand;
extern const Command testCommand;
extern const Command optCommand;
extern const Command queryCommand;
extern const Command importCommand;
extern const Command disasmCommand;
extern const Command simCommand;
extern const Command statsCommand;
extern const Command syscallsCommand;
extern const Command loadCommand;
extern const Command unloadCommand;
extern const Command statusCommand;
extern const Command explainErrorCommand;
extern const Command completionCommand;
extern const Command helpCommand;

// In the order of the help.
llvm::ArrayRef<const Command *> allCommands();
const Command *findCommand(llvm::StringRef name);

void printHelp(llvm::raw_ostream &out); // of the program
void printHelp(const Command &command, llvm::raw_ostream &out);
// Every rule kind with its modifiers, signature and meaning, then the words of each slot; of one kind where `keyword`
// is given.
void printRules(llvm::StringRef keyword, llvm::raw_ostream &out);

// The whole program: words without its own name; the exit code.
int run(llvm::ArrayRef<const char *> words, llvm::raw_ostream &out, llvm::raw_ostream &err);

} // namespace snapsecc::driver
