// SPDX-License-Identifier: Apache-2.0
// Mount options: which exclude each other, and which each file system takes beside those of the kernel.
// Source: mount(8), "Filesystem-independent mount options" and "Filesystem-specific mount options"; fs/*/super.c of
// Linux where the page is silent.
#include "frontend/Functions.h"
#include "llvm/ADT/SmallVector.h"
#include <array>

namespace snapsecc {
namespace {

constexpr std::array<std::pair<llvm::StringLiteral, llvm::StringLiteral>, 13> opposites = {
    {{"ro", "rw"},
     {"suid", "nosuid"},
     {"dev", "nodev"},
     {"exec", "noexec"},
     {"sync", "async"},
     {"mand", "nomand"},
     {"atime", "noatime"},
     {"diratime", "nodiratime"},
     {"relatime", "norelatime"},
     {"iversion", "noiversion"},
     {"strictatime", "nostrictatime"},
     {"lazytime", "nolazytime"},
     {"auto", "noauto"}}};

struct FileSystemOptions {
  llvm::StringLiteral type, options; // `name=` and `name:` take a value
};
constexpr FileSystemOptions fileSystemOptions[] = {
#define FS(Type, Options) {Type, Options},
#include "frontend/MountOptions.def"
#undef FS
};

bool takes(llvm::StringRef type, llvm::StringRef option) {
  size_t sign = option.find_first_of("=:");
  llvm::StringRef key = sign == llvm::StringRef::npos ? option : option.take_front(sign + 1);
  for (const FileSystemOptions &known : fileSystemOptions) {
    if (known.type != type) continue;
    llvm::SmallVector<llvm::StringRef, 64> options;
    known.options.split(options, ' ');
    return llvm::is_contained(options, key);
  }
  return false;
}

bool has(const Value &options, llvm::StringRef wanted) {
  return llvm::any_of(options.list, [&](const Value &option) { return option.text == wanted; });
}

} // namespace

bool areConsistent(const Value &options) {
  return llvm::none_of(opposites,
                       [&](const auto &pair) { return has(options, pair.first) && has(options, pair.second); });
}

bool isFileSystemOption(llvm::StringRef option, const Value &types) {
  return !types.list.empty() && llvm::all_of(types.list, [&](const Value &type) { return takes(type.text, option); });
}

} // namespace snapsecc
