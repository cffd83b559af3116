// SPDX-License-Identifier: Apache-2.0
// The checked library of .sif files: every name resolved, every rule matched against its kind. What Check makes, what
// instantiate reads.
#pragma once
#include "diag/Engine.h"
#include "frontend/Ast.h"
#include "frontend/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snapsecc {

enum class SideKind : uint8_t { Plug, Slot };

struct Interface {
  struct Implicit {
    SideKind side = SideKind::Slot;
    std::vector<std::string> hosts; // core, classic, core-desktop
    const ast::Expr *condition = nullptr;
  };
  struct Who { // `install` and `provider`
    bool given = false, never = false;
    std::vector<std::string> providers;
    const ast::Expr *condition = nullptr;
    SourceRange range;
  };
  struct Connect {
    enum class Level : uint8_t { Never, Manual, Auto, AutoOnly };
    Level level = Level::Never;
    bool manySlots = false;
    const ast::Expr *condition = nullptr;
    SourceRange range;
  };
  struct Side {
    RecordType attributes;                   // all `attrs` blocks of the side; empty where the interface declares none
    std::vector<const ast::Block *> schemas; // those blocks
    std::vector<const ast::Block *> always;  // `plug always {}`
    std::vector<const ast::Block *> connected; // `plug {}`
  };
  struct Hotplug { // devices that become slots
    SourceRange range;
    std::vector<const ast::Expr *> matches; // `by`; all must hold
    const ast::Expr *condition = nullptr;
    std::vector<std::pair<std::string, const ast::Expr *>> attributes; // of the slot that is proposed
    std::vector<const ast::Expr *> handled; // one holds for a slot of the gadget: it describes the device already
    const ast::Block *block = nullptr;
  };
  std::string name, summary;
  SourceRange range;
  std::vector<Implicit> implicit;
  Who install, provider;
  std::vector<Connect> connects;
  bool refreshAffectsPlug = false;
  std::vector<std::string> conflicts;
  Side plug, slot;
  std::vector<const ast::Let *> lets;
  std::vector<const ast::CheckStatement *> checks;
  std::vector<Hotplug> hotplugs;
  std::vector<const ast::Statement *> tests;
};

struct Template {
  std::string name, summary;
  SourceRange range;
  const ast::Expr *condition = nullptr;
  const ast::Block *block = nullptr;
};
struct Fragment {
  struct Parameter {
    std::string name;
    Type type;
  };
  std::string name;
  SourceRange range;
  std::vector<Parameter> parameters;
  const ast::Block *block = nullptr;
};
struct Overlay {
  std::string snap, interface; // one of them
  std::vector<std::string> apps;
  SourceRange range;
  const ast::Block *block = nullptr;
};
struct Never {
  bool automatic = false; // of what connects by itself
  std::vector<std::string> except;
  const ast::Statement *statement = nullptr;
};

// What `udev file` takes in: the texts of udev/*.rules below a library's directory, by name.
using DataFiles = std::map<std::string, std::string>;

struct Library {
  std::deque<ast::File> files; // addresses are stable: all pointers of this header lead into them
  std::map<std::string, Interface> interfaces;
  std::map<std::string, Template> templates; // "default", "classic", "mount-helper"; see docs/language.md
  std::map<std::string, Fragment> fragments;
  std::map<std::string, Type> types;
  std::map<std::string, const ast::Let *> lets; // of the unit
  std::vector<Overlay> overlays;
  std::vector<Never> nevers;
  std::vector<const ast::Statement *> tests;
  std::optional<DataFiles> dataFiles; // unknown where the files are no library of a directory
  // What a written type means: of a let, a field, a parameter. Every TypeExpr of the files is here.
  llvm::DenseMap<const ast::TypeExpr *, Type> resolvedTypes;
  const Type &typeOf(const ast::TypeExpr &written) const;
  // Bare words that are a word of an enum or of a slot, though a name may be spelled like it: `plug.flavor == kubelet`.
  llvm::DenseSet<const ast::Reference *> words;
  bool isWord(const ast::Reference &reference) const { return words.count(&reference) != 0; }
};

// Checks the files as one closed unit; `lints`: also what is right and still a mistake. Returns a library even after
// errors (for tools that go on); engine.hasErrors() tells.
std::unique_ptr<Library> check(std::vector<ast::File> files, Engine &engine, bool lints = false,
                               std::optional<DataFiles> dataFiles = std::nullopt);

// The data files of a directory, all .sif below it (sorted by path, names relative to it), and those of a site; reports
// what cannot be read.
std::vector<FileId> readSources(const std::string &directory, const std::vector<std::string> &overlays, Engine &engine);
// Parsed, built and checked.
std::unique_ptr<Library> checkSources(llvm::ArrayRef<FileId> sources, Engine &engine, bool lints = false);

} // namespace snapsecc
