// SPDX-License-Identifier: Apache-2.0
#include "runtime/Capabilities.h"
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

struct Sets {
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
};

bool getSets(Sets &sets) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  return syscall(SYS_capget, &header, sets.data) == 0;
}

bool setSets(const Sets &sets) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  return syscall(SYS_capset, &header, sets.data) == 0;
}

} // namespace

bool hasEffective(unsigned capability) {
  Sets sets;
  return getSets(sets) && (sets.data[capability / 32].effective >> capability % 32 & 1);
}

Status becomeUser(const User &user, unsigned keep) {
  if (user.uid == 0 && getuid() == 0) return {};
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return systemFailure("cannot keep capabilities");
  int groups = user.name.empty() ? setgroups(1, &user.gid) : initgroups(user.name.c_str(), user.gid);
  if (groups != 0 || setresgid(user.gid, user.gid, user.gid) != 0 || setresuid(user.uid, user.uid, user.uid) != 0)
    return systemFailure("cannot become user " + std::to_string(user.uid));
  Sets sets;
  sets.data[keep / 32].permitted = sets.data[keep / 32].effective = 1u << keep % 32;
  return setSets(sets) ? Status() : systemFailure("cannot set capabilities");
}

Status dropCapabilities() {
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) // before Linux 4.3
    return systemFailure("cannot clear ambient capabilities");
  return setSets({}) ? Status() : systemFailure("cannot drop capabilities");
}

} // namespace snapsecc::runtime
