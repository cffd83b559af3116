// SPDX-License-Identifier: Apache-2.0
// Tests: the scene that `given` sets, and rules with concrete values that must be granted or not.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"

namespace snapsecc::checking {

namespace {

Context testContext(const Interface *interface) {
  Context context;
  context.place = "a test";
  context.interface = interface;
  context.inTest = true;
  return context;
}

void checkGivenAttribute(Checker &checker, const Parts &parts, const Interface &interface) {
  std::string side = parts.word("plug|slot"), name = parts.word("NAME");
  const RecordType &attributes = (side == "plug" ? interface.plug : interface.slot).attributes;
  std::vector<FoundField> found = fieldsNamed(attributes, name);
  if (found.empty()) {
    std::vector<std::string> all = fieldNames(attributes);
    std::string suggestion = nearest(name, std::vector<llvm::StringRef>(all.begin(), all.end()));
    checker.engine.report<diag::NoSuchAttribute>(parts.range("NAME"), side, interface.name, name,
                                                 didYouMean(suggestion));
    return;
  }
  const ast::Expr &value = parts.get("VALUE")->values[0];
  checkAttributeValue(checker, value, found, testContext(&interface));
}

void checkGiven(Checker &checker, const ast::Statement &statement, const Interface *interface) {
  std::optional<Parts> parts = matchDeclaration(checker, statement, InTest, "in a test");
  if (!parts) return;
  if (parts->has("interface")) requireInterface(checker, parts->word("interface"), parts->range("interface"));
  if (parts->has("plug|slot") && !interface)
    checker.engine.report<diag::MisplacedStatement>(
        parts->range("plug|slot"), "'given " + parts->word("plug|slot") + "'", "in a test outside of an interface");
  else if (parts->has("VALUE"))
    checkGivenAttribute(checker, *parts, *interface);
  checker.declarations[&statement] = std::move(*parts);
}

} // namespace

void checkTest(Checker &checker, ast::Statement &test, const Interface *interface) {
  Scope scope;
  Context context = testContext(interface);
  for (ast::Statement &statement : std::get<ast::Rule>(test.node).block->statements) {
    auto *rule = std::get_if<ast::Rule>(&statement.node);
    const ast::Reference *keyword =
        rule && !rule->items[0].values.empty() ? rule->items[0].values[0].bareWord() : nullptr;
    if (!keyword)
      reportMisplaced(checker, statement, "in a test");
    else if (keyword->path[0] == "allow" || keyword->path[0] == "deny")
      checkRule(checker, statement, 1, scope, context);
    else
      checkGiven(checker, statement, interface);
  }
}

} // namespace snapsecc::checking
