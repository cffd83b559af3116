// SPDX-License-Identifier: Apache-2.0
// AppArmor profiles, text -> binary -> kernel. Binaries are kept by what they depend on: the text, the kernel's
// features, the parser; one that depends on anything else is made anew by apparmor_parser(8), or refused where there is
// none.
#pragma once
#include "runtime/Result.h"
#include <string_view>

namespace snapsecc::runtime {

// Loads a profile's text, and notes its hash for those that start under it (AppArmor.h). `name`: of the file, which is
// the profile's.
Status loadProfile(const std::string &name, const std::string &text, bool &fromCache);
Status unloadProfile(const std::string &name);

} // namespace snapsecc::runtime
