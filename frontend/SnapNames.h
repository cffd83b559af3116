// SPDX-License-Identifier: Apache-2.0
// The rules for names and values of a snap.yaml. Source: snapd, snap/naming/validate.go, snap/validate.go,
// snap/hooktypes.go. Functions that return a const char *: null where the name is good, else what is wrong with it.
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>

namespace snapsecc::names {

const char *wrongSnapName(llvm::StringRef name);
const char *wrongInstanceKey(llvm::StringRef key);
const char *wrongAppName(llvm::StringRef name);
const char *wrongPlugName(llvm::StringRef name); // also of slots, interfaces and hooks
const char *wrongUserName(llvm::StringRef name);
bool isVersion(llvm::StringRef version);
bool isKnownHook(llvm::StringRef name);
// Characters of command, stop-command and so on; of command-chain without blanks.
bool isCommand(llvm::StringRef command, bool blanks);
// For messages: control characters escaped, cut where it is long.
std::string shown(llvm::StringRef text);

} // namespace snapsecc::names
