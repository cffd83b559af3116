// SPDX-License-Identifier: Apache-2.0
// The recursive descent over a profile text. Internal to the reader; one file a group of rules.
#pragma once
#include "automata/Language.h"
#include "diag/Diagnostics.h"
#include "ir/Diagnostics.h"
#include "reader/Diagnostics.h"
#include "reader/Reader.h"
#include "reader/Scanner.h"

namespace snapsecc::reader {

// What stands before a rule or a block of rules; those of the blocks around it hold too.
struct Prefix {
  ir::Modifiers modifiers = 0;
  uint32_t begin = 0;
};

// `name=value`, `name=(a, b)`, `name in (a, b)`.
struct Condition {
  std::string name;
  bool in = false;
  std::vector<Name> values;
  SourceRange range;
};
// `keyword (access) name=value … peer=(…) operand -> target`.
struct Clause {
  std::vector<Name> access;
  std::vector<Condition> conditions, peer;
  std::optional<Name> operand, target;
};

class ProfileReader {
public:
  ProfileReader(const Options &given, Engine &reportTo) : options(given), engine(reportTo) {}
  void readFile(FileId file); // a whole file: what stands before profiles, and the profiles
  ir::Policy policy;

private:
  using Rules = std::vector<ir::Rule>;
  struct Operands : std::vector<std::pair<llvm::StringRef, std::vector<ir::Value>>> {
    using vector::vector;
  };

  // --- Files.cpp: includes, variables, conditionals
  void topLevel();
  bool readVariable();
  bool include(Rules *into); // takes an include of any spelling
  void readIncluded(const std::string &path, const Name &name, bool optional, Rules *into);
  std::optional<bool> condition(unsigned depth);
  std::optional<bool> factor(unsigned depth);
  // The text with the variables that this file sets replaced, checked to be a pattern; "" after an error.
  std::string pattern(const Name &name, automata::Slashes slashes);
  std::string replaceProfileName(llvm::StringRef text) const;

  // --- Blocks.cpp: profiles and what is in them
  bool profile(Rules *into, bool hat);
  bool profileHead(Rules &rules);
  bool flags(Rules &rules);
  void addLabel(const Name &name, Rules rules);
  bool block(Rules &into, Prefix around);                  // up to the '}', which is taken
  void rules(Rules &into, Prefix around, bool untilBrace); // as far as this file goes
  bool statement(Rules &into, Prefix around);
  bool conditional(Rules &into, Prefix around); // behind `if`
  Prefix prefix(Prefix around, bool &sound);
  bool rule(Rules &into, Prefix prefix);

  // --- FileRules.cpp
  bool fileRule(Rules &into, Prefix prefix, bool named);
  bool linkRule(Rules &into, Prefix prefix);
  bool changeProfile(Rules &into, Prefix prefix);
  bool addAccess(Rules &into, Prefix prefix, const Name &path, const Name &mode, std::optional<Name> target, bool leads,
                 bool subset, std::optional<bool> safe);

  // --- Clauses.cpp, OtherRules.cpp, MountRules.cpp
  std::optional<Clause> clause(bool withOperand);
  bool conditions(Clause &into);
  bool conditionList(std::vector<Condition> &into); // (a=b, c=(d))
  bool listOf(std::vector<Name> &into);
  bool conditionsAre(const std::vector<Condition> &list, std::initializer_list<llvm::StringRef> allowed);
  // A condition's only value as a pattern operand; nothing where it is absent.
  void addPattern(Operands &to, llvm::StringRef role, const std::vector<Condition> &list, llvm::StringRef name,
                  automata::Slashes slashes);
  bool capability(Rules &into, Prefix prefix);
  bool network(Rules &into, Prefix prefix);
  bool dbus(Rules &into, Prefix prefix);
  bool unixRule(Rules &into, Prefix prefix);
  bool signal(Rules &into, Prefix prefix);
  bool ptrace(Rules &into, Prefix prefix);
  bool mqueue(Rules &into, Prefix prefix);
  bool userns(Rules &into, Prefix prefix);
  bool ioUring(Rules &into, Prefix prefix);
  bool rlimit(Rules &into, Prefix prefix);
  bool mount(Rules &into, Prefix prefix, bool remount);
  bool umount(Rules &into, Prefix prefix);
  bool pivotRoot(Rules &into, Prefix prefix);
  // The words that the accesses stand for; nullopt after an error.
  std::optional<std::vector<ir::Value>> verbs(llvm::StringRef keyword, const std::vector<Name> &access,
                                              ir::SlotType slot,
                                              llvm::ArrayRef<std::pair<llvm::StringRef, llvm::StringRef>> spellings);
  std::optional<ir::Value> word(llvm::StringRef keyword, const Name &name, ir::SlotType slot);

  // Makes the rule and its origin. False where the kind does not take the modifiers.
  bool add(Rules &into, Prefix prefix, ir::RuleKind kind, const Operands &operands);
  ir::OriginId origin(uint32_t begin);
  bool endOfRule();
  bool expected(llvm::StringRef what);
  bool unsupported(SourceRange range, llvm::StringRef what, llvm::StringRef why);
  void skipStatement();

  const Options &options;
  Engine &engine;
  Scanner *scanner = nullptr; // of the file being read
  FileId file = 0;
  unsigned depth = 0;            // of includes
  size_t bytes = 0;              // read so far
  unsigned nesting = 0;          // of blocks and profiles
  std::string profileName;       // parent//child, without its namespace
  automata::Variables variables; // that the text sets
  llvm::StringMap<bool> booleans;
};

} // namespace snapsecc::reader
