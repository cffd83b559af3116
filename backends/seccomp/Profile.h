// SPDX-License-Identifier: Apache-2.0
// How often programs make which call, with which arguments: what code generation weighs paths with. Text, a line a
// call:
//   snapsecc-profile 1
//   openat 0.1211 4294967196,*,524288=0.62 4294967196,*,591872=0.31
// name, share of all calls, and of these the shares of argument lists; `*`: a pointer or anything else; missing
// arguments are 0.
#pragma once
#include "diag/Engine.h"
#include "llvm/ADT/StringMap.h"
#include <array>
#include <optional>

namespace snapsecc::seccomp {

struct CallProfile {
  double share = 0;
  struct Arguments {
    std::array<uint64_t, 6> values{};
    double share = 0;
  };
  std::vector<Arguments> arguments;
};
using Profile = llvm::StringMap<CallProfile>;

std::optional<Profile> parseProfile(llvm::StringRef text, Engine &engine);
const Profile &builtinProfile();

} // namespace snapsecc::seccomp
