// SPDX-License-Identifier: Apache-2.0
#include "driver/Driver.h"

int main(int count, char **words) {
  int code =
      snapsecc::driver::run({words + 1, static_cast<size_t>(count > 0 ? count - 1 : 0)}, llvm::outs(), llvm::errs());
  llvm::outs().flush();
  if (!llvm::outs().has_error()) return code;
  llvm::outs().clear_error(); // else LLVM ends the program with a message of its own
  llvm::errs() << "snapsecc: error: cannot write to stdout\n";
  return snapsecc::driver::Failed;
}
