// SPDX-License-Identifier: Apache-2.0
// Modes of confinement: snapcraft.io/docs/snap-confinement; --mode of docs/cli.md.
#include "frontend/Scenes.h"
#include "frontend/InstantiateDiagnostics.h"

namespace snapsecc {
namespace {

struct Confinement {
  std::string word;
  ir::Mode mode;
};
Confinement confinementOf(const Snap &snap, ModeRequest request) {
  std::string word = snap.confinement;
  switch (request) {
  case ModeRequest::Declared: break;
  case ModeRequest::Devmode: word = "devmode"; break;
  case ModeRequest::Jailmode: word = "strict"; break;
  case ModeRequest::Classic: word = "classic"; break;
  }
  if (word == "devmode") return {word, ir::Mode::Complain};
  return word == "classic" ? Confinement{word, ir::Mode::Unconfined} : Confinement{word, ir::Mode::Enforce};
}

std::vector<llvm::StringRef> interfaceNames(const Library &library) {
  std::vector<llvm::StringRef> names;
  for (const auto &[name, interface] : library.interfaces)
    names.push_back(name);
  return names;
}

void reportUnknown(const Endpoint &endpoint, const Library &library, bool allow, Engine &engine) {
  std::string near = nearest(endpoint.interface, interfaceNames(library));
  std::string hint = near.empty() ? "" : "; did you mean '" + near + "'?";
  SourceRange where = endpoint.interfaceRange.isValid() ? endpoint.interfaceRange : endpoint.range;
  auto builder = allow ? engine.report<diag::UnknownInterfaceIgnored>(where, shown(endpoint.interface), hint)
                       : engine.report<diag::UnknownInterface>(where, shown(endpoint.interface), hint);
  if (!near.empty()) builder.fixIt(where, near);
}

void addEndpoints(SnapScene &scene, SideKind side, const Context &base, bool allowUnknown, Engine &engine) {
  auto &endpoints = side == SideKind::Plug ? scene.plugs : scene.slots;
  for (const Endpoint &declared : side == SideKind::Plug ? scene.snap->plugs : scene.snap->slots) {
    auto interface = base.library->interfaces.find(declared.interface);
    if (interface == base.library->interfaces.end()) {
      reportUnknown(declared, *base.library, allowUnknown, engine);
      continue;
    }
    auto endpoint = std::make_unique<EndpointScene>();
    endpoint->owner = &scene;
    endpoint->side = side;
    endpoint->name = declared.name;
    endpoint->interface = &interface->second;
    endpoint->declared = &declared;
    endpoint->attributes = std::make_shared<RecordValue>();
    endpoints.push_back(std::move(endpoint));
  }
}

void addImplicit(SnapScene &system, const Context &base) {
  for (const auto &[name, interface] : base.library->interfaces)
    for (const Interface::Implicit &implicit : interface.implicit) {
      if (llvm::none_of(implicit.hosts, [&](const std::string &host) { return isHost(base.target->system, host); }))
        continue;
      Context context = base;
      context.interface = &interface;
      if (implicit.condition && !Evaluator(context).holds(*implicit.condition, Scope())) continue;
      auto &endpoints = implicit.side == SideKind::Plug ? system.plugs : system.slots;
      if (!endpoints.empty() && endpoints.back()->name == name) continue; // two lines that hold
      auto endpoint = std::make_unique<EndpointScene>();
      endpoint->owner = &system;
      endpoint->side = implicit.side;
      endpoint->name = name;
      endpoint->interface = &interface;
      endpoint->attributes = std::make_shared<RecordValue>();
      endpoints.push_back(std::move(endpoint));
    }
}

void readAll(SnapScene &scene, const Context &base, Engine &engine) {
  for (auto *endpoints : {&scene.plugs, &scene.slots})
    for (const auto &endpoint : *endpoints)
      readAttributes(*endpoint, base, engine);
}

} // namespace

std::unique_ptr<Scenes> makeScenes(const std::vector<Snap> &snaps, const InstantiateOptions &options,
                                   const Context &base, Engine &engine) {
  auto scenes = std::make_unique<Scenes>();
  for (const Snap &snap : snaps) {
    auto scene = std::make_unique<SnapScene>();
    scene->snap = &snap;
    scene->instance = snap.instance();
    Confinement confinement = confinementOf(snap, options.mode);
    scene->confinement = confinement.word;
    scene->mode = confinement.mode;
    if (!snap.root.empty()) scene->files = std::make_unique<HostProbe>(snap.root);
    addEndpoints(*scene, SideKind::Plug, base, options.allowUnknown, engine);
    addEndpoints(*scene, SideKind::Slot, base, options.allowUnknown, engine);
    scenes->snaps.push_back(std::move(scene));
  }
  llvm::sort(scenes->snaps, [](const auto &a, const auto &b) { return a->instance < b->instance; });
  addImplicit(scenes->system, base);
  return scenes;
}

void readScenes(Scenes &scenes, const Context &base, Engine &engine) {
  for (const auto &scene : scenes.snaps)
    readAll(*scene, base, engine);
  readAll(scenes.system, base, engine);
}

} // namespace snapsecc
