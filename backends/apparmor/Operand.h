// SPDX-License-Identifier: Apache-2.0
// Operands of statements as AppArmor reads them: always quoted, escaped by their type, so that no value can end a rule
// or begin one: between the quotes is no quote, and no backslash at the end (parser_lex.l, QUOTED_ID; parser_misc.c,
// processquoted).
#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace snapsecc::apparmor {

// A pattern. An error where it is malformed.
llvm::Expected<std::string> quotePattern(llvm::StringRef pattern);
// Text that matches itself.
std::string quoteText(llvm::StringRef text);
// A path pattern where the lexer wants a `/` or a variable in front: `{/a,/b}/c` becomes "/a/c" and "/b/c". An error
// where the pattern is malformed, or one of its beginnings is something else.
llvm::Expected<std::vector<std::string>> quotePaths(llvm::StringRef pattern);

} // namespace snapsecc::apparmor
