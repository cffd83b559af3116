// SPDX-License-Identifier: Apache-2.0
#include "frontend/SnapFields.h"
#include "frontend/SnapDiagnostics.h"
#include "frontend/SnapNames.h"

namespace snapsecc::snapfile {

llvm::StringRef describe(const yaml::Node &node) {
  switch (node.kind) {
  case yaml::Node::Kind::Null: return "nothing";
  case yaml::Node::Kind::Scalar: return "text";
  case yaml::Node::Kind::List: return "a list";
  case yaml::Node::Kind::Map: return "a map";
  }
  return "";
}

Text textField(const yaml::Node &map, llvm::StringRef key, const std::string &where, Engine &engine) {
  const yaml::Node::Entry *entry = map.find(key);
  if (!entry || entry->value->isNull()) return {};
  const yaml::Node &value = *entry->value;
  if (value.kind != yaml::Node::Kind::Scalar) {
    engine.report<diag::SnapFieldType>(value.range, where + key.str(), "text", describe(value));
    return {};
  }
  return {value.text, value.range};
}

std::vector<Text> textListField(const yaml::Node &map, llvm::StringRef key, const std::string &where, Engine &engine) {
  const yaml::Node::Entry *entry = map.find(key);
  if (!entry || entry->value->isNull()) return {};
  if (entry->value->kind != yaml::Node::Kind::List) {
    engine.report<diag::SnapFieldType>(entry->value->range, where + key.str(), "a list", describe(*entry->value));
    return {};
  }
  std::vector<Text> result;
  for (const yaml::Node *item : entry->value->items) {
    if (item->kind == yaml::Node::Kind::Scalar)
      result.push_back({item->text, item->range});
    else
      engine.report<diag::SnapFieldType>(item->range, "an item of " + where + key.str(), "text", describe(*item));
  }
  return result;
}

llvm::ArrayRef<yaml::Node::Entry> mapField(const yaml::Node &map, llvm::StringRef key, const std::string &where,
                                           Engine &engine) {
  const yaml::Node::Entry *entry = map.find(key);
  if (!entry || entry->value->isNull()) return {};
  if (!entry->value->isMap())
    engine.report<diag::SnapFieldType>(entry->value->range, where + key.str(), "a map", describe(*entry->value));
  return entry->value->entries;
}

std::vector<std::pair<std::string, std::string>> textMapField(const yaml::Node &map, llvm::StringRef key,
                                                              const std::string &where, Engine &engine) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const yaml::Node::Entry &entry : mapField(map, key, where, engine)) {
    if (entry.value->kind == yaml::Node::Kind::Scalar || entry.value->isNull())
      result.emplace_back(entry.key->text, entry.value->text);
    else
      engine.report<diag::SnapFieldType>(entry.value->range, where + key.str() + "." + names::shown(entry.key->text),
                                         "text", describe(*entry.value));
  }
  return result;
}

bool checkName(const Text &name, const char *what, const char *problem, Engine &engine) {
  if (problem) engine.report<diag::SnapBadName>(name.range, names::shown(name.value), what, problem);
  return !problem;
}

} // namespace snapsecc::snapfile
