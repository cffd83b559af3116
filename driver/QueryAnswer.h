// SPDX-License-Identifier: Apache-2.0
// What all mechanisms of a label say about one access, and how it is printed.
#pragma once
#include "analysis/Query.h"
#include "diag/Engine.h"
#include "ir/Syscalls.h"
#include "ir/Target.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc::driver {

struct MechanismAnswer {
  std::string mechanism; // apparmor, seccomp, device cgroup, ...
  std::string asked;     // where that is not the access itself: the system call that it needs
  analysis::Answer answer;
  std::string remark;
};
struct LabelAnswer {
  std::string label;
  analysis::Verdict verdict; // of all mechanisms together
  std::vector<MechanismAnswer> mechanisms;
  std::vector<std::string> notes;
};
struct Question {
  const ir::Policy &policy;
  const analysis::RuleList &rules;
  const ir::Rule &access;
  bool apparmorAlone = false; // of the other mechanisms nothing is known
};

// The system calls that an access cannot do without, as values of a `syscall` rule; none where every program has them.
std::vector<ir::Value> neededCalls(const ir::Rule &access);
// The arguments of a call as numbers; nullopt where they are left open. Reports what is no call but a pattern.
using CallArguments = std::array<std::optional<uint64_t>, 6>;
std::optional<CallArguments> readArguments(const ir::Value &call, const ir::Syscall &known, const ir::ArchInfo &arch,
                                           Engine &engine);
// What the filter of a label says to a call with these arguments. Errors are reported: no such call, or an argument
// that is no number, constant or `_`.
std::optional<analysis::Answer> askCall(const Question &question, const ir::Value &call, Engine &engine);
// The names of all calls that are allowed, at least with some arguments: name, Part or Whole.
std::vector<std::pair<std::string, analysis::Extent>> grantedCalls(const Question &question, Engine &engine);

// What the device cgroup says to a node or a number; nullopt: it has no say.
std::optional<MechanismAnswer> askDevices(const Question &question, analysis::RuleMatcher &matcher, Engine &engine);

LabelAnswer askAll(const Question &question, analysis::RuleMatcher &matcher, Engine &engine);

void printText(const ir::Policy &policy, const LabelAnswer &answer, llvm::raw_ostream &out);
void printJson(const ir::Policy &policy, const ir::Rule &access, llvm::ArrayRef<LabelAnswer> answers,
               llvm::raw_ostream &out);
// "interfaces/home.sif:12 (interface home plug)"; several joined by commas.
std::string printOrigins(const ir::Policy &policy, const ir::Rule &rule);

} // namespace snapsecc::driver
