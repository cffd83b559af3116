// SPDX-License-Identifier: Apache-2.0
// `kmod` rules -> modules-load.d(5): a module a line, and modprobe.d(5): `blacklist M`, `options M TEXT`.
#include "backends/misc/Misc.h"
#include "backends/misc/Values.h"
#include <map>
#include <set>

namespace snapsecc::misc {
namespace {

struct Modules {
  std::set<std::string> loaded, denied;
  std::map<std::string, std::set<std::string>> options;
};

void add(Modules &modules, const ir::Rule &rule, llvm::StringRef snap, Engine &engine) {
  llvm::StringRef options = rule.text("options");
  // A backslash would continue the line with the next one.
  bool plain = !hasControl(options) && !options.endswith("\\");
  if (!check(plain, engine, snap, options, "modprobe.d", "it does not end with its line")) return;
  for (const ir::Value &name : rule.get("WORD")) {
    if (!check(isName(name.text, "_-"), engine, snap, name.text, "modprobe.d", "it is no name of a module")) continue;
    llvm::StringRef what = rule.text("load|deny|set");
    if (what != "set") (what == "load" ? modules.loaded : modules.denied).insert(name.text);
    if (!options.empty()) modules.options[name.text].insert(options.str());
  }
}

} // namespace

std::vector<ir::Artifact> emitKmod(const ir::Policy &policy, Engine &engine) {
  std::vector<ir::Artifact> files;
  for (const ir::Snap &snap : policy.snaps) {
    Modules modules;
    for (const ir::Rule &rule : snap.rules)
      if (rule.kind == ir::RuleKind::Kmod) add(modules, rule, snap.instance, engine);
    std::string load, probe;
    for (const std::string &name : modules.loaded)
      load += name + "\n";
    for (const std::string &name : modules.denied)
      probe += "blacklist " + name + "\n";
    for (const auto &[name, texts] : modules.options)
      for (const std::string &text : texts)
        probe += "options " + name + " " + text + "\n";
    if (!load.empty()) files.push_back({"modules-load.d/snap." + snap.instance + ".conf", std::move(load)});
    if (!probe.empty()) files.push_back({"modprobe.d/snap." + snap.instance + ".conf", std::move(probe)});
  }
  return files;
}

} // namespace snapsecc::misc
