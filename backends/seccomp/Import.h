// SPDX-License-Identifier: Apache-2.0
// Seccomp policy in the reference's text form -> rules:
//   file = { line };  line = "" | "#"... | "@unrestricted" | "@complain" | ["~"] NAME { " " arg }(0..6)
//   arg  = "-" | num | (">=" "<=" "<" ">" "!" "|") num | num "|" num | "u:" user | "g:" group
#pragma once
#include "diag/Engine.h"
#include "ir/Policy.h"

namespace snapsecc::seccomp {

struct Imported {
  std::vector<ir::Rule> rules;
  bool complain = false;
};
// Reports what it cannot read; a name that is no system call is left out with a warning, as the reference does without
// one.
Imported importSource(FileId file, Engine &engine);

} // namespace snapsecc::seccomp
