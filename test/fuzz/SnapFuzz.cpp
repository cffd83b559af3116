// SPDX-License-Identifier: Apache-2.0
// Any bytes as a snap.yaml: readSnap ends with a snap or with an error, within its bounds.
#include "frontend/Snap.h"
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  snapsecc::SourceManager sources;
  snapsecc::Engine engine(sources);
  snapsecc::FileId file = sources.add("snap.yaml", std::string(reinterpret_cast<const char *>(data), size));
  bool isRead = snapsecc::readSnap(file, engine).has_value();
  if (isRead == engine.hasErrors()) std::abort();
  for (const snapsecc::Diagnostic &d : engine.diagnostics())
    if (d.range.begin > d.range.end || d.range.end > size) std::abort();
  return 0;
}
