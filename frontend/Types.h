// SPDX-License-Identifier: Apache-2.0
// The types of the policy language (docs/language.md, Types).
#pragma once
#include "frontend/Ast.h"
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snapsecc {

struct RecordType;

struct Type {
  enum class Kind : uint8_t {
    Error, // something was reported; fits everywhere, so that one mistake is said once
    Bool, Int, Text, Path, Glob, Label, BusName, Regex, Enum, List, Record, Map, Compatibility, Ranges, Digest,
    Side,   // plug, slot: fields are attributes and facts
    Match,  // a udev match: usb(..), kernel(..)
    Void,
  };
  Kind kind = Kind::Error;
  // Refinements; which apply depends on the kind.
  std::optional<int64_t> min, max;        // Int; max: also of Text, List, Ranges
  bool glob = false;                      // Text, Path: may hold patterns
  std::string matching;                   // Text, Path: an anchored regular expression; empty: any
  std::vector<std::string> under;         // Path
  std::vector<std::string> words;         // Enum; dimensions of Compatibility
  bool nonempty = false, unique = false, single = false; // List
  std::shared_ptr<const Type> element;    // List, Map
  std::shared_ptr<const RecordType> record;
  bool optional = false; // the value may be absent
};

// When a value is known. An expression has the latest stage that it reads.
enum class Stage : uint8_t { Constant, Host, Snap, App, OwnSide, OtherSide };

// A record, or the attributes of one side of an interface.
struct RecordType {
  struct Field {
    std::string name, doc;
    SourceRange range;
    Type type; // optional is set for `name?`
    const ast::Expr *fallback = nullptr;
  };
  struct Case {
    std::string name;
    std::vector<Field> fields;
    const ast::Block *block = nullptr;
  };
  std::string name;
  SourceRange range;
  bool closed = false;
  std::vector<Field> fields; // without those of the cases
  std::vector<Case> cases;
  const ast::Block *block = nullptr; // fields, checks, lets, whens in order
  const Field *find(llvm::StringRef field) const;
};

} // namespace snapsecc
