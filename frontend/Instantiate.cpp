// SPDX-License-Identifier: Apache-2.0
// Library + snaps + connections + target -> ir::Policy:
//   1. scenes: the snaps and the system, with their plugs and slots, attributes read;
//   2. connections;
//   3. for each label its template, then layouts, then the blocks of its interfaces, then overlays. A block is made
//   once for the
//      snap; where it asks for the application, once more for each label.
#include "frontend/Instantiate.h"
#include "automata/Pattern.h"
#include "frontend/InstantiateDiagnostics.h"
#include "frontend/InstantiateRules.h"
#include "frontend/Scenes.h"
#include <set>
#include <tuple>

namespace snapsecc {
namespace {

struct Target { // of rules: a snap of the policy with its labels
  const SnapScene *scene = nullptr;
  ir::Snap snap;
  std::vector<ir::Label> labels; // apps and hooks, as in scene->snap->apps
  RuleBudget budget;
  std::set<std::tuple<ir::RuleKind, ir::Modifiers, std::vector<ir::Rule::Operand>>> seen; // rules of the snap
  // Rules of the snap that several labels or connections ask for are one.
  void addSnapRules(std::vector<ir::Rule> rules) {
    for (ir::Rule &rule : rules)
      if (seen.emplace(rule.kind, rule.modifiers, rule.operands).second) snap.rules.push_back(std::move(rule));
  }
};

class Maker {
public:
  Maker(const Context &context, const Scenes &all, const ConnectionResult &connected, Engine &diagnostics)
      : base(context), scenes(all), connections(connected.connections), engine(diagnostics) {}
  ir::Policy make();

private:
  Target makeTarget(const SnapScene &scene);
  void addTemplate(Target &target);
  void addLayouts(Target &target);
  void addAlways(Target &target, const EndpointScene &endpoint);
  void addConnection(Target &target, const ConnectionScene &connection, SideKind side);
  void addOverlays(Target &target);
  void addHelper(Target &target);
  void addBlock(Target &target, const ast::Block &block, const Context &context, llvm::StringRef owner,
                llvm::ArrayRef<std::string> parts);
  const Template *chooseTemplate(const Context &context);
  MadeRules run(Target &target, const ast::Block &block, const Context &context, llvm::StringRef owner) {
    return makeRules(block.statements, context, owner, target.budget, origins);
  }

  const Context &base;
  const Scenes &scenes;
  const std::vector<ConnectionScene> &connections;
  Engine &engine;
  ir::Policy policy;
  OriginTable origins{policy, engine.sources()};
};

template <class T> void append(std::vector<T> &to, std::vector<T> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::string sideName(const EndpointScene &endpoint) {
  return "interface " + endpoint.interface->name + (endpoint.side == SideKind::Plug ? " plug" : " slot");
}

llvm::ArrayRef<std::string> partsOf(const EndpointScene &endpoint) {
  return endpoint.declared ? llvm::ArrayRef<std::string>(endpoint.declared->labels) : llvm::ArrayRef<std::string>();
}

ir::Layout expanded(ir::Layout layout, const Snap &snap) {
  layout.path = expandPath(layout.path, snap, false);
  layout.source = expandPath(layout.source, snap, false);
  return layout;
}

Target Maker::makeTarget(const SnapScene &scene) {
  Target target;
  target.scene = &scene;
  target.snap.instance = scene.instance;
  target.snap.mode = scene.mode;
  if (scene.isSystem()) {
    target.snap.name = "system";
    target.snap.type = "os";
    return target;
  }
  const Snap &snap = *scene.snap;
  target.snap.name = snap.name;
  target.snap.revision = snap.revision;
  target.snap.version = snap.version;
  target.snap.base = snap.base;
  target.snap.type = snap.type;
  for (const ir::Layout &layout : snap.layouts)
    target.snap.layouts.push_back(expanded(layout, snap));
  for (const App &app : snap.apps) {
    ir::Label label;
    label.name = "snap." + scene.instance + "." + app.labelPart();
    label.snap = scene.instance;
    label.app = app.labelPart();
    label.kind = app.hook ? ir::LabelKind::Hook : ir::LabelKind::App;
    label.mode = scene.mode;
    label.daemon = !app.daemon.empty();
    target.labels.push_back(std::move(label));
  }
  return target;
}

// Rules of a block to the labels of the apps and hooks in `parts`, and to the snap.
void Maker::addBlock(Target &target, const ast::Block &block, const Context &context, llvm::StringRef owner,
                     llvm::ArrayRef<std::string> parts) {
  MadeRules once = run(target, block, context, owner);
  target.addSnapRules(std::move(once.snap));
  for (size_t i = 0; i < target.labels.size(); ++i) {
    ir::Label &label = target.labels[i];
    if (!llvm::is_contained(parts, label.app)) continue;
    if (once.readsApp) {
      Context own = context;
      own.app = &target.scene->snap->apps[i];
      own.label = label.name;
      MadeRules mine = run(target, block, own, owner);
      append(label.rules, std::move(mine.label));
      target.addSnapRules(std::move(mine.snap));
    } else if (target.budget.take(once.label.size())) {
      label.rules.insert(label.rules.end(), once.label.begin(), once.label.end());
    }
  }
}

const Template *Maker::chooseTemplate(const Context &context) {
  const Template *chosen = nullptr;
  for (const auto &[name, candidate] : base.library->templates) {
    if (name == "default" && !chosen) chosen = &candidate;
    if (candidate.condition && Evaluator(context).holds(*candidate.condition, Scope())) return &candidate;
  }
  if (!chosen) engine.report<diag::NoTemplate>(SourceRange(), "default");
  return chosen;
}

void Maker::addTemplate(Target &target) {
  Context context = base;
  context.snap = target.scene;
  const Template *chosen = chooseTemplate(context);
  if (!chosen || !chosen->block) return;
  std::vector<std::string> parts;
  for (const ir::Label &label : target.labels)
    parts.push_back(label.app);
  addBlock(target, *chosen->block, context, "template " + chosen->name, parts);
}

// What a layout shows at a path is the snap's own: to be used as its own files are. A link needs no rule, its target
// has them.
void Maker::addLayouts(Target &target) {
  if (target.scene->mode == ir::Mode::Unconfined) return;
  for (const ir::Layout &layout : target.snap.layouts) {
    if (layout.kind == ir::Layout::Kind::Symlink) continue;
    std::string pattern = automata::escapeLiteral(layout.path);
    if (layout.kind != ir::Layout::Kind::BindFile) pattern += "{,/**}";
    ir::Rule rule;
    rule.kind = ir::RuleKind::File;
    rule.set("GLOB", {ir::Value::string(pattern)});
    rule.set("PERMS", {ir::Value::word("rwmklx")});
    rule.origins.push_back(origins.add(target.scene->snap->nameRange, "layout", ""));
    for (ir::Label &label : target.labels)
      if (target.budget.take(1)) label.rules.push_back(rule);
  }
}

void Maker::addAlways(Target &target, const EndpointScene &endpoint) {
  const Interface &interface = *endpoint.interface;
  Context context = base;
  context.snap = target.scene;
  context.interface = &interface;
  bool isPlug = endpoint.side == SideKind::Plug;
  (isPlug ? context.plug : context.slot) = &endpoint;
  for (const ast::Block *block : isPlug ? interface.plug.always : interface.slot.always)
    addBlock(target, *block, context, sideName(endpoint), partsOf(endpoint));
}

void Maker::addConnection(Target &target, const ConnectionScene &connection, SideKind side) {
  const EndpointScene &own = side == SideKind::Plug ? *connection.plug : *connection.slot;
  const Interface &interface = *own.interface;
  Context context = base;
  context.snap = target.scene;
  context.interface = &interface;
  context.plug = connection.plug;
  context.slot = connection.slot;
  for (const ast::Block *block : side == SideKind::Plug ? interface.plug.connected : interface.slot.connected)
    addBlock(target, *block, context, sideName(own), partsOf(own));
  if (side != SideKind::Plug) return;
  context.interface = nullptr;
  for (const Overlay &overlay : base.library->overlays)
    if (overlay.interface == interface.name && overlay.block)
      addBlock(target, *overlay.block, context, "overlay interface " + interface.name, partsOf(own));
}

void Maker::addOverlays(Target &target) {
  Context context = base;
  context.snap = target.scene;
  for (const Overlay &overlay : base.library->overlays) {
    bool mine = overlay.snap == target.scene->snap->name || overlay.snap == target.scene->instance;
    if (overlay.snap.empty() || !mine || !overlay.block) continue;
    std::vector<std::string> parts = overlay.apps;
    if (parts.empty())
      for (const ir::Label &label : target.labels)
        parts.push_back(label.app);
    addBlock(target, *overlay.block, context, "overlay snap " + overlay.snap, parts);
  }
}

// snap-update-ns.INSTANCE, for a snap that runs anything.
void Maker::addHelper(Target &target) {
  auto helper = base.library->templates.find("mount-helper");
  if (target.labels.empty() || helper == base.library->templates.end()) return;
  Context context = base;
  context.snap = target.scene;
  context.label = "snap-update-ns." + target.scene->instance;
  ir::Label label;
  label.name = context.label;
  label.snap = target.scene->instance;
  label.kind = ir::LabelKind::MountHelper;
  if (helper->second.block) label.rules = run(target, *helper->second.block, context, "template mount-helper").label;
  target.labels.push_back(std::move(label));
}

ir::Policy Maker::make() {
  policy.target = base.target->name;
  policy.system = base.target->system;
  policy.arch = base.target->arch;
  std::vector<const SnapScene *> everyone;
  for (const auto &snap : scenes.snaps)
    everyone.push_back(snap.get());
  everyone.push_back(&scenes.system);
  for (const SnapScene *scene : everyone) {
    Target target = makeTarget(*scene);
    if (!scene->isSystem()) {
      addTemplate(target);
      addLayouts(target);
    }
    // A classic application's profile gives it a name and no more: a rule of an interface could only take away.
    std::vector<std::vector<ir::Rule>> before;
    if (scene->mode == ir::Mode::Unconfined)
      for (const ir::Label &label : target.labels)
        before.push_back(label.rules);
    for (const auto *endpoints : {&scene->plugs, &scene->slots})
      for (const auto &endpoint : *endpoints) {
        // Of the system's own sides those count that are connected.
        bool used = !scene->isSystem() || llvm::any_of(connections, [&](const ConnectionScene &made) {
          return made.plug == endpoint.get() || made.slot == endpoint.get();
        });
        if (used) addAlways(target, *endpoint);
        for (const ConnectionScene &connection : connections) {
          if (connection.plug == endpoint.get()) addConnection(target, connection, SideKind::Plug);
          if (connection.slot == endpoint.get()) addConnection(target, connection, SideKind::Slot);
        }
      }
    for (size_t i = 0; i < before.size(); ++i)
      target.labels[i].rules = std::move(before[i]);
    if (!scene->isSystem()) {
      addOverlays(target);
      addHelper(target);
    }
    if (target.budget.left == 0)
      engine.report<diag::TooManyRules>(scene->snap ? scene->snap->nameRange : SourceRange(), scene->instance,
                                        RuleBudget::limit);
    append(policy.labels, std::move(target.labels));
    if (!scene->isSystem() || !target.snap.rules.empty()) policy.snaps.push_back(std::move(target.snap));
  }
  for (const ConnectionScene &made : connections)
    policy.connections.push_back({made.plug->interface->name, made.plug->owner->instance, made.plug->name,
                                  made.slot->owner->instance, made.slot->name, made.why});
  llvm::sort(policy.labels, [](const ir::Label &a, const ir::Label &b) { return a.name < b.name; });
  llvm::sort(policy.snaps, [](const ir::Snap &a, const ir::Snap &b) { return a.instance < b.instance; });
  return std::move(policy);
}

} // namespace

Instantiated instantiate(const Library &library, const std::vector<Snap> &snaps, const InstantiateOptions &options,
                         const ir::Target &target, Engine &engine) {
  HostProbe host(target.sysroot);
  Context base;
  base.library = &library;
  base.target = &target;
  base.host = &host;
  for (const Snap &snap : snaps)
    if (snap.type == "kernel") base.kernelSnap = snap.name;
  std::unique_ptr<Scenes> scenes = makeScenes(snaps, options, base, engine);
  readScenes(*scenes, base, engine);
  ConnectionResult connected = decideConnections(*scenes, options.connect, base, engine);
  Instantiated result;
  result.policy = Maker(base, *scenes, connected, engine).make();
  result.unconnected = std::move(connected.unconnected);
  return result;
}

} // namespace snapsecc
