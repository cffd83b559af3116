// SPDX-License-Identifier: Apache-2.0
// The plugs and slots of a snap.yaml, and which apps and hooks have them.
//  1. Declarations at the top: null, text (the interface), or a map with attributes.
//  2. Names in apps, hooks and activates-on: each binds the endpoint to the app; one that is not declared is an
//  endpoint of the
//     interface of that name.
//  3. What nobody has named belongs to all apps and hooks.
// Source: snapd, snap/info_snap_yaml.go.
#include "diag/Diagnostics.h"
#include "frontend/SnapDiagnostics.h"
#include "frontend/SnapFields.h"
#include "frontend/SnapNames.h"
#include <algorithm>
#include <map>
#include <set>

namespace snapsecc::snapfile {
namespace {

using Endpoints = std::map<std::string, Endpoint>;

struct Side {
  const char *field, *one; // "plugs", "a plug"
  Endpoints endpoints;
};

Attribute attribute(const yaml::Node &node) {
  Attribute result;
  result.range = node.range;
  result.text = node.text;
  result.quoted = node.quoted;
  switch (node.kind) {
  case yaml::Node::Kind::Null: break;
  case yaml::Node::Kind::Scalar:
    result.kind = Attribute::Kind::Text;
    if (auto boolean = yaml::asBool(node)) {
      result.kind = Attribute::Kind::Bool;
      result.boolean = *boolean;
    } else if (auto integer = yaml::asInt(node)) {
      result.kind = Attribute::Kind::Int;
      result.integer = *integer;
    }
    break;
  case yaml::Node::Kind::List:
    result.kind = Attribute::Kind::List;
    for (const yaml::Node *item : node.items)
      result.list.push_back(attribute(*item));
    break;
  case yaml::Node::Kind::Map:
    result.kind = Attribute::Kind::Map;
    for (const yaml::Node::Entry &entry : node.entries)
      result.map.push_back({entry.key->text, entry.key->range, attribute(*entry.value)});
    break;
  }
  return result;
}

void readAttributes(const yaml::Node &node, const std::string &where, Endpoint &endpoint, Engine &engine) {
  for (const yaml::Node::Entry &entry : node.entries) {
    llvm::StringRef key = entry.key->text;
    if (key.startswith("$")) {
      engine.report<diag::SnapReservedAttribute>(entry.key->range, names::shown(key));
    } else if (key == "interface") {
      Text interface = textField(node, key, where + ".", engine);
      if (entry.value->isNull())
        engine.report<diag::SnapFieldType>(entry.key->range, where + ".interface", "text", "nothing");
      endpoint.interface = interface.value;
      endpoint.interfaceRange = entry.value->range;
    } else if (key == "label") {
      textField(node, key, where + ".", engine);
    } else {
      endpoint.attributes.push_back({entry.key->text, entry.key->range, attribute(*entry.value)});
    }
  }
}

void readDeclared(const yaml::Node &root, Side &side, Engine &engine) {
  for (const yaml::Node::Entry &entry : mapField(root, side.field, "", engine)) {
    Text name{entry.key->text, entry.key->range};
    if (!checkName(name, side.one, names::wrongPlugName(name.value), engine)) continue;
    std::string where = side.field + ("." + name.value);
    Endpoint endpoint;
    endpoint.name = endpoint.interface = name.value;
    endpoint.range = endpoint.interfaceRange = name.range;
    const yaml::Node &value = *entry.value;
    if (value.kind == yaml::Node::Kind::Scalar) {
      endpoint.interface = value.text;
      endpoint.interfaceRange = value.range;
    } else if (value.isMap()) {
      readAttributes(value, where, endpoint, engine);
    } else if (!value.isNull()) {
      engine.report<diag::SnapFieldType>(value.range, where, "nothing, an interface or a map", describe(value));
    }
    checkName({endpoint.interface, endpoint.interfaceRange}, "an interface", names::wrongPlugName(endpoint.interface),
              engine);
    side.endpoints.emplace(name.value, std::move(endpoint));
  }
}

// The endpoints that an app, a hook or a hook of a component (`label` empty) names.
void readNamed(const yaml::Node &node, const std::string &where, const std::string &label, Side &side,
               std::set<std::string> &isNamed, Engine &engine) {
  for (const Text &name : textListField(node, side.field, where, engine)) {
    if (!checkName(name, side.one, names::wrongPlugName(name.value), engine)) continue;
    auto [found, isNew] = side.endpoints.try_emplace(name.value);
    Endpoint &endpoint = found->second;
    if (isNew) {
      endpoint.name = endpoint.interface = name.value;
      endpoint.range = endpoint.interfaceRange = name.range;
    }
    isNamed.insert(name.value);
    if (!label.empty() && !llvm::is_contained(endpoint.labels, label)) endpoint.labels.push_back(label);
  }
}

void readActivation(const yaml::Node &app, const std::string &where, const std::string &label, Side &slots,
                    std::set<std::string> &isNamed, Engine &engine) {
  for (const Text &name : textListField(app, "activates-on", where, engine)) {
    auto slot = slots.endpoints.find(name.value);
    if (slot == slots.endpoints.end()) {
      engine.report<diag::SnapNoSlot>(name.range, names::shown(name.value));
      continue;
    }
    isNamed.insert(name.value);
    if (!llvm::is_contained(slot->second.labels, label)) slot->second.labels.push_back(label);
  }
}

void bind(const yaml::Node &root, const Snap &snap, Side &plugs, Side &slots, Engine &engine) {
  std::set<std::string> namedPlugs, namedSlots;
  for (const App &app : snap.apps) {
    const yaml::Node::Entry *section = root.find(app.hook ? "hooks" : "apps");
    const yaml::Node::Entry *entry = section ? section->value->find(app.name) : nullptr;
    if (!entry) continue; // a hook that is a file alone
    std::string where = (app.hook ? "hooks." : "apps.") + names::shown(app.name) + ".";
    readNamed(*entry->value, where, app.labelPart(), plugs, namedPlugs, engine);
    readNamed(*entry->value, where, app.labelPart(), slots, namedSlots, engine);
    if (!app.hook) readActivation(*entry->value, where, app.labelPart(), slots, namedSlots, engine);
  }
  for (const yaml::Node::Entry &component : mapField(root, "components", "", engine)) {
    std::string where = "components." + names::shown(component.key->text) + ".";
    llvm::ArrayRef<yaml::Node::Entry> hooks = mapField(*component.value, "hooks", where, engine);
    if (!hooks.empty())
      engine.report<diag::SnapComponentHooks>(component.key->range, names::shown(component.key->text));
    for (const yaml::Node::Entry &hook : hooks)
      readNamed(*hook.value, where + "hooks." + names::shown(hook.key->text) + ".", "", plugs, namedPlugs, engine);
  }
  for (auto [side, named] : {std::pair{&plugs, &namedPlugs}, std::pair{&slots, &namedSlots}})
    for (auto &[name, endpoint] : side->endpoints) {
      if (!named->count(name))
        for (const App &app : snap.apps)
          endpoint.labels.push_back(app.labelPart());
      llvm::sort(endpoint.labels);
    }
}

} // namespace

void readEndpoints(const yaml::Node &root, Snap &snap, Engine &engine) {
  Side plugs{"plugs", "a plug", {}}, slots{"slots", "a slot", {}};
  readDeclared(root, plugs, engine);
  readDeclared(root, slots, engine);
  bind(root, snap, plugs, slots, engine);
  for (auto &[name, plug] : plugs.endpoints) {
    auto slot = slots.endpoints.find(name);
    if (slot != slots.endpoints.end())
      engine.report<diag::SnapSameName>(slot->second.range, name).note<diag::PreviousHere>(plug.range, name);
    snap.plugs.push_back(std::move(plug));
  }
  for (auto &entry : slots.endpoints)
    snap.slots.push_back(std::move(entry.second));
}

} // namespace snapsecc::snapfile
