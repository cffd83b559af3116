// SPDX-License-Identifier: Apache-2.0
// Library + snaps + connections + target -> ir::Policy. The only step that knows all four: it validates attributes, decides
// connections, evaluates conditions and values, resolves labels, and gives each label its rules with their origins.
#pragma once
#include "frontend/Library.h"
#include "frontend/Snap.h"
#include "ir/Policy.h"
#include "ir/Target.h"

namespace snapsecc {

// `--mode`
enum class ModeRequest : uint8_t { Declared, Devmode, Jailmode, Classic };

// One `--connect SNAP:PLUG=SNAP2:SLOT`; an empty snap is the system.
struct ConnectRequest {
  std::string text; // as given
  std::string plugSnap, plug, slotSnap, slot;
};
struct ConnectOptions {
  bool automatic = false, all = false;
  std::vector<ConnectRequest> asked;
};
// "auto", "none", "all" or a connection into `options`; an error text where it is none of them, else empty.
std::string parseConnect(llvm::StringRef text, ConnectOptions &options);

// What was decided about a plug that did not get connected, for the summary.
struct Unconnected {
  std::string snap, plug, interface, reason;
};
struct InstantiateOptions {
  ConnectOptions connect;
  ModeRequest mode = ModeRequest::Declared;
  bool allowUnknown = false;
};
struct Instantiated {
  ir::Policy policy;
  std::vector<Unconnected> unconnected;
};

// The policy is complete only where the engine has no errors.
Instantiated instantiate(const Library &library, const std::vector<Snap> &snaps, const InstantiateOptions &options,
                         const ir::Target &target, Engine &engine);

} // namespace snapsecc
