// SPDX-License-Identifier: Apache-2.0
#include "driver/RuntimeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc::driver {
namespace {

constexpr llvm::StringRef header = R"(# snapsec runtime, format 1
# A line is a key and its fields, one blank between them; a line that begins with # is a comment. In a field a byte that is not a letter,
# a digit or one of / . _ - : $ = + @ , is %XX (two hexadecimal digits); % alone is the empty field. Keys in this order:
#   name instance revision version base type   one field each; base `none`: the snap has no base
#   mode enforce|complain|unconfined
#   environment NAME VALUE                     of the whole snap, in order; values may refer to earlier ones by $NAME
#   user NAME SCOPE                            system users
#   layout bind|file|link|tmpfs PLACE SOURCE MODE
#   label LABEL                                the lines behind it, up to the next `label`, are of this app or hook:
#     app NAME  or  hook NAME
#     mode as above;  daemon KIND where it is one
#     command stop-command reload-command post-stop-command   as in snap.yaml: words and blanks
#     command-chain WORD                       in order
#     environment NAME VALUE
#     file KIND PATH                           profile, filter (one raw program), filters (allow and deny), devices, device-program;
#                                              relative to the policy's directory; those that there are
)";

std::string field(llvm::StringRef text) {
  if (text.empty()) return "%";
  std::string result;
  for (char c : text) {
    if (llvm::isAlnum(c) || llvm::StringRef("/._-:$=+@,").contains(c))
      result += c;
    else
      result += "%" + llvm::utohexstr(static_cast<unsigned char>(c), /*LowerCase=*/false, 2);
  }
  return result;
}

class Lines {
public:
  void add(llvm::StringRef key, llvm::ArrayRef<llvm::StringRef> fields) {
    text += key;
    for (llvm::StringRef one : fields)
      text += " " + field(one);
    text += "\n";
  }
  void add(llvm::StringRef key, llvm::StringRef one) { add(key, llvm::makeArrayRef(one)); }
  void addIfGiven(llvm::StringRef key, llvm::StringRef value) {
    if (!value.empty()) add(key, value);
  }
  std::string text = header.str();
};

llvm::StringRef modeName(ir::Mode mode) {
  return mode == ir::Mode::Enforce ? "enforce" : mode == ir::Mode::Complain ? "complain" : "unconfined";
}

llvm::StringRef layoutName(ir::Layout::Kind kind) {
  switch (kind) {
  case ir::Layout::Kind::Bind: return "bind";
  case ir::Layout::Kind::BindFile: return "file";
  case ir::Layout::Kind::Symlink: return "link";
  case ir::Layout::Kind::Tmpfs: return "tmpfs";
  }
  return "";
}

// "core" is what a snap runs on that names no base; bases, snapd and system snaps have none.
llvm::StringRef baseOf(const Snap &snap) {
  if (!snap.base.empty()) return snap.base;
  return snap.type == "app" || snap.type == "gadget" || snap.type == "kernel" ? "core" : "none";
}

void addLabel(const App &app, const ir::Label &label, llvm::ArrayRef<ir::Artifact> others, Lines &lines) {
  lines.add("label", label.name);
  lines.add(app.hook ? "hook" : "app", app.name);
  lines.add("mode", modeName(label.mode));
  lines.addIfGiven("daemon", app.daemon);
  lines.addIfGiven("command", app.command);
  lines.addIfGiven("stop-command", app.stopCommand);
  lines.addIfGiven("reload-command", app.reloadCommand);
  lines.addIfGiven("post-stop-command", app.postStopCommand);
  for (const std::string &link : app.commandChain)
    lines.add("command-chain", link);
  for (const auto &[name, value] : app.environment)
    lines.add("environment", {name, value});
  const std::pair<const char *, std::string> files[] = {{"profile", "apparmor/profiles/" + label.name},
                                                        {"filter", "seccomp/bpf/" + label.name + ".bpf"},
                                                        {"filters", "seccomp/bpf/" + label.name + ".bin2"},
                                                        {"devices", "cgroup/" + label.name + ".devices"},
                                                        {"device-program", "cgroup/" + label.name + ".bpf"}};
  for (const auto &[kind, path] : files)
    if (llvm::any_of(others, [&path = path](const ir::Artifact &artifact) { return artifact.path == path; }))
      lines.add("file", {kind, path});
}

} // namespace

ir::Artifact makeRuntimeFile(const Snap &snap, const ir::Policy &policy, llvm::ArrayRef<ir::Artifact> others) {
  const ir::Snap *compiled = policy.findSnap(snap.instance());
  Lines lines;
  lines.add("name", snap.name);
  lines.add("instance", snap.instance());
  lines.add("revision", snap.revision);
  lines.add("version", snap.version);
  lines.add("base", baseOf(snap));
  lines.add("type", snap.type);
  if (compiled) lines.add("mode", modeName(compiled->mode));
  for (const auto &[name, value] : snap.environment)
    lines.add("environment", {name, value});
  for (const SystemUser &user : snap.systemUsernames)
    lines.add("user", {user.name, user.scope});
  if (compiled)
    for (const ir::Layout &layout : compiled->layouts)
      lines.add("layout",
                {layoutName(layout.kind), layout.path, layout.source, layout.mode.empty() ? "0755" : layout.mode});
  for (const App &app : snap.apps)
    if (const ir::Label *label = policy.findLabel("snap." + snap.instance() + "." + app.labelPart()))
      addLabel(app, *label, others, lines);
  return {"runtime/snap." + snap.instance() + ".run", lines.text, 0644, false};
}

} // namespace snapsecc::driver
