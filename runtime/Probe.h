// SPDX-License-Identifier: Apache-2.0
// One access, tried: VERB and its words. It is made by a child process, so that what it changes ends with it; none of
// them changes the machine where the kernel lets it through.
#pragma once
#include "runtime/Result.h"
#include <functional>
#include <sys/types.h>
#include <vector>

namespace snapsecc::runtime {

struct ProbeResult {
  int error = 0; // errno; 0: done
  pid_t process = 0;
  bool isDenied() const { return error == EPERM || error == EACCES; }
  // What was asked for is not on this machine: nothing is said about who would deny it.
  bool isAbsent() const { return error == ENOENT || error == ENOTDIR || error == ENOSYS || error == EAFNOSUPPORT; }
};

// Is there such a verb, with so many words?
bool isProbe(const std::vector<std::string> &words);
// `confine` is called in the child before the access; where it fails, so does the probe.
Result<ProbeResult> tryProbe(const std::vector<std::string> &words, const std::function<Status()> &confine);

} // namespace snapsecc::runtime
