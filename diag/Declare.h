// SPDX-License-Identifier: Apache-2.0
// Declares the diagnostics of one component: its header names its table in SNAPSECC_DIAGNOSTICS and includes this file.
// No include guard: each component includes it once.
#include "diag/Engine.h"

namespace snapsecc::diag {
#define DIAG(Id, Name, Sev, Text, Long, ...)                                                                           \
  struct Id {                                                                                                          \
    using Args = std::tuple<__VA_ARGS__>;                                                                              \
    static constexpr DiagInfo info{Name, Severity::Sev, Text, Long};                                                   \
  };
#include SNAPSECC_DIAGNOSTICS
#undef DIAG
} // namespace snapsecc::diag
#undef SNAPSECC_DIAGNOSTICS
