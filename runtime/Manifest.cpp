// SPDX-License-Identifier: Apache-2.0
#include "runtime/Manifest.h"
#include "runtime/Files.h"
#include "runtime/Json.h"
#include <algorithm>

namespace snapsecc::runtime {
namespace {

void readOutputs(JsonReader &json, Manifest &manifest, std::string &bad) {
  json.array([&] {
    std::string path;
    ManifestEntry entry;
    json.object([&](const std::string &key) {
      if (key == "path") path = json.string();
      if (key == "sha256") entry.sha256 = json.string();
      if (key == "size") entry.size = json.number();
      if (key == "link") entry.isLink = true;
    });
    bool isHash = entry.sha256.size() == 64 && entry.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!isCleanRelative(path) || !isHash || !manifest.files.emplace(path, entry).second)
      bad = "an output has no proper path or hash, or is there twice: '" + path + "'";
  });
}

} // namespace

Result<Manifest> readManifest(std::string_view bytes) {
  Manifest manifest;
  JsonReader json(bytes);
  std::string tool, bad;
  json.object([&](const std::string &key) {
    if (key == "outputs") readOutputs(json, manifest, bad);
    if (key == "tool")
      json.object([&](const std::string &part) {
        if (part == "name") tool = json.string();
      });
    if (key == "target")
      json.object([&](const std::string &part) {
        if (part == "arch") manifest.arch = json.string();
        if (part == "features")
          json.object([&](const std::string &inner) {
            if (inner == "sha256") manifest.features = json.string();
          });
      });
  });
  if (!json.finish()) return Failure{"manifest.json is no JSON at byte " + std::to_string(json.fault().value_or(0))};
  if (tool != "snapsecc") return Failure{"manifest.json is not of snapsecc"};
  if (!bad.empty()) return Failure{"manifest.json: " + bad};
  return manifest;
}

} // namespace snapsecc::runtime
