// SPDX-License-Identifier: Apache-2.0
// All that a side of an interface may grant, whatever is the case: both branches of each `when`, as one label of a
// policy. Patterns that an attribute decides are not in it, nor are denials that hold in one case alone.
#pragma once
#include "frontend/Library.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc {

ir::Policy reachOf(const Interface &interface, SideKind side, const Library &library, const ir::Target &target,
                   const SourceManager &sources);

// What a `never` rules out, a rule each, with its place.
std::vector<std::pair<SourceRange, ir::Rule>> accessesOf(const Never &never, const Library &library,
                                                         const ir::Target &target, const SourceManager &sources);

} // namespace snapsecc
