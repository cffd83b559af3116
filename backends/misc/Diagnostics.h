// SPDX-License-Identifier: Apache-2.0
// Diagnostics of the rarer artefacts; {0} is the label or the snap.
#pragma once
#define SNAPSECC_DIAGNOSTICS "backends/misc/Diagnostics.def"
#include "diag/Declare.h"
