// SPDX-License-Identifier: Apache-2.0
#include "ir/Constants.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::ir {

namespace {
struct Constant {
  const char *name;
  int64_t value;
};
constexpr Constant constants[] = {
#define CONSTANT(Name, Value) {Name, Value},
#define CONSTANT_ON(Name, Value, ...)
#include "ir/Constants.def"
#undef CONSTANT
#undef CONSTANT_ON
};

// Where an architecture's headers differ.
std::optional<int64_t> ownValue(llvm::StringRef name, SyscallTable table) {
#define CONSTANT(Name, Value)
#define CONSTANT_ON(Name, Value, ...)                                                                                  \
  if (name == Name)                                                                                                    \
    for (SyscallTable t : {__VA_ARGS__})                                                                               \
      if (t == table) return Value;
#include "ir/Constants.def"
#undef CONSTANT
#undef CONSTANT_ON
  return std::nullopt;
}

const Constant *find(llvm::StringRef name) {
  const Constant *found = llvm::lower_bound(
      constants, name, [](const Constant &a, llvm::StringRef b) { return llvm::StringRef(a.name) < b; });
  return found != std::end(constants) && name == found->name ? found : nullptr;
}
} // namespace

std::optional<int64_t> constantValue(llvm::StringRef name, const ArchInfo &arch) {
  const Constant *found = find(name);
  if (!found) return std::nullopt;
  if (auto own = ownValue(name, arch.table)) return own;
  return found->value;
}

bool isConstant(llvm::StringRef name) { return find(name) != nullptr; }

std::vector<llvm::StringRef> constantNames() {
  std::vector<llvm::StringRef> names;
  for (const Constant &c : constants)
    names.push_back(c.name);
  return names;
}

llvm::StringRef constantName(llvm::StringRef prefix, int64_t value, const ArchInfo &arch) {
  for (const Constant &c : constants)
    if (llvm::StringRef(c.name).startswith(prefix) && constantValue(c.name, arch) == value) return c.name;
  return "";
}

} // namespace snapsecc::ir
