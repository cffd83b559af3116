// SPDX-License-Identifier: Apache-2.0
// Diagnostics of making rules from the library, a snap and its connections.
#pragma once
#define SNAPSECC_DIAGNOSTICS "frontend/InstantiateDiagnostics.def"
#include "diag/Declare.h"
