// SPDX-License-Identifier: Apache-2.0
// Functions that ask the target machine (--sysroot) or the files of a snap. An empty machine answers "not there" to
// everything.
#include "frontend/Functions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

namespace snapsecc {
namespace {

Value idOf(std::optional<int64_t> id) { return id ? Value::integer(*id) : Value(); }

const SnapScene *sceneOf(const Snap *snap, const Context &context) {
  if (!snap) return context.snap;
  for (const EndpointScene *side : {context.plug, context.slot})
    if (side && side->owner->snap == snap) return side->owner;
  return context.snap && context.snap->snap == snap ? context.snap : nullptr;
}

// The path of a snap's file below the snap's root: $SNAP/meta -> /meta.
std::optional<std::string> insideSnap(llvm::StringRef path) {
  if (!path.consume_front("$SNAP") || !(path.empty() || path.startswith("/"))) return std::nullopt;
  return path.str();
}

std::vector<Value> eachPath(const Value &paths) {
  if (paths.kind == Value::Kind::List) return paths.list;
  return paths.isText() ? std::vector<Value>{paths} : std::vector<Value>();
}

Value files(const Value &directories, const Value &pattern, const Context &context) {
  std::vector<Value> found;
  for (const Value &directory : eachPath(directories)) {
    const SnapScene *scene = sceneOf(directory.owner, context);
    std::optional<std::string> inside = insideSnap(directory.text);
    if (!scene || !scene->files || !inside) continue;
    for (const std::string &name : scene->files->list(*inside)) {
      if (!matchesPattern(name, pattern.text)) continue;
      Value path = directory;
      path.text += "/" + name;
      found.push_back(std::move(path));
    }
  }
  llvm::sort(found, [](const Value &a, const Value &b) { return a.text < b.text; });
  return Value::listOf(std::move(found));
}

Value entries(const Value &directory, const Value &pattern, const HostProbe &host) {
  std::vector<Value> found;
  for (const std::string &name : host.list(directory.text))
    if (matchesPattern(name, pattern.text)) found.push_back(Value::string(directory.text + "/" + name));
  return Value::listOf(std::move(found));
}

// An ICD is JSON of the Vulkan loader: {"ICD": {"library_path": NAME}}, the library in one of the directories.
Value vulkanIcd(const Value &file, const Value &libraries, const Context &context) {
  const SnapScene *scene = sceneOf(file.owner, context);
  std::optional<std::string> inside = insideSnap(file.text);
  if (!scene || !scene->files || !inside) return Value::of(true); // without the snap's files there is nothing to judge
  std::optional<std::string> text = scene->files->read(*inside);
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(text.value_or(""));
  if (!json) {
    llvm::consumeError(json.takeError());
    return Value::of(false);
  }
  const llvm::json::Object *object = json->getAsObject();
  const llvm::json::Object *icd = object ? object->getObject("ICD") : nullptr;
  llvm::Optional<llvm::StringRef> library = icd ? icd->getString("library_path") : llvm::None;
  if (!library || library->empty() || library->contains('/')) return Value::of(false);
  for (const Value &directory : eachPath(libraries)) {
    std::optional<std::string> below = insideSnap(directory.text);
    if (below && scene->files->exists(*below + "/" + library->str())) return Value::of(true);
  }
  return Value::of(false);
}

} // namespace

std::optional<std::string> readSnapFile(const Value &path, const Context &context) {
  if (!path.isText()) return std::nullopt;
  const SnapScene *scene = sceneOf(path.owner, context);
  std::optional<std::string> inside = insideSnap(path.text);
  return scene && scene->files && inside ? scene->files->read(*inside) : std::nullopt;
}

std::optional<Value> callMachineFunction(llvm::StringRef name, const Arguments &arguments, const Context &context) {
  const HostProbe &host = *context.host;
  const Value &path = argument(arguments, 0, "p");
  if (name == "exists") return Value::of(path.isText() && host.exists(path.text));
  if (name == "realpath") {
    std::optional<std::string> real = path.isText() ? host.realPath(path.text) : std::nullopt;
    return real ? Value::string(*real) : Value();
  }
  if (name == "entries") return entries(argument(arguments, 0, "directory"), argument(arguments, 1, "pattern"), host);
  if (name == "group_of") return idOf(path.isText() ? host.groupOf(path.text) : std::nullopt);
  if (name == "uid") return idOf(host.userId(argument(arguments, 0, "user").text));
  if (name == "gid") return idOf(host.groupId(argument(arguments, 0, "group").text));
  if (name == "files") return files(argument(arguments, 0, "directories"), argument(arguments, 1, "pattern"), context);
  if (name == "vulkan_icd")
    return vulkanIcd(argument(arguments, 0, "file"), argument(arguments, 1, "libraries"), context);
  return std::nullopt;
}

} // namespace snapsecc
