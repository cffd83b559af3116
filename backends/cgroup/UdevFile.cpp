// SPDX-License-Identifier: Apache-2.0
// Reads udev rules as udev does (udev(7)): lines, '\' before a line's end, '#' for comments, KEY OP "VALUE" separated
// by commas or blanks. What is allowed: any match; ENV{..}, GOTO, LABEL and the built-in IMPORTs as assignments.
#include "backends/cgroup/UdevText.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::cgroup {
namespace {

llvm::Error problem(unsigned line, const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), "line " + llvm::Twine(line) + ": " + text);
}

// These run or read something whatever their operator: `PROGRAM==` does, too.
bool actsAsMatch(llvm::StringRef key) {
  return key == "PROGRAM" || (key.startswith("IMPORT{") && key != "IMPORT{builtin}");
}

// IMPORT{program} and {file} run or read what they like; a built-in one asks udev itself.
bool mayAssign(llvm::StringRef key) {
  if (key.startswith("ENV{SYSTEMD_")) return false; // starts units
  return key == "GOTO" || key == "LABEL" || key == "IMPORT{builtin}" || (key.startswith("ENV{") && key.endswith("}"));
}

// One KEY OP "VALUE" off the front of `rest`.
llvm::Error takeItem(llvm::StringRef &rest, unsigned line) {
  constexpr llvm::StringRef operators[] = {"==", "!=", "+=", "-=", ":=", "="};
  size_t end = rest.find_first_of("=!+-:\" \t");
  llvm::StringRef key = rest.take_front(end == llvm::StringRef::npos ? rest.size() : end);
  size_t brace = rest.find('{');
  if (brace < end) { // a name in {} may hold any of these
    end = rest.find('}', brace);
    if (end == llvm::StringRef::npos) return problem(line, "'{' without '}'");
    key = rest.take_front(++end);
  }
  rest = rest.drop_front(key.size()).ltrim(" \t");
  llvm::StringRef op;
  for (llvm::StringRef one : operators)
    if (op.empty() && rest.consume_front(one)) op = one;
  rest = rest.ltrim(" \t");
  if (key.empty() || op.empty() || !rest.consume_front("\""))
    return problem(line, "KEY, an operator and \"VALUE\" are expected");
  size_t quote = rest.find('"');
  if (quote == llvm::StringRef::npos) return problem(line, "a value without its closing quote");
  if (quote > 0 && rest[quote - 1] == '\\') return problem(line, "a quote inside of a value");
  rest = rest.drop_front(quote + 1).ltrim(" \t,");
  if (((op == "==" || op == "!=") && !actsAsMatch(key)) || mayAssign(key)) return llvm::Error::success();
  return problem(line, "it may match devices and set their properties, not assign " + key);
}

} // namespace

llvm::Error checkUdevFile(llvm::StringRef text) {
  unsigned number = 0;
  std::string joined;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    ++number;
    for (unsigned char c : line)
      if ((c < 0x20 && c != '\t') || c == 0x7f) return problem(number, "a control character");
    if (joined.empty() && line.ltrim(" \t").startswith("#")) continue;
    bool continues = line.consume_back("\\");
    joined += line;
    if (continues && text.empty()) return problem(number, "the last line is continued");
    if (continues) continue;
    llvm::StringRef items = llvm::StringRef(joined).trim(" \t,");
    while (!items.empty())
      if (llvm::Error error = takeItem(items, number)) return error;
    joined.clear();
  }
  return llvm::Error::success();
}

} // namespace snapsecc::cgroup
