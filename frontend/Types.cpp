// SPDX-License-Identifier: Apache-2.0
// The notation of types in tables, and what messages call a type.
#include "frontend/Types.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cassert>
#include <utility>

namespace snapsecc {

namespace {

using Kind = Type::Kind;
constexpr std::pair<const char *, Kind> kindNames[] = {
    {"bool", Kind::Bool},         {"int", Kind::Int},
    {"text", Kind::Text},         {"path", Kind::Path},
    {"glob", Kind::Glob},         {"label", Kind::Label},
    {"busname", Kind::BusName},   {"regex", Kind::Regex},
    {"enum", Kind::Enum},         {"map", Kind::Map},
    {"record", Kind::Record},     {"compatibility", Kind::Compatibility},
    {"ranges", Kind::Ranges},     {"digest", Kind::Digest},
    {"side", Kind::Side},         {"any", Kind::Any},
    {"child", Kind::Child},       {"match", Kind::Match},
    {"action", Kind::Action},     {"transition", Kind::Transition},
    {"family", Kind::Family},     {"command", Kind::Command},
    {"argument", Kind::Argument},
};

bool consume(llvm::StringRef &text, llvm::StringRef token) {
  text = text.ltrim();
  return text.consume_front(token);
}

llvm::StringRef readName(llvm::StringRef &text) {
  text = text.ltrim();
  llvm::StringRef name = text.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == '-'; });
  assert(!name.empty() && "table: a name is missing");
  text = text.drop_front(name.size());
  return name;
}

Type readRecord(llvm::StringRef &text) {
  auto record = std::make_shared<RecordType>();
  while (!consume(text, "}")) {
    RecordType::Field field;
    field.name = readName(text).str();
    bool optional = consume(text, "?");
    [[maybe_unused]] bool colon = consume(text, ":");
    assert(colon && "table: ':' is missing in a record");
    field.type = readType(text);
    field.type.optional |= optional;
    record->fields.push_back(std::move(field));
    consume(text, ",");
    assert(!text.empty() && "table: '}' is missing");
  }
  Type type;
  type.kind = Kind::Record;
  type.record = std::move(record);
  return type;
}

} // namespace

Type readType(llvm::StringRef &text) {
  Type type;
  if (consume(text, "[")) {
    type.kind = Kind::List;
    type.element = std::make_shared<Type>(readType(text));
    [[maybe_unused]] bool closed = consume(text, "]");
    assert(closed && "table: ']' is missing");
  } else if (consume(text, "{")) {
    type = readRecord(text);
  } else {
    llvm::StringRef name = readName(text);
    if (name == "pathglob") {
      name = "path";
      type.glob = true;
    }
    const auto *found = llvm::find_if(kindNames, [&](const auto &entry) { return name == entry.first; });
    assert(found != std::end(kindNames) && "table: unknown type");
    type.kind = found->second;
    if (type.kind == Kind::Enum && consume(text, "("))
      while (!consume(text, ")"))
        type.words.push_back(readName(text).str());
  }
  type.optional = consume(text, "?");
  return type;
}

std::string typeName(const Type &type) {
  switch (type.kind) {
  case Kind::List: return "[" + (type.element ? typeName(*type.element) : "any") + "]";
  case Kind::Enum: return "enum " + llvm::join(type.words, ", ");
  case Kind::Record: return type.record && !type.record->name.empty() ? type.record->name : "a record";
  case Kind::Side: return "a plug or slot";
  case Kind::Text:
  case Kind::Path: {
    std::string name = type.kind == Kind::Text ? "text" : "path";
    return type.glob ? name + " glob" : name;
  }
  case Kind::Error: return "an error";
  case Kind::Match: return "a udev match";
  case Kind::Action: return "a udev action";
  case Kind::Transition: return "an exec transition";
  case Kind::Family: return "a socket family";
  case Kind::Command: return "a command";
  case Kind::Argument: return "an argument pattern";
  default: break;
  }
  const auto *found = llvm::find_if(kindNames, [&](const auto &entry) { return type.kind == entry.second; });
  return found->first;
}

const RecordType::Field *RecordType::find(llvm::StringRef field) const {
  for (const Field &candidate : fields)
    if (candidate.name == field) return &candidate;
  return nullptr;
}

} // namespace snapsecc
