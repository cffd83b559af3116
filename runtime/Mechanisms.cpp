// SPDX-License-Identifier: Apache-2.0
#include "runtime/Mechanisms.h"
#include "runtime/AppArmor.h"
#include "runtime/DeviceCgroup.h"
#include "runtime/Files.h"
#include "runtime/MountNamespace.h"
#include "runtime/Seccomp.h"

namespace snapsecc::runtime {

const char *nameOf(Mechanism mechanism) {
  switch (mechanism) {
  case Mechanism::AppArmor: return "apparmor";
  case Mechanism::Seccomp: return "seccomp";
  case Mechanism::DeviceCgroup: return "device-cgroup";
  case Mechanism::MountNamespace: return "mount-namespace";
  }
  return "";
}

Status probe(Mechanism mechanism) {
  switch (mechanism) {
  case Mechanism::AppArmor: return probeAppArmor();
  case Mechanism::Seccomp: return probeSeccomp();
  case Mechanism::DeviceCgroup: {
    Result<CgroupPlace> place = findCgroup();
    return place ? Status() : place.failure();
  }
  case Mechanism::MountNamespace: return probeMountNamespace();
  }
  return {};
}

Result<MechanismSet> readMechanisms(const std::string &list) {
  MechanismSet set;
  for (const std::string &word : split(list, ',')) {
    bool isKnown = false;
    for (Mechanism one : allMechanisms)
      if (word == nameOf(one)) set.add(one), isKnown = true;
    if (!isKnown)
      return Failure{"there is no mechanism '" + word +
                     "'; there are apparmor, seccomp, device-cgroup, mount-namespace"};
  }
  return set;
}

Result<MechanismSet> availableMechanisms(MechanismSet needed, MechanismSet mayMiss, std::string &warning) {
  MechanismSet available;
  std::string missing;
  for (Mechanism one : allMechanisms) {
    if (!needed.has(one)) continue;
    Status there = probe(one);
    if (there) {
      available.add(one);
      continue;
    }
    std::string text = std::string(nameOf(one)) + ": " + there.failure().what;
    std::string &list = mayMiss.has(one) ? warning : missing;
    list += (list.empty() ? "" : "; ") + text;
  }
  if (!missing.empty()) return Failure{"cannot confine: " + missing};
  return available;
}

} // namespace snapsecc::runtime
