// SPDX-License-Identifier: Apache-2.0
// Argument patterns of a `syscall` rule -> tests. `openat(_, _, has([O_CREAT, O_TMPFILE]), has(S_ISUID))`: a value must
// be equal,
// `_` is any, a list is one of, a range is both ends included; has(V): all bits of V; masked(M, V): the bits M are V.
#pragma once
#include "backends/seccomp/Plan.h"
#include "diag/Engine.h"
#include "ir/Policy.h"
#include "ir/Target.h"
#include "llvm/ADT/StringMap.h"

namespace snapsecc::seccomp {

// User and group names: snapd's system users, and those of the target's own files.
struct Accounts {
  llvm::StringMap<int64_t> users, groups;
};
Accounts readAccounts(const ir::Target &target);

struct PatternContext {
  const ir::ArchInfo &constants; // whose headers the constants come from: the machine's own architecture
  const Accounts &accounts;
  std::string where; // "interfaces/home.sif:12: " for messages
  Engine &engine;
};
// The alternatives of one call; nullopt: an error was reported. `call` decides which arguments are ids.
std::optional<std::vector<Clause>> patternClauses(const ir::Value &pattern, const ir::Syscall &call,
                                                  const PatternContext &context);

} // namespace snapsecc::seccomp
