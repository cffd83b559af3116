// SPDX-License-Identifier: Apache-2.0
// The policy of an interface about one plug and one slot: who may have them (`install`, `provider`), then the first
// `connect` line whose condition holds.
#include "frontend/Connections.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

using Level = Interface::Connect::Level;

std::string placeOf(SourceRange range, const SourceManager &sources) {
  if (!range.isValid()) return "";
  const SourceFile &file = sources.file(range.file);
  return " (" + file.name() + ":" + std::to_string(file.lineColumn(range.begin).line) + ")";
}

// The statement that begins there, as it is written, on one line.
std::string sourceOf(SourceRange range, const SourceManager &sources) {
  if (!range.isValid()) return "";
  llvm::StringRef text =
      sources.file(range.file).text().drop_front(range.begin).take_until([](char c) { return c == ';'; });
  llvm::SmallVector<llvm::StringRef, 16> words;
  llvm::SplitString(text, words);
  std::string line = llvm::join(words, " ");
  llvm::StringRef shortened = llvm::StringRef(line).take_front(120);
  return "`" + shortened.str() + "`" + placeOf(range, sources);
}

// May this kind of snap have this side without a store's word?
bool allows(const Interface::Who &who, const EndpointScene &side, const Context &base) {
  if (!who.given) return true;
  if (who.never || !llvm::is_contained(who.providers, side.owner->provider())) return false;
  if (!who.condition) return true;
  Context context = base;
  context.snap = side.owner;
  context.interface = side.interface;
  (side.side == SideKind::Plug ? context.plug : context.slot) = &side;
  return Evaluator(context).holds(*who.condition, Scope());
}

} // namespace

Evaluator betweenSides(const EndpointScene &plug, const EndpointScene &slot, const Context &base) {
  Context context = base;
  context.snap = plug.owner;
  context.interface = plug.interface;
  context.plug = &plug;
  context.slot = &slot;
  return Evaluator(context);
}

Verdict judge(const EndpointScene &plug, const EndpointScene &slot, const Context &base, const SourceManager &sources) {
  const Interface &interface = *plug.interface;
  Verdict verdict;
  if (!plug.owner->isSystem() && !allows(interface.install, plug, base)) {
    verdict.because =
        "only a store's declaration lets a snap have this plug" + placeOf(interface.install.range, sources);
    return verdict;
  }
  if (!slot.owner->isSystem() && !allows(interface.provider, slot, base)) {
    verdict.because = "snap '" + slot.owner->instance + "' may not have this slot without a store's declaration" +
                      placeOf(interface.provider.range, sources);
    return verdict;
  }
  Evaluator evaluator = betweenSides(plug, slot, base);
  for (const Interface::Connect &line : interface.connects) {
    if (line.condition && !evaluator.holds(*line.condition, Scope())) continue;
    verdict.level = line.level;
    verdict.manySlots = line.manySlots;
    verdict.because = sourceOf(line.range, sources);
    return verdict;
  }
  verdict.because = "no `connect` of interface " + interface.name + " allows it" + placeOf(interface.range, sources);
  return verdict;
}

} // namespace snapsecc
