// SPDX-License-Identifier: Apache-2.0
// The policy library of a command, from its saved form where that is still right: made from the same files by this
// very build of the program. It is looked for in the library's directory, where an installation has it, and in the
// user's cache, where it is written when it was missing there.
#pragma once
#include "driver/Session.h"
#include "frontend/Library.h"

namespace snapsecc::driver {

// Of commands that read the library and do not judge it.
inline constexpr Option cacheOptions[] = {
    {"--cache", nullptr, Option::Kind::Switch, nullptr, "use the library's saved form, and save it (default)"},
};

std::unique_ptr<Library> loadLibrary(const std::string &directory, const Arguments &arguments, Session &session);

// Saves the library in its directory, for all who read it there.
llvm::Error saveLibrary(const std::string &directory);

} // namespace snapsecc::driver
