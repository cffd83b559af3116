// SPDX-License-Identifier: Apache-2.0
// The difference of patterns, as patterns: what `except` means.
#pragma once
#include "automata/Language.h"

namespace snapsecc::automata {

// Patterns that together match what `pattern` matches and none of `except` does; none: nothing is left. The result is
// proved equal to the difference before it is returned. NUL is no part of any name, "//" of no path: there the result
// is free. Leading text and variables that all patterns share are kept as they are; variables elsewhere may come out as
// their values. An error where patterns cannot say it, or one of the arguments is no pattern.
llvm::Expected<std::vector<std::string>> subtractPatterns(llvm::StringRef pattern, llvm::ArrayRef<std::string> except,
                                                          const Variables &variables, Slashes slashes = Slashes::Fold,
                                                          Limits limits = {});

} // namespace snapsecc::automata
