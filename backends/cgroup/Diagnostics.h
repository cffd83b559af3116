// SPDX-License-Identifier: Apache-2.0
// Diagnostics of devices; {0} is the label or the snap.
#pragma once
#define SNAPSECC_DIAGNOSTICS "backends/cgroup/Diagnostics.def"
#include "diag/Declare.h"
