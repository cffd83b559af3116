// SPDX-License-Identifier: Apache-2.0
// The places of the file system that the helper finds in a snap's mount namespace, as a table, and the rules that
// follow from it. The rules are those of snapd (interfaces/apparmor/template.go, GenerateUpdateNS... of the
// interfaces), which the conformance tests compare with; mount rules as in apparmor.d(5).
#include "ir/passes/MountHelper.h"
#include "automata/Alternatives.h"

namespace snapsecc::ir {
namespace {

using automata::escapeLiteral;

// How a directory comes to be where it does not exist.
enum class Make : uint8_t {
  Nothing, // it does exist
  Last,    // the helper makes it, its parents exist
  Tree,    // the helper makes it and anything below
  Parents, // the helper makes it and its parents
  Mimic,   // its parent is read-only
};
struct Place {
  const char *path; // where '/' ends it, all that is below too
  Make make;
  bool slave = false;         // a mount there hears of the host's
  bool writableFirst = false; // the mount that is then made read-only is asked for as `rw`
};
// The first that holds.
constexpr Place places[] = {
    {"/var/snap/", Make::Parents},
    {"/var/lib/snapd/hostfs/tmp/", Make::Last},
    {"/var/lib/snapd/hostfs/", Make::Nothing},
    {"/dev/shm", Make::Tree},
    {"/dev/shm/", Make::Tree},
    {"/tmp/", Make::Last, true, true},
    {"$XDG_RUNTIME_DIR/", Make::Nothing},
    {"$HOME/", Make::Nothing},
    // mount points that every base has
    {"/boot", Make::Nothing, false, true},
    {"/usr/share/fonts", Make::Nothing},
    {"/usr/local/share/fonts", Make::Nothing},
    {"/var/cache/fontconfig", Make::Nothing},
    {"/var/lib/dhcp", Make::Nothing},
    {"/", Make::Mimic},
};

const Place &placeOf(llvm::StringRef path) {
  for (const Place &place : places) {
    llvm::StringRef prefix = place.path;
    if (prefix.endswith("/") ? path.startswith(prefix) : path == prefix) return place;
  }
  return places[std::size(places) - 1];
}

// "/a/b" -> "/", "/a/", "/a/b/"
std::vector<llvm::StringRef> directoriesTo(llvm::StringRef path) {
  std::vector<llvm::StringRef> made;
  for (size_t slash = path.find('/'); slash != llvm::StringRef::npos; slash = path.find('/', slash + 1))
    if (slash + 1 != path.size()) made.push_back(path.take_front(slash + 1));
  if (path.size() > 1) made.push_back(path);
  return made;
}

llvm::StringRef parentOf(llvm::StringRef path) {
  llvm::StringRef parent = path.rsplit('/').first;
  return parent.empty() ? "/" : parent;
}

std::string directory(llvm::StringRef path) { return escapeLiteral(path) + (path.endswith("/") ? "" : "/"); }

// The variables of user entries as the kernel sees them.
std::string userPattern(llvm::StringRef path) {
  if (path.consume_front("$XDG_RUNTIME_DIR")) return "/run/user/[0-9]*" + escapeLiteral(path);
  if (path.consume_front("$HOME")) return "@{HOME}" + escapeLiteral(path);
  return escapeLiteral(path);
}

// Everything of `path` (a pattern that ends in '/') goes to a place of its own, a tmpfs comes over it, everything comes
// back; later all of it is undone.
void addMimicOf(HelperRules &rules, const std::string &path) {
  const std::string saved = "/tmp/.snap" + path;
  rules.file(path, "r");
  rules.file(saved, "rw");
  rules.mount(path, saved, {"rbind", "rw"});
  rules.mount("tmpfs", path, {"rw"}, "tmpfs");
  for (const char *entry : {"*/", "*"}) {
    rules.file(saved + entry, "rw");
    rules.file(path + entry, "rw");
    rules.mount(saved + entry, path + entry, {llvm::StringRef(entry).endswith("/") ? "rbind" : "bind", "rw"});
  }
  rules.mount("", saved, {"rprivate"});
  rules.umount(saved);
  for (const char *entry : {"", "*", "*/"}) {
    rules.mount("", path + entry, {"rprivate"});
    rules.umount(path + entry);
  }
}

// Mimics of `path` and of those above it that do not belong to the first `assumed` levels; these are passed through.
void addMimics(HelperRules &rules, llvm::StringRef path, unsigned assumed) {
  unsigned depth = 0;
  for (llvm::StringRef one : directoriesTo(path)) {
    if (++depth < assumed)
      rules.file(directory(one), "r");
    else
      addMimicOf(rules, directory(one));
  }
}

// The directories of `path`, itself left out, that are not on every system.
void addParents(HelperRules &rules, llvm::StringRef path) {
  constexpr llvm::StringRef present[] = {"/", "/snap", "/var", "/var/snap", "/tmp", "/usr", "/etc"};
  for (path = parentOf(path); !llvm::is_contained(present, path); path = parentOf(path))
    rules.file(directory(path), "rw");
}

// What makes `path` exist; `isFile`: it is no directory. `make` and `assumed`: as above.
void addPlace(HelperRules &rules, llvm::StringRef path, Make make, unsigned assumed, bool isFile = false) {
  if (path == "/") return;
  switch (make) {
  case Make::Nothing: return;
  case Make::Last: rules.file(directory(path), "rw"); return;
  case Make::Tree:
    rules.file("/dev/", "r");
    rules.file("/dev/shm/{,**}", "rw");
    return;
  case Make::Parents:
    rules.file(isFile ? escapeLiteral(path) : directory(path), "rw");
    addParents(rules, path);
    return;
  case Make::Mimic: addMimics(rules, parentOf(path), assumed); return;
  }
}

} // namespace

HelperRules::HelperRules(std::vector<Rule> &into, llvm::SmallVector<OriginId, 1> from)
    : rules(into), origins(std::move(from)) {
  for (const Rule &rule : rules)
    if (rule.body.empty()) seen.insert({rule.kind, rule.modifiers, rule.operands});
}

void HelperRules::add(Rule rule) {
  if (!seen.insert({rule.kind, rule.modifiers, rule.operands}).second) return;
  rule.origins = origins;
  rules.push_back(std::move(rule));
}

void HelperRules::file(std::string path, llvm::StringRef perms, Modifiers modifiers) {
  Rule rule;
  rule.kind = RuleKind::File;
  rule.modifiers = modifiers;
  rule.set("GLOB", {Value::string(path)});
  rule.set("PERMS", {Value::word(perms)});
  add(std::move(rule));
}

void HelperRules::mount(std::string source, std::string target, std::vector<llvm::StringRef> options,
                        llvm::StringRef fstype) {
  Rule rule;
  rule.kind = RuleKind::Mount;
  if (!source.empty()) rule.set("GLOB", {Value::string(source)});
  rule.set("->", {Value::string(target)});
  if (!fstype.empty()) rule.set("fstype", {Value::string(fstype)});
  std::vector<Value> words;
  for (llvm::StringRef option : options)
    words.push_back(Value::word(option));
  rule.set("options", std::move(words));
  add(std::move(rule));
}

void HelperRules::umount(std::string path) {
  Rule rule;
  rule.kind = RuleKind::Umount;
  rule.set("GLOB", {Value::string(path)});
  add(std::move(rule));
}

void addBind(HelperRules &rules, const BindEntry &entry) {
  auto pattern = [&](llvm::StringRef path) { return entry.user ? userPattern(path) : escapeLiteral(path); };
  const Place &from = placeOf(entry.source), &to = placeOf(entry.target);
  const std::string target = pattern(entry.target) + (entry.renameOnClash ? "{,-[0-9]*}/" : "/");

  std::vector<llvm::StringRef> options = {entry.recursive ? "rbind" : "bind"};
  bool askWritable = entry.readOnly ? to.writableFirst : !entry.user && !entry.recursive;
  if (askWritable) options.push_back("rw");
  rules.mount(pattern(entry.source) + "/", target, options);
  if (entry.readOnly) rules.mount("", target, {"remount", "bind", "ro"});
  if (entry.renameOnClash) rules.mount("", target, {"rprivate"});
  if (to.slave) rules.mount("", target, {"rslave"});
  rules.umount(target);
  if (entry.user) return;

  if (entry.optional) { // looks whether both are there, and makes nothing
    for (llvm::StringRef path : {llvm::StringRef(entry.source), llvm::StringRef(entry.target)})
      for (llvm::StringRef one : directoriesTo(path))
        rules.file(directory(one), "r");
    return;
  }
  // The base has /usr/share, /var/lib and the like, where the host's data is shown; else nothing is taken for granted.
  bool hostData = entry.readOnly && llvm::StringRef(entry.source).startswith("/var/lib/snapd/hostfs/");
  const unsigned assumed = hostData ? 3 : 1;
  addPlace(rules, entry.source, from.make, assumed);
  addPlace(rules, entry.target, to.make, assumed);
  if (entry.renameOnClash && to.make == Make::Parents) rules.file(escapeLiteral(entry.target) + "-[0-9]*/", "rw");
}

// A layout may stand anywhere but in a few places that snap.yaml's reader refuses. Its parents are made or mimicked;
// the directory of the snap's own revision and the directories in / are there.
void addLayout(HelperRules &rules, const Layout &layout) {
  const bool isFile = layout.kind == Layout::Kind::BindFile;
  auto place = [&](llvm::StringRef path, bool file) {
    Make make = path.startswith("/var/snap/") ? Make::Parents : Make::Mimic;
    addPlace(rules, path, make, path.startswith("/snap/") ? 4 : 2, file);
  };
  const std::string target = isFile ? escapeLiteral(layout.path) : directory(layout.path);
  switch (layout.kind) {
  case Layout::Kind::Symlink:
    rules.file(escapeLiteral(layout.path), "rw");
    place(layout.path, true);
    return;
  case Layout::Kind::Tmpfs: rules.mount("tmpfs", target, {}, "tmpfs"); break;
  case Layout::Kind::Bind: rules.mount(directory(layout.source), target, {"rbind", "rw"}); break;
  case Layout::Kind::BindFile: rules.mount(escapeLiteral(layout.source), target, {"bind", "rw"}); break;
  }
  rules.mount("", target, {"rprivate"});
  rules.umount(target);
  place(layout.path, isFile);
  if (layout.kind != Layout::Kind::Tmpfs) place(layout.source, isFile);
}

void addEnsureDir(HelperRules &rules, llvm::StringRef path, llvm::StringRef from, bool user) {
  if (path == from) return;
  for (llvm::StringRef one : directoriesTo(path))
    if (one.size() >= from.size() && one.startswith(from))
      rules.file((user ? userPattern(one.rtrim('/')) : escapeLiteral(one.rtrim('/'))) + "/", "rw", user ? Owner : 0);
}

} // namespace snapsecc::ir
