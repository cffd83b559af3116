// SPDX-License-Identifier: Apache-2.0
// The facts of the reference for tests that compare with them, and its mount helper rules in one spelling.
#pragma once
#include "ir/Policy.h"
#include "llvm/Support/JSON.h"
#include <set>

namespace reference {

// Objects of ../shared/reference/NAME; empty where the facts are not installed.
std::vector<llvm::json::Object> readLines(llvm::StringRef name);
std::vector<std::string> strings(const llvm::json::Object &object, llvm::StringRef key);

// `mount options=(bind, rw) "/a/" -> "/b/"` and a Rule of the same meaning give one text: `mount /a/ -> /b/ [bind rw]`.
// Braces of file rules are multiplied out, `rw` on a path is `r` and `w`.
std::set<std::string> spell(const std::vector<std::string> &rules);
std::set<std::string> spell(const std::vector<snapsecc::ir::Rule> &rules);

} // namespace reference
