// SPDX-License-Identifier: Apache-2.0
// Looks up each line of the table in a set of names: nodes and families name by name, whole majors by inclusion of the
// language of their names.
#include "backends/cgroup/StaticDevices.h"

namespace snapsecc::cgroup {
namespace {

using automata::Language;

// A line of the table. Node: first == last; family: a name each minor; every: majors from `major` to `lastMajor`.
struct Line {
  enum class Kind : uint8_t { Node, Family, Every, Default };
  Kind kind;
  char type;
  int major, lastMajor, first, last;
  const char *name; // below /dev: a name, what stands before the number, or a pattern
  int number;       // of the first minor
  bool isDefault;
};
constexpr Line lines[] = {
#define NODE(Type, Major, Minor, Name, InDefault)                                                                      \
  {Line::Kind::Node, Type, Major, Major, Minor, Minor, Name, 0, InDefault},
#define FAMILY(Type, Major, First, Last, Prefix, Number)                                                               \
  {Line::Kind::Family, Type, Major, Major, First, Last, Prefix, Number, false},
#define EVERY(Type, Major, LastMajor, Pattern, InDefault)                                                              \
  {Line::Kind::Every, Type, Major, LastMajor, -1, -1, Pattern, 0, InDefault},
#define DEFAULT(Pattern) {Line::Kind::Default, 'c', 0, 0, 0, 0, Pattern, 0, true},
#include "backends/cgroup/StaticDevices.def"
#undef NODE
#undef FAMILY
#undef EVERY
#undef DEFAULT
};

std::string pathOf(const Line &line, int minor) {
  std::string path = std::string("/dev/") + line.name;
  if (line.kind == Line::Kind::Family) path += std::to_string(line.number + minor - line.first);
  return path;
}

// Is the set of nodes larger than the names of the line's majors? An automaton over the budget is no reason to grant.
bool includesAll(const Language &nodes, const Line &line) {
  llvm::Expected<Language> names = Language::fromText(pathOf(line, 0), automata::standardVariables());
  if (!names) {
    llvm::consumeError(names.takeError());
    return false;
  }
  llvm::Expected<bool> all = nodes.includes(*names);
  if (all) return *all;
  llvm::consumeError(all.takeError());
  return false;
}

} // namespace

void addStaticDevices(const NodeSet &set, std::set<DeviceEntry> &into) {
  for (const Line &line : lines) {
    if (line.kind == Line::Kind::Default || !set.types.contains(line.type)) continue;
    if (line.kind == Line::Kind::Every) {
      if (!includesAll(set.nodes, line)) continue;
      for (int major = line.major; major <= line.lastMajor; ++major)
        into.insert({line.type, major, -1});
      continue;
    }
    for (int minor = line.first; minor <= line.last; ++minor)
      if (set.nodes.contains(pathOf(line, minor))) into.insert({line.type, line.major, minor});
  }
}

llvm::Expected<Language> defaultNodes() {
  Language all = Language::empty();
  for (const Line &line : lines) {
    if (!line.isDefault) continue;
    llvm::Expected<Language> names = Language::fromText(pathOf(line, line.first), automata::standardVariables());
    if (!names) return names.takeError();
    llvm::Expected<Language> more = all.unite(*names);
    if (!more) return more.takeError();
    all = std::move(*more);
  }
  return all;
}

} // namespace snapsecc::cgroup
