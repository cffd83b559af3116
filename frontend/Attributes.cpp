// SPDX-License-Identifier: Apache-2.0
// Schema and metadata to the values of a plug or slot:
//   1. read the fields whose conditions hold; with `case`s, those of the one shape that fits; what is not there gets
//   its default;
//   2. complain about attributes that no field knows;
//   3. with all values known, walk the schema's block: lets become further fields, checks are made.
#include "frontend/Attributes.h"
#include "diag/Diagnostics.h"
#include "frontend/Functions.h"
#include "frontend/SnapDiagnostics.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

constexpr unsigned maxChecks = 100000; // of one plug or slot: lists of lists could ask for more than anyone waits for

using Entries = std::vector<Attribute::Entry>;

const Attribute::Entry *entryOf(const Entries &entries, llvm::StringRef name) {
  for (const Attribute::Entry &entry : entries)
    if (entry.key == name && entry.value.kind != Attribute::Kind::Null) return &entry;
  return nullptr;
}

const RecordType::Field *fieldOf(const std::vector<RecordType::Field> &fields, llvm::StringRef name) {
  for (const RecordType::Field &field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

std::string describe(const RecordType::Case &shape) {
  std::vector<std::string> names;
  for (const RecordType::Field &field : shape.fields)
    names.push_back(field.name + (field.type.optional || field.fallback ? "?" : ""));
  return shape.name + " (" + llvm::join(names, ", ") + ")";
}

class Reader {
public:
  Reader(EndpointScene &scene, Evaluator &evaluation, Engine &diagnostics)
      : endpoint(scene), evaluator(evaluation), engine(diagnostics) {}

  Value readRecord(const RecordType &type, const Entries &entries, SourceRange where, const Scope &outer,
                   std::vector<Problem> &problems, bool isSide);

private:
  struct Place { // of a check: what its names mean and where messages point
    const Entries &entries;
    SourceRange where;
    RecordValue *record;
  };
  void readFields(const std::vector<RecordType::Field> &fields, const Entries &entries, SourceRange where, Scope &scope,
                  RecordValue &record, std::vector<Problem> &problems);
  Value readField(const RecordType::Field &field, const Entries &entries, SourceRange where, const Scope &scope,
                  std::vector<Problem> &problems);
  const RecordType::Case *chooseShape(const RecordType &type, const Entries &entries, SourceRange where,
                                      const Scope &scope, std::vector<Problem> &problems);
  void findUnknown(const RecordType &type, const RecordType::Case *shape, const Entries &entries);
  void walk(const std::vector<ast::Statement> &statements, Scope &scope, const Place &place);
  void runCheck(const ast::CheckStatement &check, const ast::Statement &statement, const Scope &scope,
                const Place &place);
  std::string titled(const std::string &name) const {
    return (endpoint.side == SideKind::Plug ? "plug '" : "slot '") + endpoint.name + "' (" + endpoint.interface->name +
           ")" + (name.empty() ? "" : ": " + name);
  }

  EndpointScene &endpoint;
  Evaluator &evaluator;
  Engine &engine;
  unsigned checks = 0;
  unsigned trials = 0; // over 0: a shape is being tried, nothing is to be said
};

Value Reader::readField(const RecordType::Field &field, const Entries &entries, SourceRange where, const Scope &scope,
                        std::vector<Problem> &problems) {
  if (const Attribute::Entry *entry = entryOf(entries, field.name)) {
    const Snap *owner = endpoint.owner->snap;
    ValueReader reader{owner, problems, field.name, field.range, {}};
    reader.readRecord = [&](const RecordType &type, const Attribute &attribute, ValueReader &inner) {
      return readRecord(type, attribute.map, attribute.range, scope, inner.problems, false);
    };
    return reader.read(field.type, entry->value);
  }
  if (field.fallback) {
    Value value = evaluator.evaluate(*field.fallback, scope, readingOf(field.type));
    value.defaulted = true;
    return value;
  }
  if (!field.type.optional && endpoint.declared)
    problems.push_back({Problem::Kind::Missing, where, titled(""), field.name, "", "", field.name, field.range});
  return {};
}

void Reader::readFields(const std::vector<RecordType::Field> &fields, const Entries &entries, SourceRange where,
                        Scope &scope, RecordValue &record, std::vector<Problem> &problems) {
  for (const RecordType::Field &field : fields) {
    bool applies = llvm::all_of(field.conditions, [&](const auto &condition) {
      return evaluator.holds(*condition.first, scope) == condition.second;
    });
    if (!applies && record.find(field.name)) continue; // the same name in the other arm of a `when`
    Value value = applies ? readField(field, entries, where, scope, problems) : Value();
    scope.set(field.name, value);
    record.fields.push_back({field.name, std::move(value)});
  }
}

const RecordType::Case *Reader::chooseShape(const RecordType &type, const Entries &entries, SourceRange where,
                                            const Scope &scope, std::vector<Problem> &problems) {
  struct Candidate {
    const RecordType::Case *shape;
    std::vector<Problem> problems;
  };
  std::vector<Candidate> candidates;
  for (const RecordType::Case &shape : type.cases) {
    bool complete = llvm::all_of(shape.fields, [&](const RecordType::Field &field) {
      return field.type.optional || field.fallback || entryOf(entries, field.name);
    });
    // An attribute that only another shape has excludes this one.
    bool foreign = llvm::any_of(type.cases, [&](const RecordType::Case &other) {
      return llvm::any_of(other.fields, [&](const RecordType::Field &field) {
        return entryOf(entries, field.name) && !fieldOf(shape.fields, field.name) && !fieldOf(type.fields, field.name);
      });
    });
    if (!complete || foreign) continue;
    Candidate candidate{&shape, {}};
    Scope inner{&scope};
    RecordValue unused;
    ++trials;
    readFields(shape.fields, entries, where, inner, unused, candidate.problems);
    --trials;
    candidates.push_back(std::move(candidate));
  }
  std::vector<const RecordType::Case *> fitting;
  for (const Candidate &candidate : candidates)
    if (candidate.problems.empty()) fitting.push_back(candidate.shape);
  if (fitting.size() == 1) return fitting.front();
  if (!endpoint.declared) return nullptr;
  if (fitting.empty() && candidates.size() == 1) return candidates.front().shape; // its problems come when it is read
  std::vector<std::string> shapes;
  for (const RecordType::Case &shape : type.cases)
    shapes.push_back(describe(shape));
  problems.push_back({Problem::Kind::Shape, where, titled(""), llvm::join(shapes, " or "),
                      fitting.empty() ? "none" : "several", "", endpoint.interface->name, type.range});
  return nullptr;
}

void Reader::findUnknown(const RecordType &type, const RecordType::Case *shape, const Entries &entries) {
  std::vector<llvm::StringRef> known;
  for (const RecordType::Field &field : type.fields)
    known.push_back(field.name);
  for (const RecordType::Case &one : type.cases)
    if (!shape || &one == shape)
      for (const RecordType::Field &field : one.fields)
        known.push_back(field.name);
  for (const Attribute::Entry &entry : entries) {
    if (llvm::is_contained(known, entry.key)) continue;
    std::string near = nearest(entry.key, known);
    std::string hint = near.empty() ? "" : "; did you mean '" + near + "'?";
    std::string subject = titled("");
    auto builder = type.closed
                       ? engine.report<diag::AttributeNotAllowed>(entry.keyRange, subject, shown(entry.key), hint)
                       : engine.report<diag::UnknownAttribute>(entry.keyRange, subject, shown(entry.key), hint);
    if (!near.empty()) builder.fixIt(entry.keyRange, near);
    if (type.range.isValid())
      builder.note<diag::DeclaredHere>(type.range, type.name.empty() ? endpoint.interface->name : type.name);
  }
}

Value Reader::readRecord(const RecordType &type, const Entries &entries, SourceRange where, const Scope &outer,
                         std::vector<Problem> &problems, bool isSide) {
  auto record = std::make_shared<RecordValue>();
  Scope scope{&outer};
  size_t before = problems.size();
  readFields(type.fields, entries, where, scope, *record, problems);
  const RecordType::Case *shape = nullptr;
  if (!type.cases.empty()) {
    shape = chooseShape(type, entries, where, scope, problems);
    if (shape) {
      record->caseName = shape->name;
      readFields(shape->fields, entries, where, scope, *record, problems);
    }
  }
  if (endpoint.declared && trials == 0) findUnknown(type, shape, entries);
  if (isSide) {
    // So that `slot.case` and `slot.x` mean something to the checks.
    endpoint.attributes = record;
    for (const Problem &problem : problems)
      report(problem, engine);
  }
  // Wrong values make wrong checks.
  if (problems.size() == before && type.block && trials == 0) {
    Scope names{&outer};
    for (const RecordType::Case &one : type.cases)
      for (const RecordType::Field &field : one.fields)
        names.set(field.name, record->lookUp(field.name));
    for (const RecordValue::Field &field : record->fields)
      if (!field.value.isAbsent() || !names.find(field.name)) names.set(field.name, field.value);
    Place place{entries, where, record.get()};
    walk(type.block->statements, names, place);
    if (shape && shape->block) walk(shape->block->statements, names, place);
  }
  Value value;
  value.kind = Value::Kind::Record;
  value.record = std::move(record);
  return value;
}

// The name of a record in `use RECORD;`.
const RecordType *usedRecord(const ast::Rule &rule, const Library &library) {
  if (rule.items.size() != 2 || rule.items[0].values.size() != 1 || rule.items[1].values.size() != 1) return nullptr;
  const ast::Reference *keyword = rule.items[0].values[0].bareWord(), *name = rule.items[1].values[0].bareWord();
  if (!keyword || keyword->path[0] != "use" || !name) return nullptr;
  auto type = library.types.find(name->path[0]);
  return type == library.types.end() ? nullptr : type->second.record.get();
}

void Reader::walk(const std::vector<ast::Statement> &statements, Scope &scope, const Place &place) {
  for (const ast::Statement &statement : statements) {
    if (checks > maxChecks) return;
    if (auto *let = std::get_if<ast::Let>(&statement.node)) {
      Value value = evaluator.evaluateLet(*let, scope);
      scope.set(let->name, value);
      if (place.record) place.record->fields.push_back({let->name, std::move(value)});
    } else if (auto *check = std::get_if<ast::CheckStatement>(&statement.node)) {
      runCheck(*check, statement, scope, place);
    } else if (auto *when = std::get_if<ast::When>(&statement.node)) {
      bool holds = evaluator.holds(when->condition, scope);
      Scope inner{&scope};
      walk(holds ? when->then.statements : when->otherwise, inner, {place.entries, place.where, nullptr});
    } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
      Value list = evaluator.evaluate(loop->list, scope);
      for (const Value &element : list.list) {
        Scope inner{&scope};
        inner.set(loop->name, element);
        walk(loop->body.statements, inner, {place.entries, place.where, nullptr});
      }
    } else if (auto *rule = std::get_if<ast::Rule>(&statement.node)) {
      if (const RecordType *used = usedRecord(*rule, *evaluator.context.library); used && used->block)
        walk(used->block->statements, scope, place);
    }
  }
}

// The first attribute that the condition speaks of: what the message points at.
void findSubject(const ast::Expr &expr, const Entries &entries, const Attribute::Entry *&found) {
  if (found) return;
  if (auto *reference = std::get_if<ast::Reference>(&expr.node)) {
    for (const std::string &name : reference->path)
      if (!found) found = entryOf(entries, name);
    for (const ast::Argument &argument : reference->args)
      findSubject(argument.value, entries, found);
  } else if (auto *operation = std::get_if<ast::Operation>(&expr.node)) {
    for (const ast::Expr &operand : operation->operands)
      findSubject(operand, entries, found);
  } else if (auto *list = std::get_if<ast::List>(&expr.node)) {
    for (const ast::Expr &element : list->elements)
      findSubject(element, entries, found);
  }
}

void Reader::runCheck(const ast::CheckStatement &check, const ast::Statement &statement, const Scope &scope,
                      const Place &place) {
  if (++checks > maxChecks) {
    engine.report<diag::TooManyChecks>(place.where, titled(""), maxChecks);
    return;
  }
  if (evaluator.holds(check.condition, scope)) return;
  const Attribute::Entry *subject = nullptr;
  findSubject(check.condition, place.entries, subject);
  SourceRange where = subject ? subject->keyRange : place.where;
  std::string message = plainText(evaluator.evaluate(check.message, scope)).value_or("a check of the interface fails");
  engine.report<diag::AttributeCheck>(where, titled(""), message).note<diag::CheckedHere>(statement.range);
}

} // namespace

void report(const Problem &problem, Engine &engine) {
  auto withNote = [&](Engine::Builder builder) {
    if (problem.declared.isValid()) builder.note<diag::DeclaredHere>(problem.declared, problem.declaredName);
    return builder;
  };
  switch (problem.kind) {
  case Problem::Kind::Type:
    withNote(engine.report<diag::AttributeType>(problem.at, problem.subject, problem.detail, problem.found));
    return;
  case Problem::Kind::Missing:
    withNote(engine.report<diag::AttributeMissing>(problem.at, problem.subject, problem.detail));
    return;
  case Problem::Kind::Word: {
    std::string hint = problem.suggestion.empty() ? "" : "; did you mean '" + problem.suggestion + "'?";
    auto builder =
        withNote(engine.report<diag::AttributeWord>(problem.at, problem.subject, problem.found, problem.detail, hint));
    if (!problem.suggestion.empty()) builder.fixIt(problem.at, problem.suggestion);
    return;
  }
  case Problem::Kind::Value:
    withNote(engine.report<diag::AttributeValue>(problem.at, problem.subject, problem.found, problem.detail));
    return;
  case Problem::Kind::List:
    withNote(engine.report<diag::AttributeList>(problem.at, problem.subject, problem.detail));
    return;
  case Problem::Kind::Shape:
    withNote(engine.report<diag::AttributeShape>(problem.at, problem.subject, problem.found, problem.detail));
    return;
  }
}

void readAttributes(EndpointScene &endpoint, const Context &base, Engine &engine) {
  static const Entries none;
  endpoint.attributes = std::make_shared<RecordValue>();
  const RecordType &type = endpoint.schema();
  const Entries &entries = endpoint.declared ? endpoint.declared->attributes : none;
  SourceRange where = endpoint.declared ? endpoint.declared->range : SourceRange();
  Context context = base;
  context.snap = endpoint.owner;
  context.interface = endpoint.interface;
  (endpoint.side == SideKind::Plug ? context.plug : context.slot) = &endpoint;
  Evaluator evaluator(context);
  std::vector<Problem> problems;
  Reader(endpoint, evaluator, engine).readRecord(type, entries, where, Scope(), problems, true);
}

} // namespace snapsecc
