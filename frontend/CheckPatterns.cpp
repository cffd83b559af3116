// SPDX-License-Identifier: Apache-2.0
// Literals by the type of their place: patterns and regular expressions are parsed, paths are clean, and what is put
// into them with
// ${..} has a type that can be escaped there. Also: whether a value can be put into a pattern, or stand for one.
#include "automata/Pattern.h"
#include "frontend/Check.h"
#include "frontend/CheckDiagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"

namespace snapsecc::checking {

namespace {

using Kind = Type::Kind;

// apparmor.d(5), tunables; what the compiler knows is ${..}.
constexpr llvm::StringLiteral variables[] = {"PROC", "HOME", "HOMEDIRS", "pid", "pids", "tid", "multiarch"};

bool isPattern(const Type &type) { return type.kind == Kind::Glob || type.kind == Kind::Label || type.glob; }

class LiteralChecker {
public:
  LiteralChecker(Checker &shared, const ast::Expr &expression, const Type &type, const Scope &inner,
                 const Context &place)
      : checker(shared), expr(expression), as(type), scope(inner), context(place) {}

  ReadSet run() {
    const auto &literal = std::get<ast::StringLiteral>(expr.node);
    for (const ast::StringLiteral::Piece &piece : literal.pieces) {
      starts.push_back(text.size());
      if (piece.embedded.empty()) {
        text += piece.text;
        continue;
      }
      text += 'x'; // stands for one alternative, whatever it is
      known = false;
      Typed value = infer(checker, piece.embedded[0], scope, context);
      reads |= value.reads;
      if (value.type.kind != Kind::Error) convert(piece.embedded[0], value.type);
    }
    check();
    return reads;
  }

private:
  void convert(const ast::Expr &value, const Type &type) {
    if (type.optional) {
      checker.engine.report<diag::OptionalRead>(value.range, shownName(value));
    } else if (isPattern(as)) {
      checkPatternValue(checker, value, type, makeType(as.kind == Kind::Label ? Kind::Label : Kind::Glob));
    } else {
      bool plain = type.kind == Kind::Int || type.kind == Kind::Enum || type.kind == Kind::BusName ||
                   type.kind == Kind::Digest || type.kind == Kind::Ranges ||
                   ((type.kind == Kind::Text || type.kind == Kind::Path) && !type.glob);
      if (!plain || as.kind == Kind::Regex)
        checker.engine.report<diag::NotInText>(value.range, typeName(type),
                                               as.kind == Kind::Regex ? "a regular expression" : "plain text");
    }
  }

  // The place of an offset into the text that was put together.
  SourceRange at(size_t offset) const {
    const auto &pieces = std::get<ast::StringLiteral>(expr.node).pieces;
    size_t index = pieces.size();
    while (index > 0 && starts[index - 1] > offset)
      --index;
    if (index == 0) return expr.range;
    SourceRange range = pieces[index - 1].range;
    if (!pieces[index - 1].embedded.empty()) return range;
    range.begin = std::min(range.begin + static_cast<uint32_t>(offset - starts[index - 1]), range.end);
    range.end = std::min(range.begin + 1, std::max(range.end, range.begin));
    return range;
  }

  void check() {
    if (isPattern(as)) pattern();
    if (as.kind == Kind::Path) path();
    if (as.kind == Kind::BusName) busName();
    if (as.kind == Kind::Regex) {
      std::string error;
      if (!llvm::Regex(text).isValid(error)) checker.engine.report<diag::BadRegex>(expr.range, error);
    }
  }

  void pattern() {
    llvm::Expected<automata::Pattern> parsed = automata::parsePattern(text);
    if (parsed) return checkVariables(*parsed);
    llvm::handleAllErrors(
        parsed.takeError(),
        [&](const automata::PatternError &error) {
          checker.engine.report<diag::BadPattern>(at(error.column), error.message);
        },
        [&](const llvm::ErrorInfoBase &error) {
          checker.engine.report<diag::BadPattern>(expr.range, error.message());
        });
  }

  void checkVariables(const automata::Pattern &pattern) {
    bool unknown = pattern.kind == automata::Pattern::Kind::Variable && !llvm::is_contained(variables, pattern.text);
    if (unknown) {
      std::string suggestion = nearest(pattern.text, {std::begin(variables), std::end(variables)});
      size_t column = text.find("@{" + pattern.text + "}");
      checker.engine.report<diag::UnknownVariable>(at(column), pattern.text, didYouMean(suggestion));
    }
    for (const automata::Pattern &child : pattern.children)
      checkVariables(child);
  }

  void path() {
    llvm::StringRef rest = text;
    bool variable = rest.startswith("$");
    if (rest.empty() || (!rest.startswith("/") && !variable && known)) {
      checker.engine.report<diag::NotAPath>(expr.range, "does not begin with '/'");
      return;
    }
    for (const char *dirty : {"//", "/./", "/../"})
      if (size_t found = rest.find(dirty); found != llvm::StringRef::npos) {
        checker.engine.report<diag::NotAPath>(at(found), "has '" + std::string(dirty) + "' in it");
        return;
      }
  }

  void busName() {
    if (!known) return;
    llvm::SmallVector<llvm::StringRef, 8> elements;
    llvm::StringRef(text).split(elements, '.');
    auto valid = [](llvm::StringRef element) {
      return !element.empty() && !llvm::isDigit(element[0]) &&
             llvm::all_of(element, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '-'; });
    };
    if (elements.size() < 2 || text.size() > 255 || !llvm::all_of(elements, valid))
      checker.engine.report<diag::NotABusName>(expr.range, text);
  }

  Checker &checker;
  const ast::Expr &expr;
  const Type &as;
  const Scope &scope;
  const Context &context;
  std::string text;
  std::vector<size_t> starts;
  bool known = true; // nothing is put into it
  ReadSet reads = 0;
};

} // namespace

ReadSet checkLiteral(Checker &checker, const ast::Expr &literal, const Type &as, const Scope &scope,
                     const Context &context) {
  return LiteralChecker(checker, literal, as, scope, context).run();
}

void checkPatternValue(Checker &checker, const ast::Expr &expr, const Type &type, const Type &pattern) {
  if (type.kind == Kind::Error) return;
  if (!fits(type, pattern)) {
    const char *what = pattern.kind == Kind::Label ? "a label" : "a pattern";
    if (type.kind == Kind::Label)
      checker.engine.report<diag::NotInText>(expr.range, "a label", "a pattern");
    else
      checker.engine.report<diag::NotInText>(expr.range, typeName(type), what);
  } else if (type.patternCharacters && type.kind == Kind::Text) {
    checker.engine.report<diag::PatternCharacters>(expr.range, shownName(expr));
  }
}

} // namespace snapsecc::checking
