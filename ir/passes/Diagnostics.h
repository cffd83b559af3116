// SPDX-License-Identifier: Apache-2.0
// Diagnostics of passes over the policy.
#pragma once
#define SNAPSECC_DIAGNOSTICS "ir/passes/Diagnostics.def"
#include "diag/Declare.h"
