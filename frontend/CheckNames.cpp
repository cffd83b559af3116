// SPDX-License-Identifier: Apache-2.0
// What a name is: looked for among the names of the block, the fields of the record that it stands in, the lets of the
// interface and of the unit, the sides, facts and constants, in this order; then what its fields are, and whether they
// may be read here.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "ir/Constants.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

ReadSet readsOf(SideKind side) { return side == SideKind::Plug ? Plug : Slot; }

bool isOneOf(llvm::StringRef word, std::initializer_list<llvm::StringRef> words) {
  return llvm::is_contained(words, word);
}

const Name *Scope::find(llvm::StringRef name) const {
  for (const Scope *scope = this; scope; scope = scope->outer)
    if (auto found = scope->names.find(name.str()); found != scope->names.end()) return &found->second;
  return nullptr;
}

std::string shownName(const ast::Reference &reference) { return llvm::join(reference.path, "."); }

std::string shownName(const ast::Expr &expr) {
  auto *reference = std::get_if<ast::Reference>(&expr.node);
  return reference ? shownName(*reference) : "this value";
}

std::string pathOf(const ast::Reference &reference, const Scope &scope, const Context &context) {
  const std::string &first = reference.path[0];
  bool field = !scope.find(first) && context.record && !fieldsNamed(*context.record, first).empty();
  return (field ? context.prefix : "") + shownName(reference);
}

bool isName(const Checker &checker, llvm::StringRef name, const Scope *scope, const Context *context) {
  if (scope && scope->find(name)) return true;
  if (context && context->record && !fieldsNamed(*context->record, name).empty()) return true;
  return findLet(checker, name, context ? context->interface : nullptr) != nullptr;
}

bool checkStage(Checker &checker, ReadSet reads, llvm::StringRef shown, SourceRange range, const Context &context) {
  ReadSet tooLate = reads & ~context.allowed;
  if (!tooLate) return true;
  if (context.always && (tooLate & (Plug | Slot | Other)))
    checker.engine.report<diag::NeedsConnection>(range, shown);
  else
    checker.engine.report<diag::NotKnownHere>(range, shown, context.place);
  return false;
}

namespace {

class Resolver {
public:
  Resolver(Checker &shared, const ast::Expr &expression, const Scope &inner, const Context &place)
      : checker(shared), expr(expression), reference(std::get<ast::Reference>(expression.node)), scope(inner),
        context(place) {}

  Typed run(const Type *expected) {
    const std::string &first = reference.path[0];
    if (reference.path.size() == 1 && expected && expected->kind == Kind::Enum &&
        llvm::is_contained(expected->words, first)) {
      checker.library.words.insert(&reference);
      Type word = makeType(Kind::Enum);
      word.words = {first};
      return {word, 0};
    }
    if (std::optional<Typed> named = ofName(first)) return *named;
    if (first == "plug" || first == "slot") return ofSide(first == "plug" ? SideKind::Plug : SideKind::Slot, expected);
    if (isOneOf(first, {"host", "snap", "app", "event"})) return ofFact(shownName(reference));
    if (reference.path.size() == 1)
      if (std::optional<Typed> word = ofWord(first, expected)) return *word;
    return unknown(expected);
  }

private:
  SourceRange rangeOfName() const { return reference.pathRanges.empty() ? expr.range : reference.pathRanges[0]; }

  std::optional<Typed> ofName(const std::string &first) {
    if (const Name *name = scope.find(first)) {
      if (name->let) checker.used.insert(name->let);
      return fields({name->type, name->reads}, first, 1);
    }
    if (context.record && !fieldsNamed(*context.record, first).empty()) {
      ReadSet reads = context.own ? readsOf(*context.own) : 0;
      return fields(readField(*context.record, first, context.prefix, reads), context.prefix + first, 1);
    }
    const ast::Let *let = context.record ? recordLet(checker, *context.record, first) : nullptr;
    if (!let) let = findLet(checker, first, context.interface);
    if (!let) return std::nullopt;
    Typed value = letValue(checker, *let);
    if (!checkStage(checker, value.reads, first, rangeOfName(), context)) value = {};
    return fields(value, first, 1);
  }

  Typed ofSide(SideKind side, const Type *expected) {
    ReadSet reads = readsOf(side);
    if (!checkStage(checker, reads, shownName(reference), expr.range, context) || !context.interface) return {};
    const std::string &name = reference.path[0];
    if (reference.path.size() == 1)
      return {makeType(expected && expected->kind == Kind::Label ? Kind::Label : Kind::Side), reads};
    const RecordType &attributes =
        (side == SideKind::Plug ? context.interface->plug : context.interface->slot).attributes;
    const std::string &field = reference.path[1];
    bool isAttribute = !fieldsNamed(attributes, field).empty() || (field == "case" && !attributes.cases.empty());
    if (isAttribute) return fields(readField(attributes, field, name + ".", reads), name + "." + field, 2);
    if (const ast::Let *let = recordLet(checker, attributes, field))
      return fields({letValue(checker, *let).type, reads}, name + "." + field, 2);
    if (const Fact *fact = findFact("side." + field)) return fields({fact->type, reads}, name + "." + field, 2);
    return unknownAttribute(name, field, attributes);
  }

  Typed unknownAttribute(const std::string &side, const std::string &field, const RecordType &attributes) {
    std::vector<std::string> attributeNames = fieldNames(attributes);
    std::vector<llvm::StringRef> names(attributeNames.begin(), attributeNames.end());
    for (const Fact &fact : allFacts())
      if (llvm::StringRef name = fact.name; name.consume_front("side.")) names.push_back(name);
    std::string suggestion = nearest(field, names);
    SourceRange range = reference.pathRanges[1];
    auto made = checker.engine.report<diag::NoSuchAttribute>(range, side, context.interface->name, field,
                                                             didYouMean(suggestion));
    if (!suggestion.empty()) made.fixIt(range, suggestion);
    return {};
  }

  // host.classic, snap.plugs("home")
  Typed ofFact(const std::string &name) {
    const Fact *fact = findFact(name);
    if (!fact || fact->isCall != reference.isCall) return unknownFact(name, fact);
    ReadSet reads = readsOfFact(name);
    if (!checkStage(checker, reads, name, expr.range, context)) return {};
    if (fact->isCall) reads |= checkArguments(checker, expr, fact->parameters, scope, context);
    Typed value{fact->type, reads};
    if (value.type.optional && scope.facts.present.count(name)) value.type.optional = false;
    return value;
  }

  static ReadSet readsOfFact(llvm::StringRef name) {
    if (name.startswith("host.")) return Host;
    if (name.startswith("snap.")) return Snap;
    return name.startswith("app.") ? App : Event;
  }

  Typed unknownFact(const std::string &name, const Fact *fact) {
    if (fact) {
      checker.engine.report<diag::WrongArguments>(expr.range, name,
                                                  fact->isCall ? "takes arguments" : "takes no arguments");
      return {};
    }
    std::vector<llvm::StringRef> names;
    for (const Fact &one : allFacts())
      if (!llvm::StringRef(one.name).startswith("side.")) names.push_back(one.name);
    std::string suggestion = nearest(name, names);
    auto made = checker.engine.report<diag::UnknownFact>(expr.range, name, didYouMean(suggestion));
    if (!suggestion.empty()) made.fixIt(expr.range, suggestion);
    return {};
  }

  std::optional<Typed> ofWord(const std::string &word, const Type *expected) {
    if (word == "true" || word == "false") return Typed{makeType(Kind::Bool), 0};
    if (word == "_" && context.inArgument) return Typed{makeType(Kind::Int), 0};
    if (word == "unconfined" || word == "self") return Typed{makeType(Kind::Label), 0};
    if (expected && expected->kind == Kind::Side && word == "own") return Typed{makeType(Kind::Side), 0};
    if (expected && expected->kind == Kind::Side && word == "other") {
      bool known = checkStage(checker, Other, "as: other", expr.range, context);
      return Typed{makeType(known ? Kind::Side : Kind::Error), Other};
    }
    if (expected && expected->kind == Kind::Child) {
      if (context.children && context.children->count(word)) return Typed{makeType(Kind::Child), 0};
      checker.engine.report<diag::UnknownChild>(expr.range, word);
      return Typed{};
    }
    if (ir::isConstant(word)) return Typed{makeType(Kind::Int), 0};
    return std::nullopt;
  }

  Typed unknown(const Type *expected) {
    const std::string &first = reference.path[0];
    if (expected && expected->kind == Kind::Error) return {}; // perhaps a word of what was not understood
    if (expected && expected->kind == Kind::Enum && reference.path.size() == 1) {
      std::vector<llvm::StringRef> words(expected->words.begin(), expected->words.end());
      std::string suggestion = nearest(first, words);
      auto made = checker.engine.report<diag::NotAWord>(expr.range, first, llvm::join(expected->words, ", "),
                                                        didYouMean(suggestion));
      if (!suggestion.empty()) made.fixIt(expr.range, suggestion);
      return {};
    }
    std::vector<llvm::StringRef> names = namesInSight();
    bool constant = first.size() > 2 && llvm::StringRef(first).upper() == first;
    if (constant) names = ir::constantNames();
    std::string suggestion = nearest(first, names);
    SourceRange range = rangeOfName();
    auto made = constant ? checker.engine.report<diag::UnknownConstant>(range, first, didYouMean(suggestion))
                         : checker.engine.report<diag::UnknownName>(range, first, didYouMean(suggestion));
    if (!suggestion.empty()) made.fixIt(range, suggestion);
    return {};
  }

  std::vector<llvm::StringRef> namesInSight() const {
    std::vector<llvm::StringRef> names = {"plug", "slot", "host", "snap", "app"};
    for (const Scope *one = &scope; one; one = one->outer)
      for (const auto &[name, value] : one->names)
        names.push_back(name);
    if (context.record)
      for (const RecordType::Field &field : context.record->fields)
        names.push_back(field.name);
    if (context.interface)
      for (const ast::Let *let : context.interface->lets)
        names.push_back(let->name);
    for (const auto &[name, let] : checker.library.lets)
      names.push_back(name);
    return names;
  }

  // A field of a record that is known to have one of this name.
  Typed readField(const RecordType &record, const std::string &name, const std::string &prefix, ReadSet reads) {
    if (name == "case" && !record.cases.empty()) {
      Type type = makeType(Kind::Enum);
      for (const std::string &one : caseNames(record))
        type.words.push_back(one);
      return {type, reads};
    }
    std::vector<FoundField> found = fieldsNamed(record, name);
    markNested(record, name);
    bool known = fieldIsKnown(checker, record, found, prefix, scope.facts);
    Type type = makeType(Kind::Any);
    bool optional = !known;
    for (const FoundField &one : found) {
      checker.used.insert(one.field->node);
      std::optional<Type> both = unify(type, found.size() == 1 ? one.field->type : plainer(one.field->type));
      if (!both) {
        checker.engine.report<diag::WrongType>(expr.range, typeName(type), typeName(one.field->type));
        return {};
      }
      type = found.size() == 1 ? one.field->type : *both;
      optional |= one.field->type.optional && !one.field->fallback;
    }
    type.optional = optional && !scope.facts.present.count(prefix + name);
    return {type, reads};
  }
  // `slot.read` is also what the only record of another case holds under the name (frontend/Value.h, lookUp).
  void markNested(const RecordType &record, const std::string &name) {
    for (const RecordType::Case &shape : record.cases)
      if (shape.fields.size() == 1 && shape.fields[0].type.kind == Kind::Record && shape.fields[0].type.record)
        for (const FoundField &inner : fieldsNamed(*shape.fields[0].type.record, name)) {
          checker.used.insert(inner.field->node);
          checker.used.insert(shape.fields[0].node);
        }
  }
  static Type plainer(Type type) {
    type.optional = false;
    return type;
  }

  // The fields behind the first `index` parts of the path, whose value is read as `path`.
  Typed fields(Typed value, std::string path, size_t index) {
    if (value.type.optional && scope.facts.present.count(path)) value.type.optional = false;
    for (; index < reference.path.size() && value.type.kind != Kind::Error; ++index) {
      const std::string &name = reference.path[index];
      if (value.type.kind != Kind::Record || !value.type.record) return noFields(value.type, path, index);
      const RecordType &record = *value.type.record;
      std::shared_ptr<const RecordType> keep = value.type.record;
      bool absent = value.type.optional;
      if (const ast::Let *let = recordLet(checker, record, name)) {
        Typed inner = letValue(checker, *let);
        value.type = inner.type;
        value.reads |= inner.reads;
      } else if (fieldsNamed(record, name).empty() && !(name == "case" && !record.cases.empty())) {
        return unknownField(record, index);
      } else {
        value = readField(record, name, path + ".", value.reads);
      }
      path += "." + name;
      value.type.optional = (value.type.optional || absent) && !scope.facts.present.count(path);
    }
    return value;
  }

  Typed noFields(const Type &type, const std::string &path, size_t index) {
    checker.engine.report<diag::UnknownField>(reference.pathRanges[index], path + " (" + typeName(type) + ")",
                                              reference.path[index], "");
    return {};
  }

  Typed unknownField(const RecordType &record, size_t index) {
    std::vector<std::string> all = fieldNames(record);
    std::string suggestion = nearest(reference.path[index], std::vector<llvm::StringRef>(all.begin(), all.end()));
    SourceRange range = reference.pathRanges[index];
    std::string shown = record.name.empty() ? "the record" : record.name;
    auto made = checker.engine.report<diag::UnknownField>(range, shown, reference.path[index], didYouMean(suggestion));
    if (!suggestion.empty()) made.fixIt(range, suggestion);
    return {};
  }

  Checker &checker;
  const ast::Expr &expr;
  const ast::Reference &reference;
  const Scope &scope;
  const Context &context;
};

} // namespace

Typed inferReference(Checker &checker, const ast::Expr &expr, const Scope &scope, const Context &context,
                     const Type *expected) {
  return Resolver(checker, expr, scope, context).run(expected);
}

} // namespace snapsecc::checking
