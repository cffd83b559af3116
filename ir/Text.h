// SPDX-License-Identifier: Apache-2.0
// The IR as text (.sir) and back: print(parse(print(p))) == print(p), for all policies that verify.
//
//   sir 1;
//   target "full" system classic arch amd64;
//   origin 0 "interfaces/home.sif" 12 5 "interface home plug" "the reason";
//   snap "foo" { name "foo"; revision "1"; base "core24"; type "app"; mode enforce;
//     layout bind "/usr/share/foo" from "/snap/foo/1/usr/share/foo";
//     bind ro "/a" -> "/b" @3; }
//   label "snap.foo.bar" { snap "foo"; app "bar"; kind app; mode enforce;
//     owner file "/home/*/[^.]**" rwkl @0,7; }
//   connection "home" "foo" "home" "system" "home" "asked for";
// A rule is a statement of the policy language with its values; @N,N are its origins.
#pragma once
#include "diag/Engine.h"
#include "ir/Policy.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

namespace snapsecc::ir {

void print(const Policy &policy, llvm::raw_ostream &out);
// One rule without its origins, one line (a child profile: its head alone), ending in ';' or ' {'.
std::string printRule(const Rule &rule);
// Reads a .sir; errors are reported, nothing is returned then. Bounded: 64 MiB, nesting 8.
std::optional<Policy> parse(FileId file, Engine &engine);

// Parses one rule of the language with concrete values (`file /etc/shadow w`); bare paths may stand for strings. For queries.
std::optional<Rule> parseAccess(FileId file, Engine &engine);

// Checks every rule against its kind's table, scopes, origins, order. The messages name label and rule; empty: all is well.
std::vector<std::string> verify(const Policy &policy);

} // namespace snapsecc::ir
