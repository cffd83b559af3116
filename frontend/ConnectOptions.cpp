// SPDX-License-Identifier: Apache-2.0
// The words of --connect (docs/cli.md).
#include "frontend/Instantiate.h"

namespace snapsecc {

std::string parseConnect(llvm::StringRef text, ConnectOptions &options) {
  if (text == "auto")
    options.automatic = true;
  else if (text == "all")
    options.all = true;
  if (text == "auto" || text == "all" || text == "none") return "";
  auto [plug, slot] = text.split('=');
  ConnectRequest request;
  request.text = text.str();
  auto readEnd = [](llvm::StringRef end, std::string &snap, std::string &name) {
    if (end.count(':') != 1) return false;
    auto [before, behind] = end.split(':');
    snap = before.str();
    name = behind.str();
    return !behind.empty();
  };
  bool fits = text.count('=') == 1 && readEnd(plug, request.plugSnap, request.plug) &&
              readEnd(slot, request.slotSnap, request.slot) && !(request.plugSnap.empty() && request.slotSnap.empty());
  if (!fits)
    return "'" + text.str() +
           "' is neither auto, none, all nor SNAP:PLUG=SNAP:SLOT, where the system's own snap has no name";
  options.asked.push_back(std::move(request));
  return "";
}

} // namespace snapsecc
