// SPDX-License-Identifier: Apache-2.0
// What the facts of Facts.def are worth: of the target, a snap, a label, a side of an interface. Labels as in
// apparmor's namespace of snapd: snap.INSTANCE.APP, several of them as one pattern.
#include "automata/Pattern.h"
#include "diag/HexByte.h"
#include "frontend/Evaluate.h"
#include "llvm/ADT/StringExtras.h"
#include <cassert>

namespace snapsecc {

bool isHost(llvm::StringRef system, llvm::StringRef host) {
  return system == host || (host == "core" && system == "core-desktop");
}

std::string SnapScene::provider() const {
  if (isSystem() || snap->type == "os" || snap->type == "snapd") return "system";
  return snap->type;
}

std::string labelOf(const EndpointScene &endpoint) {
  if (!endpoint.declared) return endpoint.owner->isSystem() ? "unconfined" : labelOf(*endpoint.owner);
  const std::vector<std::string> &labels = endpoint.declared->labels;
  std::string prefix = "snap." + automata::escapeLiteral(endpoint.owner->instance);
  if (labels.empty()) return prefix + "."; // nobody has this label
  if (labels.size() == 1) return prefix + "." + automata::escapeLiteral(labels.front());
  if (labels.size() == endpoint.owner->snap->apps.size()) return prefix + ".*";
  std::vector<std::string> parts;
  for (const std::string &label : labels)
    parts.push_back("." + automata::escapeLiteral(label));
  return prefix + "{" + llvm::join(parts, ",") + "}";
}

std::string labelOf(const SnapScene &snap) {
  return snap.isSystem() ? "unconfined" : "snap." + automata::escapeLiteral(snap.instance) + ".*";
}

static Value label(const std::string &text) { return Value::string(text, Value::Reading::Pattern); }

static bool mediatesFamily(const ir::Target &target, const std::string &family) {
  return llvm::any_of(std::initializer_list<const char *>{"network", "network_v8", "network_v9"},
                      [&](std::string version) { return target.hasFeature(version + "/af_mask/" + family); });
}

// What the kernel mediates, and what the parser can say: both where both matter.
static bool appArmorFact(llvm::StringRef name, const ir::Target &target) {
  auto has = [&](const char *word, const char *feature) {
    return target.parserReads(word) && target.hasFeature(feature);
  };
  if (name == "userns") return has("userns", "namespaces/mask/userns_create");
  if (name == "mqueue") return has("mqueue", "ipc/posix_mqueue");
  if (name == "io_uring") return has("io_uring", "io_uring");
  if (name == "unconfined") return has("unconfined", "policy/unconfined_restrictions");
  if (name == "prompt") return has("prompt", "policy/notify/user");
  if (name == "allow-all") return target.parserReads("all");
  if (name == "dbus") return target.hasFeature("dbus");
  if (name == "unix") return target.hasFeature("network/af_unix") || target.hasFeature("network_v9/af_unix");
  if (name == "qipcrtr-socket") return mediatesFamily(target, "qipcrtr");
  if (name == "xdp") return mediatesFamily(target, "xdp");
  assert(name == "cap-bpf" || name == "cap-audit-read");
  return target.hasFeature(name == "cap-bpf" ? "caps/mask/bpf" : "caps/mask/audit_read");
}

// x86's `flags`, Arm's `Features`: the words behind the first such line's colon.
static Value cpuFlags(const HostProbe &host) {
  std::vector<Value> flags;
  std::string text = host.read("/proc/cpuinfo").value_or("");
  llvm::SmallVector<llvm::StringRef> lines, words;
  llvm::StringRef(text).split(lines, '\n');
  for (llvm::StringRef line : lines) {
    auto [key, value] = line.split(':');
    if (key.trim() != "flags" && key.trim() != "Features") continue;
    llvm::SplitString(value, words);
    break;
  }
  for (llvm::StringRef word : words)
    flags.push_back(Value::string(word.str()));
  return Value::listOf(std::move(flags));
}

Value hostFact(llvm::StringRef name, const Context &context) {
  const ir::Target &target = *context.target;
  if (name.consume_front("apparmor.")) return Value::of(appArmorFact(name, target));
  if (name == "arch") return Value::string(target.arch);
  if (name == "triplet") return Value::string(ir::gnuTriplet(target.arch));
  if (name == "cpu-flags") return cpuFlags(*context.host);
  if (name == "systemd") return Value::integer(target.systemdVersion);
  if (name == "libexec") return Value::string(target.libexec);
  if (name == "snap_confine") {
    // The snapd snap of the reference's system has revision 1; on a machine the runtime knows better.
    return label("/snap/snapd/1" + target.libexec + "/snap-confine");
  }
  if (name == "kernel-snap") return context.kernelSnap.empty() ? Value() : Value::string(context.kernelSnap);
  if (name == "preseeding") return Value::of(target.preseeding);
  if (name == "prompting") return Value::of(target.prompting);
  if (name == "nfs-home") return Value::of(target.nfsHome);
  if (name == "overlay-root") return Value::of(target.overlayRoot);
  assert(name == "classic" || name == "core" || name == "core-desktop");
  return Value::of(isHost(target.system, name));
}

static Value namesOf(const std::vector<std::unique_ptr<EndpointScene>> &endpoints, const Arguments &arguments) {
  const Value *interface = arguments.find(0, "interface");
  std::vector<Value> names;
  for (const auto &endpoint : endpoints)
    if (interface && endpoint->interface->name == interface->text) names.push_back(Value::string(endpoint->name));
  return Value::listOf(std::move(names));
}

// The ids that a plug of `desktop` claims: such a file keeps its name, all others get the snap's prefix.
static Value desktopFiles(const SnapScene &snap) {
  std::vector<Value> names;
  for (const auto &plug : snap.plugs) {
    const Value *ids = plug->interface->name == "desktop" ? plug->attributes->find("desktop-file-ids") : nullptr;
    if (!ids) continue;
    for (const Value &id : ids->list)
      if (!snap.files || snap.files->exists("/meta/gui/" + id.text + ".desktop"))
        names.push_back(Value::string(id.text + ".desktop"));
  }
  return Value::listOf(std::move(names));
}

static Value layouts(const Snap &snap) {
  static constexpr llvm::StringLiteral kinds[] = {"bind", "bind-file", "symlink", "tmpfs"};
  std::vector<Value> entries;
  for (const ir::Layout &layout : snap.layouts) {
    auto record = std::make_shared<RecordValue>();
    record->fields.push_back({"path", Value::string(expandPath(layout.path, snap, false))});
    record->fields.push_back({"kind", Value::word(kinds[size_t(layout.kind)])});
    if (!layout.source.empty())
      record->fields.push_back({"source", Value::string(expandPath(layout.source, snap, false))});
    Value entry;
    entry.kind = Value::Kind::Record;
    entry.record = std::move(record);
    entries.push_back(std::move(entry));
  }
  return Value::listOf(std::move(entries));
}

// Of the system itself: it has names, and nothing that a snap.yaml would say.
static Value systemFact(llvm::StringRef name, const SnapScene &scene) {
  if (name == "label") return label(labelOf(scene));
  if (name == "type") return Value::word("os");
  if (name == "confinement" || name == "declared") return Value::word("strict");
  if (name == "publisher" || name == "system-usernames") return {};
  if (name == "desktop-files" || name == "layout") return Value::listOf({});
  if (name == "revision" || name == "version" || name == "base") return Value::string("");
  return name == "names" ? label("system") : Value::string("system");
}

Value snapFact(llvm::StringRef name, const Arguments &arguments, const SnapScene &scene) {
  if (name == "plugs") return namesOf(scene.plugs, arguments);
  if (name == "slots") return namesOf(scene.slots, arguments);
  if (scene.isSystem()) return systemFact(name, scene);
  const Snap &snap = *scene.snap;
  if (name == "name") return Value::string(snap.name);
  if (name == "instance") return Value::string(scene.instance);
  if (name == "names") {
    std::string plain = automata::escapeLiteral(snap.name);
    return label(snap.instanceKey.empty() ? plain : "{" + plain + "," + automata::escapeLiteral(scene.instance) + "}");
  }
  if (name == "desktop")
    return Value::string(snap.instanceKey.empty() ? snap.name : snap.name + "+" + snap.instanceKey);
  if (name == "desktop-files") return desktopFiles(scene);
  if (name == "revision") return Value::string(snap.revision);
  if (name == "version") return Value::string(snap.version);
  if (name == "base") return Value::string(snap.base);
  if (name == "type") return Value::word(snap.type);
  if (name == "confinement") return Value::word(scene.confinement);
  if (name == "declared") return Value::word(snap.confinement);
  if (name == "label") return label(labelOf(scene));
  if (name == "layout") return layouts(snap);
  // Unset is no publisher: two snaps of unknown publishers do not have the same one.
  if (name == "publisher") return snap.publisher.empty() ? Value() : Value::string(snap.publisher);
  assert(name == "system-usernames");
  if (snap.systemUsernames.empty()) return {};
  std::vector<Value> names;
  for (const SystemUser &user : snap.systemUsernames)
    names.push_back(Value::string(user.name));
  return Value::listOf(std::move(names));
}

// Bytes other than letters and digits as _xx: systemd's and the bus's way.
static std::string busEscape(llvm::StringRef text) {
  std::string escaped;
  for (char c : text)
    escaped += llvm::isAlnum(c) ? std::string(1, c) : "_" + hexByte(static_cast<unsigned char>(c));
  return escaped;
}

Value appFact(llvm::StringRef name, const Context &context) {
  if (name == "dbus") return context.label.empty() ? Value() : Value::string(busEscape(context.label));
  if (name == "label") return context.label.empty() ? Value() : label(automata::escapeLiteral(context.label));
  if (!context.app) return {};
  if (name == "name") return Value::string(context.app->labelPart());
  if (name == "hook") return Value::of(context.app->hook);
  assert(name == "daemon");
  return Value::of(!context.app->daemon.empty());
}

Value sideFact(llvm::StringRef name, const EndpointScene &side) {
  const SnapScene &owner = *side.owner;
  if (name == "name") return Value::string(side.name);
  if (name == "interface") return Value::string(side.interface->name);
  if (name == "snap") return Value::string(owner.isSystem() ? "system" : owner.snap->name);
  if (name == "instance") return Value::string(owner.instance);
  if (name == "label") return label(labelOf(side));
  if (name == "provider") return Value::word(owner.provider());
  assert(name == "publisher");
  return snapFact(name, {}, owner);
}

} // namespace snapsecc
