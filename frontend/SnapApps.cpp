// SPDX-License-Identifier: Apache-2.0
// The `apps` and `hooks` of a snap.yaml. Source: snapcraft.io/docs/snap-format; snapd, snap/info_snap_yaml.go,
// snap/validate.go.
#include "frontend/SnapDiagnostics.h"
#include "frontend/SnapFields.h"
#include "frontend/SnapNames.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>

namespace snapsecc::snapfile {
namespace {

void readCommand(const yaml::Node &map, llvm::StringRef key, const std::string &where, std::string &command,
                 Engine &engine) {
  Text text = textField(map, key, where, engine);
  if (!names::isCommand(text.value, /*blanks=*/true))
    engine.report<diag::SnapBadCommand>(text.range, where + key.str(), " and blanks");
  command = text.value;
}

// What apps and hooks have alike. `node`: a map or null.
App readCommon(const yaml::Node &node, const Text &name, const std::string &where, Engine &engine) {
  App app;
  app.name = name.value;
  app.range = name.range;
  if (!node.isMap() && !node.isNull())
    engine.report<diag::SnapFieldType>(node.range, where.substr(0, where.size() - 1), "a map", describe(node));
  app.environment = textMapField(node, "environment", where, engine);
  for (const Text &link : textListField(node, "command-chain", where, engine)) {
    if (!names::isCommand(link.value, /*blanks=*/false))
      engine.report<diag::SnapBadCommand>(link.range, where + "command-chain", "");
    app.commandChain.push_back(link.value);
  }
  return app;
}

App readApp(const yaml::Node::Entry &entry, Engine &engine) {
  Text name{entry.key->text, entry.key->range};
  checkName(name, "an app", names::wrongAppName(name.value), engine);
  std::string where = "apps." + names::shown(name.value) + ".";
  const yaml::Node &node = *entry.value;
  App app = readCommon(node, name, where, engine);
  readCommand(node, "command", where, app.command, engine);
  readCommand(node, "stop-command", where, app.stopCommand, engine);
  readCommand(node, "reload-command", where, app.reloadCommand, engine);
  readCommand(node, "post-stop-command", where, app.postStopCommand, engine);
  Text daemon = textField(node, "daemon", where, engine);
  if (daemon.given()) {
    constexpr llvm::StringRef kinds[] = {"simple", "forking", "oneshot", "dbus", "notify"};
    if (!llvm::is_contained(kinds, daemon.value))
      engine.report<diag::SnapBadValue>(daemon.range, where + "daemon", names::shown(daemon.value),
                                        "simple, forking, oneshot, dbus, notify");
    app.daemon = daemon.value;
  }
  return app;
}

// Hooks that are only files in the snap: meta/hooks/NAME.
void addHookFiles(Snap &snap) {
  std::error_code failure;
  llvm::SmallString<128> directory(snap.root);
  llvm::sys::path::append(directory, "meta", "hooks");
  for (llvm::sys::fs::directory_iterator file(directory, failure), end; !failure && file != end;
       file.increment(failure)) {
    llvm::StringRef name = llvm::sys::path::filename(file->path());
    auto isHook = [&](const App &app) { return app.hook && app.name == name; };
    if (!names::isKnownHook(name) || names::wrongPlugName(name) || llvm::any_of(snap.apps, isHook)) continue;
    App hook;
    hook.name = name.str();
    hook.range = snap.nameRange;
    hook.hook = true;
    snap.apps.push_back(std::move(hook));
  }
}

} // namespace

void readApps(const yaml::Node &root, Snap &snap, Engine &engine) {
  for (const yaml::Node::Entry &entry : mapField(root, "apps", "", engine))
    snap.apps.push_back(readApp(entry, engine));
  for (const yaml::Node::Entry &entry : mapField(root, "hooks", "", engine)) {
    Text name{entry.key->text, entry.key->range};
    if (!names::isKnownHook(name.value)) {
      engine.report<diag::SnapUnknownHook>(name.range, names::shown(name.value));
      continue;
    }
    checkName(name, "a hook", names::wrongPlugName(name.value), engine);
    App hook = readCommon(*entry.value, name, "hooks." + name.value + ".", engine);
    hook.hook = true;
    snap.apps.push_back(std::move(hook));
  }
  if (!snap.root.empty()) addHookFiles(snap);
  llvm::sort(snap.apps, [](const App &a, const App &b) { return std::tie(a.hook, a.name) < std::tie(b.hook, b.name); });
}

} // namespace snapsecc::snapfile
