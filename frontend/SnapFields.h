// SPDX-License-Identifier: Apache-2.0
// Typed access to the nodes of a snap.yaml, and the parts of readSnap. `where` is what messages call the place:
// "apps.foo.plugs".
#pragma once
#include "frontend/Snap.h"
#include "frontend/SnapYaml.h"

namespace snapsecc::snapfile {

struct Text {
  std::string value; // empty where the field is absent or null
  SourceRange range;
  bool given() const { return range.isValid(); }
};

// "nothing", "text", "a list", "a map"
llvm::StringRef describe(const yaml::Node &node);
// The field's text; a number or a bool is text as it is written.
Text textField(const yaml::Node &map, llvm::StringRef key, const std::string &where, Engine &engine);
std::vector<Text> textListField(const yaml::Node &map, llvm::StringRef key, const std::string &where, Engine &engine);
// The entries of a field that is a map; empty where it is absent or null.
llvm::ArrayRef<yaml::Node::Entry> mapField(const yaml::Node &map, llvm::StringRef key, const std::string &where,
                                           Engine &engine);
std::vector<std::pair<std::string, std::string>> textMapField(const yaml::Node &map, llvm::StringRef key,
                                                              const std::string &where, Engine &engine);
// Reports where `problem`, a result of frontend/SnapNames.h, is one; true where the name is good.
bool checkName(const Text &name, const char *what, const char *problem, Engine &engine);

// Apps and hooks; what they say of plugs and slots is left to readEndpoints.
void readApps(const yaml::Node &root, Snap &snap, Engine &engine);
// Plugs and slots, declared or only named by an app or hook, with their labels.
void readEndpoints(const yaml::Node &root, Snap &snap, Engine &engine);
void readLayouts(const yaml::Node &root, Snap &snap, Engine &engine);

} // namespace snapsecc::snapfile
