// SPDX-License-Identifier: Apache-2.0
// Rules as people write them, for tests: `owner file "/a", "/b" rw; exec "/c" -> unconfined;`, each with an origin of its own.
#pragma once
#include "ir/Policy.h"

namespace ruletext {

// A policy of one label. Asserts that the text is right.
snapsecc::ir::Policy policy(llvm::StringRef rules);
// The rules of the first label, a line each.
std::string print(const snapsecc::ir::Policy &policy);

} // namespace ruletext
