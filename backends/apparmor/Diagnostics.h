// SPDX-License-Identifier: Apache-2.0
// Diagnostics of the AppArmor backend.
#pragma once
#define SNAPSECC_DIAGNOSTICS "backends/apparmor/Diagnostics.def"
#include "diag/Declare.h"
