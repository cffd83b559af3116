// SPDX-License-Identifier: Apache-2.0
// Layouts, then `bind` and `ensure-dir` rules, to lines of fstab(5) as snap-update-ns reads them: options that begin
// with x-snapd. are its own, blanks in a field are \040.
//   1. layouts as they are; 2. `bind`: one source at one place is one entry, which may do what either may; another
//   source at a place goes to PLACE-2, PLACE-3, ... where that is allowed; 3. `ensure-dir`.
#include "backends/mount/Mount.h"
#include "automata/Alternatives.h"
#include "backends/mount/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::mount {
namespace {

// A `bind` before its options are written.
struct Bind {
  std::string source, wanted, target; // wanted: where the rule says
  bool recursive = false, readOnly = false, optional = false;
};

class SnapLowering {
public:
  SnapLowering(const ir::Snap &from, Engine &into) : snap(from), engine(into) { made.snap = snap.instance; }

  SnapMounts run() {
    for (const ir::Layout &layout : snap.layouts)
      addLayout(layout);
    for (const ir::Rule &rule : snap.rules)
      ir::dispatch<ir::Mount>(*this, rule);
    writeBinds(binds, made.system);
    writeBinds(userBinds, made.user);
    made.system.insert(made.system.end(), directories.begin(), directories.end());
    made.user.insert(made.user.end(), userDirectories.begin(), userDirectories.end());
    return std::move(made);
  }

  void lower(ir::KindTag<ir::RuleKind::Bind>, const ir::Rule &rule) {
    std::optional<std::string> source = path(rule.text("GLOB")), target = path(rule.text("->"));
    if (!source || !target) return;
    Bind bind{*source, *target, *target, rule.has("recursive"), rule.text("ro|rw") == "ro", rule.has("optional")};
    place(rule.has("user") ? userBinds : binds, std::move(bind), rule.has("rename-on-clash"));
  }
  void lower(ir::KindTag<ir::RuleKind::EnsureDir>, const ir::Rule &rule) {
    std::optional<std::string> directory = path(rule.text("GLOB"));
    llvm::StringRef from = rule.text("from");
    if (!directory || *directory == from || !checkOption(from)) return;
    Entry entry{"none", *directory, "none", {"x-snapd.kind=ensure-dir", ("x-snapd.must-exist-dir=" + from).str()}};
    std::vector<Entry> &list = rule.has("user") ? userDirectories : directories;
    if (!llvm::is_contained(list, entry)) list.push_back(std::move(entry));
  }

private:
  std::optional<std::string> path(llvm::StringRef pattern) {
    std::optional<std::string> text = automata::literalText(pattern);
    if (!text) {
      engine.report<diag::MountPattern>({}, snap.instance, pattern);
      return std::nullopt;
    }
    return text->size() > 1 ? llvm::StringRef(*text).rtrim('/').str() : *text;
  }
  // A comma would end the option and begin another one.
  bool checkOption(llvm::StringRef value) {
    if (!value.contains(',')) return true;
    engine.report<diag::MountComma>({}, snap.instance, value);
    return false;
  }

  void addLayout(const ir::Layout &layout) {
    using Kind = ir::Layout::Kind;
    Entry entry{layout.source, layout.path, "none", {}};
    switch (layout.kind) {
    case Kind::Bind: entry.options = {"rbind", "rw"}; break;
    case Kind::BindFile: entry.options = {"bind", "rw", "x-snapd.kind=file"}; break;
    case Kind::Symlink:
      if (!checkOption(layout.source)) return;
      entry.source = "none";
      entry.options = {"x-snapd.kind=symlink", "x-snapd.symlink=" + layout.source};
      break;
    case Kind::Tmpfs: entry.source = entry.fstype = "tmpfs"; break;
    }
    auto option = [&](const char *name, llvm::StringRef value, llvm::StringRef usual) {
      if (!value.empty() && value != usual && checkOption(value)) entry.options.push_back((name + value).str());
    };
    option("x-snapd.mode=", layout.mode, "0755");
    option("x-snapd.user=", layout.user, "root");
    option("x-snapd.group=", layout.group, "root");
    entry.options.push_back("x-snapd.origin=layout");
    made.system.push_back(std::move(entry));
  }

  void place(std::vector<Bind> &list, Bind bind, bool rename) {
    unsigned sources = 0;
    for (Bind &other : list) {
      if (other.wanted != bind.wanted) continue;
      ++sources;
      if (other.source != bind.source) continue;
      other.readOnly &= bind.readOnly;
      other.recursive |= bind.recursive;
      other.optional &= bind.optional;
      return;
    }
    auto isTaken = [&](const std::string &target) {
      return llvm::any_of(list, [&](const Bind &other) { return other.target == target; });
    };
    if (!rename && isTaken(bind.target)) {
      engine.report<diag::MountClash>({}, snap.instance, bind.target, bind.source);
      return;
    }
    for (unsigned number = sources + 1; isTaken(bind.target); ++number)
      bind.target = bind.wanted + "-" + std::to_string(std::max(number, 2u));
    list.push_back(std::move(bind));
  }

  static void writeBinds(const std::vector<Bind> &list, std::vector<Entry> &into) {
    for (const Bind &bind : list) {
      Entry entry{bind.source, bind.target, "none", {bind.recursive ? "rbind" : "bind", bind.readOnly ? "ro" : "rw"}};
      if (bind.optional) entry.options.push_back("x-snapd.ignore-missing");
      into.push_back(std::move(entry));
    }
  }

  const ir::Snap &snap;
  Engine &engine;
  SnapMounts made;
  std::vector<Bind> binds, userBinds;
  std::vector<Entry> directories, userDirectories;
};

// A field of fstab(5).
std::string field(llvm::StringRef text) {
  std::string out;
  for (char c : text) {
    bool escape = c == ' ' || c == '\t' || c == '\n' || c == '\\' || (c == '#' && out.empty());
    if (!escape) {
      out += c;
      continue;
    }
    unsigned byte = static_cast<unsigned char>(c);
    out += {'\\', char('0' + (byte >> 6)), char('0' + (byte >> 3 & 7)), char('0' + (byte & 7))};
  }
  return out;
}

std::string table(const std::vector<Entry> &entries) {
  std::string text;
  for (const Entry &entry : entries)
    text += field(entry.source) + " " + field(entry.target) + " " + field(entry.fstype) + " " +
            field(llvm::join(entry.options, ",")) + " 0 0\n";
  return text;
}

} // namespace

Plan lower(const ir::Policy &policy, const ir::Target &, Engine &engine) {
  Plan plan;
  for (const ir::Snap &snap : policy.snaps) {
    SnapMounts mounts = SnapLowering(snap, engine).run();
    if (!mounts.system.empty() || !mounts.user.empty()) plan.snaps.push_back(std::move(mounts));
  }
  return plan;
}

std::string print(const Plan &plan) {
  std::string text;
  for (const SnapMounts &snap : plan.snaps) {
    if (!snap.system.empty()) text += "mount " + snap.snap + "\n" + table(snap.system);
    if (!snap.user.empty()) text += "user mount " + snap.snap + "\n" + table(snap.user);
  }
  return text;
}

std::vector<ir::Artifact> emit(const Plan &plan) {
  std::vector<ir::Artifact> files;
  for (const SnapMounts &snap : plan.snaps) {
    if (!snap.system.empty()) files.push_back({"mount/snap." + snap.snap + ".fstab", table(snap.system)});
    if (!snap.user.empty()) files.push_back({"mount/snap." + snap.snap + ".user-fstab", table(snap.user)});
  }
  return files;
}

} // namespace snapsecc::mount
