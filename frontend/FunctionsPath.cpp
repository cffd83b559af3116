// SPDX-License-Identifier: Apache-2.0
// Functions on paths and names. Where a snap's directories are, seen from inside (by the snap's name: a parallel
// instance finds its own under it) and by other snaps (by the instance's name): taxonomy of snapd's mount namespaces,
// `snap run` sets $SNAP to the former.
#include "automata/Pattern.h"
#include "frontend/Functions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace snapsecc {

static void replaceAll(std::string &text, llvm::StringRef what, llvm::StringRef by) {
  for (size_t at = text.find(what.str()); at != std::string::npos; at = text.find(what.str(), at + by.size()))
    text.replace(at, what.size(), by.str());
}

std::string expandPath(llvm::StringRef path, const Snap &snap, bool fromOutside) {
  std::string name = fromOutside ? snap.instance() : snap.name;
  llvm::StringRef variable = path.take_until([](char c) { return c == '/'; });
  std::string rest = path.drop_front(variable.size()).str();
  replaceAll(rest, "$SNAP_REVISION", snap.revision);
  if (variable == "$SNAP") return "/snap/" + name + "/" + snap.revision + rest;
  if (variable == "$SNAP_DATA") return "/var/snap/" + name + "/" + snap.revision + rest;
  if (variable == "$SNAP_COMMON") return "/var/snap/" + name + "/common" + rest;
  return variable.str() + rest;
}

// In a text that is no path the variables stand anywhere; others stay as they are.
static std::string expandText(llvm::StringRef text, const Snap &snap, bool fromOutside) {
  std::string expanded;
  while (!text.empty()) {
    size_t dollar = std::min(text.find('$'), text.size());
    expanded += text.take_front(dollar);
    text = text.drop_front(dollar);
    llvm::StringRef variable = text.take_while([](char c) { return c == '$' || c == '_' || llvm::isAlpha(c); });
    expanded += expandPath(variable, snap, fromOutside);
    text = text.drop_front(variable.size());
  }
  return expanded;
}

static const Snap *ownerOf(const Value &path, const Context &context) {
  if (path.owner) return path.owner;
  return context.snap ? context.snap->snap : nullptr;
}

static Value expand(Value path, bool fromOutside, const Context &context) {
  if (!path.isText()) return {};
  llvm::StringRef text = path.text;
  if (text == "$HOME" || text.startswith("$HOME/")) {
    std::string rest = text.drop_front(5).str();
    path.text = "@{HOME}" + (path.reading == Value::Reading::Pattern ? rest : automata::escapeLiteral(rest));
    path.reading = Value::Reading::Pattern;
    return path;
  }
  bool isPath = text.startswith("/") || text.startswith("$");
  if (const Snap *snap = ownerOf(path, context))
    path.text = (isPath ? expandPath : expandText)(text, *snap, fromOutside);
  return path;
}

static Value basename(Value path) {
  size_t slash = path.text.rfind('/');
  if (slash != std::string::npos) path.text.erase(0, slash + 1);
  return path;
}

static Value parent(Value path) {
  size_t slash = path.text.rfind('/');
  path.text.erase(slash == std::string::npos || slash == 0 ? slash + 1 : slash);
  return path;
}

// Where one shared directory appears: at the target, or under its own name in it where the slot shares by `source`.
static Value place(const Value &target, const Value &source, const Context &context) {
  Value path = expand(target, false, context);
  if (path.isText() && source.nested) path.text += "/" + basename(expand(source, true, context)).text;
  return path;
}

static bool isUnder(llvm::StringRef path, llvm::StringRef directory) {
  if (directory.size() > 1) directory.consume_back("/");
  if (!path.consume_front(directory)) return false;
  return path.empty() || directory.endswith("/") || path.startswith("/");
}

static Value desktopPaths(const Value &names) {
  std::vector<Value> paths;
  for (const Value &name : names.list)
    paths.push_back(Value::string("/var/lib/snapd/desktop/applications/" + name.text));
  return Value::listOf(std::move(paths));
}

std::optional<Value> callPathFunction(llvm::StringRef name, const Arguments &arguments, const Context &context) {
  const Value &path = argument(arguments, 0, "p");
  if (name == "basename") return path.isText() ? basename(path) : Value();
  if (name == "after") {
    llvm::StringRef text = path.text;
    text.consume_front(argument(arguments, 1, "beginning").text);
    return path.isText() ? Value::string(text.str()) : Value();
  }
  if (name == "replace") {
    std::string text = argument(arguments, 0, "text").text, what = argument(arguments, 1, "what").text;
    if (!what.empty()) replaceAll(text, what, argument(arguments, 2, "by").text);
    return argument(arguments, 0, "text").isText() ? Value::string(text) : Value();
  }
  if (name == "parent") return path.isText() ? parent(path) : Value();
  if (name == "under") return Value::of(path.isText() && isUnder(path.text, argument(arguments, 1, "directory").text));
  if (name == "expand") return expand(path, argument(arguments, 1, "as").text == "other", context);
  if (name == "place") return place(argument(arguments, 0, "target"), argument(arguments, 1, "source"), context);
  if (name == "object_path") {
    std::string text = argument(arguments, 0, "name").text;
    std::replace(text.begin(), text.end(), '.', '/');
    return Value::string("/" + text);
  }
  if (name == "desktop_paths") return desktopPaths(argument(arguments, 0, "names"));
  return std::nullopt;
}

} // namespace snapsecc
