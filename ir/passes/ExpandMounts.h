// SPDX-License-Identifier: Apache-2.0
// Pass `expand-mounts`. Before: `bind` and `ensure-dir` rules and layouts are the snap's alone. After: the profile of
// the snap's mount helper holds the rules that it needs to carry them out.
#pragma once
#include "diag/Engine.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc::ir {

void expandMounts(Policy &policy, const Target &target, Engine &engine);

} // namespace snapsecc::ir
