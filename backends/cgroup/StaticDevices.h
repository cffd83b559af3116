// SPDX-License-Identifier: Apache-2.0
// Which devices a pattern of nodes is sure to mean, known without the machine: the table StaticDevices.def.
#pragma once
#include "automata/Language.h"
#include "backends/cgroup/Cgroup.h"
#include <set>

namespace snapsecc::cgroup {

// The paths below /dev that a rule grants; types: "c", "b" or "cb".
struct NodeSet {
  llvm::StringRef types;
  const automata::Language &nodes;
};
// Adds the devices all of whose names are in the set. A major as a whole is added only if every name of it is.
void addStaticDevices(const NodeSet &set, std::set<DeviceEntry> &into);

// The names that are in every snap's device cgroup, whatever its policy says.
llvm::Expected<automata::Language> defaultNodes();

} // namespace snapsecc::cgroup
