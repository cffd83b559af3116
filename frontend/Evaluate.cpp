// SPDX-License-Identifier: Apache-2.0
// The evaluation of expressions. What Check found to be a word is one; other names are looked for, in this order: names
// of the block and its outer ones, `plug` and `slot`, facts, lets of the interface, lets of the unit; a name that is
// none of these is a word.
#include "frontend/Evaluate.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {

const Value *Scope::find(llvm::StringRef name) const {
  for (const Scope *scope = this; scope; scope = scope->outer)
    for (auto at = scope->names.rbegin(); at != scope->names.rend(); ++at)
      if (at->first == name) return &at->second;
  return nullptr;
}

const Value *Arguments::find(unsigned position, llvm::StringRef name) const {
  if (position < values.size()) return &values[position];
  for (const auto &[given, value] : named)
    if (name == given) return &value;
  return nullptr;
}

Value fieldsOf(Value value, llvm::ArrayRef<std::string> path) {
  for (const std::string &field : path) {
    if (value.kind != Value::Kind::Record) return {};
    if (field == "case" && !value.record->caseName.empty()) {
      value = Value::word(value.record->caseName);
      continue;
    }
    // Its own copy first: the record may go with the value.
    Value inner = value.record->lookUp(field);
    value = std::move(inner);
  }
  return value;
}

Value::Reading readingOf(const Type &type) {
  switch (type.kind) {
  case Type::Kind::Glob:
  case Type::Kind::Label: return Value::Reading::Pattern;
  case Type::Kind::Regex: return Value::Reading::Regex;
  case Type::Kind::List: return type.element ? readingOf(*type.element) : Value::Reading::Plain;
  default: return type.glob ? Value::Reading::Pattern : Value::Reading::Plain;
  }
}

// A parameter's literals are patterns where it takes patterns, regexes where it takes those alone.
static Value::Reading readingOf(const Parameter &parameter) {
  Value::Reading reading = Value::Reading::Plain;
  for (const Type &type : parameter.types) {
    Value::Reading one = readingOf(type);
    if (one == Value::Reading::Pattern) return one;
    if (one == Value::Reading::Regex) reading = one;
  }
  return reading;
}

// A value in a place of patterns is a pattern from now on.
static void asPattern(Value &value) {
  if (value.kind == Value::Kind::Text && value.reading == Value::Reading::Plain) {
    value.text = *patternText(value);
    value.reading = Value::Reading::Pattern;
  }
  for (Value &element : value.list)
    asPattern(element);
}

Value Evaluator::evaluateLet(const ast::Let &let, const Scope &scope) {
  Value::Reading reading = let.type ? readingOf(context.library->typeOf(*let.type)) : Value::Reading::Plain;
  Value value = evaluate(let.value, scope, reading);
  if (reading == Value::Reading::Pattern) asPattern(value);
  return value;
}

std::optional<Value> Evaluator::namedLet(llvm::StringRef name) {
  const ast::Let *let = nullptr;
  if (context.interface)
    for (const ast::Let *own : context.interface->lets)
      if (own->name == name) let = own;
  if (!let) {
    auto ofUnit = context.library->lets.find(name.str());
    if (ofUnit == context.library->lets.end()) return std::nullopt;
    let = ofUnit->second;
  }
  auto known = lets.find(let);
  if (known != lets.end()) return known->second;
  if (!running.insert(let).second) return Value();
  Value value = evaluateLet(*let, Scope());
  running.erase(let);
  return lets[let] = value;
}

Value Evaluator::evaluate(const ast::Expr &expr, const Scope &scope, Value::Reading as) {
  if (auto *text = std::get_if<ast::StringLiteral>(&expr.node)) return literal(*text, scope, as);
  if (auto *number = std::get_if<ast::Number>(&expr.node)) {
    Value value = Value::integer(number->value);
    if (number->last) {
      value.kind = Value::Kind::Range;
      value.last = *number->last;
    }
    return value;
  }
  if (auto *named = std::get_if<ast::Reference>(&expr.node)) return reference(*named, scope, as);
  if (auto *list = std::get_if<ast::List>(&expr.node)) {
    std::vector<Value> values;
    for (const ast::Expr &element : list->elements)
      values.push_back(evaluate(element, scope, as));
    return Value::listOf(std::move(values));
  }
  if (auto *fields = std::get_if<ast::Record>(&expr.node)) return record(*fields, scope, as);
  return operation(std::get<ast::Operation>(expr.node), scope, as);
}

Value Evaluator::literal(const ast::StringLiteral &literal, const Scope &scope, Value::Reading as) {
  std::string text;
  unsigned depth = 0;
  for (const ast::StringLiteral::Piece &piece : literal.pieces) {
    if (piece.embedded.empty()) {
      std::string read = readLiteral(piece.text, as);
      if (as == Value::Reading::Pattern) depth = braceDepth(read, depth);
      text += read;
      continue;
    }
    Value value = evaluate(piece.embedded.front(), scope, as);
    std::optional<std::string> embedded =
        as == Value::Reading::Pattern ? patternText(value, depth > 0) : plainText(value);
    if (!embedded) return {}; // what is not there makes no text: its rule disappears
    text += *embedded;
  }
  return Value::string(text, as);
}

Value Evaluator::record(const ast::Record &record, const Scope &scope, Value::Reading as) {
  auto fields = std::make_shared<RecordValue>();
  for (const ast::Argument &field : record.fields)
    fields->fields.push_back({field.name, evaluate(field.value, scope, as)});
  Value value;
  value.kind = Value::Kind::Record;
  value.record = std::move(fields);
  return value;
}

bool Evaluator::isNameInScope(const ast::Reference &reference, const Scope &scope) const {
  if (context.library->isWord(reference)) return false;
  llvm::StringRef name = reference.path.front();
  if (scope.find(name) || name == "plug" || name == "slot" || context.library->lets.count(name.str())) return true;
  return context.interface &&
         llvm::any_of(context.interface->lets, [&](const ast::Let *let) { return let->name == name; });
}

Value Evaluator::sideField(const EndpointScene *side, llvm::ArrayRef<std::string> path) {
  if (!side) return {};
  if (path.empty()) {
    Value value;
    value.kind = Value::Kind::Side;
    value.side = side;
    return value;
  }
  const std::string &name = path.front();
  if (name == "case") return Value::word(side->attributes->caseName);
  bool isAttribute = side->schema().find(name) || side->attributes->find(name);
  for (const RecordType::Case &shape : side->schema().cases)
    for (const RecordType::Field &field : shape.fields)
      isAttribute |= field.name == name;
  if (!isAttribute && findFact("side." + name)) return sideFact(name, *side);
  return fieldsOf(side->attributes->lookUp(name), path.drop_front());
}

Value Evaluator::reference(const ast::Reference &reference, const Scope &scope, Value::Reading as) {
  llvm::ArrayRef<std::string> path = reference.path;
  llvm::StringRef first = path.front();
  if (context.library->isWord(reference)) return Value::word(first);
  if (!reference.isCall) {
    if (const Value *value = scope.find(first)) return fieldsOf(*value, path.drop_front());
    if (first == "plug") return sideField(context.plug, path.drop_front());
    if (first == "slot") return sideField(context.slot, path.drop_front());
    if (path.size() == 1 && first == "self") {
      appWasRead = true;
      return context.label.empty() ? Value() : Value::string(context.label, Value::Reading::Pattern);
    }
  }
  std::string name = llvm::join(path, ".");
  if (const Fact *known = findFact(name)) return fact(name, arguments(reference, known->parameters, scope));
  if (reference.isCall) return call(reference, scope, as);
  if (std::optional<Value> let = namedLet(first)) return fieldsOf(*let, path.drop_front());
  if (name == "true" || name == "false") return Value::of(name == "true");
  if (name == "_") {
    Value value;
    value.kind = Value::Kind::Any;
    return value;
  }
  // A fact that is a list or a record, and a field of it.
  for (size_t size = path.size() - 1; size > 1; --size) {
    std::string front = llvm::join(path.take_front(size), ".");
    if (findFact(front)) return fieldsOf(fact(front, {}), path.drop_front(size));
  }
  return path.size() == 1 ? Value::word(name) : Value();
}

Value Evaluator::fact(llvm::StringRef name, const Arguments &arguments) {
  if (name.consume_front("host.")) return hostFact(name, context);
  if (name.consume_front("snap.")) return context.snap ? snapFact(name, arguments, *context.snap) : Value();
  if (name.consume_front("app.")) {
    appWasRead = true;
    return appFact(name, context);
  }
  return {}; // event.X: only a machine at run time has events
}

Arguments Evaluator::arguments(const ast::Reference &call, const std::vector<Parameter> &parameters,
                               const Scope &scope) {
  Arguments result;
  for (const ast::Argument &argument : call.args) {
    const Parameter *parameter = nullptr;
    if (argument.name.empty()) {
      size_t position = result.values.size();
      if (position < parameters.size())
        parameter = &parameters[position];
      else if (!parameters.empty() && parameters.back().repeats)
        parameter = &parameters.back();
    } else {
      for (const Parameter &candidate : parameters)
        if (candidate.name == argument.name) parameter = &candidate;
    }
    Value value = evaluate(argument.value, scope, parameter ? readingOf(*parameter) : Value::Reading::Plain);
    if (argument.name.empty())
      result.values.push_back(std::move(value));
    else
      result.named.emplace_back(argument.name, std::move(value));
  }
  return result;
}

static constexpr Type::Kind places[] = {Type::Kind::Argument,   Type::Kind::Match,  Type::Kind::Action,
                                        Type::Kind::Transition, Type::Kind::Family, Type::Kind::Command};

Value Evaluator::call(const ast::Reference &call, const Scope &scope, Value::Reading) {
  std::string name = llvm::join(call.path, ".");
  if (const Function *function = findFunction(name)) {
    Arguments given = arguments(call, function->parameters, scope);
    return callFunction(name, given, context);
  }
  for (Type::Kind place : places)
    if (findFunction(name, place)) return keepCall(call, scope, place);
  return {};
}

Value Evaluator::keepCall(const ast::Reference &call, const Scope &scope, Type::Kind place) {
  std::string name = llvm::join(call.path, ".");
  const Function *function = findFunction(name, place);
  Arguments given = arguments(call, function ? function->parameters : std::vector<Parameter>(), scope);
  Value value = Value::call(name, std::move(given.values));
  for (auto &[parameter, argument] : given.named)
    value.list.push_back(Value::call(parameter, {std::move(argument)}));
  return value;
}

Value Evaluator::compare(ast::Operation::Kind kind, const Value &left, const Value &right) {
  using Kind = ast::Operation::Kind;
  static constexpr llvm::StringLiteral signs[] = {"+", "==", "!=", "<", "<=", ">", ">="};
  if (left.kind == Value::Kind::Any && kind != Kind::In) {
    Value value;
    value.kind = Value::Kind::Compare;
    value.text = signs[size_t(kind)].str();
    value.list.push_back(right);
    return value;
  }
  if (kind == Kind::Equal) return Value::of(sameValue(left, right));
  if (kind == Kind::NotEqual) return Value::of(!sameValue(left, right));
  if (kind == Kind::In) {
    if (right.kind == Value::Kind::Range) return Value::of(sameValue(left, right));
    return Value::of(llvm::any_of(right.list, [&](const Value &element) { return sameValue(left, element); }));
  }
  if (left.kind != Value::Kind::Int || right.kind != Value::Kind::Int) return Value::of(false);
  switch (kind) {
  case Kind::Less: return Value::of(left.number < right.number);
  case Kind::LessEqual: return Value::of(left.number <= right.number);
  case Kind::Greater: return Value::of(left.number > right.number);
  default: return Value::of(left.number >= right.number);
  }
}

// Lists joined, an absent one is empty; texts joined, of which a pattern makes the whole a pattern.
static Value joined(const Value &left, const Value &right) {
  if (left.kind == Value::Kind::List || right.kind == Value::Kind::List || left.isAbsent() || right.isAbsent()) {
    std::vector<Value> values = left.list;
    values.insert(values.end(), right.list.begin(), right.list.end());
    return Value::listOf(std::move(values));
  }
  if (left.kind == Value::Kind::Int && right.kind == Value::Kind::Int) {
    int64_t sum = 0;
    return __builtin_add_overflow(left.number, right.number, &sum) ? Value() : Value::integer(sum);
  }
  bool pattern = left.reading == Value::Reading::Pattern || right.reading == Value::Reading::Pattern;
  std::optional<std::string> a = pattern ? patternText(left) : plainText(left);
  std::optional<std::string> b = pattern ? patternText(right) : plainText(right);
  if (!a || !b) return {};
  return Value::string(*a + *b, pattern ? Value::Reading::Pattern : Value::Reading::Plain);
}

Value Evaluator::operation(const ast::Operation &operation, const Scope &scope, Value::Reading as) {
  using Kind = ast::Operation::Kind;
  const std::vector<ast::Expr> &operands = operation.operands;
  switch (operation.kind) {
  case Kind::Not: return Value::of(!holds(operands[0], scope));
  case Kind::And: return Value::of(holds(operands[0], scope) && holds(operands[1], scope));
  case Kind::Or: return Value::of(holds(operands[0], scope) || holds(operands[1], scope));
  case Kind::Choose: return evaluate(operands[holds(operands[1], scope) ? 0 : 2], scope, as);
  case Kind::Join: return joined(evaluate(operands[0], scope, as), evaluate(operands[1], scope, as));
  default: return compare(operation.kind, evaluate(operands[0], scope), evaluate(operands[1], scope));
  }
}

} // namespace snapsecc
