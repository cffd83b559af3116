// SPDX-License-Identifier: Apache-2.0
// snap.yaml -> Snap. yaml::read (SnapYaml.h) guards and reads the text; here its fields are understood as snapd does.
// Unknown fields are not looked at. Source: snapcraft.io/docs/snap-format; snapd, snap/info_snap_yaml.go.
#include "frontend/Snap.h"
#include "frontend/SnapDiagnostics.h"
#include "frontend/SnapFields.h"
#include "frontend/SnapNames.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {

using snapfile::Text;

static const Attribute *findIn(llvm::ArrayRef<Attribute::Entry> entries, llvm::StringRef key) {
  for (const Attribute::Entry &entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}
static const Endpoint *findIn(llvm::ArrayRef<Endpoint> endpoints, llvm::StringRef name) {
  for (const Endpoint &endpoint : endpoints)
    if (endpoint.name == name) return &endpoint;
  return nullptr;
}

const Attribute *Attribute::find(llvm::StringRef key) const { return findIn(map, key); }
const Attribute *Endpoint::find(llvm::StringRef key) const { return findIn(attributes, key); }
const Endpoint *Snap::findPlug(llvm::StringRef plug) const { return findIn(plugs, plug); }
const Endpoint *Snap::findSlot(llvm::StringRef slot) const { return findIn(slots, slot); }

namespace {

// ROOT of ROOT/meta/snap.yaml, else empty.
std::string rootOf(llvm::StringRef path) {
  if (path == "meta/snap.yaml") return ".";
  if (!path.consume_back("/meta/snap.yaml")) return "";
  return path.empty() ? "/" : path.str();
}

std::string readWord(const yaml::Node &root, llvm::StringRef key, llvm::ArrayRef<llvm::StringRef> words,
                     Engine &engine) {
  Text text = snapfile::textField(root, key, "", engine);
  if (!text.given()) return words.front().str();
  if (!llvm::is_contained(words, text.value))
    engine.report<diag::SnapBadValue>(text.range, key, names::shown(text.value), llvm::join(words, ", "));
  return text.value;
}

void readName(const yaml::Node &root, Snap &snap, Engine &engine) {
  Text name = snapfile::textField(root, "name", "", engine);
  if (!name.given()) {
    const yaml::Node::Entry *entry = root.find("name");
    if (!entry || entry->value->isNull()) engine.report<diag::SnapMissing>(root.range, "'name'");
    return;
  }
  snap.nameRange = name.range;
  auto [snapName, key] = llvm::StringRef(name.value).split('_');
  snap.name = snapName.str();
  snap.instanceKey = key.str();
  bool hasKey = snapName.size() != name.value.size();
  if (snapfile::checkName(name, "a snap", names::wrongSnapName(snapName), engine) && hasKey)
    snapfile::checkName(name, "an instance of a snap: behind '_'", names::wrongInstanceKey(key), engine);
}

void readVersion(const yaml::Node &root, Snap &snap, Engine &engine) {
  Text version = snapfile::textField(root, "version", "", engine);
  if (version.given() && !names::isVersion(version.value))
    engine.report<diag::SnapBadVersion>(version.range, names::shown(version.value));
  snap.version = version.value;
}

// After the apps, for `none` excludes them.
void readBase(const yaml::Node &root, Snap &snap, Engine &engine) {
  Text base = snapfile::textField(root, "base", "", engine);
  snap.base = base.value;
  if (base.value.empty()) return;
  const char *wrong = names::wrongSnapName(base.value);
  if (wrong)
    engine.report<diag::SnapBadBase>(base.range,
                                     "'" + names::shown(base.value) + "' cannot be the name of a base: " + wrong);
  else if (base.value == "none" && !snap.apps.empty())
    engine.report<diag::SnapBadBase>(base.range, "a snap with base 'none' cannot have apps or hooks");
  else if (base.value != "none" && (snap.type == "base" || snap.type == "os"))
    engine.report<diag::SnapBadBase>(base.range, "a snap of type '" + snap.type + "' cannot have a base");
}

// A list, or one word for a list of one.
void readArchitectures(const yaml::Node &root, Snap &snap, Engine &engine) {
  const yaml::Node::Entry *entry = root.find("architectures");
  if (entry && entry->value->kind == yaml::Node::Kind::Scalar) {
    snap.architectures.push_back(entry->value->text);
    return;
  }
  for (const Text &architecture : snapfile::textListField(root, "architectures", "", engine))
    snap.architectures.push_back(architecture.value);
}

// NAME: SCOPE, or NAME: {scope: SCOPE}
void readSystemUsernames(const yaml::Node &root, Snap &snap, Engine &engine) {
  for (const yaml::Node::Entry &entry : snapfile::mapField(root, "system-usernames", "", engine)) {
    Text name{entry.key->text, entry.key->range};
    std::string where = "system-usernames." + names::shown(name.value);
    snapfile::checkName(name, "a system user", names::wrongUserName(name.value), engine);
    const yaml::Node &value = *entry.value;
    Text scope{value.text, value.range};
    if (value.isMap())
      scope = snapfile::textField(value, "scope", where + ".", engine);
    else if (value.kind == yaml::Node::Kind::List)
      engine.report<diag::SnapFieldType>(value.range, where, "a scope or a map", snapfile::describe(value));
    if (scope.value.empty())
      engine.report<diag::SnapMissing>(name.range, "the scope of '" + names::shown(name.value) + "'");
    else if (scope.value != "shared")
      engine.report<diag::SnapBadValue>(scope.range, where, names::shown(scope.value), "shared");
    snap.systemUsernames.push_back({name.value, scope.value});
  }
}

} // namespace

std::optional<Snap> readSnap(FileId file, Engine &engine) {
  size_t before = engine.errorCount();
  std::optional<yaml::Document> document = yaml::read(file, engine);
  if (!document) return std::nullopt;
  const yaml::Node &root = *document->root;
  if (!root.isMap()) {
    engine.report<diag::SnapFieldType>(root.range, "the document", "a map", snapfile::describe(root));
    return std::nullopt;
  }
  if (const yaml::Node::Entry *parts = root.find("parts")) {
    engine.report<diag::SnapcraftYaml>(parts->key->range);
    return std::nullopt;
  }
  Snap snap;
  snap.file = file;
  snap.root = rootOf(engine.sources().file(file).name());
  readName(root, snap, engine);
  readVersion(root, snap, engine);
  snap.type = readWord(root, "type", {"app", "application", "gadget", "kernel", "base", "os", "snapd"}, engine);
  if (snap.type == "application") snap.type = "app";
  if (snap.name == "snapd") snap.type = "snapd";
  snap.confinement = readWord(root, "confinement", {"strict", "devmode", "classic"}, engine);
  readArchitectures(root, snap, engine);
  snap.environment = snapfile::textMapField(root, "environment", "", engine);
  snapfile::readApps(root, snap, engine);
  readBase(root, snap, engine);
  snapfile::readEndpoints(root, snap, engine);
  readSystemUsernames(root, snap, engine);
  snapfile::readLayouts(root, snap, engine);
  if (engine.errorCount() != before) return std::nullopt;
  return snap;
}

} // namespace snapsecc
