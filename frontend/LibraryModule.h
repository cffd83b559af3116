// SPDX-License-Identifier: Apache-2.0
// A checked library <-> bytes, so that it need not be parsed and checked at each start: magic, key, checksum, and the
// fields of the library one by one. A pointer into the syntax trees is the number of its node, counted in their order.
#pragma once
#include "frontend/Library.h"
#include "llvm/ADT/ArrayRef.h"

namespace snapsecc {

// `key`: what the library was made from, and by what. `sources`: the ids of its files, each one more than the last.
std::string writeModule(const Library &library, llvm::StringRef key, llvm::ArrayRef<FileId> sources);
// nullptr where the bytes are damaged or of another key. The checksum finds damage, no malice: whoever can write the
// bytes can write policy.
std::unique_ptr<Library> readModule(llvm::StringRef bytes, llvm::StringRef key, llvm::ArrayRef<FileId> sources);

} // namespace snapsecc
