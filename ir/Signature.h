// SPDX-License-Identifier: Apache-2.0
// The shape of a statement, as RuleKinds.def and frontend/Declarations.def write it, and the matcher that finds the
// parts of a written statement. One implementation serves the policy language, the textual IR, the printer and the
// reference.
//
// A statement is a list of items; an item is an arrow or one or more values joined by commas. Only a value's shape
// matters here, so the matcher sees Items and hands back which items fill which part.
#pragma once
#include "diag/Engine.h"
#include "ir/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include <optional>
#include <string>
#include <vector>

namespace snapsecc::ir {

enum class SlotClass : uint8_t { Words, Pattern, Text, Perms, Call, Syscall, Name };
enum class SlotType : uint8_t {
#define SLOT_TYPE(Id, Name, Class, Doc) Id,
#include "ir/SlotTypes.def"
#undef SLOT_TYPE
};
struct SlotTypeInfo {
  const char *name; // "GLOB"
  SlotClass cls;
  const char *doc;
  std::vector<llvm::StringRef> words; // of Words.def; empty: open
};
const SlotTypeInfo &slotTypeInfo(SlotType type);

// A node of a parsed signature.
struct Element {
  enum class Kind : uint8_t {
    Word,     // one of `words`: `except`, `->`, ro|rw
    Slot,     // `type`, `many`: one or more joined by commas
    Optional, // [children]
    Sequence, // children in order
    Either,   // children[0] / children[1] ...
    Repeat,   // child* (types' refinements)
  };
  Kind kind = Kind::Sequence;
  std::vector<std::string> words;
  SlotType type{};
  bool many = false;
  int part = -1; // index into Signature::parts for a Slot, and for a Word that carries meaning
  std::vector<Element> children;
};

struct Part {
  std::string role; // see RuleKinds.def
  SlotType type{};
  bool isFlag = false; // a word: present or not, or which of several
  bool many = false;
};

struct Signature {
  // The signature as an automaton over items: a word or a slot, and what may stand behind it, preferred ones first.
  struct Step {
    Element element;            // a Word or a Slot; of the first step, which stands before all items: neither
    std::vector<unsigned> next; // indices of steps
    bool last = false;          // the statement may end here
  };
  Element root;
  std::vector<Part> parts; // in the order of writing; a role of several alternatives is one part
  std::vector<Step> steps;
  // Index of the part with this role; asserts that there is one.
  unsigned index(llvm::StringRef role) const;
  std::optional<unsigned> find(llvm::StringRef role) const;
};

// Parses the notation of the tables; `IF` and `IF?` stand for the condition of a statement, which is none of its items.
// A mistake in a table is our bug: asserts.
Signature parseSignature(llvm::StringRef text);
// The notation again.
std::string print(const Signature &signature);

// One value of an item, seen from outside: enough to decide where it may stand.
struct Shape {
  enum class Kind : uint8_t {
    Word,      // a bare name; `text` is it
    Call,      // name(...); `text` is the name
    Reference, // a.b, a.b(...): a value known later, or a name that is in scope
    String,
    Number,
    List,
  };
  Kind kind = Kind::Word;
  std::string text;
  bool inScope = false; // a Word or Call whose name is a let, a parameter or a loop variable where it stands
};
struct Item {
  bool arrow = false;
  std::vector<Shape> values;
};

// What part an item fills. `items` are indices of the statement's items; a flag's part names the item of its word.
struct Match {
  struct Filled {
    unsigned part;
    unsigned item;
  };
  std::vector<Filled> filled; // in the order of writing
};
struct MatchError {
  enum class Kind : uint8_t {
    UnknownWord, // `found` is not `expected` (a slot's doc); suggestion may be set
    Unexpected,  // `found` cannot stand here; `expected` lists what can; suggestion may be set
    OutOfOrder,  // `found` must stand before `expected`
    Missing,     // the statement ends, `expected` is missing
    NotAList,    // several values where one may stand: `expected`
  };
  Kind kind = Kind::Unexpected;
  unsigned item = 0, value = 0; // where; item == number of items: at the end
  std::string found, expected,
      suggestion; // found and expected as messages show them: with their quotes, but for UnknownWord's found
};
// Exactly one of the two results is set. The error is that of the attempt that got furthest.
struct MatchResult {
  std::optional<Match> match;
  MatchError error;
};
MatchResult matchStatement(const Signature &signature, llvm::ArrayRef<Item> items);
// Says it, the same way for the language and the textual IR: "dbus: 'sesion' is not a bus; did you mean 'session'?".
void report(const MatchError &error, llvm::StringRef keyword, SourceRange where, Engine &engine);

} // namespace snapsecc::ir
