// SPDX-License-Identifier: Apache-2.0
// Rules of a label -> its plan. 1. the calls that each rule grants or denies, as patterns; 2. the tests of a
// pattern; 3. the call's number on each architecture of the target, also through socketcall(2) and ipc(2); 4. what is
// allowed whatever the arguments absorbs narrower patterns.
#include "backends/seccomp/Diagnostics.h"
#include "backends/seccomp/Patterns.h"
#include "backends/seccomp/Seccomp.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>
#include <map>

namespace snapsecc::seccomp {

using ir::KindTag;
using ir::RuleKind;
using ir::Value;

// The architectures that snapsecc makes policy for; a call that none of them has is worth a warning.
static constexpr const char *targets[] = {"x86_64", "x86", "aarch64", "arm", "riscv64", "ppc64le", "s390x"};

static bool existsSomewhere(const ir::Syscall &call) {
  return ir::multiplexed(call.name) || llvm::any_of(targets, [&](const char *name) {
           return ir::syscallNumber(call, *ir::findArch(name)).has_value();
         });
}

namespace {
struct Pattern {
  Value value; // a word or a call
  bool deny;
};

// What each kind of rule means in system calls.
struct Granted {
  std::vector<Pattern> patterns;
  bool unrestricted = false;

  void add(Value value, const ir::Rule &rule) {
    if (rule.is(ir::Deny) && rule.is(ir::Weak)) return; // hides a log line, takes nothing away
    patterns.push_back({std::move(value), rule.is(ir::Deny)});
  }
  void lower(KindTag<RuleKind::Syscall>, const ir::Rule &rule) {
    if (rule.has("any")) {
      unrestricted |= !rule.is(ir::Deny);
      return;
    }
    for (const Value &call : rule.get("SYSCALL"))
      add(call, rule);
  }
  // The template allows the families that need no privilege, so that AppArmor alone tells them apart; netlink opens
  // here too.
  void lower(KindTag<RuleKind::Network>, const ir::Rule &rule) {
    for (const Value &family : rule.get("FAMILY")) {
      if (!family.isCall("netlink")) continue;
      const Value netlink = Value::word("AF_NETLINK");
      bool every = llvm::any_of(family.args, [](const Value &v) { return v.isWord("any"); });
      if (every)
        add(Value::call("socket", {netlink}), rule);
      else if (!family.args.empty())
        add(Value::call("socket", {netlink, any(), list(family.args)}), rule);
    }
  }
  void lower(KindTag<RuleKind::Mqueue>, const ir::Rule &rule) {
    if (rule.is(ir::Deny)) return; // by name, which AppArmor alone sees
    // Whoever may use a queue may open it and look at it.
    static constexpr std::pair<const char *, const char *> calls[] = {{"open", "mq_open"},
                                                                      {"getattr", "mq_getsetattr"},
                                                                      {"setattr", "mq_getsetattr"},
                                                                      {"create", "mq_open"},
                                                                      {"create", "mq_getsetattr"},
                                                                      {"delete", "mq_open"},
                                                                      {"delete", "mq_getsetattr"},
                                                                      {"delete", "mq_unlink"},
                                                                      {"read", "mq_open"},
                                                                      {"read", "mq_getsetattr"},
                                                                      {"read", "mq_timedreceive"},
                                                                      {"read", "mq_timedreceive_time64"},
                                                                      {"read", "mq_notify"},
                                                                      {"write", "mq_open"},
                                                                      {"write", "mq_getsetattr"},
                                                                      {"write", "mq_timedsend"},
                                                                      {"write", "mq_timedsend_time64"}};
    for (auto [permission, call] : calls)
      if (rule.has("any") ||
          llvm::any_of(rule.get("MQPERM"), [&, p = permission](const Value &v) { return v.isWord(p); }))
        add(Value::word(call), rule);
  }
  void lower(KindTag<RuleKind::Userns>, const ir::Rule &rule) {
    if (rule.is(ir::Deny)) return; // clone and unshare have other uses
    for (const char *call : {"clone", "unshare"})
      add(Value::word(call), rule);
  }
  static Value any() { return {Value::Kind::Any, "", 0, 0, {}}; }
  static Value list(std::vector<Value> values) { return {Value::Kind::List, "", 0, 0, std::move(values)}; }
};

class LabelLowering {
public:
  LabelLowering(const ir::Policy &policy, const ir::ArchInfo &native, const Accounts &accounts, Engine &engine)
      : policy(policy), native(native), accounts(accounts), engine(engine) {
    calls.resize(native.compat ? 2 : 1);
  }

  LabelPlan lower(const ir::Label &label) {
    LabelPlan plan;
    plan.label = label.name;
    plan.defaultAction = label.mode == ir::Mode::Complain ? action::Log : action::Eperm;
    for (const ir::Rule &rule : label.rules) {
      Granted granted;
      ir::dispatch<ir::Seccomp>(granted, rule);
      plan.unrestricted |= granted.unrestricted;
      for (const Pattern &pattern : granted.patterns)
        add(pattern, rule);
    }
    for (size_t i = 0; i < calls.size(); ++i) {
      plan.arches.push_back({i == 0 ? &native : ir::findArch(native.compat), {}});
      for (auto &[number, call] : calls[i])
        plan.arches.back().calls.push_back(tidy(std::move(call)));
    }
    return plan;
  }

private:
  void add(const Pattern &pattern, const ir::Rule &rule) {
    std::string place, origin; // for messages; of the call
    if (!rule.origins.empty()) {
      const ir::Origin &first = policy.origins[rule.origins.front()];
      const std::string line = first.file + ":" + std::to_string(first.line);
      place = line + ": ";
      origin = (pattern.deny ? "denied by " : "") + line + " (" + first.owner + ")";
    }
    const ir::Syscall *call = ir::findSyscall(pattern.value.text);
    if (!call) {
      std::string near = nearest(pattern.value.text, ir::syscallNames());
      engine.report<diag::FilterUnknownSyscall>({}, place, pattern.value.text,
                                                near.empty() ? "" : "; did you mean '" + near + "'?");
      return;
    }
    if (!existsSomewhere(*call)) engine.report<diag::SyscallNowhere>({}, place, call->name);
    auto clauses = patternClauses(pattern.value, *call, {native, accounts, place, engine});
    if (!clauses) return;
    for (size_t i = 0; i < calls.size(); ++i)
      addOn(i, *call, *clauses, pattern.deny, origin);
  }

  void addOn(size_t index, const ir::Syscall &call, const std::vector<Clause> &clauses, bool deny,
             const std::string &origin) {
    const ir::ArchInfo &arch = index == 0 ? native : *ir::findArch(native.compat);
    if (auto number = ir::syscallNumber(call, arch)) insert(index, *number, call.name, clauses, deny, origin);
    auto sub = ir::multiplexed(call.name);
    if (!sub) return;
    const ir::Syscall *through = ir::findSyscall(sub->through);
    if (auto number = ir::syscallNumber(*through, arch)) {
      // The arguments of a sub-call stand in memory for socketcall, where a filter cannot read, and one place further
      // for ipc. The reference tests them where the direct call has them, but for the first, which tells the sub-call;
      // and so do we.
      std::vector<Clause> moved = clauses;
      for (Clause &clause : moved) {
        llvm::erase_if(clause, [](const Test &test) { return test.argument == 0; });
        clause.insert(clause.begin(), {0, Operator::Equal, sub->call});
        llvm::sort(clause);
      }
      insert(index, *number, sub->through, moved, deny, origin);
    }
  }

  void insert(size_t index, uint32_t number, const char *name, const std::vector<Clause> &clauses, bool deny,
              const std::string &origin) {
    Call &call = calls[index][number];
    call.number = number;
    call.name = name;
    for (const Clause &clause : clauses)
      if (deny)
        call.deny.push_back({clause, action::Eacces});
      else
        call.allow.push_back(clause);
    if (!origin.empty()) call.origins.push_back(origin);
  }

  static Call tidy(Call call) {
    auto unique = [](auto &list) {
      llvm::sort(list);
      list.erase(std::unique(list.begin(), list.end()), list.end());
    };
    unique(call.allow);
    unique(call.deny);
    unique(call.origins);
    if (!call.allow.empty() && call.allow.front().empty()) call.allow.resize(1);
    return call;
  }

  const ir::Policy &policy;
  const ir::ArchInfo &native;
  const Accounts &accounts;
  Engine &engine;
  std::vector<std::map<uint32_t, Call>> calls; // the machine's own architecture, then its compat
};
} // namespace

std::shared_ptr<const Plan> lower(const ir::Policy &policy, const ir::Target &target, Engine &engine) {
  auto plan = std::make_shared<Plan>();
  const ir::ArchInfo *arch = ir::findArch(target.arch);
  if (!arch) {
    engine.report<diag::NoSyscallsOfArch>({}, target.arch);
    return plan;
  }
  plan->bigEndian = arch->bigEndian;
  const Accounts accounts = readAccounts(target);
  for (const ir::Label &label : policy.labels)
    if (label.kind != ir::LabelKind::MountHelper)
      plan->labels.push_back(LabelLowering(policy, *arch, accounts, engine).lower(label));
  return plan;
}

} // namespace snapsecc::seccomp
