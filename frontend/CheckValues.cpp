// SPDX-License-Identifier: Apache-2.0
// The values of a rule's parts by the slots that they fill (ir/SlotTypes.def): which words, patterns, text and calls
// may stand there.
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::checking {

namespace {

using Kind = Type::Kind;
using ir::SlotClass;
using ir::SlotType;

bool holdsPart(const ir::Element &element, int part) {
  if (element.part == part) return true;
  return llvm::any_of(element.children, [&](const ir::Element &child) { return holdsPart(child, part); });
}

// May the statement go without this part?
bool isOptionalPart(const ir::Element &element, int part) {
  if (element.kind == ir::Element::Kind::Optional && holdsPart(element, part)) return true;
  return llvm::any_of(element.children, [&](const ir::Element &child) { return isOptionalPart(child, part); });
}

Kind placeOf(SlotType type) {
  switch (type) {
  case SlotType::Transition: return Kind::Transition;
  case SlotType::Match: return Kind::Match;
  case SlotType::Action: return Kind::Action;
  case SlotType::Family: return Kind::Family;
  default: return Kind::Error;
  }
}

class SlotChecker {
public:
  SlotChecker(Checker &shared, const ir::RuleKindInfo &kind, const ir::Part &filled, unsigned partIndex,
              const Scope &inner, const Context &place)
      : checker(shared), info(kind), part(filled), slot(ir::slotTypeInfo(filled.type)), scope(inner), context(place),
        optionalPart(isOptionalPart(kind.signature.root, static_cast<int>(partIndex))) {}

  void check(const ast::Expr &value) {
    switch (slot.cls) {
    case SlotClass::Pattern: return pattern(value);
    case SlotClass::Text: return text(value);
    case SlotClass::Perms:
    case SlotClass::Words: return words(value);
    case SlotClass::Call: return call(value);
    case SlotClass::Syscall: return checkSyscall(checker, value, scope, context);
    case SlotClass::Name: return name(value);
    }
  }

private:
  bool isNameHere(const ast::Reference &word) const { return isName(checker, word.path[0], &scope, &context); }

  // The type of one value of the slot; Error where that was reported.
  Type valueType(const ast::Expr &value, const Type &expected) {
    Type type = infer(checker, value, scope, context, &expected).type;
    bool optional = type.optional;
    if (type.kind == Kind::List && part.many && type.element) type = *type.element;
    if (!optional || type.kind == Kind::Error) return type;
    type.optional = false;
    // A part of a mount that its entry does not name is left out, and so is one of what the snap has once; elsewhere a
    // rule without a part would grant what nobody wrote.
    bool mayBeLeftOut = optionalPart && (info.scope == ir::Scope::Snap || info.kind == ir::RuleKind::Mount);
    if (!mayBeLeftOut) {
      checker.engine.report<diag::OptionalRead>(value.range, shownName(value));
      return {};
    }
    if (info.kind == ir::RuleKind::Mount) checker.absent.push_back({value.range, shownName(value), part.role});
    return type;
  }

  void pattern(const ast::Expr &value) {
    const ast::Reference *word = value.bareWord();
    if (word && part.type == SlotType::Address && word->path[0] == "none") return;
    if (word && part.type == SlotType::FsType && !isNameHere(*word)) return; // tmpfs
    Type expected = makeType(part.type == SlotType::Label ? Kind::Label : Kind::Glob);
    bool labelWord = word && isOneOf(word->path[0], {"unconfined", "self", "plug", "slot"});
    if (word && !isNameHere(*word) && !(labelWord && expected.kind == Kind::Label)) {
      checker.engine.report<diag::NotQuoted>(value.range, info.keyword, word->path[0], slot.doc);
      return;
    }
    checkPatternValue(checker, value, valueType(value, expected), expected);
  }

  void text(const ast::Expr &value) {
    const ast::Reference *word = value.bareWord();
    if (word && !isNameHere(*word) && part.type != SlotType::Text) return;
    if (word && !isNameHere(*word)) {
      checker.engine.report<diag::NotQuoted>(value.range, info.keyword, word->path[0], slot.doc);
      return;
    }
    if (info.kind == ir::RuleKind::Udev && part.role == "file") requireDataFile(value);
    Type type = valueType(value, makeType(Kind::Text));
    if (type.kind == Kind::Digest || type.kind == Kind::Ranges || type.kind == Kind::Int) return;
    checkFits(checker, value, type, makeType(Kind::Text), false);
  }

  // A file of the library is known here, one of the snap is not.
  void requireDataFile(const ast::Expr &value) {
    const std::optional<DataFiles> &files = checker.library.dataFiles;
    std::optional<std::string> name = constantText(checker, value, nullptr);
    if (files && name && !llvm::StringRef(*name).startswith("$") && !files->count(*name))
      checker.engine.report<diag::NoDataFile>(value.range, *name);
  }

  bool isListed(const ast::Reference &word) const {
    if (slot.cls != SlotClass::Perms) return llvm::is_contained(slot.words, word.path[0]);
    return llvm::all_of(word.path[0],
                        [&](const char &c) { return llvm::is_contained(slot.words, llvm::StringRef(&c, 1)); });
  }

  void words(const ast::Expr &value) {
    if (const ast::Reference *word = value.bareWord(); word && isListed(*word)) {
      checker.library.words.insert(word);
      return;
    }
    if (std::holds_alternative<ast::StringLiteral>(value.node)) return; // a word that is no name: rtmin+1
    Type expected = makeType(Kind::Enum);
    expected.words.assign(slot.words.begin(), slot.words.end());
    Type type = valueType(value, expected);
    // A list of mount options from the snap's metadata: its words are checked when it is read.
    if (part.type == SlotType::MntOpt && type.kind == Kind::Text) return;
    if (type.kind == Kind::Error || fits(type, expected)) return;
    checker.engine.report<diag::WrongType>(value.range, slot.doc, typeName(type));
  }

  void call(const ast::Expr &value) {
    auto *reference = std::get_if<ast::Reference>(&value.node);
    Kind place = placeOf(part.type);
    if (reference && reference->path.size() == 1 && (reference->isCall || isListed(*reference))) {
      const Function *function = findFunction(reference->path[0], place);
      if (reference->isCall) {
        inferCall(checker, value, scope, context, place);
      } else {
        checker.library.words.insert(reference);
        bool needs = function && llvm::any_of(function->parameters,
                                              [](const Parameter &one) { return !one.mayBeLeftOut && !one.repeats; });
        if (needs) checker.engine.report<diag::WrongArguments>(value.range, function->name, "takes arguments");
      }
      return;
    }
    if (part.type == SlotType::Family) return words(value);
    Type type = infer(checker, value, scope, context).type;
    if (type.kind != Kind::Error) checker.engine.report<diag::WrongType>(value.range, slot.doc, typeName(type));
  }

  void name(const ast::Expr &value) {
    if (part.type != SlotType::Call) return;
    if (part.role == "actions") {
      require(checker, value, scope, context, listOf(makeType(Kind::Path)));
      return;
    }
    auto *reference = std::get_if<ast::Reference>(&value.node);
    if (reference && reference->isCall && reference->path.size() == 1)
      inferCall(checker, value, scope, context, Kind::Command);
    else
      checker.engine.report<diag::WrongType>(value.range, "a command", shownName(value));
  }

  Checker &checker;
  const ir::RuleKindInfo &info;
  const ir::Part &part;
  const ir::SlotTypeInfo &slot;
  const Scope &scope;
  const Context &context;
  bool optionalPart;
};

} // namespace

void checkValues(Checker &checker, const ast::Rule &rule, const Scope &scope, const Context &context) {
  const ir::RuleKindInfo &info = ir::ruleKindInfo(*rule.kind);
  for (const ir::Match::Filled &filled : rule.match.filled) {
    const ir::Part &part = info.signature.parts[filled.part];
    if (part.isFlag) continue;
    SlotChecker slot(checker, info, part, filled.part, scope, context);
    for (const ast::Expr &value : rule.items[rule.firstItem + filled.item].values)
      slot.check(value);
  }
}

} // namespace snapsecc::checking
