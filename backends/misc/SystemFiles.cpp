// SPDX-License-Identifier: Apache-2.0
// What a driver snap gives to the system: `ldconfig` -> ld.so.conf.d, ldconfig(8); `symlink` -> links, PLACE/ a
// directory for links of the targets' names, PLACE one link; `export` -> export/NAME, a path a line.
#include "automata/Alternatives.h"
#include "backends/misc/Diagnostics.h"
#include "backends/misc/Misc.h"
#include "backends/misc/Values.h"
#include <map>

namespace snapsecc::misc {
namespace {

class SystemFiles {
public:
  SystemFiles(const ir::Snap &from, Engine &into) : snap(from), engine(into) {}

  void run(std::vector<ir::Artifact> &into) {
    for (const ir::Rule &rule : snap.rules)
      ir::dispatch<ir::Files>(*this, rule);
    if (!directories.empty()) add("ld.so.conf.d/snap." + snap.instance + ".conf", lines(directories), false);
    for (auto &[path, file] : files)
      into.push_back(std::move(file));
  }

  // Blanks, colons and commas separate directories there.
  void lower(ir::KindTag<ir::RuleKind::Ldconfig>, const ir::Rule &rule) {
    for (const ir::Value &value : rule.get("GLOB"))
      if (std::optional<std::string> path = absolute(value.text)) {
        bool one = path->find_first_of(" :,=") == std::string::npos;
        if (check(one, engine, snap.instance, *path, "ld.so.conf.d", "it would be several directories") &&
            !llvm::is_contained(directories, *path))
          directories.push_back(*path);
      }
  }

  void lower(ir::KindTag<ir::RuleKind::Symlink>, const ir::Rule &rule) {
    std::optional<std::string> place = absolute(rule.text("->"));
    if (!place) return;
    bool inside = llvm::StringRef(*place).endswith("/");
    llvm::ArrayRef<ir::Value> targets = rule.get("GLOB");
    if (!check(inside || targets.size() == 1, engine, snap.instance, *place, "a link",
               "one link cannot lead to several files"))
      return;
    llvm::StringRef relative = *place;
    if (!relative.consume_front("/etc/")) relative.consume_front("/");
    for (const ir::Value &value : targets)
      if (std::optional<std::string> target = absolute(value.text))
        add((relative + (inside ? llvm::StringRef(*target).rsplit('/').second : "")).str(), *target, true);
  }

  void lower(ir::KindTag<ir::RuleKind::Export>, const ir::Rule &rule) {
    llvm::StringRef name = rule.text("TEXT");
    if (!check(isName(name, "_.-+") && name.front() != '.', engine, snap.instance, name, "a list's name",
               "it is no plain name"))
      return;
    std::vector<std::string> paths;
    for (const ir::Value &value : rule.get("GLOB"))
      if (std::optional<std::string> path = absolute(value.text)) paths.push_back(*path);
    add(("export/" + name).str(), lines(paths), false);
  }

private:
  static std::string lines(const std::vector<std::string> &list) {
    return list.empty() ? "" : llvm::join(list, "\n") + "\n";
  }

  // A clean absolute path of one line; a '/' at the end stays.
  std::optional<std::string> absolute(llvm::StringRef pattern) {
    std::optional<std::string> path = automata::literalText(pattern);
    bool good = path && llvm::StringRef(*path).startswith("/") && path->size() > 1 && !hasControl(*path) &&
                ("/" + *path + "/").find("/../") == std::string::npos;
    if (!check(good, engine, snap.instance, pattern, "a list of files", "it is no absolute path")) return std::nullopt;
    return path;
  }
  void add(std::string path, std::string bytes, bool link) {
    auto [at, isNew] = files.try_emplace(path, ir::Artifact{path, bytes, 0644, link});
    if (!isNew && at->second.bytes != bytes) engine.report<diag::ArtifactClash>({}, snap.instance, path);
  }

  const ir::Snap &snap;
  Engine &engine;
  std::vector<std::string> directories;
  std::map<std::string, ir::Artifact> files;
};

} // namespace

std::vector<ir::Artifact> emitSystemFiles(const ir::Policy &policy, Engine &engine) {
  std::vector<ir::Artifact> files;
  for (const ir::Snap &snap : policy.snaps)
    SystemFiles(snap, engine).run(files);
  return files;
}

} // namespace snapsecc::misc
