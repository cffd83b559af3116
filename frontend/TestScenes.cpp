// SPDX-License-Identifier: Apache-2.0
#include "frontend/TestScenes.h"
#include "frontend/BuildAst.h"
#include "frontend/Check.h"
#include "frontend/InstantiateRules.h"

namespace snapsecc {
namespace {

using checking::Parts;

Attribute toAttribute(const Value &value, SourceRange range) {
  Attribute made;
  made.range = range;
  made.text = plainText(value).value_or("");
  switch (value.kind) {
  case Value::Kind::Bool:
    made.kind = Attribute::Kind::Bool;
    made.boolean = value.boolean;
    break;
  case Value::Kind::Int:
    made.kind = Attribute::Kind::Int;
    made.integer = value.number;
    break;
  case Value::Kind::List:
    made.kind = Attribute::Kind::List;
    for (const Value &element : value.list)
      made.list.push_back(toAttribute(element, range));
    break;
  case Value::Kind::Record:
    made.kind = Attribute::Kind::Map;
    for (const RecordValue::Field &field : value.record->fields)
      made.map.push_back({field.name, range, toAttribute(field.value, range)});
    break;
  default: made.kind = Attribute::Kind::Text; made.text = value.text;
  }
  return made;
}

SideKind otherSide(SideKind side) { return side == SideKind::Plug ? SideKind::Slot : SideKind::Plug; }

// The scene as far as it is set; each `given` changes it.
class Setting {
public:
  Setting(const Interface *own, const Library &all, const ir::Target &machine)
      : interface(own), library(all), target(machine) {}
  void give(const Parts &given);
  TestScene makeScene(const std::string &system) const;
  std::vector<std::string> systems() const;

private:
  struct Side {
    bool connected = false;
    std::vector<Attribute::Entry> attributes;
    SourceRange range;
  };
  Side &side(SideKind kind) { return kind == SideKind::Plug ? plug : slot; }
  const Side &side(SideKind kind) const { return kind == SideKind::Plug ? plug : slot; }
  bool systemHas(const Interface &which, SideKind kind, const std::string &system) const;
  void connect(TestScene &scene, const Interface &which, SideKind own, SourceRange range) const;

  const Interface *interface;
  const Library &library;
  const ir::Target &target;
  std::string snap = "example", base = "core22";
  std::vector<std::string> hosts;
  Side plug, slot;
  SideKind subject = SideKind::Plug; // whose label is asked
  std::vector<std::pair<const Interface *, SourceRange>> others;
};

void Setting::give(const Parts &given) {
  if (given.has("host")) {
    hosts = given.words("host");
  } else if (given.has("snap")) {
    snap = given.word("snap");
    if (given.has("base")) base = given.word("base");
  } else if (given.has("interface")) {
    if (auto found = library.interfaces.find(given.word("interface")); found != library.interfaces.end())
      others.emplace_back(&found->second, given.range("interface"));
  } else if (interface) {
    SideKind kind = given.word("plug|slot") == "plug" ? SideKind::Plug : SideKind::Slot;
    Side &own = side(kind);
    own.range = given.range("plug|slot");
    if (!plug.connected && !slot.connected) subject = kind;
    if (!given.has("VALUE")) {
      own.connected = true;
      subject = kind;
      return;
    }
    Context context;
    context.library = &library;
    context.target = &target;
    context.interface = interface;
    const ast::Expr &written = given.get("VALUE")->values[0];
    Value value = Evaluator(context).evaluate(written, Scope());
    std::string name = given.word("NAME");
    llvm::erase_if(own.attributes, [&](const Attribute::Entry &entry) { return entry.key == name; });
    own.attributes.push_back({name, given.range("NAME"), toAttribute(value, written.range)});
  }
}

// Classic, where the interface can be used there.
std::vector<std::string> Setting::systems() const {
  if (!hosts.empty()) return hosts;
  std::string system = "classic";
  if (interface && !interface->implicit.empty() && !systemHas(*interface, SideKind::Slot, system) &&
      !systemHas(*interface, SideKind::Plug, system))
    system = interface->implicit.front().hosts.front();
  return {system};
}

bool Setting::systemHas(const Interface &which, SideKind kind, const std::string &system) const {
  ir::Target machine = target;
  machine.system = system;
  HostProbe probe(machine.sysroot);
  Context context;
  context.library = &library;
  context.target = &machine;
  context.host = &probe;
  context.interface = &which;
  return llvm::any_of(which.implicit, [&](const Interface::Implicit &one) {
    return one.side == kind && llvm::any_of(one.hosts, [&](const std::string &host) { return isHost(system, host); }) &&
           (!one.condition || Evaluator(context).holds(*one.condition, Scope()));
  });
}

// The type of a snap that may have the slot.
std::string providerOf(const Interface &interface) {
  for (llvm::StringRef type : {"app", "gadget", "kernel", "base"})
    if (!interface.provider.given || llvm::is_contained(interface.provider.providers, type)) return type.str();
  return "app";
}

Snap makeSnap(const std::string &name, const std::string &base, SourceRange range) {
  Snap snap;
  snap.name = name;
  snap.base = base;
  snap.version = "1";
  snap.nameRange = range;
  App app;
  app.name = name;
  app.range = range;
  snap.apps.push_back(std::move(app));
  return snap;
}

void addEndpoint(Snap &snap, SideKind kind, const Interface &interface, const std::vector<Attribute::Entry> &attributes,
                 SourceRange range) {
  Endpoint endpoint;
  endpoint.name = endpoint.interface = interface.name;
  endpoint.range = endpoint.interfaceRange = range;
  endpoint.attributes = attributes;
  endpoint.labels = {snap.name};
  if (kind == SideKind::Slot) snap.type = providerOf(interface);
  auto &endpoints = kind == SideKind::Plug ? snap.plugs : snap.slots;
  endpoints.insert(
      llvm::lower_bound(endpoints, endpoint, [](const Endpoint &a, const Endpoint &b) { return a.name < b.name; }),
      std::move(endpoint));
}

// Gives the first snap this side, and makes the other one where the system does not have it.
void Setting::connect(TestScene &scene, const Interface &which, SideKind own, SourceRange range) const {
  SideKind far = otherSide(own);
  std::vector<Attribute::Entry> none;
  const std::vector<Attribute::Entry> &attributes = &which == interface ? side(far).attributes : none;
  std::string partner;
  if (!attributes.empty() || !systemHas(which, far, scene.system)) {
    partner = "other";
    if (scene.snaps.size() == 1) scene.snaps.push_back(makeSnap(partner, base, range));
    addEndpoint(scene.snaps.back(), far, which, attributes, range);
  }
  ConnectRequest request{"in a test", snap, which.name, partner, which.name};
  if (own == SideKind::Slot) std::swap(request.plugSnap, request.slotSnap);
  scene.connect.asked.push_back(std::move(request));
}

TestScene Setting::makeScene(const std::string &system) const {
  TestScene scene;
  scene.system = system;
  scene.snaps.push_back(makeSnap(snap, base, interface ? interface->range : SourceRange()));
  scene.label = "snap." + snap + "." + snap;
  if (interface) {
    const Side &own = side(subject);
    SourceRange range = own.range.isValid() ? own.range : interface->range;
    addEndpoint(scene.snaps.front(), subject, *interface, own.attributes, range);
    if (own.connected) connect(scene, *interface, subject, range);
  }
  for (auto [other, range] : others) {
    addEndpoint(scene.snaps.front(), SideKind::Plug, *other, {}, range);
    connect(scene, *other, SideKind::Plug, range);
  }
  return scene;
}

// Of an `allow`, a `deny` or a `given`.
llvm::StringRef keywordOf(const ast::Rule &rule) { return rule.items[0].values[0].bareWord()->path[0]; }

std::optional<Parts> partsOf(const ast::Rule &rule) {
  const Declaration &given = declaration(DeclarationKind::Given);
  std::vector<ir::Item> items;
  for (const ast::Item &item : llvm::drop_begin(rule.items)) {
    ir::Item &shape = items.emplace_back();
    shape.arrow = item.arrow;
    for (const ast::Expr &value : item.values)
      shape.values.push_back(shapeOf(value));
  }
  ir::MatchResult result = ir::matchStatement(given.signature, items);
  if (!result.match) return std::nullopt; // was reported by Check
  return Parts{&given, &rule, std::move(*result.match)};
}

} // namespace

std::vector<TestScene> makeTestScenes(const ast::Statement &test, const Interface *interface, const Library &library,
                                      const ir::Target &target, const SourceManager &sources) {
  std::vector<TestScene> scenes;
  Setting setting(interface, library, target);
  Context context;
  context.library = &library;
  context.target = &target;
  ir::Policy policy; // of the accesses, for their origins
  OriginTable origins(policy, sources);
  bool changed = true;
  std::vector<TestScene> now;
  auto finish = [&] {
    for (TestScene &scene : now)
      if (!scene.expectations.empty()) scenes.push_back(std::move(scene));
    now.clear();
  };
  for (const ast::Statement &statement : std::get<ast::Rule>(test.node).block->statements) {
    const auto &rule = std::get<ast::Rule>(statement.node);
    if (!rule.kind) {
      if (std::optional<Parts> given = partsOf(rule)) setting.give(*given);
      changed = true;
      continue;
    }
    if (changed) {
      finish();
      for (const std::string &system : setting.systems())
        now.push_back(setting.makeScene(system));
      changed = false;
    }
    RuleBudget budget;
    MadeRules made = makeRules(statement, context, "", budget, origins);
    for (std::vector<ir::Rule> *rules : {&made.label, &made.snap})
      for (ir::Rule &access : *rules) {
        access.origins.clear();
        for (TestScene &scene : now)
          scene.expectations.push_back({statement.range, keywordOf(rule) == "allow", access});
      }
  }
  finish();
  return scenes;
}

} // namespace snapsecc
