// SPDX-License-Identifier: Apache-2.0
// Diagnostics of reading .sif: tokens, brackets, statements.
#pragma once
#define SNAPSECC_DIAGNOSTICS "grammar/Diagnostics.def"
#include "diag/Declare.h"
