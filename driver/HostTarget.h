// SPDX-License-Identifier: Apache-2.0
// --target host: the machine that the compiler runs on, asked once. Everything else never looks at it.
#pragma once
#include "ir/Target.h"

namespace snapsecc::driver {

// Features, kernel, architecture, kind of system, versions of apparmor_parser and systemd. An error where the kernel's
// AppArmor features cannot be read: a policy for a guess would be wrong in silence.
llvm::Expected<ir::Target> hostTarget();

} // namespace snapsecc::driver
