// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), small letters. A library for it would be larger than the whole runtime.
#pragma once
#include <string>
#include <string_view>

namespace snapsecc::runtime {

std::string sha256(std::string_view bytes);

} // namespace snapsecc::runtime
