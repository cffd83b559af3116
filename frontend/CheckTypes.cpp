// SPDX-License-Identifier: Apache-2.0
// Written types to Type: names, refinements, records and cases. Named types are resolved when they are first used; one
// that needs itself is reported.
#include "diag/Diagnostics.h"
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"

namespace snapsecc::checking {

namespace {

using Kind = Type::Kind;

// The refinements of one written type, matched against its line in Declarations.def.
class Refiner {
public:
  Refiner(Checker &shared, Type &refined, const ast::TypeExpr &from, const Interface *inside)
      : checker(shared), type(refined), written(from), interface(inside) {}

  void run() {
    const char *name = lineName();
    const TypeDeclaration *line = name ? findTypeDeclaration(name) : nullptr;
    if (!line) {
      if (!written.refinements.empty())
        checker.engine.report<diag::WrongType>(written.refinements[0].range, "the end of the type", "a refinement");
      return;
    }
    auto shapes = shapesOf(checker, written.refinements, nullptr, nullptr);
    ir::MatchResult result = ir::matchStatement(line->refinements, shapes);
    if (!result.match) return mismatch(result.error, line->name);
    for (const ir::Match::Filled &filled : result.match->filled)
      apply(line->refinements.parts[filled.part], written.refinements[filled.item]);
  }

private:
  // "path" for a named type of paths too.
  const char *lineName() const {
    switch (type.kind) {
    case Kind::List: return "[T]";
    case Kind::Record:
    case Kind::Error: return nullptr;
    default: break;
    }
    for (const TypeDeclaration &line : allTypeDeclarations()) {
      llvm::StringRef text = line.name;
      if (text.startswith("[")) continue;
      if (readType(text).kind == type.kind) return line.name;
    }
    return nullptr;
  }

  void mismatch(const ir::MatchError &error, llvm::StringRef name) {
    SourceRange where = written.range;
    if (error.item < written.refinements.size()) {
      const ast::Item &item = written.refinements[error.item];
      where = error.value < item.values.size() ? item.values[error.value].range : item.range;
    }
    ir::report(error, name, where, checker.engine);
    type.kind = Kind::Error;
  }

  void apply(const ir::Part &part, const ast::Item &item) {
    if (part.role == "glob") type.glob = true;
    if (part.role == "nonempty") type.nonempty = true;
    if (part.role == "unique") type.unique = true;
    if (part.role == "single") type.single = true;
    if (part.role == "matching") return matching(item);
    if (part.role == "max") return number(item);
    if (part.role == "RANGE") return range(item);
    if (part.role == "under")
      for (const ast::Expr &value : item.values)
        if (std::optional<std::string> text = constantText(checker, value, interface)) type.under.push_back(*text);
    if (part.role == "NAME" || part.role == "dimensions") words(item);
    if (part.role == "TYPE") element(item);
  }

  void matching(const ast::Item &item) {
    std::optional<std::string> text = constantText(checker, item.values[0], interface);
    if (!text) {
      checker.engine.report<diag::WrongType>(item.range, "a regular expression", "a value that is not known here");
      return;
    }
    type.matching = *text;
    std::string error;
    bool literal = std::holds_alternative<ast::StringLiteral>(item.values[0].node);
    if (literal && !llvm::Regex(*text).isValid(error)) checker.engine.report<diag::BadRegex>(item.range, error);
  }

  void number(const ast::Item &item) {
    auto *value = std::get_if<ast::Number>(&item.values[0].node);
    if (value && !value->last && value->value >= 0)
      type.max = value->value;
    else
      checker.engine.report<diag::WrongType>(item.range, "a number", "another value");
  }

  void range(const ast::Item &item) {
    auto *value = std::get_if<ast::Number>(&item.values[0].node);
    if (!value || (value->last && *value->last < value->value)) {
      checker.engine.report<diag::WrongType>(item.range, "a range of numbers", "another value");
      return;
    }
    type.min = value->value;
    type.max = value->last ? *value->last : value->value;
  }

  void words(const ast::Item &item) {
    for (const ast::Expr &value : item.values) {
      const std::string &word = value.bareWord()->path[0];
      if (llvm::is_contained(type.words, word)) checker.engine.report<diag::Duplicate>(value.range, "the word", word);
      type.words.push_back(word);
    }
  }

  void element(const ast::Item &item) {
    ast::TypeExpr &made = checker.madeTypes.emplace_back();
    made.range = item.range;
    if (const ast::Reference *name = item.values[0].bareWord()) made.name = name->path[0];
    type.element = std::make_shared<Type>(resolveType(checker, made, interface));
  }

  Checker &checker;
  Type &type;
  const ast::TypeExpr &written;
  const Interface *interface;
};

Type nameToType(Checker &checker, const ast::TypeExpr &written) {
  const TypeDeclaration *line = findTypeDeclaration(written.name);
  if (line) {
    llvm::StringRef text = written.name;
    return readType(text);
  }
  if (const Type *named = namedType(checker, written.name)) {
    checker.usedTypes.insert(written.name);
    return *named;
  }
  std::vector<llvm::StringRef> names;
  for (const TypeDeclaration &one : allTypeDeclarations())
    if (one.name[0] != '[') names.push_back(one.name);
  for (const auto &[name, statement] : checker.typeStatements)
    names.push_back(name);
  std::string suggestion = nearest(written.name, names);
  checker.engine.report<diag::UnknownType>(written.range, written.name, didYouMean(suggestion));
  return {};
}

// `path under "$SNAP"`, `[path] nonempty` as items of a `type` statement.
const ast::TypeExpr &typeOfItems(Checker &checker, llvm::ArrayRef<ast::Item> items) {
  ast::TypeExpr &made = checker.madeTypes.emplace_back();
  made.range = items.front().range;
  made.range.end = items.back().range.end;
  const ast::Expr &first = items.front().values[0];
  if (const ast::Reference *name = first.bareWord()) {
    made.name = name->path[0];
    made.range = first.range;
  } else if (auto *list = std::get_if<ast::List>(&first.node); list && list->elements.size() == 1) {
    ast::Item element;
    element.range = list->elements[0].range;
    element.values.push_back(list->elements[0]);
    // By value: madeTypes may not move what `made` refers to, and does not, being a deque.
    made.element.push_back(typeOfItems(checker, element));
  }
  made.refinements.assign(items.begin() + 1, items.end());
  return made;
}

Type typeOfStatement(Checker &checker, llvm::StringRef name, const ast::Statement &statement) {
  const ast::Rule &rule = std::get<ast::Rule>(statement.node);
  if (!rule.block)
    return resolveType(checker, typeOfItems(checker, llvm::makeArrayRef(rule.items).drop_front(2)), nullptr);
  auto record = std::make_shared<RecordType>();
  record->name = name.str();
  record->range = rule.items[1].range;
  record->block = &*rule.block;
  buildRecord(checker, *record, *rule.block, nullptr);
  Type type = makeType(Kind::Record);
  type.record = std::move(record);
  return type;
}

using Conditions = std::vector<std::pair<const ast::Expr *, bool>>;

class RecordBuilder {
public:
  RecordBuilder(Checker &shared, RecordType &built, const Interface *inside)
      : checker(shared), record(built), interface(inside), fields(&built.fields) {}

  void add(llvm::ArrayRef<ast::Statement> statements) {
    for (const ast::Statement &statement : statements) {
      if (auto *field = std::get_if<ast::Field>(&statement.node)) addField(statement, *field);
      if (auto *when = std::get_if<ast::When>(&statement.node)) addWhen(*when);
      if (std::holds_alternative<ast::Rule>(statement.node)) addRule(statement);
    }
  }

private:
  void addField(const ast::Statement &statement, const ast::Field &written) {
    RecordType::Field field;
    field.name = written.name;
    field.doc = statement.doc;
    field.range = written.nameRange;
    field.type = resolveType(checker, written.type, interface);
    field.type.optional = written.optional;
    field.fallback = written.value ? &*written.value : nullptr;
    field.node = &written;
    field.conditions = conditions;
    enter(std::move(field));
  }

  // The same name in one set of fields is a mistake, unless each stands under a condition of its own.
  void enter(RecordType::Field field) {
    for (const std::vector<RecordType::Field> *list : {fields, &record.fields})
      for (const RecordType::Field &other : *list) {
        if (other.name != field.name || (!other.conditions.empty() && !field.conditions.empty())) continue;
        checker.engine.report<diag::Duplicate>(field.range, "the field", field.name)
            .note<diag::PreviousHere>(other.range, field.name);
        return;
      }
    fields->push_back(std::move(field));
  }

  void addWhen(const ast::When &when) {
    conditions.emplace_back(&when.condition, true);
    add(when.then.statements);
    conditions.back().second = false;
    add(when.otherwise);
    conditions.pop_back();
  }

  void addRule(const ast::Statement &statement) {
    std::optional<Parts> parts = matchDeclaration(checker, statement, InAttrs, "among attributes");
    if (!parts) return;
    std::string name = parts->word("NAME");
    if (parts->declaration->kind == DeclarationKind::Case)
      addCase(name, *parts);
    else
      addUse(name, *parts);
    checker.declarations[&statement] = std::move(*parts);
  }

  void addCase(const std::string &name, const Parts &parts) {
    if (fields != &record.fields || !conditions.empty()) {
      checker.engine.report<diag::MisplacedStatement>(parts.rule->items[0].range, "'case'", "in a 'case' or a 'when'");
      return;
    }
    if (llvm::any_of(record.cases, [&](const RecordType::Case &other) { return other.name == name; })) {
      checker.engine.report<diag::Duplicate>(parts.range("NAME"), "the case", name);
      return;
    }
    record.cases.push_back({name, {}, &*parts.rule->block});
    std::vector<RecordType::Field> inside;
    fields = &inside;
    add(parts.rule->block->statements);
    fields = &record.fields;
    record.cases.back().fields = std::move(inside);
  }

  void addUse(const std::string &name, const Parts &parts) {
    ast::TypeExpr &made = checker.madeTypes.emplace_back();
    made.name = name;
    made.range = parts.range("NAME");
    Type used = resolveType(checker, made, interface);
    if (used.kind == Kind::Error) return;
    if (used.kind != Kind::Record) {
      checker.engine.report<diag::WrongType>(made.range, "a record type", typeName(used));
      return;
    }
    for (RecordType::Field field : used.record->fields) {
      field.conditions.insert(field.conditions.begin(), conditions.begin(), conditions.end());
      enter(std::move(field));
    }
  }

  Checker &checker;
  RecordType &record;
  const Interface *interface;
  std::vector<RecordType::Field> *fields;
  Conditions conditions;
};

} // namespace

void buildRecord(Checker &checker, RecordType &record, const ast::Block &block, const Interface *interface) {
  RecordBuilder(checker, record, interface).add(block.statements);
}

Type resolveType(Checker &checker, const ast::TypeExpr &written, const Interface *interface) {
  auto known = checker.library.resolvedTypes.find(&written);
  if (known != checker.library.resolvedTypes.end()) return known->second;
  Type type;
  if (!written.element.empty()) {
    type = listOf(resolveType(checker, written.element[0], interface));
  } else if (written.record) {
    auto record = std::make_shared<RecordType>();
    record->range = written.range;
    record->block = &*written.record;
    buildRecord(checker, *record, *written.record, interface);
    type.kind = Kind::Record;
    type.record = std::move(record);
  } else {
    type = nameToType(checker, written);
  }
  if (type.kind != Kind::Error) Refiner(checker, type, written, interface).run();
  checker.library.resolvedTypes[&written] = type;
  return type;
}

const Type *namedType(Checker &checker, llvm::StringRef nameRef) {
  std::string name = nameRef.str();
  auto known = checker.library.types.find(name);
  if (known != checker.library.types.end()) return &known->second;
  auto statement = checker.typeStatements.find(name);
  if (statement == checker.typeStatements.end()) return nullptr;
  if (!checker.typesRunning.insert(name).second) {
    checker.engine.report<diag::Cycle>(std::get<ast::Rule>(statement->second->node).items[1].range, "the type", name);
    return &(checker.library.types[name] = {});
  }
  Type type = typeOfStatement(checker, name, *statement->second);
  checker.typesRunning.erase(name);
  return &checker.library.types.try_emplace(name, std::move(type)).first->second;
}

const ast::Let *findLet(const Checker &checker, llvm::StringRef name, const Interface *interface) {
  if (interface)
    for (const ast::Let *let : interface->lets)
      if (let->name == name) return let;
  auto found = checker.library.lets.find(name.str());
  return found == checker.library.lets.end() ? nullptr : found->second;
}

std::optional<std::string> constantText(Checker &checker, const ast::Expr &expr, const Interface *interface) {
  if (auto *literal = std::get_if<ast::StringLiteral>(&expr.node)) {
    std::string text;
    for (const ast::StringLiteral::Piece &piece : literal->pieces) {
      if (!piece.embedded.empty()) return std::nullopt;
      text += piece.text;
    }
    return text;
  }
  const ast::Reference *name = expr.bareWord();
  const ast::Let *let = name ? findLet(checker, name->path[0], interface) : nullptr;
  if (!let || !std::holds_alternative<ast::StringLiteral>(let->value.node)) return std::nullopt;
  checker.used.insert(let);
  return constantText(checker, let->value, nullptr);
}

static void resolveParameters(Checker &checker, Fragment &fragment, const ast::Reference &call) {
  for (const ast::Argument &argument : call.args) {
    if (argument.name.empty()) {
      checker.engine.report<diag::WrongType>(argument.value.range, "a parameter 'NAME: TYPE'", "a value");
      continue;
    }
    auto same = [&](const Fragment::Parameter &other) { return other.name == argument.name; };
    if (llvm::any_of(fragment.parameters, same))
      checker.engine.report<diag::Duplicate>(argument.nameRange, "the parameter", argument.name);
    ast::Item item;
    item.range = argument.value.range;
    item.values.push_back(argument.value);
    fragment.parameters.push_back({argument.name, resolveType(checker, typeOfItems(checker, item), nullptr)});
  }
}

// The lets of the first schema can be read from outside, as those of a record type.
static void addSchema(Checker &checker, const Interface &interface, Interface::Side &side, const ast::Block &block) {
  side.schemas.push_back(&block);
  if (side.attributes.block) return;
  side.attributes.block = &block;
  bool plug = &side == &interface.plug;
  Context context;
  context.place = "the attributes";
  context.own = plug ? SideKind::Plug : SideKind::Slot;
  context.allowed = Host | Snap | readsOf(*context.own);
  context.interface = &interface;
  context.record = &side.attributes;
  context.prefix = plug ? "plug." : "slot.";
  for (const ast::Statement &statement : block.statements)
    if (std::holds_alternative<ast::Let>(statement.node)) addLetState(checker, statement, context);
}

// The statements of an interface, matched; its attributes.
static void resolveInterface(Checker &checker, Interface &interface, const ast::Block &block) {
  for (const ast::Statement &statement : block.statements) {
    if (!std::holds_alternative<ast::Rule>(statement.node)) continue;
    std::optional<Parts> parts = matchDeclaration(checker, statement, InInterface, "in an interface");
    if (!parts) continue;
    if (parts->declaration->kind == DeclarationKind::Attrs) {
      Interface::Side &side = parts->word("plug|slot") == "plug" ? interface.plug : interface.slot;
      addSchema(checker, interface, side, *parts->rule->block);
      side.attributes.range = parts->rule->items[0].range;
      side.attributes.closed |= parts->has("closed");
      buildRecord(checker, side.attributes, *parts->rule->block, &interface);
    }
    checker.declarations[&statement] = std::move(*parts);
  }
}

void resolveTypes(Checker &checker) {
  for (const auto &[name, statement] : checker.typeStatements)
    namedType(checker, name);
  for (auto [fragment, call] : checker.fragments)
    resolveParameters(checker, *fragment, *call);
  for (auto [interface, block] : checker.interfaces)
    resolveInterface(checker, *interface, *block);
}

} // namespace snapsecc::checking
