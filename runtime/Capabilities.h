// SPDX-License-Identifier: Apache-2.0
// Who the program runs as, and the capabilities on the way there: capabilities(7).
#pragma once
#include "runtime/Environment.h"

namespace snapsecc::runtime {

bool hasEffective(unsigned capability);
// Groups, gid and uid of the user; the effective capabilities are gone but for `keep`, which is needed to load the
// filters without no_new_privs.
Status becomeUser(const User &user, unsigned keep);
// None in any set that execve(2) would keep. Root's come back with execve: what they may do there is AppArmor's matter.
Status dropCapabilities();

} // namespace snapsecc::runtime
