// SPDX-License-Identifier: Apache-2.0
// Which plugs are connected to which slots: what was asked for, what the interfaces' own policy connects, or all there
// is.
#pragma once
#include "frontend/Attributes.h"
#include "frontend/Instantiate.h"

namespace snapsecc {

// All snaps of a run, and the system with its implicit plugs and slots.
struct Scenes {
  std::vector<std::unique_ptr<SnapScene>> snaps; // sorted by instance
  SnapScene system;
};

struct ConnectionScene {
  const EndpointScene *plug = nullptr, *slot = nullptr;
  std::string why;
};
struct ConnectionResult {
  std::vector<ConnectionScene> connections; // sorted by interface, plug, slot
  std::vector<Unconnected> unconnected;     // sorted by snap, plug
};

ConnectionResult decideConnections(const Scenes &scenes, const ConnectOptions &options, const Context &base,
                                   Engine &engine);

// What the interface's own policy says about a connection.
struct Verdict {
  Interface::Connect::Level level = Interface::Connect::Level::Never;
  bool manySlots = false;
  std::string because; // "`connect auto` (interfaces/home.sif:6)", or what forbids it
};
// Reads what is known of a connection: facts and attributes of both sides, the plug's being the own one.
Evaluator betweenSides(const EndpointScene &plug, const EndpointScene &slot, const Context &base);
Verdict judge(const EndpointScene &plug, const EndpointScene &slot, const Context &base, const SourceManager &sources);

} // namespace snapsecc
