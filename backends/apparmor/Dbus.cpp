// SPDX-License-Identifier: Apache-2.0
// dbus rules -> dbus statements. AppArmor has three forms with conditions of their own (apparmor.d(5), DBus rules):
// messages (send, receive), names (bind) and eavesdrop; a rule of ours becomes the forms that its rights need, once a
// bus.
#include "backends/apparmor/Lowering.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::apparmor {
using ir::Rule;
using ir::RuleKind;

void ProfileLowering::lower(Tag<RuleKind::Dbus>, const Rule &rule) {
  if (!mediates(rule, "dbus", {"dbus"})) return;
  bool failed = false;
  std::vector<std::string> verbs = words(rule.get("DBUSVERB"));
  auto has = [&](const char *verb) { return llvm::is_contained(verbs, verb); };
  std::string message = condition(rule, "path", "path", failed) + condition(rule, "iface", "interface", failed) +
                        condition(rule, "member", "member", failed);
  std::string named = condition(rule, "bus", "bus", failed);
  std::string name = condition(rule, "name", "name", failed), peer = condition(rule, "peer", "label", failed);
  bool ofMessages = !message.empty() || !peer.empty();
  if (has("own") && ofMessages)
    return reportNotExpressible(rule, "a name that is owned has no path, iface, member or peer");
  if (has("eavesdrop") && (ofMessages || !name.empty()))
    return reportNotExpressible(rule, "what is eavesdropped on can be told by its bus alone");
  if (failed) return;
  std::vector<std::string> directions;
  for (const char *verb : {"send", "receive"})
    if (has("any") || has(verb)) directions.push_back(verb);
  // `name` is the addressed peer's name in messages, and the own name else.
  std::string conditions = name + peer;
  if (!conditions.empty()) {
    bool both = !name.empty() && !peer.empty();
    conditions =
        " peer=(" + name.substr(name.empty() ? 0 : 1) + (both ? "," + peer : peer.substr(peer.empty() ? 0 : 1)) + ")";
  }
  for (const std::string &bus : words(rule.get("BUS"))) {
    std::string on = bus == "any" ? named : " bus=" + bus;
    if (!directions.empty()) add(rule, Section::Dbus, "dbus" + accessList(directions) + on + message + conditions);
    if (has("own") || (has("any") && !ofMessages)) add(rule, Section::Dbus, "dbus (bind)" + on + name);
    if (has("eavesdrop") || (has("any") && !ofMessages && name.empty()))
      add(rule, Section::Dbus, "dbus (eavesdrop)" + on);
  }
}

} // namespace snapsecc::apparmor
