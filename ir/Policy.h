// SPDX-License-Identifier: Apache-2.0
// The policy of some snaps with everything decided: no attribute, condition or connection is left. What the frontend
// makes, the passes rewrite and the backends lower. Plain data; its text form (.sir) is Print.h and Parse.h, its rules
// are Verify.h.
#pragma once
#include "ir/RuleKinds.h"
#include "ir/Value.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace snapsecc::ir {

// Where a rule comes from: for --annotate, explain, query.
struct Origin {
  std::string file; // relative to the library's root (interfaces/home.sif), or the snap.yaml as given
  uint32_t line = 0, column = 0;
  std::string owner;  // "template default", "interface home plug", "layout"
  std::string reason; // the `##` text, one line; may be empty
  bool operator==(const Origin &) const = default;
};
using OriginId = uint32_t; // index into Policy::origins

struct Rule {
  struct Operand {
    unsigned part; // index into the signature's parts
    std::vector<Value> values;
    bool operator==(const Operand &) const = default;
    auto operator<=>(const Operand &) const = default;
  };
  RuleKind kind{};
  Modifiers modifiers = 0;
  std::vector<Operand> operands;            // sorted by part, each part at most once; a flag holds its word
  std::vector<Rule> body;                   // of `child` alone
  llvm::SmallVector<OriginId, 1> origins{}; // several where rules were merged; no part of a rule's identity

  bool is(Modifier m) const { return (modifiers & m) != 0; }
  const Signature &signature() const { return ruleKindInfo(kind).signature; }
  // The values of a part by its role; empty where it is absent. A role that the kind does not have is our bug: asserts.
  llvm::ArrayRef<Value> get(llvm::StringRef role) const;
  bool has(llvm::StringRef role) const { return !get(role).empty(); }
  // The first value's text, empty where the part is absent.
  llvm::StringRef text(llvm::StringRef role) const;
  void set(llvm::StringRef role, std::vector<Value> values); // an empty list removes the part
  bool sameAs(const Rule &other) const;                      // all but the origins
};

enum class Mode : uint8_t {
  Enforce,
  Complain,   // devmode: log what is not granted, permit it
  Unconfined, // classic: the profile gives a name
};
enum class LabelKind : uint8_t { App, Hook, MountHelper };

// The policy of one security label: an app, a hook, or the mount helper of a snap (snap-update-ns.SNAP).
struct Label {
  std::string name; // snap.foo.bar, snap.foo.hook.configure, snap-update-ns.foo
  std::string snap; // instance name
  std::string app;  // "bar", "hook.configure", "" for the helper
  LabelKind kind = LabelKind::App;
  Mode mode = Mode::Enforce;
  bool daemon = false;
  std::vector<Rule> rules; // kinds of Scope::Label
};

// An entry of snap.yaml's `layout`.
struct Layout {
  enum class Kind : uint8_t { Bind, BindFile, Symlink, Tmpfs };
  Kind kind = Kind::Bind;
  std::string path;   // where it appears, variables expanded
  std::string source; // expanded; empty for tmpfs
  std::string user, group, mode;
  bool operator==(const Layout &) const = default;
};

struct Snap {
  std::string name, instance, revision, version, base,
      type; // type: app gadget kernel base os snapd; "system" has no file of its own
  Mode mode = Mode::Enforce;
  std::vector<Layout> layouts;
  std::vector<Rule> rules; // kinds of Scope::Snap
};

struct Connection {
  std::string interface, plugSnap, plug, slotSnap, slot; // snap "system": the system's own
  std::string why; // "auto: connect auto if host.classic (home.sif:6)", "asked for"
};

struct Policy {
  std::string target = "full", system = "classic", arch = "amd64";
  bool resolved = false;     // the mandatory passes have run, and need not again
  std::vector<Snap> snaps;   // sorted by instance
  std::vector<Label> labels; // sorted by name
  std::vector<Connection> connections;
  std::vector<Origin> origins;

  OriginId addOrigin(Origin origin);
  const Label *findLabel(llvm::StringRef name) const;
  const Snap *findSnap(llvm::StringRef instance) const;
  size_t ruleCount() const; // of all labels and snaps, with the rules of child profiles
};

} // namespace snapsecc::ir
