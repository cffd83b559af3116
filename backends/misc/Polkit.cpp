// SPDX-License-Identifier: Apache-2.0
// `polkit` rules -> polkit-1/actions and polkit-1/rules.d. The files are the snap's; their texts stand in the rules, as
// file(NAME, TEXT). A file of actions is checked against its prefix, one of rules against its digest.
#include "backends/misc/Diagnostics.h"
#include "backends/misc/Misc.h"
#include "backends/misc/PolkitPolicy.h"
#include "backends/misc/Sha3.h"
#include "backends/misc/Values.h"
#include <map>

namespace snapsecc::misc {
namespace {

struct SnapFile {
  llvm::StringRef name, text;
};

std::optional<SnapFile> fileOf(const ir::Value &value, llvm::StringRef owner, llvm::StringRef ending, Engine &engine) {
  using Kind = ir::Value::Kind;
  bool good = value.isCall("file") && value.args.size() == 2 && value.args[0].kind == Kind::String &&
              value.args[1].kind == Kind::String;
  llvm::StringRef name = good ? llvm::StringRef(value.args[0].text) : value.text;
  good = good && isName(name, "_.-") && name.front() != '.' && name.endswith(ending);
  if (!check(good, engine, owner, name, "polkit's directories", "it is no plain name of such a file"))
    return std::nullopt;
  return SnapFile{name, value.args[1].text};
}

} // namespace

std::vector<ir::Artifact> emitPolkit(const ir::Policy &policy, Engine &engine) {
  std::map<std::string, std::string> files;
  auto add = [&](llvm::StringRef snap, std::string path, llvm::StringRef text) {
    auto [at, isNew] = files.try_emplace(path, text.str());
    if (!isNew && at->second != text) engine.report<diag::ArtifactClash>({}, snap, path);
  };
  for (const ir::Snap &snap : policy.snaps) {
    for (const ir::Rule &rule : snap.rules) {
      if (rule.kind != ir::RuleKind::Polkit) continue;
      for (const ir::Value &found : rule.get("actions"))
        for (const ir::Value &value : found.args) {
          std::optional<SnapFile> file = fileOf(value, snap.instance, ".policy", engine);
          if (!file) continue;
          std::string why = checkPolkitPolicy(file->text, rule.text("prefix"));
          if (check(why.empty(), engine, snap.instance, file->name, "polkit-1/actions", why))
            add(snap.instance, ("polkit-1/actions/snap." + snap.instance + ".interface." + file->name).str(),
                file->text);
        }
      for (const ir::Value &value : rule.get("rules")) {
        std::optional<SnapFile> file = fileOf(value, snap.instance, ".rules", engine);
        if (!file) continue;
        bool same = sha3_384(file->text) == rule.text("sha3-384");
        if (check(same, engine, snap.instance, file->name, "polkit-1/rules.d", "its SHA3-384 digest is another one"))
          add(snap.instance, ("polkit-1/rules.d/70-snap." + snap.instance + "." + file->name).str(), file->text);
      }
    }
  }
  std::vector<ir::Artifact> made;
  for (const auto &[path, text] : files)
    made.push_back({path, text});
  return made;
}

} // namespace snapsecc::misc
