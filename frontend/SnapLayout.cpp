// SPDX-License-Identifier: Apache-2.0
// The `layout` of a snap.yaml: places of the snap's files elsewhere in its own view of the system. The paths keep their
// $SNAP...; they are expanded here only to judge them. Source: snapcraft.io/docs/snap-layouts; snapd, snap/validate.go.
#include "frontend/SnapDiagnostics.h"
#include "frontend/SnapFields.h"
#include "frontend/SnapNames.h"
#include "llvm/Support/Path.h"
#include <map>

namespace snapsecc::snapfile {
namespace {

// Nothing there or below may be replaced: it belongs to the kernel, the system, the user or other snaps.
constexpr llvm::StringRef offLimits[] = {"/dev",
                                         "/proc",
                                         "/sys",
                                         "/media",
                                         "/run",
                                         "/var/run",
                                         "/tmp",
                                         "/lib/firmware",
                                         "/lib/modules",
                                         "/usr/lib/firmware",
                                         "/usr/lib/modules",
                                         "/var/lib/snapd",
                                         "/var/snap",
                                         "/home",
                                         "/boot",
                                         "/lost+found"};
// A layout makes no new directory at the top.
constexpr llvm::StringRef topLevel[] = {"bin",  "etc",  "lib",  "lib64", "meta", "mnt", "opt",
                                        "root", "sbin", "snap", "srv",   "usr",  "var", "writable"};

bool isBelow(llvm::StringRef path, llvm::StringRef directory) {
  return path.consume_front(directory) && (path.empty() || path.front() == '/');
}

struct Judge {
  const Snap &snap;
  std::string problem; // of the path judged last; empty: none

  // The path with variables replaced, or the problem.
  std::string expand(llvm::StringRef path) {
    std::string result;
    problem.clear();
    while (!path.empty()) {
      auto [before, after] = path.split('$');
      result += before;
      if (before.size() == path.size()) break;
      llvm::StringRef name = after.take_while([](char c) { return llvm::isAlpha(c) || c == '_'; });
      if (name == "SNAP")
        result += "/snap/" + snap.name + "/" + snap.revision;
      else if (name == "SNAP_DATA")
        result += "/var/snap/" + snap.name + "/" + snap.revision;
      else if (name == "SNAP_COMMON")
        result += "/var/snap/" + snap.name + "/common";
      else
        problem = "unknown variable '$" + name.str() + "'; there are $SNAP, $SNAP_DATA and $SNAP_COMMON";
      path = after.drop_front(name.size());
    }
    if (problem.empty() && !isClean(result)) problem = "a path must be absolute, without '.', '..' and needless '/'";
    for (char c : result)
      if (static_cast<unsigned char>(c) < 0x20 || llvm::StringRef("?*[]{}^\"\\").contains(c))
        problem = "a path must hold no character that is special in patterns: ? * [ ] { } ^ \" \\";
    return result;
  }
  static bool isClean(llvm::StringRef path) {
    llvm::SmallString<128> clean(path);
    llvm::sys::path::remove_dots(clean, /*remove_dot_dot=*/true, llvm::sys::path::Style::posix);
    return path.startswith("/") && clean == path && !path.contains("//") && (path.size() == 1 || !path.endswith("/"));
  }
  void place(llvm::StringRef path) {
    std::string expanded = expand(path);
    if (!problem.empty()) return;
    for (llvm::StringRef directory : offLimits)
      if (isBelow(expanded, directory)) problem = "nothing can be laid out in " + directory.str();
    llvm::StringRef top = llvm::StringRef(expanded).drop_front().split('/').first;
    if (problem.empty() && !llvm::is_contained(topLevel, top))
      problem = "there is no directory '/" + top.str() + "' on the system";
    if (isBelow(expanded, "/snap") && !isBelow(expanded, "/snap/" + snap.name))
      problem = "the place belongs to another snap";
  }
  void source(llvm::StringRef path) {
    std::string expanded = expand(path);
    auto isIn = [&](llvm::StringRef variable) { return isBelow(path, variable); };
    if (problem.empty() && !isIn("$SNAP") && !isIn("$SNAP_DATA") && !isIn("$SNAP_COMMON") &&
        !isBelow(expanded, "/snap/" + snap.name + "/" + snap.revision))
      problem = "what is shown there must be in $SNAP, $SNAP_DATA or $SNAP_COMMON";
  }
};

// Octal digits, no more than 1777.
bool isMode(llvm::StringRef mode) {
  unsigned value = 0;
  return !mode.getAsInteger(8, value) && (value & 01777u) == value;
}

std::string readKind(const yaml::Node &node, const std::string &where, ir::Layout &layout, Engine &engine) {
  constexpr std::pair<llvm::StringRef, ir::Layout::Kind> kinds[] = {{"bind", ir::Layout::Kind::Bind},
                                                                    {"bind-file", ir::Layout::Kind::BindFile},
                                                                    {"symlink", ir::Layout::Kind::Symlink},
                                                                    {"type", ir::Layout::Kind::Tmpfs}};
  unsigned given = 0;
  for (auto [key, kind] : kinds) {
    Text text = textField(node, key, where, engine);
    if (text.value.empty()) continue;
    ++given;
    layout.kind = kind;
    if (kind != ir::Layout::Kind::Tmpfs)
      layout.source = text.value;
    else if (text.value != "tmpfs")
      return "the only type is tmpfs, not '" + names::shown(text.value) + "'";
  }
  return given == 1 ? "" : "one of bind, bind-file, symlink and type must be given";
}

std::string readOwner(const yaml::Node &node, const std::string &where, ir::Layout &layout, Engine &engine) {
  layout.user = textField(node, "user", where, engine).value;
  layout.group = textField(node, "group", where, engine).value;
  layout.mode = textField(node, "mode", where, engine).value;
  if (!layout.user.empty() && layout.user != "root") return "the only user is root";
  if (!layout.group.empty() && layout.group != "root") return "the only group is root";
  return layout.mode.empty() || isMode(layout.mode) ? "" : "the mode is octal digits, at most 1777";
}

// Two layouts may not stand within each other, nor take one source for a file and a directory.
void checkTogether(const Snap &snap, const std::map<std::string, SourceRange> &ranges, Engine &engine) {
  Judge judge{snap, {}};
  std::map<std::string, const ir::Layout *> sources;
  std::vector<std::pair<std::string, const ir::Layout *>> places;
  for (const ir::Layout &layout : snap.layouts)
    places.emplace_back(judge.expand(layout.path), &layout);
  llvm::sort(places);
  const std::pair<std::string, const ir::Layout *> *outer = nullptr;
  for (const auto &place : places) {
    const ir::Layout &layout = *place.second;
    if (outer && isBelow(place.first, outer->first))
      engine.report<diag::SnapBadLayout>(ranges.at(layout.path), names::shown(layout.path),
                                         "it stands in the layout '" + names::shown(outer->second->path) + "'");
    else
      outer = &place;
    if (layout.kind != ir::Layout::Kind::Bind && layout.kind != ir::Layout::Kind::BindFile) continue;
    auto [other, isNew] = sources.try_emplace(judge.expand(layout.source), &layout);
    if (!isNew && other->second->kind != layout.kind)
      engine.report<diag::SnapBadLayout>(ranges.at(layout.path), names::shown(layout.path),
                                         "its source is a file in one layout and a directory in another");
  }
}

} // namespace

void readLayouts(const yaml::Node &root, Snap &snap, Engine &engine) {
  if (const yaml::Node::Entry *plural = root.find("layouts"))
    engine.report<diag::SnapLayouts>(plural->key->range).fixIt(plural->key->range, "layout");
  std::map<std::string, SourceRange> ranges;
  Judge judge{snap, {}};
  for (const yaml::Node::Entry &entry : mapField(root, "layout", "", engine)) {
    std::string where = "layout." + names::shown(entry.key->text) + ".";
    ir::Layout layout;
    layout.path = entry.key->text;
    judge.place(layout.path);
    std::string problem = judge.problem;
    if (problem.empty()) problem = readKind(*entry.value, where, layout, engine);
    if (problem.empty() && !layout.source.empty()) {
      judge.source(layout.source);
      problem = judge.problem;
    }
    if (problem.empty()) problem = readOwner(*entry.value, where, layout, engine);
    if (!problem.empty()) {
      engine.report<diag::SnapBadLayout>(entry.key->range, names::shown(layout.path), problem);
      continue;
    }
    ranges[layout.path] = entry.key->range;
    snap.layouts.push_back(std::move(layout));
  }
  llvm::sort(snap.layouts, [](const ir::Layout &a, const ir::Layout &b) { return a.path < b.path; });
  checkTogether(snap, ranges, engine);
}

} // namespace snapsecc::snapfile
