// SPDX-License-Identifier: Apache-2.0
// A plan as text: a line a pattern, as `--emit plan` shows it.
#include "backends/seccomp/Plan.h"
#include "backends/seccomp/Seccomp.h"
#include <fmt/format.h>

namespace snapsecc::seccomp {

static std::string print(const Test &test) {
  static constexpr const char *operators[] = {"==", "!=", "<", "<=", ">", ">="};
  if (test.op == Operator::Masked) return fmt::format("a{} & {:#x} == {:#x}", test.argument, test.mask, test.value);
  return fmt::format("a{} {} {:#x}", test.argument, operators[static_cast<unsigned>(test.op)], test.value);
}

static std::string print(const Clause &clause) {
  std::string text;
  for (const Test &test : clause)
    text += (text.empty() ? " if " : " and ") + print(test);
  return text;
}

std::string print(const LabelPlan &plan, Part part) {
  if (plan.unrestricted) return "  unrestricted\n";
  std::string text;
  if (part != Part::DenyFilter) text = fmt::format("  default {}\n", actionName(plan.defaultAction));
  for (const ArchPlan &arch : plan.arches) {
    text += fmt::format("  arch {}\n", arch.arch->kernel);
    for (const Call &call : arch.calls) {
      if (part != Part::DenyFilter)
        for (const Clause &clause : call.allow)
          text += fmt::format("    {} {} ALLOW{}\n", call.number, call.name, print(clause));
      if (part == Part::AllowFilter) continue;
      for (const Deny &deny : call.deny)
        text += fmt::format("    {} {} {}{}\n", call.number, call.name, actionName(deny.action), print(deny.tests));
    }
  }
  return text;
}

std::string print(const Plan &plan) {
  std::string text;
  for (const LabelPlan &label : plan.labels)
    text += "seccomp " + label.label + "\n" + print(label);
  return text;
}

} // namespace snapsecc::seccomp
