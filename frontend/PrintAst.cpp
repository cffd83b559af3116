// SPDX-License-Identifier: Apache-2.0
// A line a statement, blocks indented, expressions in prefix form, so that their structure shows:
//   when 17:3 (== snap.confinement devmode)
//     rule 18:5 [flags] [complain]
#include "frontend/BuildAst.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

template <class... Visitors> struct Overloaded : Visitors... { using Visitors::operator()...; };
template <class... Visitors> Overloaded(Visitors...) -> Overloaded<Visitors...>;

class AstPrinter {
public:
  AstPrinter(const ast::File &printed, const SourceManager &manager, llvm::raw_ostream &stream, bool withPlaces)
      : file(printed), sources(manager), out(stream), places(withPlaces) {}

  void statements(const std::vector<ast::Statement> &list) {
    for (const ast::Statement &one : list)
      statement(one);
  }

private:
  void statement(const ast::Statement &one) {
    if (!one.doc.empty()) line() << "## " << one.doc << "\n";
    LineColumn at = sources.file(file.id).lineColumn(one.range.begin);
    std::string place = places ? " " + std::to_string(at.line) + ":" + std::to_string(at.column) : "";
    std::visit(Overloaded{[&](const ast::Let &let) {
                            line() << "let" << place << " " << let.name;
                            if (let.type) type(*let.type);
                            out << " = " << show(let.value) << "\n";
                          },
                          [&](const ast::CheckStatement &check) {
                            line() << "check" << place << " " << show(check.condition) << " " << show(check.message)
                                   << "\n";
                          },
                          [&](const ast::When &when) {
                            line() << "when" << place << " " << show(when.condition) << "\n";
                            nested(when.then.statements);
                            if (when.hasElse) line() << "else\n";
                            nested(when.otherwise);
                          },
                          [&](const ast::For &loop) {
                            line() << "for" << place << " " << loop.name << " in " << show(loop.list) << "\n";
                            nested(loop.body.statements);
                          },
                          [&](const ast::Field &field) {
                            line() << "field" << place << " " << field.name << (field.optional ? "?" : "");
                            type(field.type);
                            if (field.value) out << " = " << show(*field.value);
                            out << "\n";
                          },
                          [&](const ast::Rule &rule) {
                            line() << "rule" << place;
                            for (const ast::Item &item : rule.items)
                              out << " " << show(item);
                            if (rule.condition) out << " if " << show(*rule.condition);
                            out << (rule.block ? " {}\n" : "\n");
                            if (rule.block) nested(rule.block->statements);
                          }},
               one.node);
  }

  void nested(const std::vector<ast::Statement> &list) {
    ++depth;
    statements(list);
    --depth;
  }
  llvm::raw_ostream &line() { return out.indent(2 * depth); }

  // " : [text] [nonempty]"; the fields of a record follow on lines of their own.
  void type(const ast::TypeExpr &one) {
    out << " : ";
    typeName(one);
    for (const ast::Item &item : one.refinements)
      out << " " << show(item);
  }
  void typeName(const ast::TypeExpr &one) {
    if (!one.element.empty()) {
      out << "list of ";
      typeName(one.element[0]);
      for (const ast::Item &item : one.element[0].refinements)
        out << " " << show(item);
    } else if (one.record) {
      out << "{\n";
      nested(one.record->statements);
      line() << "}";
    } else {
      out << one.name;
    }
  }

  std::string show(const ast::Item &item) {
    if (item.arrow) return "->";
    return "[" + shownList(item.values, ", ") + "]";
  }
  std::string shownList(const std::vector<ast::Expr> &list, llvm::StringRef between) {
    std::string text;
    for (const ast::Expr &one : list)
      text += (text.empty() ? "" : between.str()) + show(one);
    return text;
  }
  std::string shownArguments(const std::vector<ast::Argument> &list) {
    std::string text;
    for (const ast::Argument &one : list)
      text += (text.empty() ? "" : ", ") + (one.name.empty() ? "" : one.name + ": ") + show(one.value);
    return text;
  }

  std::string show(const ast::Expr &expr) {
    return std::visit(Overloaded{[&](const ast::StringLiteral &string) {
                                   std::string text = "\"";
                                   for (const ast::StringLiteral::Piece &piece : string.pieces)
                                     text += piece.embedded.empty() ? piece.text : "<" + show(piece.embedded[0]) + ">";
                                   return text + "\"";
                                 },
                                 [&](const ast::Number &number) {
                                   std::string text = std::to_string(number.value);
                                   return number.last ? text + ".." + std::to_string(*number.last) : text;
                                 },
                                 [&](const ast::Reference &reference) {
                                   std::string text = llvm::join(reference.path, ".");
                                   return reference.isCall ? text + "(" + shownArguments(reference.args) + ")" : text;
                                 },
                                 [&](const ast::List &list) { return "(list " + shownList(list.elements, " ") + ")"; },
                                 [&](const ast::Record &record) { return "{" + shownArguments(record.fields) + "}"; },
                                 [&](const ast::Operation &operation) {
                                   static constexpr const char *names[] = {"+",  "==", "!=",  "<",   "<=", ">",
                                                                           ">=", "in", "not", "and", "or", "choose"};
                                   return "(" + std::string(names[static_cast<size_t>(operation.kind)]) + " " +
                                          shownList(operation.operands, " ") + ")";
                                 }},
                      expr.node);
  }

  const ast::File &file;
  const SourceManager &sources;
  llvm::raw_ostream &out;
  bool places;
  unsigned depth = 0;
};

} // namespace

void printAst(const ast::File &file, const SourceManager &sources, llvm::raw_ostream &out, bool places) {
  AstPrinter(file, sources, out, places).statements(file.statements);
}

} // namespace snapsecc
