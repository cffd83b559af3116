// SPDX-License-Identifier: Apache-2.0
// A byte as two digits: llvm::utohexstr of LLVM 14 makes four zeros of a zero.
#pragma once
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {

inline std::string hexByte(unsigned char byte) {
  return {llvm::hexdigit(byte >> 4, /*LowerCase=*/true), llvm::hexdigit(byte & 15, /*LowerCase=*/true)};
}

} // namespace snapsecc
