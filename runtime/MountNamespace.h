// SPDX-License-Identifier: Apache-2.0
// The mount namespace of a snap: made by its first start, kept (a bind mount of it in RUN/ns), entered by all its
// programs, given up when what it was made of has changed. Above it each start has one more, for its own terminals and
// for mounts of its user.
#pragma once
#include "runtime/Root.h"

namespace snapsecc::runtime {

Status probeMountNamespace();

// The directories of the runtime; the one of namespaces becomes a mount that no other namespace sees. Under a lock.
Status prepareRunDirectory();

// The private /tmp of an instance on the host, made where it is missing.
Result<std::string> privateTmp(const std::string &instance);

// Enters the instance's namespace. `made`: what it was made of; another text than that of the kept one means a new one.
// Under the instance's lock.
Status enterSnapNamespace(const RootPlan &plan, const std::string &made);
// What a kept namespace is made of, as a text: the plan, and which directories are meant.
std::string describe(const RootPlan &plan, std::string_view mountTable);

// The start's own namespace: new terminals, and the user's mounts where there are any.
Status enterOwnNamespace(const User &user, const std::vector<MountEntry> &mounts);

bool isKept(const std::string &instance);
Status discardNamespace(const std::string &instance);

} // namespace snapsecc::runtime
