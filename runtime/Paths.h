// SPDX-License-Identifier: Apache-2.0
// Places of the runtime's own state. What is below /run is of this boot.
#pragma once

namespace snapsecc::runtime::paths {

constexpr char run[] = "/run/snapsec";
constexpr char locks[] = "/run/snapsec/lock";
constexpr char loaded[] = "/run/snapsec/loaded";
constexpr char namespaces[] = "/run/snapsec/ns"; // a tmpfs that no other namespace sees
constexpr char root[] = "/run/snapsec/root";     // where a new root is built, in a namespace of its own
constexpr char privateTmp[] = "/tmp/snap-private-tmp";
constexpr char profileCache[] = "/var/cache/snapsecc/apparmor"; // the only one that stays
constexpr char udevRules[] = "/etc/udev/rules.d";
constexpr char bpf[] = "/sys/fs/bpf/snapsec";

} // namespace snapsecc::runtime::paths
