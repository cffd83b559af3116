// SPDX-License-Identifier: Apache-2.0
// What the mount helper of a snap (snap-update-ns) must be allowed to do for one entry of the snap's mount namespace:
// mount it, and before that make the place where it appears. Where a place is read-only the helper builds a writable
// mimic: a tmpfs over the directory, with all that was there bound back into it.
#pragma once
#include "ir/Policy.h"
#include <set>
#include <tuple>

namespace snapsecc::ir {

// Rules for one label, each of them once.
class HelperRules {
public:
  HelperRules(std::vector<Rule> &into, llvm::SmallVector<OriginId, 1> from);
  // What is added from here on comes from there.
  void setOrigins(llvm::SmallVector<OriginId, 1> from) { origins = std::move(from); }
  // Paths are patterns.
  void file(std::string path, llvm::StringRef perms, Modifiers modifiers = 0);
  void mount(std::string source, std::string target, std::vector<llvm::StringRef> options, llvm::StringRef fstype = "");
  void umount(std::string path);

private:
  void add(Rule rule);
  std::vector<Rule> &rules;
  llvm::SmallVector<OriginId, 1> origins;
  std::set<std::tuple<RuleKind, Modifiers, std::vector<Rule::Operand>>> seen;
};

// A `bind` statement with everything decided; paths are plain text without a '/' at the end.
struct BindEntry {
  std::string source, target;
  bool recursive = false, readOnly = false, optional = false;
  bool user = false;          // made for each user's session; may begin with $HOME or $XDG_RUNTIME_DIR
  bool renameOnClash = false; // appears as TARGET, TARGET-2, TARGET-3 ...
};
void addBind(HelperRules &rules, const BindEntry &entry);
void addLayout(HelperRules &rules, const Layout &layout);
// All directories from `from` down to `path`; `user`: as in BindEntry, and only the user's own.
void addEnsureDir(HelperRules &rules, llvm::StringRef path, llvm::StringRef from, bool user);

} // namespace snapsecc::ir
