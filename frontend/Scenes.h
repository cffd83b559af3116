// SPDX-License-Identifier: Apache-2.0
// Library + snaps + target -> scenes: who is there, with which plugs and slots, in which mode of confinement.
#pragma once
#include "frontend/Connections.h"

namespace snapsecc {

// Reports unknown interfaces. The scenes point to each other and to `snaps`.
std::unique_ptr<Scenes> makeScenes(const std::vector<Snap> &snaps, const InstantiateOptions &options,
                                   const Context &base, Engine &engine);
// Reads the attributes of all of them, once all are there to be asked for.
void readScenes(Scenes &scenes, const Context &base, Engine &engine);

} // namespace snapsecc
