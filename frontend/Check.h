// SPDX-License-Identifier: Apache-2.0
// What the parts of the checker share. CheckUnit.cpp runs them in this order:
//   1. CheckDeclarations: what the unit declares; matches declarations against Declarations.def
//   2. CheckTypes: written types, records, the attributes of each side
//   3. CheckPolicy, CheckTests, CheckRules: every block in its scope; CheckExpr, CheckNames, CheckLets, CheckCalls and
//   CheckNarrow give
//      expressions types and stages, CheckValues, CheckPatterns and CheckSyscalls fit them into the slots of rules
//   4. CheckLints: what is right but of no use, or a trap
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

struct Checker {
  Engine &engine;
  Library &library;
  bool lints;                                  // also what is right and still a mistake
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
};

// ---- CheckDeclarations
void collectDeclarations(Checker &checker, ast::File &file);
// The declaration that the statement is, matched; nullopt where it is none that may stand here, which is reported.
std::optional<Parts> matchDeclaration(Checker &checker, const ast::Statement &statement, Place place,
                                      llvm::StringRef where);
std::vector<ir::Item> shapesOf(const Checker &checker, llvm::ArrayRef<ast::Item> items, const Scope *scope,
                               const Context *context);
void reportMismatch(Checker &checker, const ir::MatchError &error, llvm::StringRef keyword, const ast::Rule &rule,
                    unsigned firstItem, SourceRange whole);
void reportUnknownStatement(Checker &checker, llvm::StringRef keyword, SourceRange range, Place place,
                            llvm::StringRef where);
void reportMisplaced(Checker &checker, const ast::Statement &statement, llvm::StringRef where);
std::string firstSentence(llvm::StringRef doc);

// ---- CheckTypes
void resolveTypes(Checker &checker); // named types, attributes, parameters of fragments
Type resolveType(Checker &checker, const ast::TypeExpr &written, const Interface *interface);
const Type *namedType(Checker &checker, llvm::StringRef name);
// Adds the fields and cases of a block to a record.
void buildRecord(Checker &checker, RecordType &record, const ast::Block &block, const Interface *interface);
// Text that is known without running anything: a literal, or a let of one.
std::optional<std::string> constantText(Checker &checker, const ast::Expr &expr, const Interface *interface);
const ast::Let *findLet(const Checker &checker, llvm::StringRef name, const Interface *interface);

// ---- TypeRelations
Type makeType(Type::Kind kind);
Type listOf(Type element);
// Fields of a record by name, with the case that each stands in, or "".
struct FoundField {
  const RecordType::Field *field = nullptr;
  std::string shape;
};
std::vector<FoundField> fieldsNamed(const RecordType &record, llvm::StringRef name);
std::vector<std::string> fieldNames(const RecordType &record);
std::set<std::string> caseNames(const RecordType &record);
std::optional<Type> unify(const Type &a, const Type &b); // nullopt: they do not go together
bool fits(const Type &from, const Type &to);             // whether it may be absent is left aside
bool isTextual(Type::Kind kind);                         // a literal can have this type

// ---- CheckExpr
// `expected` tells how literals and bare words are read; whether the result fits it is the business of `require`.
Typed infer(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
            const Type *expected = nullptr);
// infer, and a diagnostic where the result does not fit or may be absent.
Typed require(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context, const Type &expected,
              bool mayBeAbsent = false);
void requireCondition(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context);
// Says once that a value does not fit or may be absent.
bool checkFits(Checker &checker, const ast::Expr &expr, const Type &found, const Type &expected, bool mayBeAbsent);

// ---- CheckNames
Typed inferReference(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                     const Type *expected);
bool isName(const Checker &checker, llvm::StringRef name, const Scope *scope, const Context *context);
std::string shownName(const ast::Reference &reference); // a.b.c
std::string shownName(const ast::Expr &expr);           // of a reference; else "this value"
// How `Facts` call the value that a reference reads.
std::string pathOf(const ast::Reference &reference, const Scope &scope, const Context &context);
// Reports where `reads` has more than the context allows.
bool checkStage(Checker &checker, ReadSet reads, llvm::StringRef shown, SourceRange range, const Context &context);

// ---- CheckLets
Typed letValue(Checker &checker, const ast::Let &let);   // of the unit, an interface or a record
Typed checkedLet(Checker &checker, const ast::Let &let); // the same, and does not count as reading it
Typed inferLet(Checker &checker, const ast::Let &let, const Scope &scope, const Context &context);
void checkLet(Checker &checker, const ast::Statement &statement, Scope &scope, const Context &context);
void checkFor(Checker &checker, const ast::For &loop, Scope &inner, const Context &context);
void addLetState(Checker &checker, const ast::Statement &statement, Context context);
const ast::Let *recordLet(Checker &checker, const RecordType &record, llvm::StringRef name);

// ---- CheckCalls
Typed inferCall(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context, Type::Kind place);
// What the arguments read; `ofParameter` is given the type of the argument of that name.
ReadSet checkArguments(Checker &checker, const ast::Expr &call, llvm::ArrayRef<Parameter> parameters,
                       const Scope &scope, const Context &context, llvm::StringRef parameter = "",
                       Type *ofParameter = nullptr);

// ---- CheckNarrow
// What is known where the condition holds, or does not.
Facts narrow(Checker &checker, const ast::Expr &condition, bool holds, const Scope &scope, const Context &context);
// Is it known here that one of the fields is there: that its case and the `when`s around it hold?
bool fieldIsKnown(Checker &checker, const RecordType &record, llvm::ArrayRef<FoundField> found, llvm::StringRef prefix,
                  const Facts &facts);

// ---- CheckPatterns
// The literal as the type reads it: patterns parsed, `${..}` converted. Returns what it reads.
ReadSet checkLiteral(Checker &checker, const ast::Expr &literal, const Type &as, const Scope &scope,
                     const Context &context);
// A value that is put into a pattern, or is one: a list where `many`.
void checkPatternValue(Checker &checker, const ast::Expr &expr, const Type &type, const Type &pattern);

// ---- CheckRules, CheckValues, CheckSyscalls
void checkRules(Checker &checker, ast::Block &block, const Scope &outer, const Context &context);
void checkStatements(Checker &checker, std::vector<ast::Statement> &statements, Scope &scope, const Context &context);
// A rule whose modifiers begin at item `first`; fills it in.
void checkRule(Checker &checker, ast::Statement &statement, unsigned first, const Scope &scope, const Context &context);
void checkValues(Checker &checker, const ast::Rule &rule, const Scope &scope, const Context &context);
void checkSyscall(Checker &checker, const ast::Expr &value, const Scope &scope, const Context &context);

// ---- CheckPolicy, CheckTests
void checkInterface(Checker &checker, Interface &interface, ast::Block &block);
// The value of an attribute that may be declared in several cases.
void checkAttributeValue(Checker &checker, const ast::Expr &value, llvm::ArrayRef<FoundField> fields,
                         const Context &context);
void requireInterface(Checker &checker, llvm::StringRef name, SourceRange range);
void checkRecord(Checker &checker, const RecordType &record, const ast::Block &block, const Context &context);
Context sideContext(const Interface &interface, SideKind side, bool always);
void checkTest(Checker &checker, ast::Statement &statement, const Interface *interface);

// ---- CheckLints
void lint(Checker &checker);
void lintUnused(Checker &checker);
void lintUsage(Checker &checker);
// A record that is handed over whole has all its fields read.
void markFieldsUsed(Checker &checker, const Type &type);
void markFieldsUsed(Checker &checker, const RecordType &record);
void lintRules(Checker &checker);
void lintResources(Checker &checker);

} // namespace snapsecc::checking
