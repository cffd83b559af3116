// SPDX-License-Identifier: Apache-2.0
// Pieces of udev rules, udev(7), from values of the policy. No value can end its key or its line, or be more general
// than it is.
#pragma once
#include "automata/Alternatives.h"
#include "ir/Policy.h"
#include "llvm/Support/Error.h"

namespace snapsecc::cgroup {

// KEY=="VALUE" of one match of a `by` list; several keys for usb(). `negated`: !=.
struct UdevMatch {
  std::string text;
  bool needsUsbIds = false; // reads what IMPORT{builtin}="usb_id" has set
};
// The error says what is wrong with the value.
llvm::Expected<UdevMatch> udevMatch(const ir::Value &match, bool negated);
// KEY="VALUE" or KEY+="VALUE" of an action.
llvm::Expected<std::string> udevAction(const ir::Value &action);

// KERNEL== for each alternative of a pattern of nodes, by the last part of its name.
llvm::Expected<std::vector<std::string>> nodeMatches(llvm::StringRef nodes, bool negated);

// Is the text a udev rules file that only finds devices and sets properties of them? Success, or the line and why not.
llvm::Error checkUdevFile(llvm::StringRef text);

// The tag of a label: '.' is '_', '+' is "__".
std::string udevTag(llvm::StringRef label);

} // namespace snapsecc::cgroup
