// SPDX-License-Identifier: Apache-2.0
// Diagnostics of seccomp.
#pragma once
#define SNAPSECC_DIAGNOSTICS "backends/seccomp/Diagnostics.def"
#include "diag/Declare.h"
