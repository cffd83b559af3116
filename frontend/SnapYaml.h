// SPDX-License-Identifier: Apache-2.0
// YAML text -> a tree of nodes with their places, within bounds that hostile text cannot pass. What readSnap reads; the
// only file that knows yaml-cpp is SnapYaml.cpp.
#pragma once
#include "diag/Engine.h"
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace snapsecc::yaml {

struct Node {
  enum class Kind : uint8_t { Null, Scalar, List, Map };
  struct Entry {
    const Node *key; // a Scalar
    const Node *value;
  };
  Kind kind = Kind::Null;
  bool quoted = false; // a scalar in quotes or a block scalar
  SourceRange range;   // of a list or map: where it begins
  std::string text;    // of a scalar
  std::vector<const Node *> items;
  std::vector<Entry> entries; // in the order of writing, no key twice; what `<<` merges stands behind
  uint32_t weight = 1;        // nodes below, with it, aliases counted each time
  uint32_t height = 1;        // levels below, with it

  bool isMap() const { return kind == Kind::Map; }
  bool isNull() const { return kind == Kind::Null; }
  const Entry *find(llvm::StringRef key) const;
};

struct Document {
  std::deque<Node> nodes; // an alias is a second pointer to its node
  const Node *root = nullptr;
};

// Reads the one document of a file: valid UTF-8 without control characters, at most 16 MiB, 1,000,000 nodes with
// aliases expanded and 64 levels; no tags, no key twice, no alias within itself. nullopt after an error.
std::optional<Document> read(FileId file, Engine &engine);

// What an unquoted scalar means to YAML 1.1 as snapd's reader has it; nullopt where it is text.
std::optional<bool> asBool(const Node &node);
std::optional<int64_t> asInt(const Node &node);

} // namespace snapsecc::yaml
