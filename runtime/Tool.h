// SPDX-License-Identifier: Apache-2.0
// Programs of the system that the runtime calls: by absolute path, if only root can change them, with an environment of
// their own and no shell.
#pragma once
#include "runtime/Result.h"
#include <string_view>
#include <vector>

namespace snapsecc::runtime {

// The first of the paths that is a program which only root can change, or nothing.
std::string findTool(std::initializer_list<const char *> paths);
// Its standard output; a failure has what it wrote to standard error. `input` is its standard input.
Result<std::string> runTool(const std::string &path, const std::vector<std::string> &arguments,
                            std::string_view input = "");

} // namespace snapsecc::runtime
