// SPDX-License-Identifier: Apache-2.0
// What a condition says about the values that it reads: which are there, which words an enum can still be. Never too
// much: what is not understood says nothing. The types of the condition are known already (Checker::inferred).
#include "frontend/Check.h"

namespace snapsecc::checking {

void Facts::add(const Facts &more) {
  present.insert(more.present.begin(), more.present.end());
  for (const auto &[path, limited] : more.words) {
    auto [known, fresh] = words.try_emplace(path, limited);
    if (fresh) continue;
    std::set<std::string> both;
    for (const std::string &word : known->second)
      if (limited.count(word)) both.insert(word);
    known->second = std::move(both);
  }
}

namespace {

using OpKind = ast::Operation::Kind;

// What both sets say.
Facts common(const Facts &a, const Facts &b) {
  Facts both;
  for (const std::string &path : a.present)
    if (b.present.count(path)) both.present.insert(path);
  for (const auto &[path, words] : a.words) {
    auto other = b.words.find(path);
    if (other == b.words.end()) continue;
    both.words[path] = words;
    both.words[path].insert(other->second.begin(), other->second.end());
  }
  return both;
}

class Narrower {
public:
  Narrower(Checker &shared, const Scope &inner, const Context &place) : checker(shared), scope(inner), context(place) {}

  Facts run(const ast::Expr &condition, bool holds, unsigned depth = 0) {
    if (depth > 32) return {};
    if (auto *reference = std::get_if<ast::Reference>(&condition.node))
      return reference->isCall ? ofCall(*reference, holds) : ofName(*reference, holds, depth);
    auto *operation = std::get_if<ast::Operation>(&condition.node);
    if (!operation) return {};
    const std::vector<ast::Expr> &operands = operation->operands;
    switch (operation->kind) {
    case OpKind::Not: return run(operands[0], !holds, depth + 1);
    case OpKind::And:
    case OpKind::Or: {
      Facts a = run(operands[0], holds, depth + 1), b = run(operands[1], holds, depth + 1);
      if ((operation->kind == OpKind::And) != holds) return common(a, b);
      a.add(b);
      return a;
    }
    case OpKind::Equal: return ofEquality(operands, holds);
    case OpKind::NotEqual: return ofEquality(operands, !holds);
    case OpKind::In: return holds ? presence(operands[0]) : Facts();
    default: return {};
    }
  }

private:
  Facts presence(const ast::Expr &value) const {
    Facts facts;
    if (auto *reference = std::get_if<ast::Reference>(&value.node); reference && !reference->isCall)
      facts.present.insert(pathOf(*reference, scope, context));
    return facts;
  }

  // set(x), and the functions that an absent value makes false.
  Facts ofCall(const ast::Reference &call, bool holds) const {
    Facts facts;
    if (!holds || call.path.size() != 1) return facts;
    if (isOneOf(call.path[0], {"set", "only", "nonempty"}) && !call.args.empty()) facts = presence(call.args[0].value);
    if (call.path[0] == "compatible")
      for (const ast::Argument &argument : call.args)
        facts.add(presence(argument.value));
    return facts;
  }

  // A let stands for its expression.
  Facts ofName(const ast::Reference &name, bool holds, unsigned depth) {
    if (!name.isBareWord()) return {};
    const ast::Let *let = nullptr;
    if (const Name *found = scope.find(name.path[0]))
      let = found->let;
    else
      let = findLet(checker, name.path[0], context.interface);
    return let ? run(let->value, holds, depth + 1) : Facts();
  }

  Facts ofEquality(const std::vector<ast::Expr> &operands, bool holds) const {
    Facts facts;
    for (unsigned i = 0; i < 2; ++i) {
      if (holds) facts.add(presence(operands[i])); // an absent value is equal to nothing
      facts.add(ofWord(operands[i], operands[1 - i], holds));
    }
    return facts;
  }

  Facts ofWord(const ast::Expr &value, const ast::Expr &other, bool holds) const {
    Facts facts;
    auto *reference = std::get_if<ast::Reference>(&value.node);
    const ast::Reference *word = other.bareWord();
    auto type = checker.inferred.find(&value);
    if (!reference || !word || !checker.library.isWord(*word) || type == checker.inferred.end() ||
        type->second.kind != Type::Kind::Enum)
      return facts;
    std::set<std::string> words(type->second.words.begin(), type->second.words.end());
    if (holds)
      words = {word->path[0]};
    else
      words.erase(word->path[0]);
    facts.words[pathOf(*reference, scope, context)] = std::move(words);
    return facts;
  }

  Checker &checker;
  const Scope &scope;
  const Context &context;
};

bool saysAll(const Facts &known, const Facts &needed) {
  if (needed.present.empty() && needed.words.empty()) return false;
  for (const std::string &path : needed.present) // of an enum that is limited we know that it is there
    if (!known.present.count(path) && !needed.words.count(path)) return false;
  for (const auto &[path, words] : needed.words) {
    auto found = known.words.find(path);
    if (found == known.words.end()) return false;
    if (!llvm::all_of(found->second, [&, &allowed = words](const std::string &word) { return allowed.count(word); }))
      return false;
  }
  return true;
}

} // namespace

Facts narrow(Checker &checker, const ast::Expr &condition, bool holds, const Scope &scope, const Context &context) {
  return Narrower(checker, scope, context).run(condition, holds);
}

bool fieldIsKnown(Checker &checker, const RecordType &record, llvm::ArrayRef<FoundField> found, llvm::StringRef prefix,
                  const Facts &facts) {
  Context context;
  context.record = &record;
  context.prefix = prefix.str();
  Scope scope;
  auto conditionsHold = [&](const FoundField &one) {
    return llvm::all_of(one.field->conditions, [&](const auto &condition) {
      return saysAll(facts, narrow(checker, *condition.first, condition.second, scope, context));
    });
  };
  std::set<std::string> possible = caseNames(record);
  if (auto limited = facts.words.find((prefix + "case").str()); limited != facts.words.end())
    possible = limited->second;
  for (const FoundField &one : found) {
    if (!conditionsHold(one)) continue;
    if (one.shape.empty()) return true;
    possible.erase(one.shape);
  }
  return possible.empty() && !record.cases.empty();
}

} // namespace snapsecc::checking
