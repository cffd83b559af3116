// SPDX-License-Identifier: Apache-2.0
// The AppArmor profile that the next execve(2) changes to. The kernel's files: Documentation/admin-guide/LSM/apparmor
// and security/apparmor/{apparmorfs,procattr}.c.
#pragma once
#include "runtime/RuntimeFile.h"
#include <optional>

namespace snapsecc::runtime {

// Is it in the kernel, and on? The failure says what is not.
Status probeAppArmor();

struct LoadedProfile {
  std::string mode; // enforce, complain, unconfined, kill, prompt
  std::string hash; // of the binary policy, as the kernel computed it; "" where it computes none
};
std::optional<LoadedProfile> findLoadedProfile(const std::string &name);

// Is the profile loaded, in the label's mode, and is it the one that `load` got from the text with this hash?
Status checkProfile(const LabelInfo &label, const std::string &textHash);

// What `load` notes of a profile for checkProfile: RUN/loaded/NAME holds the hash of the text and of the loaded binary.
Status noteProfile(const std::string &name, const std::string &textHash);
bool isNoted(const std::string &name, const LoadedProfile &loaded); // with any text
Status forgetProfile(const std::string &name);

// The change happens at the next execve of this thread.
Status changeProfileOnExec(const std::string &name);
// The change happens now: for checks that are made from inside.
Status changeProfile(const std::string &name);

} // namespace snapsecc::runtime
