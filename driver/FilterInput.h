// SPDX-License-Identifier: Apache-2.0
// A seccomp filter that a command reads.
#pragma once
#include "backends/seccomp/Inspect.h"
#include "driver/Session.h"

namespace snapsecc::driver {

// The filter of a file; nullopt where it cannot be read or is none, which is said: the command ends with finish().
std::optional<seccomp::FilterFile> readFilter(const std::string &path, Session &session);

} // namespace snapsecc::driver
