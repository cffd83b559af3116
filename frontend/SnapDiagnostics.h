// SPDX-License-Identifier: Apache-2.0
// Diagnostics of reading snap.yaml.
#pragma once
#define SNAPSECC_DIAGNOSTICS "frontend/SnapDiagnostics.def"
#include "diag/Declare.h"
