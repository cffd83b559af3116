// SPDX-License-Identifier: Apache-2.0
// What the parts of the checker hand to each other: the state of a run, scopes and what is known in them, where a
// statement stands, the parts of a declaration.
#pragma once
#include "frontend/Declarations.h"
#include "frontend/Facts.h"
#include "frontend/Library.h"
#include "llvm/ADT/StringMap.h"
#include <set>

namespace snapsecc::checking {

// What an expression reads beside constants; a set. `Other` is the other side of the block, by `as: other`.
enum Reads : uint8_t { Host = 1, Snap = 2, App = 4, Plug = 8, Slot = 16, Other = 32, Event = 64 };
using ReadSet = uint8_t;
ReadSet readsOf(SideKind side);

bool isOneOf(llvm::StringRef word, std::initializer_list<llvm::StringRef> words);

struct Typed {
  Type type;
  ReadSet reads = 0;
};

// What is known at a place: by the `when`s around it.
struct Facts {
  std::set<std::string> present;                      // optional values that are there, by their path: "plug.read"
  std::map<std::string, std::set<std::string>> words; // values of enums, as far as they are limited
  void add(const Facts &more);
};

struct Name {
  Type type;
  ReadSet reads = 0;
  SourceRange range;
  const ast::Let *let = nullptr;
};

// Names of a block, which hide those of outer ones.
struct Scope {
  const Scope *outer = nullptr;
  std::map<std::string, Name> names;
  Facts facts;
  Scope() = default;
  explicit Scope(const Scope *outside) : outer(outside), facts(outside ? outside->facts : Facts()) {}
  const Name *find(llvm::StringRef name) const;
};

// The block that a statement or an expression stands in.
struct Context {
  std::string place;   // "a template", "'connect'": for messages
  ReadSet allowed = 0; // what may be read here
  bool always = false; // rules that hold without a connection
  std::optional<SideKind> own;
  const Interface *interface = nullptr;
  // The record whose fields are read by their bare names, and what stands before them in paths ("plug.").
  const RecordType *record = nullptr;
  std::string prefix;
  bool inArgument = false; // of a system call: `_` is the argument
  bool inTest = false;
  const std::set<std::string> *children = nullptr; // child profiles of the block
};

// A let of the unit, of an interface or of a record: its value is looked at when it is first read, wherever that is.
struct LetState {
  const ast::Statement *statement = nullptr;
  Context context;
  enum class Progress : uint8_t { New, Running, Done } progress = Progress::New;
  Typed value;
};

// A declaration's parts by role.
struct Parts {
  const Declaration *declaration = nullptr;
  const ast::Rule *rule = nullptr;
  ir::Match match;
  const ast::Item *get(llvm::StringRef role) const;
  bool has(llvm::StringRef role) const { return get(role) != nullptr; }
  std::string word(llvm::StringRef role) const;               // of a flag or a name; empty where it is absent
  std::vector<std::string> words(llvm::StringRef role) const; // of a list of names
  SourceRange range(llvm::StringRef role) const { return get(role)->range; }
};

// A warning that is not given within a statement, see CheckAccepted.cpp.
struct Acceptance {
  SourceRange where, doc;
  std::string warning;
  bool met = false;
};

struct Checker {
  Engine &engine;
  Library &library;
  std::map<const ast::Let *, LetState> lets{}; // keyed by address for look-ups alone
  llvm::DenseMap<const ast::Statement *, Parts> declarations{};
  std::map<std::string, const ast::Statement *> typeStatements{};
  std::vector<std::pair<Fragment *, const ast::Reference *>> fragments{}; // with their parameters as written
  std::vector<std::pair<Interface *, ast::Block *>> interfaces{};
  std::set<std::string> typesRunning{};
  std::deque<ast::TypeExpr> madeTypes{}; // of `type NAME path under ..`, parameters, `map text`
  llvm::DenseMap<const ast::Expr *, Type> inferred{};
  std::set<const void *> used{}; // lets and fields that were read
  std::set<std::string> usedTypes{}, usedFragments{};
  std::vector<const ast::Statement *> blockLets{}; // lets of blocks, in order
  std::set<std::string> blockNames{};              // of any block: lets, loop variables, parameters
  std::vector<Acceptance> accepted{};
  struct AbsentPart {
    SourceRange range;
    std::string value, part;
  };
  std::vector<AbsentPart> absent{}; // parts of mounts that are left out where a value is absent
};

} // namespace snapsecc::checking
