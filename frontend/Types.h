// SPDX-License-Identifier: Apache-2.0
// The types of the policy language (docs/language.md, Types), and the notation for them in Facts.def and Functions.def:
//   bool int text path pathglob (`path glob`) glob label busname regex map record compatibility ranges digest side any
//   child enum(a b c)   [T]   {name: T, other?: T}   T? may be absent   match action transition family command
//   argument: places
#pragma once
#include "frontend/Ast.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snapsecc {

struct RecordType;

struct Type {
  enum class Kind : uint8_t {
    Error, // something was reported; fits everywhere, so that one mistake is said once
    Bool,
    Int,
    Text,
    Path,
    Glob,
    Label,
    BusName,
    Regex,
    Enum,
    List,
    Record,
    Map,
    Compatibility,
    Ranges,
    Digest,
    Side,  // plug, slot: fields are attributes and facts
    Any,   // of a parameter: whatever there is
    Child, // the name of a child profile
    // Not values: what a slot of a rule takes. A udev match, a udev action, an exec transition, a socket family, a
    // command of a unit, a pattern of a system call's argument.
    Match,
    Action,
    Transition,
    Family,
    Command,
    Argument,
  };
  Kind kind = Kind::Error;
  // Refinements; which apply depends on the kind.
  std::optional<int64_t> min, max;                       // Int; max: also of Text, List, Ranges
  bool glob = false;                                     // Text, Path: may hold patterns
  std::string matching;                                  // Text, Path: an anchored regular expression; empty: any
  std::vector<std::string> under;                        // Path
  std::vector<std::string> words;                        // Enum; dimensions of Compatibility
  bool nonempty = false, unique = false, single = false; // List
  std::shared_ptr<const Type> element;                   // List, Map
  std::shared_ptr<const RecordType> record;
  bool optional = false;          // the value may be absent
  bool patternCharacters = false; // Text of an unannotated literal that looks like a pattern
  bool isList() const { return kind == Kind::List; }
};

// Reads a type of the notation above from the front of `text`. A mistake in a table is our bug: asserts.
Type readType(llvm::StringRef &text);
// What messages call a type: "[path]", "enum a, b", "a record".
std::string typeName(const Type &type);

// When a value is known. An expression has the latest stage that it reads.
enum class Stage : uint8_t { Constant, Host, Snap, App, OwnSide, OtherSide };

// A record, or the attributes of one side of an interface.
struct RecordType {
  struct Field {
    std::string name, doc;
    SourceRange range;
    Type type; // optional is set for `name?`
    const ast::Expr *fallback = nullptr;
    const ast::Field *node = nullptr; // null in tables
    // The conditions of the `when`s around it, outermost first; false: it stands in the else.
    std::vector<std::pair<const ast::Expr *, bool>> conditions;
  };
  struct Case {
    std::string name;
    std::vector<Field> fields;
    const ast::Block *block = nullptr;
  };
  std::string name;
  SourceRange range;
  bool closed = false;
  std::vector<Field> fields; // without those of the cases; those of `use RECORD` included
  std::vector<Case> cases;
  const ast::Block *block = nullptr; // fields, checks, lets, whens in order
  const Field *find(llvm::StringRef field) const;
};

} // namespace snapsecc
