// SPDX-License-Identifier: Apache-2.0
// From a rule back to the text that it comes from.
#pragma once
#include "diag/SourceFile.h"
#include "ir/Policy.h"

namespace snapsecc::ir {

// The place of the rule's first origin, from its column to the end of the line; no range where its file is not among
// `sources`.
SourceRange whereIs(const Policy &policy, const Rule &rule, const SourceManager &sources);

} // namespace snapsecc::ir
