// SPDX-License-Identifier: Apache-2.0
// The visitor that turns the rules of one profile into statements. Internal to the backend. Every kind whose line in
// RuleKinds.def names AppArmor has a lower() here; dispatch() does not compile without it.
#pragma once
#include "backends/apparmor/AppArmor.h"
#include <map>

namespace snapsecc::apparmor {

// What the lowering of all profiles shares.
struct LoweringContext {
  const ir::Policy &policy;
  const ir::Target &target;
  Engine &engine;
  std::map<std::string, ir::NotEnforced> notEnforced; // by what
};

class ProfileLowering {
public:
  ProfileLowering(LoweringContext &shared, std::string labelName, ProfilePlan &into, unsigned nesting = 0)
      : context(shared), target(shared.target), label(std::move(labelName)), plan(into), depth(nesting) {}
  // Lowers the rules, sorts the statements, joins equal ones.
  void run(llvm::ArrayRef<ir::Rule> rules);

  using RuleKind = ir::RuleKind;
  template <RuleKind K> using Tag = ir::KindTag<K>;
  // Profile.cpp
  void lower(Tag<RuleKind::Flags>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Abstraction>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Attach>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Child>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Everything>, const ir::Rule &rule);
  // Files.cpp
  void lower(Tag<RuleKind::File>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Device>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Exec>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Link>, const ir::Rule &rule);
  void lower(Tag<RuleKind::ChangeProfile>, const ir::Rule &rule);
  // Processes.cpp
  void lower(Tag<RuleKind::Capability>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Network>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Unix>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Signal>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Ptrace>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Mqueue>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Userns>, const ir::Rule &rule);
  void lower(Tag<RuleKind::IoUring>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Rlimit>, const ir::Rule &rule);
  // Dbus.cpp
  void lower(Tag<RuleKind::Dbus>, const ir::Rule &rule);
  // Mounts.cpp
  void lower(Tag<RuleKind::Mount>, const ir::Rule &rule);
  void lower(Tag<RuleKind::Umount>, const ir::Rule &rule);
  void lower(Tag<RuleKind::PivotRoot>, const ir::Rule &rule);

private:
  // A statement: "audit deny " and so on in front, as the rule's modifiers say.
  void add(const ir::Rule &rule, Section section, const std::string &text);
  void addPaths(const ir::Rule &rule, Section section, const std::string &before, const std::string &behind);
  // True where the target's kernel has one of the features and its parser reads the word (if any); else the rule is
  // counted as left out.
  bool mediates(const ir::Rule &rule, llvm::StringRef what, llvm::ArrayRef<llvm::StringRef> features,
                llvm::StringRef parserWord = "");
  void countNotEnforced(llvm::StringRef what, llvm::StringRef reason);
  void reportNotExpressible(const ir::Rule &rule, const std::string &why);
  // ` key="pattern"`, nothing where the part is absent; a malformed pattern is reported and sets `failed`.
  std::string condition(const ir::Rule &rule, llvm::StringRef role, llvm::StringRef key, bool &failed);
  std::string operand(const ir::Rule &rule, llvm::StringRef pattern, bool &failed);
  std::string modifiers(const ir::Rule &rule) const;
  bool hasAny(llvm::ArrayRef<llvm::StringRef> features) const;

  LoweringContext &context;
  const ir::Target &target;
  std::string label; // snap.foo.bar//child
  ProfilePlan &plan;
  unsigned depth;
  std::string lastCounted; // the class that the current rule was counted for
};

// "(a, b)", the only word alone; nothing for `any`.
std::string accessList(llvm::ArrayRef<std::string> words);
std::vector<std::string> words(llvm::ArrayRef<ir::Value> values);

} // namespace snapsecc::apparmor
