// SPDX-License-Identifier: Apache-2.0
#include "driver/Depfile.h"
#include "llvm/ADT/StringRef.h"

namespace snapsecc::driver {

static std::string escaped(llvm::StringRef path) {
  std::string result;
  for (char c : path) {
    if (c == ' ' || c == '#') result += '\\';
    if (c == '$') result += '$';
    result += c;
  }
  return result;
}

std::string makeDepfile(const std::string &output, llvm::ArrayRef<std::string> inputs) {
  std::string text = escaped(output) + ":";
  for (const std::string &input : inputs)
    text += " \\\n  " + escaped(input);
  return text + "\n";
}

} // namespace snapsecc::driver
