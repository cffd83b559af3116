// SPDX-License-Identifier: Apache-2.0
#include "frontend/PrintLibrary.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

class LibraryPrinter {
public:
  LibraryPrinter(const SourceManager &manager, llvm::raw_ostream &stream) : sources(manager), out(stream) {}

  void print(const Interface &interface) {
    head("interface", interface.name, interface.range);
    if (!interface.summary.empty()) out << "  summary " << interface.summary << "\n";
    for (const Interface::Implicit &one : interface.implicit)
      line("implicit " + side(one.side) + " on " + llvm::join(one.hosts, ", "), one.condition);
    print("install", interface.install);
    print("provider", interface.provider);
    for (const Interface::Connect &one : interface.connects)
      line(std::string("connect ") + levelName(one.level) + (one.manySlots ? " many-slots" : ""), one.condition);
    if (interface.refreshAffectsPlug) line("refresh affects-plug");
    if (!interface.conflicts.empty()) line("conflicts " + llvm::join(interface.conflicts, ", "));
    print(SideKind::Plug, interface.plug);
    print(SideKind::Slot, interface.slot);
    if (!interface.checks.empty()) line("checks " + llvm::utostr(interface.checks.size()));
    if (!interface.hotplugs.empty()) line("hotplug " + llvm::utostr(interface.hotplugs.size()));
    if (!interface.tests.empty()) line("tests " + llvm::utostr(interface.tests.size()));
  }
  void print(const Template &one) {
    head("template", one.name, one.range);
    if (!one.summary.empty()) out << "  summary " << one.summary << "\n";
    if (one.condition) line("holds", one.condition);
    line(statements("rules", {one.block}));
  }
  void print(const Fragment &fragment) {
    head("fragment", fragment.name, fragment.range);
    for (const Fragment::Parameter &parameter : fragment.parameters)
      line("parameter " + parameter.name + ": " + typeName(parameter.type));
    line(statements("rules", {fragment.block}));
  }
  void print(const Overlay &overlay) {
    head("overlay", overlay.snap.empty() ? "interface " + overlay.interface : "snap " + overlay.snap, overlay.range);
    if (!overlay.apps.empty()) line("apps " + llvm::join(overlay.apps, ", "));
    line(statements("rules", {overlay.block}));
  }

private:
  void head(llvm::StringRef kind, llvm::StringRef name, SourceRange range) {
    out << kind << " " << name << " # " << sources.describe(range) << "\n";
  }
  // The condition as it is written, blanks joined.
  void line(const llvm::Twine &text, const ast::Expr *condition = nullptr) {
    out << "  " << text;
    if (condition) {
      llvm::StringRef written =
          sources.file(condition->range.file).text().slice(condition->range.begin, condition->range.end);
      llvm::SmallVector<llvm::StringRef, 16> words;
      llvm::SplitString(written, words);
      out << " if " << llvm::join(words, " ");
    }
    out << "\n";
  }
  static std::string side(SideKind kind) { return kind == SideKind::Plug ? "plug" : "slot"; }
  static const char *levelName(Interface::Connect::Level level) {
    switch (level) {
    case Interface::Connect::Level::Never: return "never";
    case Interface::Connect::Level::Manual: return "manual";
    case Interface::Connect::Level::Auto: return "auto";
    case Interface::Connect::Level::AutoOnly: return "auto-only";
    }
    return "";
  }
  static std::string statements(llvm::StringRef what, llvm::ArrayRef<const ast::Block *> blocks) {
    size_t count = 0;
    for (const ast::Block *block : blocks)
      count += block->statements.size();
    return what.str() + " " + llvm::utostr(count);
  }
  void print(llvm::StringRef what, const Interface::Who &who) {
    if (!who.given) return;
    line(what + " " + (who.never ? "never" : llvm::join(who.providers, ", ")), who.condition);
  }
  void print(SideKind kind, const Interface::Side &one) {
    for (const RecordType::Field &field : one.attributes.fields)
      attribute(kind, "", field);
    for (const RecordType::Case &shape : one.attributes.cases)
      for (const RecordType::Field &field : shape.fields)
        attribute(kind, " case " + shape.name, field);
    if (one.attributes.closed) line(side(kind) + " attributes closed");
    if (!one.always.empty()) line(statements(side(kind) + " always", one.always));
    if (!one.connected.empty()) line(statements(side(kind) + " connected", one.connected));
  }
  void attribute(SideKind kind, llvm::StringRef where, const RecordType::Field &field) {
    line(side(kind) + where.str() + " attribute " + field.name + (field.type.optional ? "?" : "") + ": " +
         typeName(field.type) + (field.fallback ? " with a default" : ""));
  }

  const SourceManager &sources;
  llvm::raw_ostream &out;
};

} // namespace

void printLibrary(const Library &library, const SourceManager &sources, llvm::raw_ostream &out) {
  LibraryPrinter printer(sources, out);
  for (const auto &[name, one] : library.templates)
    printer.print(one);
  for (const auto &[name, one] : library.fragments)
    printer.print(one);
  for (const auto &[name, type] : library.types)
    out << "type " << name << ": " << typeName(type) << "\n";
  for (const auto &[name, one] : library.interfaces)
    printer.print(one);
  for (const Overlay &one : library.overlays)
    printer.print(one);
  out << "files " << library.files.size() << ", interfaces " << library.interfaces.size() << ", templates "
      << library.templates.size() << ", fragments " << library.fragments.size() << ", types " << library.types.size()
      << ", invariants " << library.nevers.size() << "\n";
}

} // namespace snapsecc
