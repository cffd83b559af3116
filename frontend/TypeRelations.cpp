// SPDX-License-Identifier: Apache-2.0
// How types relate: which value fits where, and what two values have in common.
#include "frontend/Check.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

Type makeType(Kind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type listOf(Type element) {
  Type type = makeType(Kind::List);
  type.element = std::make_shared<Type>(std::move(element));
  return type;
}

bool isTextual(Kind kind) {
  switch (kind) {
  case Kind::Text:
  case Kind::Path:
  case Kind::Glob:
  case Kind::Label:
  case Kind::BusName:
  case Kind::Regex:
  case Kind::Compatibility:
  case Kind::Ranges:
  case Kind::Digest: return true;
  default: return false;
  }
}

std::vector<FoundField> fieldsNamed(const RecordType &record, llvm::StringRef name) {
  std::vector<FoundField> found;
  for (const RecordType::Field &field : record.fields)
    if (field.name == name) found.push_back({&field, ""});
  for (const RecordType::Case &shape : record.cases)
    for (const RecordType::Field &field : shape.fields)
      if (field.name == name) found.push_back({&field, shape.name});
  return found;
}

std::vector<std::string> fieldNames(const RecordType &record) {
  std::set<std::string> names;
  for (const RecordType::Field &field : record.fields)
    names.insert(field.name);
  for (const RecordType::Case &shape : record.cases)
    for (const RecordType::Field &field : shape.fields)
      names.insert(field.name);
  return {names.begin(), names.end()};
}

std::set<std::string> caseNames(const RecordType &record) {
  std::set<std::string> names;
  for (const RecordType::Case &shape : record.cases)
    names.insert(shape.name);
  return names;
}

namespace {

// The fields of both; one that only one has may be absent.
Type unifyRecords(const Type &a, const Type &b) {
  auto merged = std::make_shared<RecordType>();
  for (const RecordType::Field &field : a.record->fields) {
    merged->fields.push_back(field);
    const RecordType::Field *other = b.record->find(field.name);
    std::optional<Type> type = other ? unify(field.type, other->type) : field.type;
    if (type) merged->fields.back().type = *type;
    if (!other) merged->fields.back().type.optional = true;
  }
  for (const RecordType::Field &field : b.record->fields)
    if (!a.record->find(field.name)) {
      merged->fields.push_back(field);
      merged->fields.back().type.optional = true;
    }
  Type type = makeType(Kind::Record);
  type.record = std::move(merged);
  return type;
}

Type unifyEnums(const Type &a, const Type &b) {
  Type type = a;
  for (const std::string &word : b.words)
    if (!llvm::is_contained(type.words, word)) type.words.push_back(word);
  return type;
}

std::optional<Type> unifySame(const Type &a, const Type &b) {
  switch (a.kind) {
  case Kind::Enum: return unifyEnums(a, b);
  case Kind::Record:
    if (a.record == b.record || !a.record || !b.record) return a;
    return unifyRecords(a, b);
  case Kind::List: {
    std::optional<Type> element = unify(*a.element, *b.element);
    return element ? std::optional(listOf(*element)) : std::nullopt;
  }
  default: {
    Type type = makeType(a.kind);
    type.glob = a.glob || b.glob;
    type.element = a.element;
    type.patternCharacters = a.patternCharacters || b.patternCharacters;
    return type;
  }
  }
}

// What text of two kinds is together: the one that says least about it.
std::optional<Type> unifyTexts(const Type &a, const Type &b) {
  auto either = [&](Kind kind) { return a.kind == kind || b.kind == kind; };
  auto plain = [](const Type &type) {
    return type.kind == Kind::Text || type.kind == Kind::Path || type.kind == Kind::Enum || type.kind == Kind::BusName;
  };
  auto goesInto = [&](Kind kind) {
    const Type &other = a.kind == kind ? b : a;
    return plain(other) || (kind == Kind::Glob && other.kind == Kind::Int);
  };
  for (Kind pattern : {Kind::Glob, Kind::Label})
    if (either(pattern)) return goesInto(pattern) ? std::optional(makeType(pattern)) : std::nullopt;
  if (!plain(a) || !plain(b)) return std::nullopt;
  Type type = makeType(Kind::Text);
  type.glob = a.glob || b.glob;
  return type;
}

bool fitsRecord(const Type &from, const Type &to) {
  if (!to.record || !from.record || from.record == to.record) return true;
  for (const RecordType::Field &field : to.record->fields) {
    const RecordType::Field *given = from.record->find(field.name);
    if (!given ? !field.type.optional : !fits(given->type, field.type)) return false;
  }
  return llvm::all_of(from.record->fields, [&](const auto &field) { return to.record->find(field.name); });
}

bool fitsSame(const Type &from, const Type &to) {
  switch (to.kind) {
  case Kind::Enum:
    return to.words.empty() ||
           llvm::all_of(from.words, [&](const std::string &word) { return llvm::is_contained(to.words, word); });
  case Kind::List:
  case Kind::Map: return !to.element || !from.element || fits(*from.element, *to.element);
  case Kind::Record: return fitsRecord(from, to);
  case Kind::Text:
  case Kind::Path: return to.glob || !from.glob;
  default: return true;
  }
}

} // namespace

std::optional<Type> unify(const Type &a, const Type &b) {
  std::optional<Type> type;
  if (a.kind == Kind::Error || a.kind == Kind::Any)
    type = b;
  else if (b.kind == Kind::Error || b.kind == Kind::Any)
    type = a;
  else
    type = a.kind == b.kind ? unifySame(a, b) : unifyTexts(a, b);
  if (type) type->optional = a.optional || b.optional;
  return type;
}

bool fits(const Type &from, const Type &to) {
  if (from.kind == Kind::Error || to.kind == Kind::Error || to.kind == Kind::Any || from.kind == Kind::Any) return true;
  if (from.kind == to.kind) return fitsSame(from, to);
  bool plain =
      from.kind == Kind::Text || from.kind == Kind::Path || from.kind == Kind::Enum || from.kind == Kind::BusName;
  switch (to.kind) {
  case Kind::Text: return plain ? to.glob || !from.glob : from.kind == Kind::Glob && to.glob;
  case Kind::Glob: return plain || from.kind == Kind::Int;
  case Kind::Label: return plain || from.kind == Kind::Side;
  default: return false;
  }
}

} // namespace snapsecc::checking
