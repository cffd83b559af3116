// SPDX-License-Identifier: Apache-2.0
// Every way to use an interface that the reference knows, made into snaps and instantiated: with the language's samples
// and with the library of the project. Whatever comes out must verify. Skipped where the reference is not beside the
// project.
#include "InstantiateFixture.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include <filesystem>
#include <map>

using namespace snapsecc;
using namespace snapsecc::testing_support;
namespace fs = std::filesystem;
namespace json = llvm::json;

namespace {

const char *shared = "../shared"; // tests run in the project's root

struct Use {
  std::string interface, name, slotKind, system;
  json::Object plug, slot;
  std::string title() const { return interface + "/" + name + "@" + slotKind + "/" + system; }
};

std::string text(const json::Object &object, llvm::StringRef key) { return object.getString(key).getValueOr("").str(); }

std::vector<Use> readUses() {
  std::map<std::string, Use> uses;
  auto buffer = llvm::MemoryBuffer::getFile(std::string(shared) + "/reference/facts.jsonl");
  if (!buffer) return {};
  llvm::SmallVector<llvm::StringRef, 0> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, false);
  for (llvm::StringRef line : lines) {
    llvm::Expected<json::Value> value = json::parse(line);
    if (!value) {
      ADD_FAILURE() << llvm::toString(value.takeError());
      continue;
    }
    const json::Object &fact = *value->getAsObject();
    Use use{text(fact, "interface"), text(fact, "case"), text(fact, "slot_kind"), text(fact, "system"), {}, {}};
    const json::Object &attributes = *fact.getObject("attrs");
    use.plug = *attributes.getObject("plug");
    use.slot = *attributes.getObject("slot");
    uses.try_emplace(use.title(), std::move(use));
  }
  std::vector<Use> list;
  for (auto &[title, use] : uses)
    list.push_back(std::move(use));
  return list;
}

std::string snapYaml(const std::string &name, const char *side, const Use &use, const json::Object &attributes) {
  bool gadget = use.slotKind == "gadget" && side[0] == 's';
  std::string yaml = "name: " + name + "\nversion: 1\n" + (gadget ? "type: gadget\n" : "");
  yaml += "apps:\n  app:\n    command: a\n    daemon: simple\n    " + std::string(side) + "s: [" + side + "]\n";
  yaml += std::string(side) + "s:\n  " + side + ":\n    interface: " + use.interface + "\n";
  for (const auto &[key, value] : attributes) {
    std::string shown;
    llvm::raw_string_ostream out(shown);
    out << value; // JSON is YAML
    yaml += "    " + key.str() + ": " + out.str() + "\n";
  }
  return yaml;
}

// The library once, everything else anew for each use.
struct Bench {
  SourceManager sources;
  Engine engine{sources};
  std::unique_ptr<Library> library;

  explicit Bench(const std::vector<std::string> &paths) {
    std::vector<ast::File> files;
    for (const std::string &path : paths) {
      llvm::Expected<FileId> file = sources.read(path);
      if (!file)
        ADD_FAILURE() << llvm::toString(file.takeError());
      else
        files.push_back(buildAst(grammar::parse(*file, engine), engine));
    }
    library = check(std::move(files), engine);
  }
  // The names of the errors.
  std::string run(const Use &use, const ir::Target &full) {
    Engine said(sources);
    ir::Target target = full;
    target.system = use.system;
    bool systemPlug = use.slotKind == "implicit-plug", systemSlot = use.slotKind == "system";
    std::vector<Snap> snaps;
    auto add = [&](const char *name, const char *side, const json::Object &attributes) {
      std::string title = std::string(name) + ".yaml";
      if (auto snap = readSnap(sources.add(title, snapYaml(name, side, use, attributes)), said)) snaps.push_back(*snap);
    };
    if (!systemPlug) add("consumer", "plug", use.plug);
    if (!systemSlot) add("producer", "slot", use.slot);
    InstantiateOptions options;
    std::string request = (systemPlug ? ":" + use.interface : "consumer:plug") + "=" +
                          (systemSlot ? ":" + use.interface : "producer:slot");
    EXPECT_EQ(parseConnect(request, options.connect), "");
    Instantiated made = instantiate(*library, snaps, options, target, said);
    std::string errors;
    for (const Diagnostic &diagnostic : said.diagnostics())
      if (diagnostic.severity == Severity::Error)
        errors += std::string(errors.empty() ? "" : " ") + diagnostic.info->name;
    if (!said.hasErrors()) {
      EXPECT_THAT(ir::verify(made.policy), testing::IsEmpty()) << use.title();
      EXPECT_EQ(made.policy.connections.size(), 1u) << use.title();
    }
    return errors;
  }
};

class Reference : public testing::Test {
protected:
  void SetUp() override {
    if (!fs::exists(std::string(shared) + "/reference/facts.jsonl")) GTEST_SKIP() << "the reference is not here";
    llvm::Expected<ir::Target> target = ir::loadTarget("full", "stdlib/targets");
    if (!target) FAIL() << llvm::toString(target.takeError());
    full = *target;
  }
  ir::Target full;
};

TEST_F(Reference, SamplesInstantiate) {
  Bench bench({std::string(shared) + "/design/samples.sif"});
  ASSERT_FALSE(bench.engine.hasErrors());
  std::map<std::string, std::string> errors;
  size_t uses = 0;
  for (const Use &use : readUses()) {
    if (!bench.library->interfaces.count(use.interface)) continue;
    ++uses;
    if (std::string said = bench.run(use, full); !said.empty()) errors[use.interface + "/" + use.name] = said;
  }
  EXPECT_GT(uses, 200u);
  // The empty machine has no polkitd and no gpio-aggregator; a sample that calls a path what may be a pattern.
  EXPECT_EQ(errors, (std::map<std::string, std::string>{{"custom-device/full", "attribute-value"},
                                                        {"gpio-chardev/lines", "connect-refused"},
                                                        {"polkit/policy", "connect-unknown-slot"},
                                                        {"polkit/rules", "connect-unknown-slot"}}));
}

TEST_F(Reference, TheLibraryInstantiates) {
  std::vector<std::string> paths;
  for (const fs::directory_entry &entry : fs::recursive_directory_iterator("stdlib"))
    if (entry.path().extension() == ".sif") paths.push_back(entry.path().string());
  llvm::sort(paths);
  Bench bench(paths);
  size_t uses = 0;
  for (const Use &use : readUses())
    if (bench.library->interfaces.count(use.interface)) {
      ++uses;
      bench.run(use, full);
    }
  EXPECT_GT(uses, 200u);
}

} // namespace
