// SPDX-License-Identifier: Apache-2.0
// Patterns for mechanisms that know less than AppArmor: without {}, or no patterns at all.
#pragma once
#include "automata/Pattern.h"
#include <optional>

namespace snapsecc::automata {

// A pattern without alternations: Literal, Set, Star, DoubleStar and Variable in order, neighbouring literals joined.
using FlatPattern = std::vector<Pattern>;

// The pattern's alternations multiplied out, in the order of writing. Nullopt: more than `limit`.
std::optional<std::vector<FlatPattern>> flatten(const Pattern &pattern, size_t limit = 1024);

// The one text that the pattern matches; nullopt: it is no pattern, or may match several.
std::optional<std::string> literalText(llvm::StringRef pattern);

} // namespace snapsecc::automata
