// SPDX-License-Identifier: Apache-2.0
// The connection policy of each interface beside the reference's (taxonomy.md, section 1, the column `policy`): who may
// declare plug and slot, and whether a plug without attributes connects, by hand or by itself, to the system's slot and
// to one of another publisher's application. Skipped where the reference is not beside the project.
#include "frontend/Scenes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <filesystem>
#include <gmock/gmock.h>
#include <map>

using namespace snapsecc;
namespace fs = std::filesystem;

namespace {

const char *taxonomy = "../shared/reference/taxonomy.md"; // tests run in the project's root

std::map<std::string, std::string> readTable() {
  std::map<std::string, std::string> table;
  auto buffer = llvm::MemoryBuffer::getFile(taxonomy);
  if (!buffer) return table;
  llvm::StringRef text = (*buffer)->getBuffer().split("```\nname | impl").second.split("\n```").first;
  llvm::SmallVector<llvm::StringRef, 0> lines, cells;
  text.split(lines, '\n', -1, false);
  for (llvm::StringRef line : lines) { // the first is what is left of the heading
    cells.clear();
    line.split(cells, '|');
    if (cells.size() >= 7 && !cells[0].empty()) table[cells[0].str()] = cells[4].str();
  }
  return table;
}

class ConnectionTable : public testing::Test {
protected:
  void SetUp() override {
    if (!fs::exists(taxonomy)) GTEST_SKIP() << "the reference is not here";
    library = checkSources(readSources("stdlib", {}, engine), engine);
    ASSERT_FALSE(engine.hasErrors());
  }

  // The row of one interface, written as the table writes it.
  std::string row(const Interface &interface) {
    std::string classic = connections(interface, "classic"), core = connections(interface, "core");
    return installs(interface) + " " + classic + (core == classic ? "" : " / " + core);
  }

private:
  Snap snapOf(const char *name, const std::string &type, const char *side, const Interface &interface) {
    std::string yaml = std::string("name: ") + name + "\nversion: 1\ntype: " + type + "\n" + side + "s:\n  " + side +
                       ": " + interface.name + "\n";
    return *readSnap(sources.add(name, yaml), engine);
  }
  bool holds(const ast::Expr *condition, const EndpointScene &plug, const EndpointScene &slot, const Context &base) {
    return !condition || betweenSides(plug, slot, base).holds(*condition, Scope());
  }

  // Both sides of a scene: the consumer's plug, and the slot of the system or of a producer of this type.
  template <class Ask> auto between(const Interface &interface, const char *system, const std::string &type, Ask ask) {
    Engine ignored(sources); // required attributes are missing
    ir::Target target;
    target.system = system;
    HostProbe host("");
    Context base;
    base.library = library.get();
    base.target = &target;
    base.host = &host;
    std::vector<Snap> snaps = {snapOf("consumer", "app", "plug", interface)};
    if (type != "system") snaps.push_back(snapOf("producer", type, "slot", interface));
    std::unique_ptr<Scenes> scenes = makeScenes(snaps, {}, base, ignored);
    readScenes(*scenes, base, ignored);
    const EndpointScene &plug = *scenes->snaps.front()->plugs.front();
    if (type != "system") return ask(plug, *scenes->snaps.back()->slots.front(), base);
    for (const auto &slot : scenes->system.slots)
      if (slot->interface == &interface) return ask(plug, *slot, base);
    EndpointScene made{&scenes->system, SideKind::Slot, interface.name,
                       &interface,      nullptr,        std::make_shared<RecordValue>()};
    return ask(plug, made, base);
  }

  std::string installs(const Interface &interface) {
    auto allows = [&](const Interface::Who &who, llvm::StringRef type, bool isPlug) {
      if (!who.given) return true;
      if (who.never || !llvm::is_contained(who.providers, type)) return false;
      auto ask = [&](const EndpointScene &plug, const EndpointScene &slot, const Context &base) {
        return holds(who.condition, plug, slot, base);
      };
      return between(interface, "classic", isPlug ? "app" : type.str(), ask);
    };
    std::string slots;
    for (auto [type, letter] :
         {std::pair("system", 'c'), std::pair("app", 'a'), std::pair("gadget", 'g'), std::pair("kernel", 'k')})
      if (allows(interface.provider, type, false)) slots += letter;
    return std::string(allows(interface.install, "app", true) ? "y " : "n ") + (slots.empty() ? "-" : slots);
  }

  std::string connections(const Interface &interface, const char *system) {
    using Level = Interface::Connect::Level;
    std::string manual, automatic;
    for (const char *type : {"system", "app"}) {
      Level level = between(interface, system, type,
                            [&](const EndpointScene &plug, const EndpointScene &slot, const Context &base) {
                              for (const Interface::Connect &line : interface.connects)
                                if (holds(line.condition, plug, slot, base)) return line.level;
                              return Level::Never;
                            });
      manual += level == Level::Manual || level == Level::Auto ? 'y' : 'n';
      automatic += level == Level::Auto || level == Level::AutoOnly ? 'y' : 'n';
    }
    return manual + " " + automatic;
  }

  SourceManager sources;

protected:
  Engine engine{sources};
  std::unique_ptr<Library> library;
};

TEST_F(ConnectionTable, IsTheReferences) {
  std::map<std::string, std::string> table = readTable();
  EXPECT_EQ(table.size(), 220u);
  for (const auto &[name, policy] : table) {
    auto interface = library->interfaces.find(name);
    if (interface == library->interfaces.end())
      ADD_FAILURE() << "no interface " << name;
    else
      EXPECT_EQ(row(interface->second), policy) << name;
  }
}

} // namespace
