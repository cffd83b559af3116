// SPDX-License-Identifier: Apache-2.0
// Diagnostics of checking .sif.
#pragma once
#define SNAPSECC_DIAGNOSTICS "frontend/CheckDiagnostics.def"
#include "diag/Declare.h"
