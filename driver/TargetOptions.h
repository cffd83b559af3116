// SPDX-License-Identifier: Apache-2.0
// The policy library and the target that a command is to work with, from its options.
#pragma once
#include "driver/Session.h"
#include "ir/Target.h"
#include <optional>

namespace snapsecc::driver {

// Of commands that compile for a target.
inline constexpr Option targetOptions[] = {
    {"--target", nullptr, Option::Kind::Value, "NAME",
     "what to compile for: full (default: all that AppArmor and the kernel can do), debian12, ubuntu24.04, host, or a "
     "description file"},
    {"--sysroot", nullptr, Option::Kind::Value, "DIR",
     "a directory that stands for the target's root, where policy asks the machine; else an empty machine"},
    {"--system", nullptr, Option::Kind::Value, "KIND", "classic, core or core-desktop", false,
     "classic|core|core-desktop"},
    {"--arch", nullptr, Option::Kind::Value, "ARCH",
     "amd64, i386, arm64, armhf, riscv64, ppc64el, s390x, or the kernel's name"},
    {"--apparmor-features", nullptr, Option::Kind::Value, "FILE",
     "the kernel's AppArmor features: a file or directory as /sys/kernel/security/apparmor/features has them"},
    {"--kernel", nullptr, Option::Kind::Value, "VERSION", "the kernel, as 6.8"},
};

// The directory of the library: --stdlib, $SNAPSECC_STDLIB, ../share/snapsecc/stdlib or ../../stdlib from the program.
// Says what is wrong where there is none.
std::optional<std::string> findLibrary(const Arguments &arguments, Session &session);
// The target with its single facts replaced; nullopt after a word on what is wrong. `code`: how the run must end then.
std::optional<ir::Target> findTarget(const Arguments &arguments, const std::string &library, Session &session,
                                     int &code);

} // namespace snapsecc::driver
