// SPDX-License-Identifier: Apache-2.0
// Diagnostics of mount entries; {0} is the snap.
#pragma once
#define SNAPSECC_DIAGNOSTICS "backends/mount/Diagnostics.def"
#include "diag/Declare.h"
