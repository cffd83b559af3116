// SPDX-License-Identifier: Apache-2.0
// What an expression of the policy language is worth while rules are made.
#pragma once
#include "frontend/Snap.h"
#include "ir/Value.h"
#include "llvm/ADT/StringRef.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snapsecc {

struct EndpointScene;
struct RecordValue;

struct Value {
  enum class Kind : uint8_t {
    Absent, // an optional attribute that is not there, a file that the machine does not have
    Bool,
    Int,
    Range, // number..last
    Text,
    Word,
    List,
    Record,
    Side, // plug, slot
    Call, // text(list...): what stands in a rule as a call: usb(..), has(..), netlink(..)
    Any,
    Compare, // _ and `_ op list[0]`
  };
  // How a text is to be read where it is put into a pattern.
  enum class Reading : uint8_t {
    Plain,   // every character stands for itself
    Pattern, // an AppArmor pattern (glob, label)
    Regex,
  };
  Kind kind = Kind::Absent;
  Reading reading = Reading::Plain;
  bool boolean = false;
  bool defaulted = false; // not written in the snap's metadata: set() does not count it
  bool nested = false;    // found inside of a record attribute of its shape; see place()
  int64_t number = 0, last = 0;
  std::string text;
  std::vector<Value> list;
  std::shared_ptr<const RecordValue> record;
  const EndpointScene *side = nullptr;
  const Snap *owner = nullptr; // the snap whose metadata says so: $SNAP in it is of this snap

  static Value absent() { return {}; }
  static Value of(bool value);
  static Value integer(int64_t value);
  static Value string(llvm::StringRef value, Reading reading = Reading::Plain);
  static Value word(llvm::StringRef value);
  static Value listOf(std::vector<Value> values);
  static Value call(llvm::StringRef name, std::vector<Value> arguments);
  bool isAbsent() const { return kind == Kind::Absent; }
  bool isTrue() const { return kind == Kind::Bool && boolean; }
  bool isText() const { return kind == Kind::Text || kind == Kind::Word; }
};

// A record, or the attributes of a side.
struct RecordValue {
  std::string caseName; // the shape that fits; empty: the type has none
  struct Field {
    std::string name;
    Value value;
  };
  std::vector<Field> fields; // in the order of the type; then the lets of its block
  const Value *find(llvm::StringRef name) const;
  // A field; or one of the only record among the fields of the shape, marked `nested` (content: `source: {read,
  // write}`).
  Value lookUp(llvm::StringRef name) const;
};

// Two known values are the same. An absent one is equal to nothing.
bool sameValue(const Value &a, const Value &b);
// The text as plain text: digits, true, words. nullopt for what has none (absent, lists, records).
std::optional<std::string> plainText(const Value &value);
// The text as a pattern: plain text escaped, patterns as they are; `inBraces`: commas of a pattern's own top level are
// escaped, so that it stays one alternative.
std::optional<std::string> patternText(const Value &value, bool inBraces = false);

// Reads the escapes of a literal's source text by its place: \" \\ \xNN \$ in plain text; in a pattern a backslash
// stays one, but \" is a quote and \xNN the byte; in a regex all but \" stays.
std::string readLiteral(llvm::StringRef source, Value::Reading reading);
// The depth of braces behind `pattern`, from `depth` before it.
unsigned braceDepth(llvm::StringRef pattern, unsigned depth);

} // namespace snapsecc
