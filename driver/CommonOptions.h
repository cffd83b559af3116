// SPDX-License-Identifier: Apache-2.0
// Options that several commands share.
#pragma once
#include "driver/Options.h"

namespace snapsecc::driver {

// Of every command.
inline constexpr Option commonOptions[] = {
    {"--help", "-h", Option::Kind::Flag, nullptr, "this text"},
    {"--diagnostics", nullptr, Option::Kind::Value, "FORMAT",
     "how errors and warnings are printed on stderr: text, json or sarif", false, "text|json|sarif"},
    {"--color", nullptr, Option::Kind::Value, "WHEN", "auto (on a terminal, unless NO_COLOR is set), always, never",
     false, "auto|always|never"},
    {"--quiet", "-q", Option::Kind::Flag, nullptr, "no summary on stdout"},
    {"--verbose", "-v", Option::Kind::Flag, nullptr, "a longer summary"},
};
// Of commands that judge policy.
inline constexpr Option diagnosticOptions[] = {
    {"-Werror", nullptr, Option::Kind::Optional, "NAME", "warnings, or those of this name, are errors", true},
};
// Of commands that read the policy library.
inline constexpr Option libraryOptions[] = {
    {"--stdlib", nullptr, Option::Kind::Value, "DIR",
     "the policy library; else $SNAPSECC_STDLIB, else the one beside the program"},
    {"--overlay", nullptr, Option::Kind::Value, "FILE", "a site's own .sif beside the library", true},
};

} // namespace snapsecc::driver
