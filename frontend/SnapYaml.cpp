// SPDX-License-Identifier: Apache-2.0
// Text -> yaml-cpp's events -> nodes. Its node tree is not used: it loses places and quotes, recurses, and expands
// nothing safely.
//  1. The bytes are checked before yaml-cpp sees them. It takes U+0004 for the end of the text, and looks ahead as far
//  as brackets
//     are open, so both must be refused or bounded first.
//  2. Each event becomes a node, counted and measured. The first breach is reported and ends the reading by the
//  exception Stop,
//     which does not leave this file; yaml-cpp recurses once a level, so the bound on levels bounds its stack.
//  3. yaml-cpp's own complaints become one diagnostic at their mark.
// Source: yaml.org/spec/1.2.2 §5.1, §6.9, §7.1; resolution of plain scalars: yaml.org/type and gopkg.in/yaml.v2, as
// snapd reads.
#include "frontend/SnapYaml.h"
#include "diag/Diagnostics.h"
#include "diag/HexByte.h"
#include "frontend/SnapDiagnostics.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"
#include <algorithm>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace snapsecc::yaml {
namespace {

constexpr size_t maxBytes = 16u << 20;
constexpr uint32_t maxNodes = 1'000'000, maxDepth = 64;
constexpr llvm::StringRef byteOrderMark = "\xef\xbb\xbf";

struct Stop {};

SourceRange at(FileId file, size_t offset, size_t length = 1) {
  return {file, static_cast<uint32_t>(offset), static_cast<uint32_t>(offset + length)};
}

bool checkBytes(FileId file, llvm::StringRef text, Engine &engine) {
  if (text.size() > maxBytes) {
    engine.report<diag::FileTooLarge>(at(file, 0, 0), maxBytes >> 20);
    return false;
  }
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.bytes_begin()), *position = begin;
  if (!llvm::isLegalUTF8String(&position, reinterpret_cast<const llvm::UTF8 *>(text.bytes_end()))) {
    engine.report<diag::InvalidUtf8>(at(file, static_cast<size_t>(position - begin)));
    return false;
  }
  uint32_t flow = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
      engine.report<diag::ControlCharacter>(at(file, i), "\\x" + hexByte(c));
      return false;
    }
    flow += c == '[' || c == '{' || c == ',';
    if (flow > maxNodes) {
      engine.report<diag::YamlTooLarge>(at(file, i), maxNodes);
      return false;
    }
  }
  return true;
}

// Offset behind `&anchor` and blanks, where a node's own text or its tag begins.
size_t skipAnchor(llvm::StringRef text, size_t offset) {
  while (offset < text.size() && text[offset] == '&') {
    offset = std::min(text.find_first_of(" \t\r\n", offset), text.size());
    while (offset < text.size() && llvm::StringRef(" \t\r\n#").contains(text[offset])) {
      if (text[offset] == '#')
        offset = std::min(text.find('\n', offset), text.size());
      else
        ++offset;
    }
  }
  return offset;
}

// Length in the source of the scalar that begins at `offset`; of an unquoted one over several lines, of its first. Zero
// for a quote that is never closed, which yaml-cpp takes as closed by the end of the text.
size_t scalarLength(llvm::StringRef text, size_t offset, llvm::StringRef value) {
  llvm::StringRef rest = text.substr(offset);
  char quote = rest.empty() ? '\0' : rest[0];
  if (quote != '\'' && quote != '"') {
    llvm::StringRef line = rest.take_until([](char c) { return c == '\n' || c == '\r'; });
    return line.startswith(value) ? value.size() : line.rtrim(" \t").size();
  }
  for (size_t end = 1; end < rest.size(); ++end) {
    bool isEscape = quote == '"' ? rest[end] == '\\' : rest.substr(end).startswith("''");
    if (isEscape)
      ++end;
    else if (rest[end] == quote)
      return end + 1;
  }
  return 0;
}

class Builder : public YAML::EventHandler {
public:
  Builder(FileId sourceFile, Engine &diagnostics, size_t firstByte)
      : file(sourceFile), engine(diagnostics), text(engine.sources().file(file).text()), base(firstByte) {}
  Document take() { return std::move(document); }
  // The character at a mark, which may stand behind the last one.
  SourceRange place(const YAML::Mark &mark) const {
    size_t begin = offset(mark);
    return at(file, begin, begin < text.size() ? 1 : 0);
  }
  void OnDocumentStart(const YAML::Mark &mark) override {
    if (documents++ > 0) stop<diag::YamlSecondDocument>(place(mark));
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override {
    Node &node = make(mark, anchor, Node::Kind::Null, "");
    attach(&node);
  }
  void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                const std::string &value) override {
    Node &node = make(mark, anchor, Node::Kind::Scalar, tag);
    node.text = value;
    node.quoted = tag == "!"; // yaml-cpp's own mark for what is not plain; make() has refused a written `!`
    size_t length = scalarLength(text, node.range.begin, value);
    if (length == 0 && node.quoted) stop<diag::YamlSyntax>(node.range, "the quote is not closed");
    node.range = at(file, node.range.begin, length);
    attach(&node);
  }
  void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override;
  void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(mark, anchor, Node::Kind::List, tag));
  }
  void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(mark, anchor, Node::Kind::Map, tag));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override;

private:
  struct Frame {
    Node *node;
    const Node *key = nullptr;          // of a map: the key whose value comes next
    std::vector<const Node *> merges{}; // of a map: what `<<` names
    llvm::DenseMap<llvm::StringRef, const Node *> keys{};
  };

  size_t offset(const YAML::Mark &mark) const {
    return mark.pos < 0 ? base : std::min(base + static_cast<size_t>(mark.pos), text.size());
  }
  template <class D, class... A> [[noreturn]] void stop(SourceRange range, A &&...args) {
    engine.report<D>(range, std::forward<A>(args)...);
    throw Stop{};
  }
  void count(uint32_t weight, SourceRange range) {
    if (weight > maxNodes - nodes) stop<diag::YamlTooLarge>(range, maxNodes);
    nodes += weight;
  }
  Node &make(const YAML::Mark &mark, YAML::anchor_t anchor, Node::Kind kind, llvm::StringRef tag);
  void open(Node &node) {
    if (frames.size() >= maxDepth) stop<diag::YamlTooDeep>(node.range, maxDepth);
    frames.push_back({&node});
  }
  void close() {
    Node *node = frames.back().node;
    frames.pop_back();
    attach(node);
  }
  void attach(const Node *node);
  void addKey(Frame &map, const Node *key);
  void mergeInto(Frame &map, const Node &source);

  FileId file;
  Engine &engine;
  llvm::StringRef text;
  size_t base;
  Document document;
  unsigned documents = 0;
  uint32_t nodes = 0;
  std::vector<Frame> frames;
  std::vector<const Node *> anchors; // by yaml-cpp's number, which counts from 1
};

Node &Builder::make(const YAML::Mark &mark, YAML::anchor_t anchor, Node::Kind kind, llvm::StringRef tag) {
  size_t begin = skipAnchor(text, offset(mark));
  SourceRange range = at(file, begin, begin < text.size() ? 1 : 0);
  if ((!tag.empty() && tag != "?" && tag != "!") ||
      (kind != Node::Kind::Null && begin < text.size() && text[begin] == '!'))
    stop<diag::YamlTag>(range);
  count(1, range);
  Node &node = document.nodes.emplace_back();
  node.kind = kind;
  node.range = range;
  if (anchor != YAML::NullAnchor) {
    if (anchors.size() <= anchor) anchors.resize(anchor + 1);
    anchors[anchor] = &node;
  }
  return node;
}

void Builder::OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) {
  SourceRange range = place(mark);
  range.end = static_cast<uint32_t>(std::min(text.find_first_of(" \t\r\n,]}", range.begin), text.size()));
  const Node *node = anchors[anchor];
  if (llvm::any_of(frames, [&](const Frame &frame) { return frame.node == node; }))
    stop<diag::YamlLoop>(range, text.slice(range.begin, range.end));
  count(node->weight, range);
  if (frames.size() + node->height > maxDepth + 1) stop<diag::YamlTooDeep>(range, maxDepth);
  attach(node);
}

void Builder::attach(const Node *node) {
  if (frames.empty()) {
    document.root = node;
    return;
  }
  Frame &frame = frames.back();
  frame.node->weight += node->weight;
  frame.node->height = std::max(frame.node->height, node->height + 1);
  if (frame.node->kind == Node::Kind::List) {
    frame.node->items.push_back(node);
  } else if (!frame.key) {
    addKey(frame, node);
  } else {
    if (frame.key->text == "<<" && !frame.key->quoted)
      frame.merges.push_back(node);
    else
      frame.node->entries.push_back({frame.key, node});
    frame.key = nullptr;
  }
}

void Builder::addKey(Frame &map, const Node *key) {
  if (key->kind != Node::Kind::Scalar) stop<diag::YamlKey>(key->range);
  auto [entry, isNew] = map.keys.try_emplace(key->text, key);
  if (!isNew) {
    engine.report<diag::DuplicateKey>(key->range, key->text).note<diag::PreviousHere>(entry->second->range, key->text);
    throw Stop{};
  }
  map.key = key;
}

// `<<`: entries of a map, or of each map of a list, for the keys that are not there yet.
void Builder::mergeInto(Frame &map, const Node &source) {
  if (!source.isMap()) stop<diag::YamlMerge>(source.range);
  for (const Node::Entry &entry : source.entries)
    if (map.keys.try_emplace(entry.key->text, entry.key).second) map.node->entries.push_back(entry);
}

void Builder::OnMapEnd() {
  Frame &map = frames.back();
  for (const Node *source : map.merges) {
    if (source->kind != Node::Kind::List)
      mergeInto(map, *source);
    else
      for (const Node *item : source->items)
        mergeInto(map, *item);
  }
  close();
}

} // namespace

const Node::Entry *Node::find(llvm::StringRef key) const {
  for (const Entry &entry : entries)
    if (entry.key->text == key) return &entry;
  return nullptr;
}

std::optional<Document> read(FileId file, Engine &engine) {
  llvm::StringRef text = engine.sources().file(file).text();
  if (!checkBytes(file, text, engine)) return std::nullopt;
  size_t base = text.startswith(byteOrderMark) ? byteOrderMark.size() : 0;
  Builder builder(file, engine, base);
  try {
    std::istringstream stream(text.substr(base).str());
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop &) {
    return std::nullopt;
  } catch (const YAML::Exception &complaint) {
    engine.report<diag::YamlSyntax>(builder.place(complaint.mark), complaint.msg);
    return std::nullopt;
  }
  Document document = builder.take();
  if (!document.root) {
    engine.report<diag::YamlEmpty>(at(file, 0, 0));
    return std::nullopt;
  }
  return document;
}

std::optional<bool> asBool(const Node &node) {
  if (node.kind != Node::Kind::Scalar || node.quoted) return std::nullopt;
  return llvm::StringSwitch<std::optional<bool>>(node.text)
      .Cases("y", "Y", "yes", "Yes", "YES", true)
      .Cases("true", "True", "TRUE", "on", "On", "ON", true)
      .Cases("n", "N", "no", "No", "NO", false)
      .Cases("false", "False", "FALSE", "off", "Off", "OFF", false)
      .Default(std::nullopt);
}

std::optional<int64_t> asInt(const Node &node) {
  if (node.kind != Node::Kind::Scalar || node.quoted || node.text.empty()) return std::nullopt;
  std::string digits = node.text; // `_` separates digits
  digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
  llvm::StringRef rest = digits;
  if (rest.consume_front("+") && !rest.empty() && !llvm::isDigit(rest[0])) return std::nullopt;
  int64_t value = 0;
  if (rest.empty() || rest.getAsInteger(0, value)) return std::nullopt; // 0: 0x, 0o, 0b, a leading 0 for octal
  return value;
}

} // namespace snapsecc::yaml
