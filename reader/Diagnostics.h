// SPDX-License-Identifier: Apache-2.0
// Diagnostics of reading profile text.
#pragma once
#define SNAPSECC_DIAGNOSTICS "reader/Diagnostics.def"
#include "diag/Declare.h"
