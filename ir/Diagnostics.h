// SPDX-License-Identifier: Apache-2.0
// Diagnostics of the IR: statements and its text.
#pragma once
#define SNAPSECC_DIAGNOSTICS "ir/Diagnostics.def"
#include "diag/Declare.h"
