// SPDX-License-Identifier: Apache-2.0
#include "driver/Manifest.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include <map>

namespace snapsecc::driver {
namespace {

namespace json = llvm::json;

// Source text may hold any bytes; JSON holds none but UTF-8.
json::Value text(llvm::StringRef bytes) { return json::fixUTF8(bytes); }

json::Object targetOf(const ir::Target &target) {
  json::Array parser;
  for (const std::string &word : target.parserFeatures)
    parser.push_back(word);
  return json::Object{
      {"name", llvm::sys::path::filename(target.name)}, // of a description file without its directory
      {"system", target.system},
      {"arch", target.arch},
      {"kernel", std::to_string(target.kernelMajor) + "." + std::to_string(target.kernelMinor)},
      {"features", json::Object{{"count", static_cast<int64_t>(target.features.size())},
                                {"sha256", sha256(llvm::join(target.features, "\n"))}}},
      {"parser", std::move(parser)},
  };
}

json::Array connectionsOf(const ir::Policy &policy) {
  json::Array result;
  for (const ir::Connection &c : policy.connections)
    result.push_back(json::Object{{"interface", c.interface},
                                  {"plug", json::Object{{"snap", c.plugSnap}, {"name", c.plug}}},
                                  {"slot", json::Object{{"snap", c.slotSnap}, {"name", c.slot}}},
                                  {"why", text(c.why)}});
  return result;
}

json::Array unconnectedOf(const Instantiated &instantiated) {
  json::Array result;
  for (const Unconnected &u : instantiated.unconnected)
    result.push_back(
        json::Object{{"snap", u.snap}, {"plug", u.plug}, {"interface", u.interface}, {"reason", text(u.reason)}});
  return result;
}

json::Array warningsOf(const Engine &engine) {
  json::Array result;
  for (const Diagnostic &d : engine.diagnostics()) {
    if (d.severity != Severity::Warning) continue;
    json::Object warning{{"name", d.info->name}, {"message", text(d.message)}};
    if (d.range.isValid()) {
      LineColumn at = engine.sources().file(d.range.file).lineColumn(d.range.begin);
      warning["file"] = text(engine.sources().file(d.range.file).name());
      warning["line"] = at.line;
      warning["column"] = at.column;
    }
    result.push_back(std::move(warning));
  }
  return result;
}

json::Array notEnforcedOf(const std::vector<ir::NotEnforced> &list) {
  json::Array result;
  for (const ir::NotEnforced &n : list)
    result.push_back(json::Object{
        {"what", n.what}, {"reason", text(n.reason)}, {"rules", n.rules}, {"labels", json::Array(n.labels)}});
  return result;
}

std::string octal(unsigned mode) {
  std::string digits;
  for (int shift : {9, 6, 3, 0})
    digits += static_cast<char>('0' + (mode >> shift & 7));
  return digits;
}

bool isCleanRelative(llvm::StringRef path) {
  if (path.empty() || path.startswith("/") || path.contains('\0')) return false;
  return llvm::all_of(llvm::split(path, '/'),
                      [](llvm::StringRef part) { return !part.empty() && part != "." && part != ".."; });
}

// json::parse recurses.
bool isDeep(llvm::StringRef text) {
  int depth = 0;
  for (char c : text) {
    depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    if (depth > 64) return true;
  }
  return false;
}

// Paths and hashes of what the manifest of an earlier run names; nullopt where it cannot be read.
std::optional<std::map<std::string, std::string>> readOutputs(const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer || isDeep((*buffer)->getBuffer())) return std::nullopt;
  llvm::Expected<json::Value> value = json::parse((*buffer)->getBuffer());
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  const json::Object *root = value->getAsObject(), *tool = root ? root->getObject("tool") : nullptr;
  const json::Array *outputs = root ? root->getArray("outputs") : nullptr;
  if (!tool || tool->getString("name") != llvm::StringRef("snapsecc") || !outputs) return std::nullopt;
  std::map<std::string, std::string> result;
  for (const json::Value &output : *outputs) {
    const json::Object *object = output.getAsObject();
    llvm::Optional<llvm::StringRef> path = object ? object->getString("path") : llvm::None;
    llvm::Optional<llvm::StringRef> hash = object ? object->getString("sha256") : llvm::None;
    if (path && isCleanRelative(*path)) result[path->str()] = hash ? hash->str() : "";
  }
  return result;
}

} // namespace

std::string sha256(llvm::StringRef bytes) {
  llvm::SHA256 hash;
  hash.update(bytes);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

ir::Artifact makeManifest(const ManifestFacts &facts, const Engine &engine) {
  json::Array inputs, outputs;
  for (const ManifestInput &input : facts.inputs)
    inputs.push_back(json::Object{{"path", text(input.path)},
                                  {"kind", input.kind},
                                  {"sha256", sha256(engine.sources().file(input.file).text())}});
  for (const ir::Artifact &output : facts.outputs) {
    json::Object entry{
        {"path", output.path}, {"size", static_cast<int64_t>(output.bytes.size())}, {"sha256", sha256(output.bytes)}};
    if (output.symlink)
      entry["link"] = text(output.bytes);
    else
      entry["mode"] = octal(output.mode);
    outputs.push_back(std::move(entry));
  }
  json::Object root{{"tool", json::Object{{"name", "snapsecc"}, {"version", SNAPSECC_VERSION}}},
                    {"target", targetOf(facts.target)},
                    {"inputs", std::move(inputs)},
                    {"outputs", std::move(outputs)},
                    {"connections", connectionsOf(facts.instantiated.policy)},
                    {"unconnected", unconnectedOf(facts.instantiated)},
                    {"warnings", warningsOf(engine)},
                    {"notEnforced", notEnforcedOf(facts.notEnforced)}};
  return {"manifest.json", llvm::formatv("{0:2}\n", json::Value(std::move(root))).str(), 0644, false};
}

std::set<std::string> readManifestOutputs(const std::string &file) {
  std::set<std::string> result;
  auto outputs = readOutputs(file);
  if (!outputs) return result;
  for (const auto &[path, hash] : *outputs)
    result.insert(path);
  result.insert("manifest.json");
  return result;
}

std::optional<std::string> readManifestHash(const std::string &file, llvm::StringRef path) {
  auto outputs = readOutputs(file);
  if (!outputs) return std::nullopt;
  auto found = outputs->find(path.str());
  return found == outputs->end() ? std::nullopt : std::optional(found->second);
}

} // namespace snapsecc::driver
