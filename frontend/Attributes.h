// SPDX-License-Identifier: Apache-2.0
// The attributes of a plug or slot, read by the schema of its interface: types, refinements, defaults, shapes, checks.
// Every message points at the attribute in the snap.yaml, with a note at the schema.
#pragma once
#include "frontend/Evaluate.h"
#include <functional>

namespace snapsecc {

// Sets endpoint.attributes, also after an error (what could be read). `base`: a context without sides.
void readAttributes(EndpointScene &endpoint, const Context &base, Engine &engine);

// What a type finds wrong with a value; kept until it is known whether it matters (a shape that does not fit is no
// mistake).
struct Problem {
  enum class Kind : uint8_t { Type, Missing, Word, Value, List, Shape };
  Kind kind{};
  SourceRange at;
  std::string subject; // the attribute's name
  std::string detail;  // what it must be
  std::string found, suggestion;
  std::string declaredName; // the note
  SourceRange declared;
};
void report(const Problem &problem, Engine &engine);

// One value by its type (AttributeValues.cpp). `name` and `declared` are for messages.
struct ValueReader {
  const Snap *owner = nullptr;
  std::vector<Problem> &problems;
  std::string name;
  SourceRange declared;
  // Reads a record; set by readAttributes, which knows scopes and shapes.
  std::function<Value(const RecordType &, const Attribute &, ValueReader &)> readRecord;

  Value read(const Type &type, const Attribute &attribute);

private:
  Value wrong(const Attribute &attribute, const std::string &detail);
  Value readInt(const Type &type, const Attribute &attribute);
  Value readText(const Type &type, const Attribute &attribute);
  Value readPath(const Type &type, const Attribute &attribute);
  Value readWord(const Type &type, const Attribute &attribute);
  Value readList(const Type &type, const Attribute &attribute);
  Value readMap(const Type &type, const Attribute &attribute);
  // An empty text: nothing is wrong.
  std::string fault(const Type &type, llvm::StringRef text) const;
  Value text(const Type &type, llvm::StringRef text) const;
};

// A piece of metadata as messages show it: short, and printable.
std::string shown(llvm::StringRef text);

} // namespace snapsecc
