// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>

namespace snapsecc::misc {

// SHA3-384 (FIPS 202) in unpadded base64url, as assertions write digests: 64 characters.
std::string sha3_384(llvm::StringRef data);

} // namespace snapsecc::misc
