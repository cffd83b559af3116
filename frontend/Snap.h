// SPDX-License-Identifier: Apache-2.0
// A snap.yaml as far as policy depends on it, with the place of everything that a message may point to.
// Source: snapcraft.io/docs/snap-format; corners in real files: hooks with plugs, top-level plugs bound to no app, null and string
// shorthands, YAML 1.1 octal.
#pragma once
#include "diag/Engine.h"
#include "ir/Policy.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snapsecc {

// An attribute's value, in the order of writing.
struct Attribute {
  enum class Kind : uint8_t { Null, Bool, Int, Text, List, Map };
  Kind kind = Kind::Null;
  SourceRange range;
  bool boolean = false;
  int64_t integer = 0;
  std::string text; // of a scalar: as written, quotes removed
  bool quoted = false;
  std::vector<Attribute> list;
  struct Entry;
  std::vector<Entry> map;
  const Attribute *find(llvm::StringRef key) const;
};
struct Attribute::Entry {
  std::string key;
  SourceRange keyRange;
  Attribute value;
};

// A plug or a slot.
struct Endpoint {
  std::string name, interface;
  SourceRange range; // of its name where it is declared
  SourceRange interfaceRange;
  std::vector<Attribute::Entry> attributes; // without `interface` and `label`
  std::vector<std::string> labels;          // "bar", "hook.configure": the apps and hooks that have it, sorted
  const Attribute *find(llvm::StringRef key) const;
};

struct App {
  std::string name; // for a hook without the "hook."
  SourceRange range;
  bool hook = false;
  std::string command, daemon; // empty: not a daemon
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> commandChain;
  std::string stopCommand, reloadCommand, postStopCommand;
  std::string labelPart() const { return hook ? "hook." + name : name; } // snap.NAME.<this>
};

struct SystemUser {
  std::string name, scope;
};

struct Snap {
  FileId file = 0;
  SourceRange nameRange;
  std::string name, instanceKey, version, base, revision = "1";
  std::string type = "app";           // app gadget kernel base os snapd
  std::string confinement = "strict"; // strict devmode classic
  std::string publisher;              // unknown: empty
  std::vector<std::string> architectures;
  std::vector<App> apps; // apps, then hooks; each sorted by name
  std::vector<Endpoint> plugs, slots; // sorted by name
  std::vector<ir::Layout> layouts;    // variables not yet expanded
  std::vector<SystemUser> systemUsernames;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string root; // directory of the snap's files where the operand is ROOT/meta/snap.yaml; else empty

  std::string instance() const { return instanceKey.empty() ? name : name + "_" + instanceKey; }
  const Endpoint *findPlug(llvm::StringRef plug) const;
  const Endpoint *findSlot(llvm::StringRef slot) const;
};

// Reads a snap.yaml. Bounded: 16 MiB, 1,000,000 nodes after aliases, depth 64; no tags, no second document, no duplicate keys, no NUL.
// nullopt after an error.
std::optional<Snap> readSnap(FileId file, Engine &engine);

} // namespace snapsecc
