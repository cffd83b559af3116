// SPDX-License-Identifier: Apache-2.0
// runtime/snap.S.run: what snapsec-run needs to start the snap's programs, as lines that a shell or C program reads
// without a parser. The file's first lines describe the format.
#pragma once
#include "frontend/Snap.h"
#include "ir/Artifact.h"
#include "ir/Policy.h"

namespace snapsecc::driver {

// `others`: the artifacts of the same run, for the files of each label.
ir::Artifact makeRuntimeFile(const Snap &snap, const ir::Policy &policy, llvm::ArrayRef<ir::Artifact> others);

} // namespace snapsecc::driver
