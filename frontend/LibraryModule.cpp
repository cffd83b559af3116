// SPDX-License-Identifier: Apache-2.0
// One walk over the fields of a library (LibraryFields.h) serves three visitors:
//   Numberer  the nodes of the syntax trees that pointers may lead to, in their order;
//   Writer    values to bytes: numbers as LEB128, a pointer as the number of its node, from 1 on;
//   Reader    the reverse. Every length is bounded by what is left, every number by what there is, depth by a limit.
// The syntax trees come first, so that all nodes have addresses and numbers before the first pointer.
#include "frontend/LibraryModule.h"
#include "frontend/LibraryFields.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/xxhash.h"
#include <cassert>

namespace snapsecc {
namespace {

constexpr llvm::StringLiteral magic = "snapsecc library\n";
constexpr unsigned maxDepth = 4000; // of structs in each other; the parser stops long before

// The types of the nodes that pointers lead to. Nodes of different types may stand at one address.
template <class T, class... All> constexpr unsigned indexOf() {
  unsigned index = 0;
  (void)((std::is_same_v<T, All> || (++index, false)) || ...);
  return index;
}
template <class T>
constexpr unsigned kindOf = indexOf<T, ast::Expr, ast::Block, ast::Let, ast::CheckStatement, ast::Statement, ast::Field,
                                    ast::TypeExpr, ast::Reference>();
constexpr unsigned noKind = kindOf<void>;
using Node = std::pair<const void *, unsigned>; // address, kind

template <class T>
concept Struct = requires(T x) {
  fields(x);
};
template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

// ---- The walk. A reading visitor finds containers empty, and what it answers of their sizes fills them.
template <class V, Scalar T> void walk(V &visitor, T &value) { visitor.scalar(value); }
template <class V> void walk(V &visitor, std::string &text) { visitor.text(text); }
template <class V> void walk(V &visitor, SourceRange &range) { visitor.range(range); }
template <class V, class T> void walk(V &visitor, const T *&node) { visitor.pointer(node); }
template <class V> void walk(V &visitor, std::shared_ptr<const RecordType> &record) { visitor.record(record); }
template <class V> void walk(V &visitor, llvm::DenseMap<const ast::TypeExpr *, Type> &types) { visitor.types(types); }
template <class V> void walk(V &visitor, llvm::DenseSet<const ast::Reference *> &words) { visitor.words(words); }

template <class V> void walk(V &visitor, ast::File &file) {
  SourceRange place{file.id, 0, 0};
  walk(visitor, place);
  file.id = place.file;
  walk(visitor, file.statements);
}
template <class V> void walk(V &visitor, std::shared_ptr<const Type> &type) {
  if (!visitor.flag(type != nullptr)) return;
  auto value = type ? std::const_pointer_cast<Type>(type) : std::make_shared<Type>();
  walk(visitor, *value);
  type = value;
}
template <class V, class T> void walk(V &visitor, std::optional<T> &value) {
  if (!visitor.flag(value.has_value())) return;
  if (!value) value.emplace();
  walk(visitor, *value);
}
template <class V, class List> void walkElements(V &visitor, List &list) {
  size_t count = visitor.count(list.size());
  if constexpr (requires { list.reserve(count); }) list.reserve(std::min<size_t>(count, 1000)); // no more on trust
  for (size_t i = 0; i < count; ++i) {
    if (i == list.size()) list.emplace_back();
    walk(visitor, list[i]);
  }
}
template <class V, class T> void walk(V &visitor, std::vector<T> &list) { walkElements(visitor, list); }
template <class V, class T> void walk(V &visitor, std::deque<T> &list) { walkElements(visitor, list); }
template <class V, class T> void walk(V &visitor, std::map<std::string, T> &map) {
  std::vector<std::string> keys;
  for (const auto &[key, value] : map)
    keys.push_back(key);
  walk(visitor, keys);
  for (const std::string &key : keys)
    walk(visitor, map[key]);
}
template <class V, class A, class B> void walk(V &visitor, std::pair<A, B> &pair) {
  walk(visitor, pair.first);
  walk(visitor, pair.second);
}
template <size_t I = 0, class... T> void emplace(std::variant<T...> &value, size_t index) {
  if constexpr (I < sizeof...(T)) {
    if (index == I)
      value.template emplace<I>();
    else
      emplace<I + 1>(value, index);
  }
}
template <class V, class... T> void walk(V &visitor, std::variant<T...> &value) {
  uint8_t index = static_cast<uint8_t>(value.index());
  walk(visitor, index);
  if (index != value.index()) emplace(value, index);
  std::visit([&](auto &alternative) { walk(visitor, alternative); }, value);
}
template <class V, Struct T> void walk(V &visitor, T &value) {
  if (!visitor.enter(value)) return;
  std::apply([&](auto &...field) { (walk(visitor, field), ...); }, fields(value));
  visitor.leave();
}

struct Numberer {
  std::vector<Node> nodes{};
  template <class T> bool enter(const T &node) {
    if constexpr (kindOf<T> != noKind) nodes.emplace_back(&node, kindOf<T>);
    return true;
  }
  void leave() {}
  void scalar(const auto &) {}
  void text(const std::string &) {}
  void range(const SourceRange &) {}
  bool flag(bool value) { return value; }
  size_t count(size_t value) { return value; }
};

template <class V> void walkLibrary(V &visitor, Library &library) {
  std::apply(
      [&](auto &files, auto &...rest) {
        walk(visitor, files);
        Numberer numberer;
        walk(numberer, files);
        visitor.number(std::move(numberer.nodes));
        (walk(visitor, rest), ...);
      },
      fields(library));
}

class Writer {
public:
  explicit Writer(llvm::ArrayRef<FileId> files) : sources(files) {}
  void number(const std::vector<Node> &nodes) {
    for (const Node &node : nodes)
      numbers[node] = static_cast<unsigned>(numbers.size() + 1);
  }
  bool enter(const auto &) { return true; }
  void leave() {}
  void scalar(auto value) { llvm::encodeULEB128(static_cast<uint64_t>(value), out); }
  void text(const std::string &value) {
    scalar(value.size());
    out << value;
  }
  void range(const SourceRange &value) {
    assert(value.file == 0 || (value.file >= sources.front() && value.file <= sources.back()));
    scalar(value.file ? value.file - sources.front() + 1 : 0);
    scalar(value.begin);
    scalar(value.end - value.begin);
  }
  bool flag(bool value) { return scalar(value), value; }
  size_t count(size_t value) { return scalar(value), value; }
  template <class T> void pointer(const T *node) {
    unsigned number = numbers.lookup({node, kindOf<T>});
    assert((number || !node) && "a pointer out of the syntax trees");
    scalar(number);
  }
  void record(const std::shared_ptr<const RecordType> &value) {
    if (!value) return scalar(0);
    auto [found, isNew] = records.try_emplace(value.get(), records.size() + 1);
    scalar(found->second);
    if (isNew) walk(*this, const_cast<RecordType &>(*value)); // a walk changes nothing for a writer
  }
  // Those of the trees; the checker also knows types that it made on its way.
  void types(llvm::DenseMap<const ast::TypeExpr *, Type> &resolved) {
    std::map<unsigned, Type *> sorted;
    for (auto &[written, type] : resolved)
      if (unsigned number = numbers.lookup({written, kindOf<ast::TypeExpr>})) sorted[number] = &type;
    scalar(sorted.size());
    for (auto [number, type] : sorted) {
      scalar(number);
      walk(*this, *type);
    }
  }
  void words(const llvm::DenseSet<const ast::Reference *> &references) {
    std::vector<unsigned> sorted;
    for (const ast::Reference *reference : references)
      sorted.push_back(numbers.lookup({reference, kindOf<ast::Reference>}));
    llvm::sort(sorted);
    walk(*this, sorted);
  }
  std::string finish() { return std::move(out.str()); }

private:
  llvm::ArrayRef<FileId> sources;
  llvm::DenseMap<Node, unsigned> numbers;
  std::map<const RecordType *, size_t> records; // keyed for look-ups alone
  std::string bytes;
  llvm::raw_string_ostream out{bytes};
};

class Reader {
public:
  Reader(llvm::StringRef bytes, llvm::ArrayRef<FileId> files) : left(bytes), sources(files) {}
  void number(std::vector<Node> all) { nodes = std::move(all); }
  bool isDone() const { return left.empty() && !failed; }

  bool enter(const auto &) {
    if (++depth > maxDepth) fail();
    return !failed;
  }
  void leave() { --depth; }
  template <class T> void scalar(T &value) { value = static_cast<T>(next()); }
  void text(std::string &value) {
    size_t size = count();
    value = left.take_front(size).str();
    left = left.drop_front(size);
  }
  void range(SourceRange &value) {
    uint64_t file = next();
    if (file > sources.size()) return fail();
    value.file = file ? sources[file - 1] : 0;
    scalar(value.begin);
    value.end = static_cast<uint32_t>(value.begin + next());
  }
  bool flag(bool = false) { return next() == 1; }
  // Everything takes a byte at least.
  size_t count(size_t = 0) {
    uint64_t value = next();
    if (value > left.size()) fail();
    return failed ? 0 : static_cast<size_t>(value);
  }
  template <class T> void pointer(const T *&node) { node = nodeOf<T>(next()); }
  void record(std::shared_ptr<const RecordType> &value) {
    uint64_t number = next();
    if (number == 0) return;
    if (number > records.size() + 1) return fail();
    if (number <= records.size()) {
      value = records[number - 1];
      if (!value) fail(); // one that is being read would hold itself
      return;
    }
    records.emplace_back();
    auto made = std::make_shared<RecordType>();
    walk(*this, *made);
    value = records[number - 1] = std::move(made);
  }
  void types(llvm::DenseMap<const ast::TypeExpr *, Type> &resolved) {
    for (size_t count = this->count(); count > 0 && !failed; --count)
      if (const auto *written = nodeOf<ast::TypeExpr>(next())) walk(*this, resolved[written]);
  }
  void words(llvm::DenseSet<const ast::Reference *> &references) {
    for (size_t count = this->count(); count > 0 && !failed; --count)
      if (const auto *reference = nodeOf<ast::Reference>(next())) references.insert(reference);
  }

private:
  void fail() {
    failed = true;
    left = {};
  }
  uint64_t next() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !left.empty(); shift += 7) {
      auto byte = static_cast<uint8_t>(left.front());
      left = left.drop_front();
      value |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  template <class T> const T *nodeOf(uint64_t number) {
    if (number > nodes.size() || (number && nodes[number - 1].second != kindOf<T>)) fail();
    return number && !failed ? static_cast<const T *>(nodes[number - 1].first) : nullptr;
  }
  llvm::StringRef left;
  llvm::ArrayRef<FileId> sources;
  std::vector<Node> nodes;
  std::vector<std::shared_ptr<const RecordType>> records;
  unsigned depth = 0;
  bool failed = false;
};

std::string checksum(llvm::StringRef body) {
  std::string bytes(sizeof(uint64_t), '\0');
  llvm::support::endian::write64le(bytes.data(), llvm::xxHash64(body));
  return bytes;
}

} // namespace

std::string writeModule(const Library &library, llvm::StringRef key, llvm::ArrayRef<FileId> sources) {
  Writer writer(sources);
  walkLibrary(writer, const_cast<Library &>(library)); // a walk changes nothing for a writer
  std::string body = writer.finish();
  return (magic + key + checksum(body) + body).str();
}

std::unique_ptr<Library> readModule(llvm::StringRef bytes, llvm::StringRef key, llvm::ArrayRef<FileId> sources) {
  if (!bytes.consume_front(magic) || !bytes.consume_front(key) || bytes.size() < sizeof(uint64_t)) return nullptr;
  llvm::StringRef body = bytes.drop_front(sizeof(uint64_t));
  if (!bytes.startswith(checksum(body))) return nullptr;
  auto library = std::make_unique<Library>();
  Reader reader(body, sources);
  walkLibrary(reader, *library);
  return reader.isDone() ? std::move(library) : nullptr;
}

} // namespace snapsecc
