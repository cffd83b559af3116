// SPDX-License-Identifier: Apache-2.0
// Diagnostics of what several components report (diag/Declare.h).
#pragma once
#define SNAPSECC_DIAGNOSTICS "diag/Diagnostics.def"
#include "diag/Declare.h"
