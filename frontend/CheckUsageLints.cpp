// SPDX-License-Identifier: Apache-2.0
// Attributes and what is made of them: fields that nothing reads, words of an enum that no condition covers.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::checking {

using Kind = Type::Kind;

void markFieldsUsed(Checker &checker, const Type &type) {
  if (type.kind == Kind::List && type.element) markFieldsUsed(checker, *type.element);
  if (type.kind == Kind::Record && type.record) markFieldsUsed(checker, *type.record);
}

void markFieldsUsed(Checker &checker, const RecordType &record) {
  for (const RecordType::Field &field : record.fields)
    checker.used.insert(field.node);
  for (const RecordType::Case &shape : record.cases)
    for (const RecordType::Field &field : shape.fields)
      checker.used.insert(field.node);
}

namespace {

using OpKind = ast::Operation::Kind;

void lintFields(Checker &checker, const RecordType &record, std::set<const ast::Field *> &said) {
  auto one = [&](const RecordType::Field &field) {
    if (field.node && !checker.used.count(field.node)) {
      // What is for others than policy says so behind '##'.
      if (field.doc.empty() && said.insert(field.node).second)
        warn<diag::Unused>(checker, field.range, "field", field.name);
      return;
    }
    const Type *inner = &field.type;
    while (inner->kind == Kind::List && inner->element)
      inner = inner->element.get();
    if (inner->kind == Kind::Record && inner->record && inner->record->name.empty())
      lintFields(checker, *inner->record, said);
  };
  for (const RecordType::Field &field : record.fields)
    one(field);
  for (const RecordType::Case &shape : record.cases)
    for (const RecordType::Field &field : shape.fields)
      one(field);
}

// How the rules and connections of an interface read its enums.
class EnumReader {
public:
  explicit EnumReader(const Library &checked) : library(checked) {}

  std::map<std::string, std::set<std::string>> compared; // "plug.flavor": the words that it is compared with
  std::set<std::string> whole;                           // read as a value, or all of its words covered

  void statements(llvm::ArrayRef<ast::Statement> list) {
    for (const ast::Statement &statement : list) {
      if (auto *let = std::get_if<ast::Let>(&statement.node)) expr(let->value);
      if (auto *check = std::get_if<ast::CheckStatement>(&statement.node)) expr(check->condition);
      if (auto *when = std::get_if<ast::When>(&statement.node)) readWhen(*when);
      if (auto *loop = std::get_if<ast::For>(&statement.node)) {
        expr(loop->list);
        statements(loop->body.statements);
      }
      if (auto *rule = std::get_if<ast::Rule>(&statement.node)) readRule(*rule);
    }
  }

private:
  void readWhen(const ast::When &when) {
    bool outer = std::exchange(inElse, when.hasElse && !chains(when));
    expr(when.condition);
    inElse = outer;
    statements(when.then.statements);
    statements(when.otherwise);
  }
  // The else is another `when`, which may end without one.
  static bool chains(const ast::When &when) {
    return when.otherwise.size() == 1 && std::holds_alternative<ast::When>(when.otherwise[0].node);
  }

  void readRule(const ast::Rule &rule) {
    for (const ast::Item &item : rule.items)
      for (const ast::Expr &value : item.values)
        expr(value);
    if (rule.condition) expr(*rule.condition);
    if (rule.block) statements(rule.block->statements);
  }

  void expr(const ast::Expr &value) {
    if (auto *literal = std::get_if<ast::StringLiteral>(&value.node))
      for (const ast::StringLiteral::Piece &piece : literal->pieces)
        for (const ast::Expr &embedded : piece.embedded)
          expr(embedded);
    if (auto *list = std::get_if<ast::List>(&value.node))
      for (const ast::Expr &element : list->elements)
        expr(element);
    if (auto *record = std::get_if<ast::Record>(&value.node))
      for (const ast::Argument &field : record->fields)
        expr(field.value);
    if (auto *reference = std::get_if<ast::Reference>(&value.node)) readReference(*reference);
    if (auto *operation = std::get_if<ast::Operation>(&value.node)) readOperation(*operation);
  }

  void readReference(const ast::Reference &reference) {
    bool set = reference.isCall && reference.path[0] == "set";
    for (const ast::Argument &argument : reference.args)
      if (!set) expr(argument.value);
    if (!reference.isCall) whole.insert(shownName(reference));
  }

  void readOperation(const ast::Operation &operation) {
    if (operation.kind == OpKind::Equal || operation.kind == OpKind::NotEqual || operation.kind == OpKind::In)
      for (unsigned i = 0; i < 2; ++i)
        if (compare(operation.operands[i], operation.operands[1 - i], operation.kind)) return;
    for (const ast::Expr &operand : operation.operands)
      expr(operand);
  }

  bool compare(const ast::Expr &value, const ast::Expr &words, OpKind kind) {
    auto *reference = std::get_if<ast::Reference>(&value.node);
    if (!reference || reference->isCall || reference->path.size() < 2) return false;
    std::vector<const ast::Expr *> given = {&words};
    if (auto *list = std::get_if<ast::List>(&words.node)) {
      given.clear();
      for (const ast::Expr &element : list->elements)
        given.push_back(&element);
    }
    for (const ast::Expr *one : given)
      if (const ast::Reference *word = one->bareWord(); !word || !library.isWord(*word)) return false;
    std::string path = shownName(*reference);
    for (const ast::Expr *one : given)
      compared[path].insert(one->bareWord()->path[0]);
    if (inElse || kind == OpKind::NotEqual) whole.insert(path);
    return true;
  }

  const Library &library;
  bool inElse = false;
};

void lintWords(Checker &checker, const EnumReader &reader, const RecordType &attributes, const std::string &side) {
  for (const RecordType::Field &field : attributes.fields) {
    std::string path = side + "." + field.name;
    auto compared = reader.compared.find(path);
    if (field.type.kind != Kind::Enum || compared == reader.compared.end() || reader.whole.count(path)) continue;
    for (const std::string &word : field.type.words)
      if (!compared->second.count(word)) warn<diag::UncoveredWord>(checker, field.range, word, field.name);
  }
}

} // namespace

void lintUsage(Checker &checker) {
  std::set<const ast::Field *> said;
  for (auto [interface, block] : checker.interfaces) {
    lintFields(checker, interface->plug.attributes, said);
    lintFields(checker, interface->slot.attributes, said);
    EnumReader reader(checker.library);
    reader.statements(block->statements);
    lintWords(checker, reader, interface->plug.attributes, "plug");
    lintWords(checker, reader, interface->slot.attributes, "slot");
  }
  for (const auto &[name, type] : checker.library.types)
    if (checker.usedTypes.count(name) && type.kind == Kind::Record && type.record->name == name)
      lintFields(checker, *type.record, said);
}

} // namespace snapsecc::checking
