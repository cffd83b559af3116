// SPDX-License-Identifier: Apache-2.0
// The one style of .sif files; docs/language.md describes it.
#pragma once
#include "diag/Engine.h"

namespace snapsecc {

// The file in the one style. Mistakes in it are reported, and its text comes back as it is. An error: the new text
// would mean something else, which is a mistake of the formatter.
llvm::Expected<std::string> format(FileId file, Engine &engine);

} // namespace snapsecc
