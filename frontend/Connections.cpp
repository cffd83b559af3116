// SPDX-License-Identifier: Apache-2.0
// Decides the connections of a run, in this order, no pair twice:
//   1. those asked for, whatever the interface's policy says;
//   2. with `all`: each plug that has no connection yet to the system's slot of its interface, else to the one operand
//   that offers it;
//   3. else with `auto`: each such plug to the one slot that its policy connects, or to all of them where it says
//   many-slots.
#include "frontend/Connections.h"
#include "frontend/InstantiateDiagnostics.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

using Level = Interface::Connect::Level;
using Endpoints = std::vector<std::unique_ptr<EndpointScene>>;

std::string nameOf(const EndpointScene &endpoint) {
  return (endpoint.owner->isSystem() ? "" : endpoint.owner->instance) + ":" + endpoint.name;
}

const EndpointScene *find(const Endpoints &endpoints, llvm::StringRef name) {
  for (const auto &endpoint : endpoints)
    if (endpoint->name == name) return endpoint.get();
  return nullptr;
}

std::string suggestion(llvm::StringRef word, const std::vector<llvm::StringRef> &candidates) {
  std::string near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean '" + near + "'?";
}

std::string suggestion(llvm::StringRef word, const Endpoints &endpoints) {
  std::vector<llvm::StringRef> names;
  for (const auto &endpoint : endpoints)
    names.push_back(endpoint->name);
  return suggestion(word, names);
}

class Decider {
public:
  Decider(const Scenes &all, const Context &base, Engine &diagnostics)
      : scenes(all), context(base), engine(diagnostics) {}

  void connectAsked(const ConnectRequest &request);
  void connectPlug(const EndpointScene &plug, const ConnectOptions &options);
  ConnectionResult finish();

private:
  const SnapScene *findSnap(const ConnectRequest &request, llvm::StringRef name);
  const EndpointScene *findEnd(const ConnectRequest &request, SideKind side);
  std::vector<const EndpointScene *> slotsFor(const EndpointScene &plug) const;
  // Why the two cannot be connected, whoever asks; empty: they can.
  std::string obstacle(const EndpointScene &plug, const EndpointScene &slot);
  std::string connectAll(const EndpointScene &plug, llvm::ArrayRef<const EndpointScene *> slots);
  std::string connectAutomatically(const EndpointScene &plug, llvm::ArrayRef<const EndpointScene *> slots);
  std::string add(const EndpointScene &plug, const EndpointScene &slot, const std::string &why);
  bool isConnected(const EndpointScene &plug) const {
    return llvm::any_of(result.connections, [&](const ConnectionScene &made) { return made.plug == &plug; });
  }

  const Scenes &scenes;
  const Context &context;
  Engine &engine;
  ConnectionResult result;
};

const SnapScene *Decider::findSnap(const ConnectRequest &request, llvm::StringRef name) {
  if (name.empty()) return &scenes.system;
  std::vector<llvm::StringRef> names;
  for (const auto &snap : scenes.snaps) {
    if (snap->instance == name) return snap.get();
    names.push_back(snap->instance);
  }
  engine.report<diag::ConnectUnknownSnap>(SourceRange(), request.text, name, suggestion(name, names));
  return nullptr;
}

const EndpointScene *Decider::findEnd(const ConnectRequest &request, SideKind side) {
  bool isPlug = side == SideKind::Plug;
  const std::string &name = isPlug ? request.plug : request.slot;
  const SnapScene *snap = findSnap(request, isPlug ? request.plugSnap : request.slotSnap);
  if (!snap) return nullptr;
  const Endpoints &endpoints = isPlug ? snap->plugs : snap->slots;
  if (const EndpointScene *endpoint = find(endpoints, name)) return endpoint;
  // A plug of an interface that the library does not know was reported already, where it stands.
  if (snap->snap && (isPlug ? snap->snap->findPlug(name) : snap->snap->findSlot(name))) return nullptr;
  std::string who = snap->isSystem() ? "the system (" + context.target->system + ")" : "snap '" + snap->instance + "'";
  std::string hint = suggestion(name, endpoints);
  if (isPlug)
    engine.report<diag::ConnectUnknownPlug>(SourceRange(), request.text, who, name, hint);
  else
    engine.report<diag::ConnectUnknownSlot>(SourceRange(), request.text, who, name, hint);
  return nullptr;
}

std::string Decider::obstacle(const EndpointScene &plug, const EndpointScene &slot) {
  Evaluator evaluator = betweenSides(plug, slot, context);
  for (const ast::CheckStatement *check : plug.interface->checks)
    if (!evaluator.holds(check->condition, Scope()))
      return plainText(evaluator.evaluate(check->message, Scope())).value_or("a check of the interface fails");
  for (const ConnectionScene &made : result.connections) {
    bool shares = made.slot->owner == slot.owner || made.plug->owner == plug.owner;
    const Interface &other = *made.plug->interface;
    bool conflict = llvm::is_contained(plug.interface->conflicts, other.name) ||
                    llvm::is_contained(other.conflicts, plug.interface->name);
    if (shares && conflict)
      return "it conflicts with the connection of '" + nameOf(*made.plug) + "' (" + other.name + ")";
  }
  return "";
}

std::string Decider::add(const EndpointScene &plug, const EndpointScene &slot, const std::string &why) {
  for (const ConnectionScene &made : result.connections)
    if (made.plug == &plug && made.slot == &slot) return "";
  std::string reason = obstacle(plug, slot);
  if (reason.empty()) result.connections.push_back({&plug, &slot, why});
  return reason;
}

void Decider::connectAsked(const ConnectRequest &request) {
  const EndpointScene *plug = findEnd(request, SideKind::Plug), *slot = findEnd(request, SideKind::Slot);
  if (!plug || !slot) return;
  if (plug->interface != slot->interface) {
    engine.report<diag::ConnectInterfaces>(SourceRange(), request.text, plug->interface->name, slot->interface->name);
    return;
  }
  Verdict verdict = judge(*plug, *slot, context, engine.sources());
  bool allowed = verdict.level == Level::Auto || verdict.level == Level::Manual;
  std::string reason = add(*plug, *slot, allowed ? "asked for" : "asked for, though " + verdict.because);
  if (!reason.empty()) engine.report<diag::ConnectRefused>(SourceRange(), request.text, reason);
}

std::vector<const EndpointScene *> Decider::slotsFor(const EndpointScene &plug) const {
  std::vector<const EndpointScene *> found;
  auto addFrom = [&](const SnapScene &snap) {
    for (const auto &slot : snap.slots)
      if (slot->interface == plug.interface) found.push_back(slot.get());
  };
  if (!plug.owner->isSystem()) addFrom(scenes.system);
  for (const auto &snap : scenes.snaps)
    addFrom(*snap);
  return found;
}

std::string listed(llvm::ArrayRef<const EndpointScene *> slots) {
  std::vector<std::string> names;
  for (const EndpointScene *slot : slots)
    names.push_back(nameOf(*slot));
  return llvm::join(names, ", ");
}

std::string Decider::connectAll(const EndpointScene &plug, llvm::ArrayRef<const EndpointScene *> slots) {
  if (plug.owner->isSystem()) { // drivers of several snaps, for one system
    for (const EndpointScene *slot : slots)
      add(plug, *slot, "all");
    return "";
  }
  bool first = slots.size() == 1 || slots.front()->owner->isSystem();
  if (!first) return "several slots would do: " + listed(slots);
  return add(plug, *slots.front(), "all");
}

std::string Decider::connectAutomatically(const EndpointScene &plug, llvm::ArrayRef<const EndpointScene *> slots) {
  std::vector<const EndpointScene *> candidates;
  std::string reason, because;
  bool many = true;
  for (const EndpointScene *slot : slots) {
    Verdict verdict = judge(plug, *slot, context, engine.sources());
    if (verdict.level == Level::Auto || verdict.level == Level::AutoOnly) {
      candidates.push_back(slot);
      because = verdict.because;
      many &= verdict.manySlots;
    } else if (reason.empty() || verdict.level == Level::Manual) {
      reason = verdict.level == Level::Manual ? "to be connected by hand: " + verdict.because : verdict.because;
    }
  }
  if (candidates.empty()) return reason;
  if (candidates.size() > 1 && !many) return "several slots would do: " + listed(candidates);
  reason.clear();
  for (const EndpointScene *slot : candidates) {
    std::string obstacle = add(plug, *slot, "auto: " + because);
    if (!obstacle.empty()) reason = obstacle;
  }
  return reason;
}

void Decider::connectPlug(const EndpointScene &plug, const ConnectOptions &options) {
  std::vector<const EndpointScene *> slots = slotsFor(plug);
  std::string reason;
  if (!options.all && !options.automatic)
    reason = "not asked for";
  else if (slots.empty())
    reason = "nobody offers a slot for it";
  else if (options.all && !isConnected(plug))
    reason = connectAll(plug, slots);
  else if (options.automatic)
    reason = connectAutomatically(plug, slots);
  // The system's own plugs are there for whoever asks; that nobody does is nothing to tell.
  if (isConnected(plug) || plug.owner->isSystem()) return;
  result.unconnected.push_back({plug.owner->instance, plug.name, plug.interface->name, reason});
}

ConnectionResult Decider::finish() {
  auto key = [](const ConnectionScene &made) {
    return std::make_tuple(llvm::StringRef(made.plug->interface->name), llvm::StringRef(made.plug->owner->instance),
                           llvm::StringRef(made.plug->name), llvm::StringRef(made.slot->owner->instance),
                           llvm::StringRef(made.slot->name));
  };
  llvm::sort(result.connections, [&](const auto &a, const auto &b) { return key(a) < key(b); });
  return std::move(result);
}

} // namespace

ConnectionResult decideConnections(const Scenes &scenes, const ConnectOptions &options, const Context &base,
                                   Engine &engine) {
  Decider decider(scenes, base, engine);
  for (const ConnectRequest &request : options.asked)
    decider.connectAsked(request);
  for (const auto &snap : scenes.snaps)
    for (const auto &plug : snap->plugs)
      decider.connectPlug(*plug, options);
  for (const auto &plug : scenes.system.plugs)
    decider.connectPlug(*plug, options);
  return decider.finish();
}

} // namespace snapsecc
