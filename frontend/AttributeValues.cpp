// SPDX-License-Identifier: Apache-2.0
// One attribute's value by its type. Nothing that comes out of here can hold a control character or a quote that would
// end a string in an artefact, and what is no pattern holds no character of patterns.
#include "automata/Pattern.h"
#include "frontend/Attributes.h"
#include "frontend/Compatibility.h"
#include "frontend/Functions.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

constexpr size_t maxShown = 60, maxBusName = 255; // D-Bus specification, "Valid Names"
constexpr size_t digestLength = 64;               // 48 bytes in base64url

const char *kindName(const Attribute &attribute) {
  static constexpr const char *names[] = {"nothing", "a boolean", "a number", "text", "a list", "a map"};
  return names[size_t(attribute.kind)];
}

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool holdsVariable(const automata::Pattern &pattern) {
  return pattern.kind == automata::Pattern::Kind::Variable || llvm::any_of(pattern.children, holdsVariable);
}

// Patterns of metadata may not name AppArmor's variables: what these hold is the target's business.
std::string patternFault(llvm::StringRef text) {
  llvm::Expected<automata::Pattern> pattern = automata::parsePattern(text);
  if (!pattern) return "is not a pattern: " + llvm::toString(pattern.takeError());
  return holdsVariable(*pattern) ? "may not use AppArmor's variables" : "";
}

std::string busNameFault(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 8> elements;
  text.split(elements, '.');
  bool fits = elements.size() >= 2 && text.size() <= maxBusName && llvm::all_of(elements, [](llvm::StringRef element) {
                return !element.empty() && !llvm::isDigit(element[0]) &&
                       llvm::all_of(element, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '-'; });
              });
  if (!fits) return "is not a well-known name of D-Bus, like org.example.App";
  llvm::StringRef front = text.rtrim("0123456789");
  bool numbered = front.size() < text.size() && front.endswith("-");
  return numbered ? "may not end in '-' and a number: such names are made for further instances" : "";
}

std::string rangesFault(llvm::StringRef text, std::optional<int64_t> max) {
  llvm::SmallVector<llvm::StringRef, 16> parts;
  text.split(parts, ',');
  int64_t count = 0;
  for (llvm::StringRef part : parts) {
    auto [first, last] = part.split('-');
    uint32_t low = 0, high = 0;
    bool isRange = part.contains('-');
    if (first.getAsInteger(10, low) || (isRange && last.getAsInteger(10, high)) || (isRange && high < low))
      return "is not a list of numbers and ranges, like 1,4-7";
    count += isRange ? int64_t(high) - low + 1 : 1;
  }
  return max && count > *max ? "names more than " + std::to_string(*max) + " numbers" : "";
}

std::string digestFault(llvm::StringRef text) {
  bool fits = text.size() == digestLength &&
              llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '-' || c == '_'; });
  return fits ? "" : "is not a SHA3-384 digest in base64url";
}

std::string compatibilityFault(const Type &type, llvm::StringRef text) {
  CompatibilityResult result = parseCompatibility(text);
  if (!result.label) return "is not a compatibility label: " + result.error;
  if (type.words.empty()) return "";
  std::vector<std::string> names;
  for (const Compatibility::Dimension &dimension : result.label->dimensions)
    names.push_back(dimension.name);
  return names == type.words ? "" : "must have the dimensions " + llvm::join(type.words, ", ");
}

// "", or what is unclean. One slash at the end is forgiven.
std::string uncleanness(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 16> components;
  path.drop_while([](char c) { return c == '/'; }).split(components, '/');
  if (path.startswith("//")) return "must not hold '//'";
  for (size_t i = 0; i < components.size(); ++i) {
    if (components[i] == "." || components[i] == "..") return "must not hold '" + components[i].str() + "'";
    if (components[i].empty() && i + 1 < components.size()) return "must not hold '//'";
  }
  return "";
}

bool isBelow(llvm::StringRef path, llvm::StringRef directory) {
  if (directory.size() > 1) directory.consume_back("/");
  if (directory == "/") return path.startswith("/");
  return path.consume_front(directory) && (path.empty() || path.startswith("/"));
}

// $SNAP before a bare path where the type allows $SNAP: `lib` and `/lib` of a content slot.
std::string withVariable(const Type &type, llvm::StringRef text) {
  std::string path = text.str();
  if (text.startswith("${")) {
    size_t close = text.find('}');
    if (close != llvm::StringRef::npos) path = "$" + text.slice(2, close).str() + text.drop_front(close + 1).str();
  }
  bool isBare = path.empty() || path[0] != '$';
  bool inSnap = llvm::is_contained(type.under, "$SNAP");
  bool belowOther = llvm::any_of(
      type.under, [&](const std::string &directory) { return directory[0] == '/' && isBelow(path, directory); });
  if (isBare && inSnap && !belowOther) {
    bool isTop = path.empty() || path == "/" || path == ".";
    path = isTop ? "$SNAP" : "$SNAP" + std::string(path[0] == '/' ? "" : "/") + path;
  }
  if (path.size() > 1 && path.back() == '/' && !type.glob) path.pop_back();
  return path;
}

std::string pathFault(const Type &type, llvm::StringRef path) {
  if (type.glob) {
    if (std::string fault = patternFault(path); !fault.empty()) return fault;
  } else if (path.find_first_of("?*[]{}^\\") != llvm::StringRef::npos) {
    return "must not hold characters of patterns (?*[]{}^\\)";
  }
  if (std::string fault = uncleanness(path); !fault.empty()) return fault;
  if (type.under.empty()) return path.startswith("/") ? "" : "must be an absolute path";
  if (llvm::any_of(type.under, [&](const std::string &directory) { return isBelow(path, directory); })) return "";
  return "must be below " + llvm::join(type.under, ", ");
}

} // namespace

std::string shown(llvm::StringRef text) {
  std::string result;
  for (char c : text.take_front(maxShown)) {
    if (isControl(c))
      result += "\\x" + llvm::toHex(llvm::StringRef(&c, 1), /*LowerCase=*/true);
    else
      result += c;
  }
  return text.size() > maxShown ? result + "..." : result;
}

Value ValueReader::wrong(const Attribute &attribute, const std::string &detail) {
  problems.push_back({Problem::Kind::Type, attribute.range, name, detail, kindName(attribute), "", name, declared});
  return {};
}

Value ValueReader::text(const Type &type, llvm::StringRef text) const {
  Value value = Value::string(text, readingOf(type));
  value.owner = owner;
  return value;
}

std::string ValueReader::fault(const Type &type, llvm::StringRef text) const {
  if (llvm::any_of(text, isControl)) return "must not hold control characters";
  switch (type.kind) {
  case Type::Kind::BusName: return busNameFault(text);
  case Type::Kind::Compatibility: return compatibilityFault(type, text);
  case Type::Kind::Ranges: return rangesFault(text, type.max);
  case Type::Kind::Digest: return digestFault(text);
  case Type::Kind::Glob: return patternFault(text);
  case Type::Kind::Path:
    if (text.contains('"')) return "must not hold a quote";
    if (std::string unfit = pathFault(type, text); !unfit.empty()) return unfit;
    break;
  default: break;
  }
  if (type.kind != Type::Kind::Path && type.max && int64_t(text.size()) > *type.max)
    return "is longer than " + std::to_string(*type.max) + " bytes";
  if (!type.matching.empty() && !matchesRegex(text, type.matching)) return "does not match " + type.matching;
  return type.kind == Type::Kind::Text && type.glob ? patternFault(text) : "";
}

Value ValueReader::readText(const Type &type, const Attribute &attribute) {
  if (attribute.kind != Attribute::Kind::Text) return wrong(attribute, typeName(type));
  std::string given = type.kind == Type::Kind::Path ? withVariable(type, attribute.text) : attribute.text;
  std::string unfit = fault(type, given);
  if (unfit.empty()) return text(type, given);
  problems.push_back({Problem::Kind::Value, attribute.range, name, unfit, shown(attribute.text), "", name, declared});
  return {};
}

Value ValueReader::readInt(const Type &type, const Attribute &attribute) {
  if (attribute.kind != Attribute::Kind::Int) return wrong(attribute, "a number");
  int64_t number = attribute.integer;
  if (number >= type.min.value_or(INT64_MIN) && number <= type.max.value_or(INT64_MAX)) return Value::integer(number);
  std::string range = "must be " + (type.min ? "at least " + std::to_string(*type.min) : std::string()) +
                      (type.min && type.max ? " and " : "") + (type.max ? "at most " + std::to_string(*type.max) : "");
  problems.push_back({Problem::Kind::Value, attribute.range, name, range, std::to_string(number), "", name, declared});
  return {};
}

Value ValueReader::readWord(const Type &type, const Attribute &attribute) {
  bool isScalar = attribute.kind == Attribute::Kind::Text || attribute.kind == Attribute::Kind::Bool ||
                  attribute.kind == Attribute::Kind::Int;
  if (!isScalar) return wrong(attribute, "one of " + llvm::join(type.words, ", "));
  if (llvm::is_contained(type.words, attribute.text)) return Value::word(attribute.text);
  std::vector<llvm::StringRef> words(type.words.begin(), type.words.end());
  problems.push_back({Problem::Kind::Word, attribute.range, name, llvm::join(type.words, ", "), shown(attribute.text),
                      nearest(attribute.text, words), name, declared});
  return {};
}

Value ValueReader::readList(const Type &type, const Attribute &attribute) {
  bool isScalar = attribute.kind == Attribute::Kind::Text || attribute.kind == Attribute::Kind::Int;
  if (attribute.kind != Attribute::Kind::List && !(type.single && isScalar)) return wrong(attribute, typeName(type));
  std::vector<Value> values;
  auto complain = [&](SourceRange at, const std::string &detail) {
    problems.push_back({Problem::Kind::List, at, name, detail, "", "", name, declared});
  };
  if (attribute.kind != Attribute::Kind::List) values.push_back(read(*type.element, attribute));
  std::set<std::string> seen;
  for (const Attribute &element : attribute.list) {
    values.push_back(read(*type.element, element));
    std::optional<std::string> text = plainText(values.back());
    if (type.unique && text && !seen.insert(*text).second)
      complain(element.range, "holds '" + shown(*text) + "' twice");
  }
  if (type.nonempty && values.empty()) complain(attribute.range, "must not be empty");
  if (type.max && int64_t(values.size()) > *type.max)
    complain(attribute.range, "must not hold more than " + std::to_string(*type.max) + " values");
  return Value::listOf(std::move(values));
}

Value ValueReader::readMap(const Type &type, const Attribute &attribute) {
  if (attribute.kind != Attribute::Kind::Map) return wrong(attribute, typeName(type));
  auto record = std::make_shared<RecordValue>();
  for (const Attribute::Entry &entry : attribute.map) {
    Value value = type.element ? read(*type.element, entry.value) : Value();
    bool keyFits = !llvm::any_of(entry.key, isControl) && !llvm::StringRef(entry.key).contains('"') &&
                   (type.matching.empty() || matchesRegex(entry.key, type.matching));
    if (!keyFits)
      problems.push_back({Problem::Kind::Value, entry.keyRange, name, "is no name for an entry", shown(entry.key), "",
                          name, declared});
    record->fields.push_back({entry.key, std::move(value)});
  }
  Value value;
  value.kind = Value::Kind::Record;
  value.record = std::move(record);
  return value;
}

Value ValueReader::read(const Type &type, const Attribute &attribute) {
  switch (type.kind) {
  case Type::Kind::Bool:
    return attribute.kind == Attribute::Kind::Bool ? Value::of(attribute.boolean) : wrong(attribute, "true or false");
  case Type::Kind::Int: return readInt(type, attribute);
  case Type::Kind::Enum: return readWord(type, attribute);
  case Type::Kind::List: return readList(type, attribute);
  case Type::Kind::Map: return readMap(type, attribute);
  case Type::Kind::Record:
    if (attribute.kind != Attribute::Kind::Map) return wrong(attribute, "a map");
    return readRecord(*type.record, attribute, *this);
  case Type::Kind::Text:
  case Type::Kind::Path:
  case Type::Kind::BusName:
  case Type::Kind::Glob:
  case Type::Kind::Compatibility:
  case Type::Kind::Ranges:
  case Type::Kind::Digest: return readText(type, attribute);
  default: return {}; // Check lets no attribute have another type
  }
}

} // namespace snapsecc
