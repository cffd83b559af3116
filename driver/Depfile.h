// SPDX-License-Identifier: Apache-2.0
// -MD: the files that an output depends on, as make and ninja read them.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace snapsecc::driver {

// `output: input input ...`, blanks, `#` and `$` escaped.
std::string makeDepfile(const std::string &output, llvm::ArrayRef<std::string> inputs);

} // namespace snapsecc::driver
