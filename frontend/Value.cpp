// SPDX-License-Identifier: Apache-2.0
// Values, their texts, and the escapes of string literals. A pattern's special characters: apparmor.d(5), Globbing.
#include "frontend/Value.h"
#include "automata/Pattern.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {

Value Value::of(bool value) {
  Value result;
  result.kind = Kind::Bool;
  result.boolean = value;
  return result;
}
Value Value::integer(int64_t value) {
  Value result;
  result.kind = Kind::Int;
  result.number = value;
  return result;
}
Value Value::string(llvm::StringRef value, Reading reading) {
  Value result;
  result.kind = Kind::Text;
  result.reading = reading;
  result.text = value.str();
  return result;
}
Value Value::word(llvm::StringRef value) {
  Value result;
  result.kind = Kind::Word;
  result.text = value.str();
  return result;
}
Value Value::listOf(std::vector<Value> values) {
  Value result;
  result.kind = Kind::List;
  result.list = std::move(values);
  return result;
}
Value Value::call(llvm::StringRef name, std::vector<Value> arguments) {
  Value result;
  result.kind = Kind::Call;
  result.text = name.str();
  result.list = std::move(arguments);
  return result;
}

const Value *RecordValue::find(llvm::StringRef name) const {
  for (const Field &field : fields)
    if (field.name == name) return &field.value;
  return nullptr;
}

Value RecordValue::lookUp(llvm::StringRef name) const {
  const Value *own = find(name);
  if (own && !own->isAbsent()) return *own;
  const RecordValue *inner = nullptr;
  unsigned records = 0;
  for (const Field &field : fields)
    if (field.value.kind == Value::Kind::Record) {
      inner = field.value.record.get();
      ++records;
    }
  if (caseName.empty() || records != 1) return {};
  const Value *found = inner->find(name);
  if (!found) return {};
  Value result = *found;
  result.nested = true;
  for (Value &element : result.list)
    element.nested = true;
  return result;
}

static bool sameRecord(const RecordValue &a, const RecordValue &b) {
  if (a.fields.size() != b.fields.size()) return false;
  for (const RecordValue::Field &field : a.fields) {
    const Value *other = b.find(field.name);
    if (!other || (!(field.value.isAbsent() && other->isAbsent()) && !sameValue(field.value, *other))) return false;
  }
  return true;
}

bool sameValue(const Value &a, const Value &b) {
  if (a.isAbsent() || b.isAbsent()) return false;
  if (a.isText() && b.isText()) return a.text == b.text;
  if (a.kind == Value::Kind::Int && b.kind == Value::Kind::Range) return b.number <= a.number && a.number <= b.last;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
  case Value::Kind::Bool: return a.boolean == b.boolean;
  case Value::Kind::Int: return a.number == b.number;
  case Value::Kind::Range: return a.number == b.number && a.last == b.last;
  case Value::Kind::Side: return a.side == b.side;
  case Value::Kind::Record: return sameRecord(*a.record, *b.record);
  case Value::Kind::Any: return true;
  case Value::Kind::List:
  case Value::Kind::Call:
  case Value::Kind::Compare:
    if (a.text != b.text || a.list.size() != b.list.size()) return false;
    for (size_t i = 0; i < a.list.size(); ++i)
      if (!sameValue(a.list[i], b.list[i])) return false;
    return true;
  case Value::Kind::Absent:
  case Value::Kind::Text:
  case Value::Kind::Word: break;
  }
  return false;
}

std::optional<std::string> plainText(const Value &value) {
  switch (value.kind) {
  case Value::Kind::Bool: return std::string(value.boolean ? "true" : "false");
  case Value::Kind::Int: return std::to_string(value.number);
  case Value::Kind::Text:
  case Value::Kind::Word: return value.text;
  default: return std::nullopt;
  }
}

// `a,b` as one alternative: `a\,b`. Commas in braces or classes, or escaped already, stay.
static std::string escapeTopCommas(llvm::StringRef pattern) {
  std::string result;
  unsigned depth = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      result += c;
      c = pattern[++i];
    } else if (c == '[') {
      size_t close = pattern.find(']', i + 2);
      if (close == llvm::StringRef::npos) close = pattern.size() - 1;
      result += pattern.substr(i, close - i);
      c = pattern[i = close];
    } else if (c == '{') {
      ++depth;
    } else if (c == '}') {
      depth -= depth > 0;
    } else if (c == ',' && depth == 0) {
      result += '\\';
    }
    result += c;
  }
  return result;
}

std::optional<std::string> patternText(const Value &value, bool inBraces) {
  if (value.kind == Value::Kind::Text && value.reading == Value::Reading::Pattern)
    return inBraces ? escapeTopCommas(value.text) : value.text;
  std::optional<std::string> plain = plainText(value);
  if (!plain) return std::nullopt;
  return automata::escapeLiteral(*plain);
}

unsigned braceDepth(llvm::StringRef pattern, unsigned depth) {
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\')
      ++i;
    else if (c == '[') {
      size_t close = pattern.find(']', i + 2);
      if (close == llvm::StringRef::npos) return depth;
      i = close;
    } else if (c == '{' && !(i > 0 && pattern[i - 1] == '@'))
      ++depth;
    else if (c == '{') {
      size_t close = pattern.find('}', i);
      if (close == llvm::StringRef::npos) return depth;
      i = close;
    } else if (c == '}' && depth > 0)
      --depth;
  }
  return depth;
}

static std::string escaped(char byte, Value::Reading reading) {
  return reading == Value::Reading::Plain ? std::string(1, byte) : automata::escapeLiteral(llvm::StringRef(&byte, 1));
}

std::string readLiteral(llvm::StringRef source, Value::Reading reading) {
  std::string result;
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] != '\\' || i + 1 == source.size()) {
      // Only a literal "${" is still here: no variable, and in a pattern no brace.
      bool isDollar = i > 0 && source[i - 1] == '$' && (i < 2 || source[i - 2] != '\\');
      if (source[i] == '{' && isDollar && reading == Value::Reading::Pattern) result += '\\';
      result += source[i];
      continue;
    }
    char next = source[++i];
    unsigned byte = 0;
    bool isHex = next == 'x' && i + 2 < source.size() && !source.substr(i + 1, 2).getAsInteger(16, byte);
    if (next == '"')
      result += '"';
    else if (isHex && reading != Value::Reading::Regex) {
      result += escaped(char(byte), reading);
      i += 2;
    } else if (reading != Value::Reading::Plain) {
      result += '\\';
      result += next;
    } else {
      if (next != '\\' && next != '$') result += '\\';
      result += next;
    }
  }
  return result;
}

} // namespace snapsecc
