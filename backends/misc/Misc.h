// SPDX-License-Identifier: Apache-2.0
// The rarer artefacts, a step each: modules-load.d and modprobe.d, dbus-1/system.d, systemd units and drop-ins, polkit,
// ld.so.conf.d, links and lists for the system. Places: docs/cli.md, "The output tree". A value that its file format
// cannot hold is reported.
#pragma once
#include "diag/Engine.h"
#include "ir/Artifact.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc::misc {

std::vector<ir::Artifact> emitKmod(const ir::Policy &policy, Engine &engine);
std::vector<ir::Artifact> emitBusConfig(const ir::Policy &policy, Engine &engine);
std::vector<ir::Artifact> emitSystemd(const ir::Policy &policy, Engine &engine);
std::vector<ir::Artifact> emitPolkit(const ir::Policy &policy, Engine &engine);
std::vector<ir::Artifact> emitSystemFiles(const ir::Policy &policy, Engine &engine);

} // namespace snapsecc::misc
