// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>

namespace snapsecc::misc {

// Why a snap may not bring this file of polkit actions; empty: it may. All actions that it defines or implies are
// PREFIX or begin with "PREFIX.", and none of them starts a program.
std::string checkPolkitPolicy(llvm::StringRef xml, llvm::StringRef prefix);

} // namespace snapsecc::misc
