// SPDX-License-Identifier: Apache-2.0
// Diagnostics of the commands that are questions about a policy.
#pragma once
#define SNAPSECC_DIAGNOSTICS "driver/Diagnostics.def"
#include "diag/Declare.h"
