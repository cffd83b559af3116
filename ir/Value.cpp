// SPDX-License-Identifier: Apache-2.0
// Values as text. Strings keep valid UTF-8 readable; every other byte that is not printable becomes \xNN.
#include "ir/Value.h"
#include "diag/SourceFile.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::ir {
namespace {

std::string quote(llvm::StringRef text) {
  bool readable = !invalidUtf8(text);
  std::string quoted = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\')
      (quoted += '\\') += static_cast<char>(c);
    else if (c < 0x20 || c == 0x7f || (c >= 0x80 && !readable))
      (quoted += "\\x") += {llvm::hexdigit(c >> 4, true), llvm::hexdigit(c & 15, true)};
    else
      quoted += static_cast<char>(c);
  }
  return quoted + '"';
}

std::string printList(llvm::ArrayRef<Value> values) {
  std::string text;
  for (const Value &value : values)
    text += (text.empty() ? "" : ", ") + print(value);
  return text;
}

} // namespace

std::string print(const Value &value) {
  switch (value.kind) {
  case Value::Kind::Word: return value.text;
  case Value::Kind::String: return quote(value.text);
  case Value::Kind::Number: return std::to_string(value.number);
  case Value::Kind::Range: return std::to_string(value.number) + ".." + std::to_string(value.last);
  case Value::Kind::Call: return value.text + "(" + printList(value.args) + ")";
  case Value::Kind::List: return "[" + printList(value.args) + "]";
  case Value::Kind::Compare: return "_ " + value.text + " " + printList(value.args);
  case Value::Kind::Any: return "_";
  }
  return "";
}

} // namespace snapsecc::ir
