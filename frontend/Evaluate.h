// SPDX-License-Identifier: Apache-2.0
// Expressions of a checked library -> values, for one snap, one label, one connection. Everything that Check can know
// was checked: what is left to happen here is that a value is absent, never that it has the wrong type.
#pragma once
#include "frontend/Facts.h"
#include "frontend/HostProbe.h"
#include "frontend/Library.h"
#include "frontend/Value.h"
#include "ir/Policy.h"
#include "ir/Target.h"
#include <map>
#include <set>

namespace snapsecc {

struct SnapScene;

// A plug or a slot with its attributes read.
struct EndpointScene {
  const SnapScene *owner = nullptr;
  SideKind side = SideKind::Plug;
  std::string name;
  const Interface *interface = nullptr;
  const Endpoint *declared = nullptr;            // null: the system's own
  std::shared_ptr<const RecordValue> attributes; // never null
  const RecordType &schema() const { return (side == SideKind::Plug ? interface->plug : interface->slot).attributes; }
};

// A snap, or the system.
struct SnapScene {
  const Snap *snap = nullptr; // null: the system
  std::string instance = "system";
  std::string confinement = "strict"; // in force
  ir::Mode mode = ir::Mode::Enforce;
  std::vector<std::unique_ptr<EndpointScene>> plugs, slots; // sorted by name; those of known interfaces
  std::unique_ptr<HostProbe> files;                         // of the snap; null: not at hand
  bool isSystem() const { return !snap; }
  // system app gadget kernel base
  std::string provider() const;
};
// As AppArmor patterns: snap.NAME.APP  snap.NAME{.a,.b}  snap.NAME.*  unconfined for the system.
std::string labelOf(const EndpointScene &endpoint);
std::string labelOf(const SnapScene &snap);

// Is a system of the kind that `implicit` and host.X name? Ubuntu Core Desktop is an Ubuntu Core.
bool isHost(llvm::StringRef system, llvm::StringRef host);

// What expressions can see.
struct Context {
  const Library *library = nullptr;
  const ir::Target *target = nullptr;
  const HostProbe *host = nullptr;
  std::string kernelSnap;          // its name; empty: the kernel is no snap
  const SnapScene *snap = nullptr; // whose policy is made
  const App *app = nullptr;        // null: none in particular
  std::string label;               // the security label; empty: none in particular
  const Interface *interface = nullptr;
  const EndpointScene *plug = nullptr, *slot = nullptr;
  // Both branches of each `when`, for what may be granted whatever is the case; denials in branches are left out.
  bool everyBranch = false;
};

// Names of an inner block, which hide those of outer ones.
struct Scope {
  const Scope *outer = nullptr;
  std::vector<std::pair<llvm::StringRef, Value>> names{};
  const Value *find(llvm::StringRef name) const;
  void set(llvm::StringRef name, Value value) { names.emplace_back(name, std::move(value)); }
};

struct Arguments {
  std::vector<Value> values;                                        // positional
  std::vector<std::pair<std::string, Value>> named;                 // `name: value`
  const Value *find(unsigned position, llvm::StringRef name) const; // null: left out
};

class Evaluator {
public:
  explicit Evaluator(Context scene) : context(std::move(scene)) {}

  // `as` tells how the literals of the expression are read: by the type of its place.
  Value evaluate(const ast::Expr &expr, const Scope &scope, Value::Reading as = Value::Reading::Plain);
  bool holds(const ast::Expr &expr, const Scope &scope) { return evaluate(expr, scope).isTrue(); }
  Value evaluateLet(const ast::Let &let, const Scope &scope);
  // A call of one of the places (a match, an action, a command ...): its arguments evaluated, the call kept.
  Value keepCall(const ast::Reference &call, const Scope &scope, Type::Kind place);
  bool isNameInScope(const ast::Reference &reference, const Scope &scope) const;

  const Context context;
  // Something was read that differs between the labels of a snap.
  bool readsApp() const { return appWasRead; }

private:
  Value literal(const ast::StringLiteral &literal, const Scope &scope, Value::Reading as);
  Value reference(const ast::Reference &reference, const Scope &scope, Value::Reading as);
  Value operation(const ast::Operation &operation, const Scope &scope, Value::Reading as);
  Value compare(ast::Operation::Kind kind, const Value &left, const Value &right);
  Value record(const ast::Record &record, const Scope &scope, Value::Reading as);
  Value call(const ast::Reference &call, const Scope &scope, Value::Reading as);
  Arguments arguments(const ast::Reference &call, const std::vector<Parameter> &parameters, const Scope &scope);
  Value sideField(const EndpointScene *side, llvm::ArrayRef<std::string> path);
  std::optional<Value> namedLet(llvm::StringRef name);
  Value fact(llvm::StringRef name, const Arguments &arguments);

  std::map<const ast::Let *, Value> lets; // of the unit and of the interface: evaluated once
  std::set<const ast::Let *> running;     // Check refuses cycles; a guard against endless recursion all the same
  bool appWasRead = false;
};

// The fields of a value behind its name: `m.options`.
Value fieldsOf(Value value, llvm::ArrayRef<std::string> path);
// How literals of a type are read.
Value::Reading readingOf(const Type &type);

// Functions.def and Facts.def: what each is worth. A name that Check lets through and these do not know is our bug:
// asserts.
Value callFunction(llvm::StringRef name, const Arguments &arguments, const Context &context);
Value hostFact(llvm::StringRef name, const Context &context);
Value snapFact(llvm::StringRef name, const Arguments &arguments, const SnapScene &snap);
Value appFact(llvm::StringRef name, const Context &context);
Value sideFact(llvm::StringRef name, const EndpointScene &side);

// /snap/NAME/REVISION and the like for a path that begins with a $VARIABLE; `fromOutside`: as other snaps see it, by
// the instance name.
std::string expandPath(llvm::StringRef path, const Snap &snap, bool fromOutside);

} // namespace snapsecc
