// SPDX-License-Identifier: Apache-2.0
// The mechanisms that confine, and whether this kernel has them. What is missing ends the start with its name, unless
// the caller has said that it may be missing; then it is said in one line.
#pragma once
#include "runtime/RuntimeFile.h"

namespace snapsecc::runtime {

enum class Mechanism : unsigned { AppArmor, Seccomp, DeviceCgroup, MountNamespace };
constexpr Mechanism allMechanisms[] = {Mechanism::AppArmor, Mechanism::Seccomp, Mechanism::DeviceCgroup,
                                       Mechanism::MountNamespace};
const char *nameOf(Mechanism mechanism);
Status probe(Mechanism mechanism);

class MechanismSet {
public:
  void add(Mechanism one) { bits |= 1u << static_cast<unsigned>(one); }
  bool has(Mechanism one) const { return bits >> static_cast<unsigned>(one) & 1; }
  bool empty() const { return bits == 0; }

private:
  unsigned bits = 0;
};
// "apparmor,seccomp"
Result<MechanismSet> readMechanisms(const std::string &list);

// Those of `needed` that this kernel has. One that it has not and that is not in `mayMiss` is a failure; of the others
// `warning` tells.
Result<MechanismSet> availableMechanisms(MechanismSet needed, MechanismSet mayMiss, std::string &warning);

} // namespace snapsecc::runtime
