// SPDX-License-Identifier: Apache-2.0
// udev's rules of a policy, which tag devices for labels: into /etc/udev/rules.d, and the devices that are there
// already looked at again, udevadm(8).
#pragma once
#include "runtime/PolicyTree.h"
#include <set>

namespace snapsecc::runtime {

// `warnings`: where udev does not run; without it no device is tagged, so that less is allowed, not more.
Status installUdevRules(const PolicyTree &policy, unsigned &count, std::vector<std::string> &warnings);
Status removeUdevRules(const PolicyTree &policy);

} // namespace snapsecc::runtime
