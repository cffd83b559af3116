// SPDX-License-Identifier: Apache-2.0
// Step "layout": the graph -> instructions in order. Parents before children, a load straight before what it is for.
// Conditional jumps reach 255 instructions: a return further away is repeated nearer, anything else is reached over an
// unconditional jump.
#pragma once
#include "backends/seccomp/Graph.h"

namespace snapsecc::seccomp {

// Of several orders the one with the fewest instructions; what is expected often (`heat` by node) is not sent over
// extra jumps.
Program layout(const Graph &graph);

} // namespace snapsecc::seccomp
