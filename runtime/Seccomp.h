// SPDX-License-Identifier: Apache-2.0
// The seccomp filters of a label: one raw program (.bpf), or snap-confine's file of two (.bin2), seccomp(2).
#pragma once
#include "runtime/Result.h"
#include <linux/filter.h>
#include <string_view>
#include <vector>

namespace snapsecc::runtime {

// In the order in which they are loaded; none: the label is not restricted.
using Filters = std::vector<std::vector<sock_filter>>;

Result<Filters> readFilter(std::string_view bytes);  // .bpf
Result<Filters> readFilters(std::string_view bytes); // .bin2
Status probeSeccomp();
// For this thread and all that it starts. Without CAP_SYS_ADMIN the kernel takes a filter only together with
// PR_SET_NO_NEW_PRIVS, which then is set; it would keep AppArmor from changing the profile, so it is not set otherwise.
Status loadFilters(const Filters &filters);

} // namespace snapsecc::runtime
