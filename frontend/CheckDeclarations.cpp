// SPDX-License-Identifier: Apache-2.0
// What a unit declares: finds each declaration in Declarations.def, matches its parts, and enters its name into the
// library. Nothing behind a name is looked at yet, so that files and declarations may stand in any order.
#include "diag/Diagnostics.h"
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "ir/Diagnostics.h"
#include "ir/RuleKinds.h"

namespace snapsecc::checking {

const ast::Item *Parts::get(llvm::StringRef role) const {
  std::optional<unsigned> part = declaration->signature.find(role);
  if (!part) return nullptr;
  for (const ir::Match::Filled &filled : match.filled)
    if (filled.part == *part) return &rule->items[1 + filled.item];
  return nullptr;
}

std::vector<std::string> Parts::words(llvm::StringRef role) const {
  std::vector<std::string> found;
  if (const ast::Item *item = get(role))
    for (const ast::Expr &value : item->values) {
      if (const ast::Reference *word = value.bareWord()) found.push_back(word->path[0]);
      if (auto *text = std::get_if<ast::StringLiteral>(&value.node))
        found.push_back(text->pieces.empty() ? "" : text->pieces[0].text);
    }
  return found;
}

std::string Parts::word(llvm::StringRef role) const {
  std::vector<std::string> all = words(role);
  return all.empty() ? "" : all[0];
}

// The first sentence, without its full stop; of a text without one all of it.
std::string firstSentence(llvm::StringRef doc) {
  doc = doc.trim();
  size_t end = doc.find(". ");
  if (end != llvm::StringRef::npos) doc = doc.take_front(end);
  doc.consume_back(".");
  return doc.str();
}

static ir::Shape shapeOf(const Checker &checker, const ast::Expr &value, const Scope *scope, const Context *context) {
  using Kind = ir::Shape::Kind;
  if (auto *literal = std::get_if<ast::StringLiteral>(&value.node)) {
    std::string text;
    for (const ast::StringLiteral::Piece &piece : literal->pieces)
      text += piece.text;
    return {Kind::String, text, false};
  }
  if (std::holds_alternative<ast::Number>(value.node)) return {Kind::Number, "", false};
  if (auto *reference = std::get_if<ast::Reference>(&value.node)) {
    if (reference->path.size() > 1) return {Kind::Reference, shownName(*reference), false};
    const std::string &name = reference->path[0];
    if (reference->isCall) return {Kind::Call, name, findFunction(name) != nullptr};
    return {Kind::Word, name, isName(checker, name, scope, context)};
  }
  return {Kind::List, "", false};
}

std::vector<ir::Item> shapesOf(const Checker &checker, llvm::ArrayRef<ast::Item> items, const Scope *scope,
                               const Context *context) {
  std::vector<ir::Item> shapes;
  for (const ast::Item &item : items) {
    ir::Item shape;
    shape.arrow = item.arrow;
    for (const ast::Expr &value : item.values)
      shape.values.push_back(shapeOf(checker, value, scope, context));
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

void reportMismatch(Checker &checker, const ir::MatchError &error, llvm::StringRef keyword, const ast::Rule &rule,
                    unsigned firstItem, SourceRange whole) {
  SourceRange where = whole;
  if (size_t at = firstItem + error.item; at < rule.items.size()) {
    const ast::Item &item = rule.items[at];
    where = error.value < item.values.size() ? item.values[error.value].range : item.range;
  } else if (!rule.items.empty()) {
    where = rule.items.back().range;
    where.begin = where.end > where.begin ? where.end - 1 : where.begin;
  }
  ir::report(error, keyword, where, checker.engine);
}

void reportMisplaced(Checker &checker, const ast::Statement &statement, llvm::StringRef where) {
  struct Visitor {
    std::pair<const char *, SourceRange> operator()(const ast::Let &let) { return {"a 'let'", let.nameRange}; }
    std::pair<const char *, SourceRange> operator()(const ast::CheckStatement &check) {
      return {"a 'check'", check.condition.range};
    }
    std::pair<const char *, SourceRange> operator()(const ast::When &when) {
      return {"a 'when'", when.condition.range};
    }
    std::pair<const char *, SourceRange> operator()(const ast::For &loop) { return {"a 'for'", loop.nameRange}; }
    std::pair<const char *, SourceRange> operator()(const ast::Field &field) { return {"a field", field.nameRange}; }
    std::pair<const char *, SourceRange> operator()(const ast::Rule &rule) { return {"this", rule.items[0].range}; }
  };
  auto [what, range] = std::visit(Visitor(), statement.node);
  checker.engine.report<diag::MisplacedStatement>(range, what, where);
}

void reportUnknownStatement(Checker &checker, llvm::StringRef keyword, SourceRange range, Place place,
                            llvm::StringRef where) {
  bool known = ir::findRuleKind(keyword) || ir::findModifier(keyword) ||
               llvm::any_of(allDeclarations(), [&](const Declaration &one) { return keyword == one.keyword; });
  if (known) {
    checker.engine.report<diag::MisplacedStatement>(range, "'" + keyword.str() + "'", where);
    return;
  }
  std::vector<llvm::StringRef> words;
  for (const Declaration &one : allDeclarations())
    if (one.places & place) words.push_back(one.keyword);
  if (place == InRules)
    for (const ir::RuleKindInfo &kind : ir::allRuleKinds())
      words.push_back(kind.keyword);
  std::string suggestion = nearest(keyword, words);
  auto made = checker.engine.report<diag::UnknownStatement>(range, keyword, didYouMean(suggestion));
  if (!suggestion.empty()) made.fixIt(range, suggestion);
}

static bool checkShape(Checker &checker, const Declaration &declaration, const ast::Rule &rule) {
  SourceRange range = rule.items[0].range;
  size_t before = checker.engine.errorCount();
  if (rule.condition && !declaration.takesCondition())
    checker.engine.report<diag::NoCondition>(rule.condition->range, declaration.keyword);
  if (!rule.condition && declaration.needsCondition())
    checker.engine.report<diag::NeedsCondition>(range, declaration.keyword);
  bool needs = declaration.block != BlockKind::None && declaration.block != BlockKind::MaybeAttrs;
  if (rule.block && declaration.block == BlockKind::None)
    checker.engine.report<diag::NoBlock>(range, declaration.keyword);
  if (!rule.block && needs) checker.engine.report<diag::NeedsBlock>(range, declaration.keyword);
  return checker.engine.errorCount() == before;
}

std::optional<Parts> matchDeclaration(Checker &checker, const ast::Statement &statement, Place place,
                                      llvm::StringRef where) {
  auto *rule = std::get_if<ast::Rule>(&statement.node);
  const ast::Reference *keyword = nullptr;
  if (rule && !rule->items[0].arrow && rule->items[0].values.size() == 1) keyword = rule->items[0].values[0].bareWord();
  if (!keyword) {
    reportMisplaced(checker, statement, where);
    return std::nullopt;
  }
  const Declaration *declaration = findDeclaration(keyword->path[0], place);
  if (!declaration) {
    reportUnknownStatement(checker, keyword->path[0], rule->items[0].range, place, where);
    return std::nullopt;
  }
  if (!checkShape(checker, *declaration, *rule)) return std::nullopt;
  auto items = llvm::makeArrayRef(rule->items).drop_front();
  ir::MatchResult result = ir::matchStatement(declaration->signature, shapesOf(checker, items, nullptr, nullptr));
  if (!result.match) {
    reportMismatch(checker, result.error, declaration->keyword, *rule, 1, statement.range);
    return std::nullopt;
  }
  return Parts{declaration, rule, std::move(*result.match)};
}

namespace {

// Enters a name once; the second one is reported.
template <class Map, class Range>
bool enter(Checker &checker, Map &map, const std::string &name, SourceRange range, const char *what, Range rangeOf) {
  auto found = map.find(name);
  if (found == map.end()) return true;
  checker.engine.report<diag::Duplicate>(range, what, name)
      .template note<diag::PreviousHere>(rangeOf(found->second), name);
  return false;
}

SourceRange nameRange(const Parts &parts) { return parts.rule->items[1].values[0].range; }

void declareLet(Checker &checker, const ast::Statement &statement) {
  const ast::Let &let = std::get<ast::Let>(statement.node);
  auto rangeOf = [](const ast::Let *other) { return other->nameRange; };
  if (!enter(checker, checker.library.lets, let.name, let.nameRange, "a let", rangeOf)) return;
  checker.library.lets[let.name] = &let;
  Context context;
  context.place = "a let of the unit";
  context.allowed = Host | Snap;
  addLetState(checker, statement, context);
}

void declareInterface(Checker &checker, ast::Statement &statement, const Parts &parts) {
  std::string name = parts.word("NAME");
  auto rangeOf = [](const Interface &other) { return other.range; };
  if (!enter(checker, checker.library.interfaces, name, nameRange(parts), "interface", rangeOf)) return;
  Interface &interface = checker.library.interfaces[name];
  interface.name = name;
  interface.range = nameRange(parts);
  interface.summary = firstSentence(statement.doc);
  checker.interfaces.emplace_back(&interface, &*std::get<ast::Rule>(statement.node).block);
  for (const ast::Statement &inner : parts.rule->block->statements) {
    auto *let = std::get_if<ast::Let>(&inner.node);
    if (!let) continue;
    auto same = [&](const ast::Let *other) { return other->name == let->name; };
    auto previous = llvm::find_if(interface.lets, same);
    if (previous != interface.lets.end()) {
      checker.engine.report<diag::Duplicate>(let->nameRange, "a let", let->name)
          .note<diag::PreviousHere>((*previous)->nameRange, let->name);
      continue;
    }
    interface.lets.push_back(let);
    Context context;
    context.place = "a let of an interface";
    context.allowed = Host | Snap | App | Plug | Slot | Other;
    context.interface = &interface;
    addLetState(checker, inner, context);
  }
}

void declareFragment(Checker &checker, const Parts &parts) {
  const auto &call = std::get<ast::Reference>(parts.rule->items[1].values[0].node);
  auto rangeOf = [](const Fragment &other) { return other.range; };
  if (!enter(checker, checker.library.fragments, call.path[0], call.pathRanges[0], "fragment", rangeOf)) return;
  Fragment &fragment = checker.library.fragments[call.path[0]];
  fragment.name = call.path[0];
  fragment.range = call.pathRanges[0];
  fragment.block = &*parts.rule->block;
  checker.fragments.emplace_back(&fragment, &call);
}

void declareTemplate(Checker &checker, const ast::Statement &statement, const Parts &parts) {
  std::string name = parts.word("NAME");
  auto rangeOf = [](const Template &other) { return other.range; };
  if (!enter(checker, checker.library.templates, name, nameRange(parts), "template", rangeOf)) return;
  checker.library.templates[name] = {name, firstSentence(statement.doc), nameRange(parts),
                                     parts.rule->condition ? &*parts.rule->condition : nullptr, &*parts.rule->block};
}

void declareType(Checker &checker, const ast::Statement &statement, const Parts &parts) {
  std::string name = parts.word("NAME");
  if (findTypeDeclaration(name)) {
    checker.engine.report<diag::ReservedName>(nameRange(parts), name, "a type of the language");
    return;
  }
  auto rangeOf = [](const ast::Statement *other) { return std::get<ast::Rule>(other->node).items[1].range; };
  if (!enter(checker, checker.typeStatements, name, nameRange(parts), "type", rangeOf)) return;
  bool refined = parts.has("TYPE");
  if (refined == parts.rule->block.has_value()) {
    SourceRange range = parts.rule->items[0].range;
    if (refined)
      checker.engine.report<diag::NoBlock>(range, "type");
    else
      checker.engine.report<diag::NeedsBlock>(range, "type");
    return;
  }
  checker.typeStatements[name] = &statement;
}

void declare(Checker &checker, ast::Statement &statement, const Parts &parts) {
  Library &library = checker.library;
  switch (parts.declaration->kind) {
  case DeclarationKind::Interface: return declareInterface(checker, statement, parts);
  case DeclarationKind::Template: return declareTemplate(checker, statement, parts);
  case DeclarationKind::Fragment: return declareFragment(checker, parts);
  case DeclarationKind::Type: return declareType(checker, statement, parts);
  case DeclarationKind::Overlay:
    library.overlays.push_back({parts.word("snap"), parts.word("interface"), parts.words("app"),
                                parts.rule->items[0].range, &*parts.rule->block});
    return;
  case DeclarationKind::Never: library.nevers.push_back({parts.has("auto"), parts.words("except"), &statement}); return;
  case DeclarationKind::Test: library.tests.push_back(&statement); return;
  default: return;
  }
}

} // namespace

void collectDeclarations(Checker &checker, ast::File &file) {
  for (ast::Statement &statement : file.statements) {
    if (std::holds_alternative<ast::Let>(statement.node)) {
      declareLet(checker, statement);
      continue;
    }
    std::optional<Parts> parts = matchDeclaration(checker, statement, Unit, "at the top of a file");
    if (!parts) continue;
    declare(checker, statement, *parts);
    checker.declarations[&statement] = std::move(*parts);
  }
}

} // namespace snapsecc::checking
