// SPDX-License-Identifier: Apache-2.0
// Seccomp filters that a command reads, and the plans that they were made from.
#pragma once
#include "backends/seccomp/Inspect.h"
#include "backends/seccomp/Seccomp.h"
#include "driver/Session.h"

namespace snapsecc::driver {

// The filter of a file; nullopt where it cannot be read or is none, which is said: the command ends with finish().
std::optional<seccomp::FilterFile> readFilter(const std::string &path, Session &session);

// The plans of IR text, or of an output tree by the IR in it; null where that cannot be read, which is said.
std::shared_ptr<const seccomp::Plan> readFilterPlans(const std::string &path, Session &session);
// snap.foo.bar for DIR/snap.foo.bar.bin2; empty: the file is not named after a label.
std::string labelOfFilter(llvm::StringRef path);

} // namespace snapsecc::driver
