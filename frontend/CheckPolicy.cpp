// SPDX-License-Identifier: Apache-2.0
// The statements of an interface: who may declare and connect it, its attributes, its rules.
#include "diag/Diagnostics.h"
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

Context sideContext(const Interface &interface, SideKind side, bool always) {
  Context context;
  context.place = side == SideKind::Plug ? "the rules of a plug" : "the rules of a slot";
  context.allowed = Host | Snap | App | (always ? readsOf(side) : Plug | Slot | Other);
  context.always = always;
  context.own = side;
  context.interface = &interface;
  return context;
}

namespace {

class PolicyChecker {
public:
  PolicyChecker(Checker &shared, Interface &checked) : checker(shared), interface(checked) {}

  void run(ast::Block &block) {
    for (ast::Statement &statement : block.statements)
      if (const Parts *parts = partsOf(statement); parts && parts->declaration->kind == DeclarationKind::Attrs)
        checkAttributes(*parts);
    for (ast::Statement &statement : block.statements) {
      if (auto *check = std::get_if<ast::CheckStatement>(&statement.node)) {
        condition(check->condition, "a check of an interface", Host);
        require(checker, check->message, Scope(), contextOf("a check of an interface", Host), makeType(Kind::Text));
        interface.checks.push_back(check);
      } else if (std::holds_alternative<ast::Let>(statement.node)) {
        continue; // looked at where it is read, or at the end
      } else if (!std::holds_alternative<ast::Rule>(statement.node)) {
        reportMisplaced(checker, statement, "in an interface");
      } else if (const Parts *parts = partsOf(statement)) {
        checkStatement(statement, *parts);
      }
    }
  }

private:
  const Parts *partsOf(const ast::Statement &statement) const {
    auto found = checker.declarations.find(&statement);
    return found == checker.declarations.end() ? nullptr : &found->second;
  }

  Context contextOf(const char *place, ReadSet allowed) const {
    Context context;
    context.place = place;
    context.allowed = allowed;
    context.interface = &interface;
    return context;
  }

  void condition(const ast::Expr &expr, const char *place, ReadSet allowed) {
    requireCondition(checker, expr, Scope(), contextOf(place, allowed));
  }

  const ast::Expr *conditionOf(const Parts &parts, const char *place, ReadSet allowed) {
    if (!parts.rule->condition) return nullptr;
    condition(*parts.rule->condition, place, allowed);
    return &*parts.rule->condition;
  }

  static SideKind sideOf(const Parts &parts) {
    return parts.word("plug|slot") == "plug" ? SideKind::Plug : SideKind::Slot;
  }

  void checkStatement(ast::Statement &statement, const Parts &parts) {
    switch (parts.declaration->kind) {
    case DeclarationKind::Implicit:
      interface.implicit.push_back({sideOf(parts), parts.words("HOST"), conditionOf(parts, "'implicit'", Host)});
      break;
    case DeclarationKind::Install: who(interface.install, parts, "'install'", Host | Snap | Plug); break;
    case DeclarationKind::Provider: who(interface.provider, parts, "'provider'", Host | Snap | Slot); break;
    case DeclarationKind::Connect: connect(parts); break;
    case DeclarationKind::Refresh: interface.refreshAffectsPlug = true; break;
    case DeclarationKind::Conflicts: conflicts(parts); break;
    case DeclarationKind::Plug: rules(statement, parts, SideKind::Plug); break;
    case DeclarationKind::Slot: rules(statement, parts, SideKind::Slot); break;
    case DeclarationKind::Hotplug: hotplug(parts); break;
    case DeclarationKind::Test: interface.tests.push_back(&statement); break;
    default: break;
    }
  }

  void who(Interface::Who &into, const Parts &parts, const char *place, ReadSet allowed) {
    if (into.given) {
      checker.engine.report<diag::Duplicate>(parts.rule->items[0].range, "the statement", parts.declaration->keyword)
          .note<diag::PreviousHere>(into.range, parts.declaration->keyword);
      return;
    }
    into.given = true;
    into.never = parts.has("never");
    into.providers = parts.words("PROVIDER");
    into.range = parts.rule->items[0].range;
    into.condition = conditionOf(parts, place, allowed);
  }

  void connect(const Parts &parts) {
    Interface::Connect line;
    std::string level = parts.word("LEVEL");
    using Level = Interface::Connect::Level;
    line.level = level == "never"    ? Level::Never
                 : level == "manual" ? Level::Manual
                 : level == "auto"   ? Level::Auto
                                     : Level::AutoOnly;
    line.manySlots = parts.has("many-slots");
    line.condition = conditionOf(parts, "'connect'", Host | Plug | Slot);
    line.range = parts.rule->items[0].range;
    for (const Interface::Connect &earlier : interface.connects)
      if (!earlier.condition) {
        // `auto-only` says nothing about connections by hand, so a line behind it is reached by these.
        if (earlier.level == Level::AutoOnly && line.level == Level::Manual) continue;
        checker.engine.report<diag::UnreachableConnect>(line.range).note<diag::PreviousHere>(earlier.range, "connect");
        break;
      }
    interface.connects.push_back(line);
  }

  void conflicts(const Parts &parts) {
    for (const ast::Expr &value : parts.get("NAME")->values) {
      const std::string &name = value.bareWord()->path[0];
      requireInterface(checker, name, value.range);
      interface.conflicts.push_back(name);
    }
  }

  void rules(ast::Statement &statement, const Parts &parts, SideKind side) {
    bool always = parts.has("always");
    ast::Block &block = *std::get<ast::Rule>(statement.node).block;
    Interface::Side &into = side == SideKind::Plug ? interface.plug : interface.slot;
    (always ? into.always : into.connected).push_back(&block);
    checkRules(checker, block, Scope(), sideContext(interface, side, always));
  }

  void checkAttributes(const Parts &parts) {
    SideKind side = sideOf(parts);
    Context context = contextOf("the attributes", Host | Snap | readsOf(side));
    context.own = side;
    context.record = &(side == SideKind::Plug ? interface.plug : interface.slot).attributes;
    context.prefix = side == SideKind::Plug ? "plug." : "slot.";
    checkRecord(checker, *context.record, *parts.rule->block, context);
  }

  void hotplug(const Parts &parts) {
    Interface::Hotplug made;
    made.range = parts.rule->items[0].range;
    made.block = &*parts.rule->block;
    made.condition = conditionOf(parts, "'hotplug'", Host | Event);
    Context context = contextOf("'hotplug'", Host | Event);
    for (const ast::Expr &match : parts.get("by")->values) {
      made.matches.push_back(&match);
      if (std::get<ast::Reference>(match.node).isCall)
        inferCall(checker, match, Scope(), context, Kind::Match);
      else
        checker.engine.report<diag::WrongType>(match.range, "a udev match", "a word");
    }
    for (const ast::Statement &statement : parts.rule->block->statements)
      if (std::optional<Parts> inner = matchDeclaration(checker, statement, InHotplug, "in 'hotplug'"))
        proposal(made, *inner);
    interface.hotplugs.push_back(std::move(made));
  }

  void proposal(Interface::Hotplug &hotplug, const Parts &parts) {
    if (parts.declaration->kind == DeclarationKind::Handled) {
      hotplug.handled.push_back(conditionOf(parts, "'handled'", Host | Event | Slot));
      return;
    }
    std::string name = parts.word("NAME");
    const ast::Expr &value = parts.get("VALUE")->values[0];
    std::vector<FoundField> found = fieldsNamed(interface.slot.attributes, name);
    if (found.empty()) {
      std::vector<std::string> all = fieldNames(interface.slot.attributes);
      std::string suggestion = nearest(name, std::vector<llvm::StringRef>(all.begin(), all.end()));
      checker.engine.report<diag::NoSuchAttribute>(parts.range("NAME"), "slot", interface.name, name,
                                                   didYouMean(suggestion));
      return;
    }
    checkAttributeValue(checker, value, found, contextOf("'hotplug'", Host | Event));
    hotplug.attributes.emplace_back(name, &value);
  }

  Checker &checker;
  Interface &interface;
};

} // namespace

void requireInterface(Checker &checker, llvm::StringRef name, SourceRange range) {
  if (checker.library.interfaces.count(name.str())) return;
  std::vector<llvm::StringRef> names;
  for (const auto &[known, interface] : checker.library.interfaces)
    names.push_back(known);
  std::string suggestion = nearest(name, names);
  auto made = checker.engine.report<diag::UnknownInterfaceName>(range, name, didYouMean(suggestion));
  if (!suggestion.empty()) made.fixIt(range, suggestion);
}

void checkAttributeValue(Checker &checker, const ast::Expr &value, llvm::ArrayRef<FoundField> fields,
                         const Context &context) {
  const Type *expected = &fields[0].field->type;
  Typed given = infer(checker, value, Scope(), context, expected);
  for (const FoundField &one : fields)
    if (fits(given.type, one.field->type)) {
      expected = &one.field->type;
      break;
    }
  checkFits(checker, value, given.type, *expected, false);
}

void checkInterface(Checker &checker, Interface &interface, ast::Block &block) {
  PolicyChecker(checker, interface).run(block);
}

} // namespace snapsecc::checking
