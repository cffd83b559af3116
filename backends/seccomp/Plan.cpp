// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Plan.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>

namespace snapsecc::seccomp {

std::string actionName(uint32_t value) {
  uint32_t data = value & 0xffff;
  switch (value & 0xffff0000u) {
  case action::KillProcess: return "KILL_PROCESS";
  case action::KillThread: return "KILL_THREAD";
  case action::Trap: return "TRAP";
  case action::Errno:
    return value == action::Eperm    ? "ERRNO(EPERM)"
           : value == action::Eacces ? "ERRNO(EACCES)"
                                     : fmt::format("ERRNO({})", data);
  case action::Notify: return "USER_NOTIF";
  case action::Trace: return fmt::format("TRACE({})", data);
  case action::Log: return "LOG";
  case action::Allow: return "ALLOW";
  default: return fmt::format("{:#010x}", value);
  }
}

bool holds(const Test &test, uint64_t argument) {
  switch (test.op) {
  case Operator::Equal: return argument == test.value;
  case Operator::NotEqual: return argument != test.value;
  case Operator::Less: return argument < test.value;
  case Operator::LessEqual: return argument <= test.value;
  case Operator::Greater: return argument > test.value;
  case Operator::GreaterEqual: return argument >= test.value;
  case Operator::Masked: return (argument & test.mask) == test.value;
  }
  return false;
}

uint32_t verdict(const LabelPlan &plan, const CallData &data, Part part) {
  for (const ArchPlan &arch : plan.arches) {
    if (arch.arch->audit != data.arch) continue;
    const uint32_t nothing = part == Part::DenyFilter ? action::Allow : plan.defaultAction;
    if (arch.arch->audit == 0xc000003e && data.number >= 0x40000000)
      return data.number == ~0u ? nothing : action::KillThread;
    auto call = llvm::lower_bound(arch.calls, data.number, [](const Call &c, uint32_t n) { return c.number < n; });
    if (call == arch.calls.end() || call->number != data.number) return nothing;
    auto matches = [&](const Clause &clause) {
      return llvm::all_of(clause, [&](const Test &test) {
        uint64_t argument = data.arguments[test.argument];
        return holds(test, arch.arch->wide ? argument : argument & 0xffffffffu);
      });
    };
    uint32_t result =
        part == Part::DenyFilter || llvm::any_of(call->allow, matches) ? action::Allow : plan.defaultAction;
    if (part == Part::AllowFilter) return result;
    const Deny *least = nullptr;
    for (const Deny &deny : call->deny)
      if ((!least || static_cast<int32_t>(deny.action) < static_cast<int32_t>(least->action)) && matches(deny.tests))
        least = &deny;
    if (least && precedence(least->action) < precedence(result)) result = least->action;
    return result;
  }
  return action::KillThread;
}

} // namespace snapsecc::seccomp
