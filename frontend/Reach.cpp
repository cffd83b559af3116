// SPDX-License-Identifier: Apache-2.0
#include "frontend/Reach.h"
#include "frontend/InstantiateRules.h"

namespace snapsecc {
namespace {

Snap snapNamed(const std::string &name) {
  Snap snap;
  snap.name = name;
  snap.version = "1";
  snap.base = "core22";
  snap.apps.emplace_back().name = name;
  return snap;
}

// Two snaps, the first of which has the side in question. What it shows of itself stays with it.
class Stand {
public:
  Stand(const Library &library, const ir::Target &target, const SourceManager &sources)
      : probe(target.sysroot), manager(sources) {
    for (auto [scene, snap] : {std::pair{&own, &ownSnap}, std::pair{&other, &otherSnap}}) {
      scene->snap = snap;
      scene->instance = snap->name;
    }
    context.library = &library;
    context.target = &target;
    context.host = &probe;
    context.snap = &own;
    context.app = &ownSnap.apps.front();
    context.label = "snap." + ownSnap.name + "." + ownSnap.name;
    context.everyBranch = true;
  }
  void connect(const Interface &interface, SideKind side) {
    for (auto [end, kind] : {std::pair{&plug, SideKind::Plug}, std::pair{&slot, SideKind::Slot}}) {
      end->owner = kind == side ? &own : &other;
      end->side = kind;
      end->name = interface.name;
      end->interface = &interface;
      end->attributes = std::make_shared<RecordValue>();
    }
    context.interface = &interface;
    context.plug = &plug;
    context.slot = &slot;
  }
  ir::Policy make(llvm::ArrayRef<const ast::Block *> blocks, const std::string &owner) {
    ir::Policy policy;
    policy.target = context.target->name;
    policy.system = context.target->system;
    policy.arch = context.target->arch;
    OriginTable origins(policy, manager);
    ir::Label &label = policy.labels.emplace_back();
    label.name = context.label;
    label.snap = ownSnap.name;
    label.app = ownSnap.name;
    RuleBudget budget;
    for (const ast::Block *block : blocks) {
      MadeRules made = makeRules(block->statements, context, owner, budget, origins);
      llvm::move(made.label, std::back_inserter(label.rules));
    }
    ir::Snap &snap = policy.snaps.emplace_back();
    snap.name = snap.instance = ownSnap.name;
    return policy;
  }

private:
  HostProbe probe;
  const SourceManager &manager;
  Snap ownSnap = snapNamed("example"), otherSnap = snapNamed("other");
  SnapScene own, other;
  EndpointScene plug, slot;
  Context context;
};

} // namespace

ir::Policy reachOf(const Interface &interface, SideKind side, const Library &library, const ir::Target &target,
                   const SourceManager &sources) {
  Stand stand(library, target, sources);
  stand.connect(interface, side);
  const Interface::Side &rules = side == SideKind::Plug ? interface.plug : interface.slot;
  std::vector<const ast::Block *> blocks = rules.always;
  blocks.insert(blocks.end(), rules.connected.begin(), rules.connected.end());
  return stand.make(blocks, "interface " + interface.name + (side == SideKind::Plug ? " plug" : " slot"));
}

std::vector<std::pair<SourceRange, ir::Rule>> accessesOf(const Never &never, const Library &library,
                                                         const ir::Target &target, const SourceManager &sources) {
  Context context;
  context.library = &library;
  context.target = &target;
  ir::Policy policy; // of the accesses, for their origins
  OriginTable origins(policy, sources);
  std::vector<std::pair<SourceRange, ir::Rule>> accesses;
  for (const ast::Statement &statement : std::get<ast::Rule>(never.statement->node).block->statements) {
    RuleBudget budget;
    MadeRules made = makeRules(statement, context, "", budget, origins);
    for (ir::Rule &access : made.label)
      accesses.emplace_back(statement.range, std::move(access)).second.origins.clear();
  }
  return accesses;
}

} // namespace snapsecc
