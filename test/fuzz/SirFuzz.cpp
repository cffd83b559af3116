// SPDX-License-Identifier: Apache-2.0
// Any bytes as a .sir and as a query: what is read verifies, and prints and reads back to the same text.
#include "ir/Text.h"
#include <cstdlib>

using namespace snapsecc;

namespace {

std::string text(const ir::Policy &policy) {
  std::string made;
  llvm::raw_string_ostream out(made);
  ir::print(policy, out);
  return out.str();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  SourceManager sources;
  Engine engine(sources);
  FileId file = sources.add("fuzz.sir", std::string(reinterpret_cast<const char *>(data), size));
  if (std::optional<ir::Policy> policy = ir::parse(file, engine)) {
    std::string once = text(*policy);
    std::optional<ir::Policy> again = ir::parse(sources.add("again.sir", once), engine);
    if (!again || text(*again) != once) std::abort();
  } else if (!engine.hasErrors()) {
    std::abort();
  }
  size_t errors = engine.errorCount();
  if (ir::parseAccess(file, engine).has_value() == engine.errorCount() > errors) std::abort();
  for (const Diagnostic &d : engine.diagnostics())
    if (d.range.begin > d.range.end || d.range.end > size) std::abort();
  return 0;
}
