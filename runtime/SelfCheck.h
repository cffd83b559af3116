// SPDX-License-Identifier: Apache-2.0
// Does the kernel answer as the policy says? runtime/snap.S.checks (`compile --self-check`) holds accesses that the
// compiler has derived from the policy, each allowed, or denied by one mechanism; they are tried from inside the
// confinement, each by a process of its own.
#pragma once
#include "runtime/Mechanisms.h"
#include "runtime/Probe.h"

namespace snapsecc::runtime {

struct Check {
  bool isAllowed = false;
  Mechanism by = Mechanism::AppArmor; // what denies it
  bool isLogged = false;              // the kernel writes an audit record when it is denied
  std::vector<std::string> probe;     // words
};
// The file's lines of one label.
Result<std::vector<Check>> readChecks(std::string_view bytes, const std::string &label);

enum class Outcome { AsSaid, Wrong, NotTried };
struct Judged {
  Outcome outcome;
  std::string text; // "deny apparmor open /etc/shadow r: EACCES [pid 7]"
};
// `available`: of the mechanisms; a denial by one that is missing is not tried, nor what in complain mode is permitted.
Judged judge(const Check &check, const ProbeResult &result, MechanismSet available, bool complain);

} // namespace snapsecc::runtime
