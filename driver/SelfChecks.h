// SPDX-License-Identifier: Apache-2.0
// runtime/snap.S.checks (`compile --self-check`): what `snapsec-run --self-check` is to find when it tries accesses
// from inside the confinement. Each access of SelfChecks.def is asked of the policy as `query` does; the first
// mechanism that denies it, in the order in which the kernel comes to them, is the one that must be met.
#pragma once
#include "driver/QueryAnswer.h"
#include "frontend/Snap.h"
#include "ir/Artifact.h"

namespace snapsecc::driver {

// Accesses whose answer depends on what the question leaves open are left out.
ir::Artifact makeSelfChecks(const Snap &snap, const ir::Policy &policy, Engine &engine);

} // namespace snapsecc::driver
