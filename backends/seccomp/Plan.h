// SPDX-License-Identifier: Apache-2.0
// What a label may call, decided: for each architecture and number, the argument patterns that allow and those that
// deny. The meaning (verdict) is that of snap-confine's two filters, deny loaded first, both run and the lower action
// holding:
//   allow filter: ALLOW where a pattern matches, else the default; deny filter: the action of what matches, else ALLOW.
// Architectures that are not listed, and x32 numbers on x86_64, are killed; number -1 (a tracer skips the call) gets
// the default.
#pragma once
#include "ir/Syscalls.h"
#include <array>
#include <string>
#include <vector>

namespace snapsecc::seccomp {

// Return values of a filter (seccomp(2)).
namespace action {
constexpr uint32_t KillProcess = 0x80000000, KillThread = 0, Trap = 0x30000, Errno = 0x50000, Notify = 0x7fc00000,
                   Trace = 0x7ff00000, Log = 0x7ffc0000, Allow = 0x7fff0000;
constexpr uint32_t Eperm = Errno | 1, Eacces = Errno | 13;
} // namespace action
// The kernel's order: the lower action of two wins; the data of ERRNO and others does not count.
constexpr int32_t precedence(uint32_t action) { return static_cast<int32_t>(action & 0xffff0000u); }
std::string actionName(uint32_t action); // "ALLOW", "ERRNO(EACCES)", ...

enum class Operator : uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Masked };
// One condition on one argument, of 64 bits without sign; Masked: (argument & mask) == value.
struct Test {
  uint8_t argument = 0;
  Operator op = Operator::Equal;
  uint64_t value = 0, mask = ~uint64_t(0);
  bool operator==(const Test &) const = default;
  auto operator<=>(const Test &) const = default;
};
bool holds(const Test &test, uint64_t argument);
using Clause = std::vector<Test>; // all must hold; sorted
struct Deny {
  Clause tests;
  uint32_t action = action::Eacces;
  bool operator==(const Deny &) const = default;
  auto operator<=>(const Deny &) const = default;
};
struct Call {
  uint32_t number = 0;
  std::string name;
  std::vector<Clause> allow; // one must hold
  std::vector<Deny> deny;
  std::vector<std::string> origins; // "interfaces/home.sif:12 (interface home plug)", sorted
};
struct ArchPlan {
  const ir::ArchInfo *arch = nullptr;
  std::vector<Call> calls; // sorted by number
};
struct LabelPlan {
  std::string label;
  bool unrestricted = false; // no filter at all
  uint32_t defaultAction = action::Eperm;
  std::vector<ArchPlan> arches; // the machine's own first
};
struct Plan {
  std::vector<LabelPlan> labels;
  bool bigEndian = false;
};

struct CallData { // struct seccomp_data
  uint32_t number = 0, arch = 0;
  uint64_t instruction = 0;
  std::array<uint64_t, 6> arguments{};
};
enum class Part : uint8_t { Both, AllowFilter, DenyFilter };
std::string print(const LabelPlan &plan, Part part = Part::Both); // the lines that decide this part
uint32_t verdict(const LabelPlan &plan, const CallData &data, Part part = Part::Both);

} // namespace snapsecc::seccomp
