// SPDX-License-Identifier: Apache-2.0
// Questions about system calls: each rule alone is lowered as the filter's own backend does it, so that the answer is
// that of the filter and still names the rule.
#include "backends/seccomp/Patterns.h"
#include "backends/seccomp/Seccomp.h"
#include "driver/Diagnostics.h"
#include "driver/QueryAnswer.h"
#include "ir/Constants.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::driver {

using analysis::Extent;
using ir::Rule;
using ir::RuleKind;
using ir::Value;

namespace {

struct Need {
  RuleKind kind;
  const char *role, *word; // of the access; empty: any
  const char *call;
};
constexpr Need needs[] = {
    {RuleKind::File, "PERMS", "x", "execve"},
    {RuleKind::Exec, "", "", "execve"},
    {RuleKind::Mount, "", "", "mount"},
    {RuleKind::Umount, "", "", "umount2"},
    {RuleKind::PivotRoot, "", "", "pivot_root"},
    {RuleKind::Userns, "", "", "unshare"},
    {RuleKind::IoUring, "", "", "io_uring_setup"},
    {RuleKind::Ptrace, "PTVERB", "trace", "ptrace"},
    {RuleKind::Signal, "SIGVERB", "send", "kill"},
    {RuleKind::Unix, "UNIXVERB", "bind", "bind"},
    {RuleKind::Unix, "UNIXVERB", "listen", "listen"},
    {RuleKind::Unix, "UNIXVERB", "accept", "accept4"},
    {RuleKind::Unix, "UNIXVERB", "connect", "connect"},
    {RuleKind::Mqueue, "MQPERM", "open", "mq_open"},
    {RuleKind::Mqueue, "MQPERM", "create", "mq_open"},
    {RuleKind::Mqueue, "MQPERM", "read", "mq_timedreceive"},
    {RuleKind::Mqueue, "MQPERM", "write", "mq_timedsend"},
    {RuleKind::Mqueue, "MQPERM", "delete", "mq_unlink"},
    {RuleKind::Mqueue, "MQPERM", "getattr", "mq_getsetattr"},
    {RuleKind::Mqueue, "MQPERM", "setattr", "mq_getsetattr"},
};

bool applies(const Need &need, const Rule &access) {
  if (need.kind != access.kind) return false;
  if (!*need.role) return true;
  if (need.kind == RuleKind::File) return access.text(need.role).contains(need.word);
  return llvm::any_of(access.get(need.role), [&](const Value &value) { return value.isWord(need.word); });
}

// socket(AF_INET), socket(AF_NETLINK, _, PROTOCOL)
Value socketCall(const Value &family) {
  std::string constant = "AF_" + llvm::StringRef(family.text).upper();
  if (!ir::isConstant(constant)) return Value::word("socket");
  std::vector<Value> arguments{Value::word(constant)};
  bool isProtocol = family.args.size() == 1 && !family.args[0].isWord("any");
  if (isProtocol) arguments.insert(arguments.end(), {Value{Value::Kind::Any, "", 0, 0, {}}, family.args[0]});
  return Value::call("socket", std::move(arguments));
}

Extent extentOf(const seccomp::Clause &clause, const CallArguments &arguments, bool wide) {
  Extent extent = Extent::Whole;
  for (const seccomp::Test &test : clause) {
    std::optional<uint64_t> argument = arguments[test.argument];
    if (!argument)
      extent = Extent::Part;
    else if (!seccomp::holds(test, wide ? *argument : *argument & 0xffffffffu))
      return Extent::None;
  }
  return extent;
}

ir::Policy policyOf(const ir::Policy &policy, const ir::Label &label, std::vector<Rule> rules) {
  ir::Policy one;
  one.arch = policy.arch;
  ir::Label &only = one.labels.emplace_back();
  only.name = label.name;
  only.kind = label.kind;
  only.mode = label.mode;
  only.rules = std::move(rules);
  for (Rule &rule : only.rules)
    rule.origins.clear(); // they are of the other policy
  return one;
}

ir::Target targetOf(const ir::Policy &policy) {
  ir::Target target;
  target.arch = policy.arch;
  return target;
}

// The rule with those of its calls alone that have this name; nullopt: it is about others.
std::optional<Rule> aboutCall(const Rule &rule, llvm::StringRef name) {
  if (!(ir::backendsOf(rule.kind) & ir::Seccomp)) return std::nullopt;
  if (rule.kind != RuleKind::Syscall || rule.has("any")) return rule;
  std::vector<Value> named;
  llvm::copy_if(rule.get("SYSCALL"), std::back_inserter(named), [&](const Value &v) { return v.text == name; });
  if (named.empty()) return std::nullopt;
  Rule one = rule;
  one.set("SYSCALL", std::move(named));
  return one;
}

struct CallExtents {
  Extent grants = Extent::None, denies = Extent::None;
};
CallExtents extentsOf(const seccomp::LabelPlan &plan, uint32_t number, const CallArguments &arguments) {
  CallExtents extents;
  if (plan.unrestricted) extents.grants = Extent::Whole;
  if (plan.arches.empty()) return extents;
  for (const seccomp::Call &call : plan.arches.front().calls) {
    if (call.number != number) continue;
    bool wide = plan.arches.front().arch->wide;
    for (const seccomp::Clause &clause : call.allow)
      extents.grants = std::max(extents.grants, extentOf(clause, arguments, wide));
    for (const seccomp::Deny &deny : call.deny)
      extents.denies = std::max(extents.denies, extentOf(deny.tests, arguments, wide));
  }
  return extents;
}

} // namespace

std::vector<Value> neededCalls(const Rule &access) {
  if (access.kind == RuleKind::Syscall) return access.get("SYSCALL").vec();
  std::vector<Value> calls;
  if (access.kind == RuleKind::Network)
    for (const Value &family : access.get("FAMILY"))
      calls.push_back(socketCall(family));
  for (const Need &need : needs)
    if (applies(need, access) && llvm::none_of(calls, [&](const Value &call) { return call.text == need.call; }))
      calls.push_back(Value::word(need.call));
  return calls;
}

std::optional<CallArguments> readArguments(const Value &call, const ir::Syscall &known, const ir::ArchInfo &arch,
                                           Engine &engine) {
  seccomp::Accounts accounts = seccomp::readAccounts(ir::Target());
  auto clauses = seccomp::patternClauses(call, known, {arch, accounts, "", engine});
  if (!clauses) return std::nullopt;
  CallArguments arguments;
  bool concrete = clauses->size() == 1;
  for (const seccomp::Test &test : concrete ? clauses->front() : seccomp::Clause()) {
    concrete &=
        test.op == seccomp::Operator::Equal || (test.op == seccomp::Operator::Masked && test.mask == 0xffffffffu);
    arguments[test.argument] = test.value;
  }
  if (concrete) return arguments;
  engine.report<diag::QueryNotConcrete>({}, print(call));
  return std::nullopt;
}

std::optional<analysis::Answer> askCall(const Question &question, const Value &call, Engine &engine) {
  const ir::ArchInfo *arch = ir::findArch(question.policy.arch);
  const ir::Syscall *known = ir::findSyscall(call.text);
  auto number = known && arch ? ir::syscallNumber(*known, *arch) : std::nullopt;
  if (!number) {
    std::string near = known ? "" : nearest(call.text, ir::syscallNames());
    engine.report<diag::QueryUnknownCall>({}, call.text, question.policy.arch,
                                          near.empty() ? "" : "; did you mean '" + near + "'?");
    return std::nullopt;
  }
  ir::Target target = targetOf(question.policy);
  std::optional<CallArguments> arguments = readArguments(call, *known, *arch, engine);
  if (!arguments) return std::nullopt;
  const ir::Label &label = *question.rules.label;
  analysis::Answer answer;
  for (const Rule &rule : label.rules) { // a child profile has the filter of its label
    std::optional<Rule> about = aboutCall(rule, call.text);
    if (!about) continue;
    auto plan = seccomp::lower(policyOf(question.policy, label, {*about}), target, engine);
    CallExtents extents = extentsOf(plan->labels.front(), *number, *arguments);
    if (extents.grants != Extent::None) answer.grants.push_back({*about, extents.grants});
    if (extents.denies != Extent::None) answer.denials.push_back({*about, extents.denies});
  }
  answer.verdict = analysis::decide(answer.grants, answer.denials);
  return answer;
}

std::vector<std::pair<std::string, Extent>> grantedCalls(const Question &question, Engine &engine) {
  const ir::Label &label = *question.rules.label;
  auto plan = seccomp::lower(policyOf(question.policy, label, label.rules), targetOf(question.policy), engine);
  std::vector<std::pair<std::string, Extent>> granted;
  const seccomp::LabelPlan &own = plan->labels.front();
  if (own.arches.empty()) return granted;
  for (const ir::Syscall &call : ir::allSyscalls()) {
    auto number = ir::syscallNumber(call, *own.arches.front().arch);
    if (!number) continue;
    CallExtents extents = extentsOf(own, *number, {});
    Extent left = extents.denies == Extent::Whole  ? Extent::None
                  : extents.denies == Extent::Part ? std::min(extents.grants, Extent::Part)
                                                   : extents.grants;
    if (left != Extent::None) granted.emplace_back(call.name, left);
  }
  return granted;
}

} // namespace snapsecc::driver
