// SPDX-License-Identifier: Apache-2.0
// Options of commands that read profile text.
#pragma once
#include "driver/Options.h"
#include "reader/Reader.h"

namespace snapsecc::driver {

inline constexpr Option readerOptions[] = {
    {"--apparmor-d", nullptr, Option::Kind::Value, "DIR",
     "where a profile's `include <file>` is looked for, as /etc/apparmor.d; default: abstractions stay as they are"},
};

inline reader::Options readerOptionsOf(const Arguments &arguments) {
  reader::Options options;
  if (arguments.knows("--apparmor-d")) options.includeDirectory = arguments.get("--apparmor-d").str();
  return options;
}

} // namespace snapsecc::driver
