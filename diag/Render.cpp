// SPDX-License-Identifier: Apache-2.0
#include "diag/Render.h"
#include "diag/HexByte.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <algorithm>

namespace snapsecc {
namespace {

const char *severityName(Severity severity) {
  switch (severity) {
  case Severity::Note: return "note";
  case Severity::Warning: return "warning";
  case Severity::Error: return "error";
  }
  return "";
}

using Color = llvm::raw_ostream::Colors;
Color severityColor(Severity severity) {
  return severity == Severity::Error ? Color::RED : severity == Severity::Warning ? Color::MAGENTA : Color::CYAN;
}

class TextRenderer {
public:
  TextRenderer(const SourceManager &manager, llvm::raw_ostream &stream, bool useColor)
      : sources(manager), out(stream), color(useColor) {}

  void render(const Diagnostic &d) {
    headline(d);
    if (d.range.isValid()) snippet(d);
    for (const Diagnostic &note : d.notes)
      render(note);
  }

private:
  void paint(Color which, llvm::StringRef text, bool bold = true) {
    if (color) out.changeColor(which, bold);
    out << text;
    if (color) out.resetColor();
  }

  void headline(const Diagnostic &d) {
    if (d.range.isValid()) out << sources.describe(d.range) << ": ";
    paint(severityColor(d.severity), (llvm::Twine(severityName(d.severity)) + ": ").str());
    out << printable(d.message);
    if (d.severity != Severity::Note) out << " [" << d.info->name << "]";
    out << "\n";
  }

  // Bytes that would move a terminal's cursor are shown as \xNN.
  static std::string printable(llvm::StringRef text) {
    std::string shown;
    for (unsigned char c : text) {
      if (c == '\t')
        shown += ' ';
      else if (c < 0x20 || c == 0x7f)
        shown += "\\x" + hexByte(c);
      else
        shown += static_cast<char>(c);
    }
    return shown;
  }

  // The line, cut to a window around the caret where it is long, then ^~~~ and fix-its below.
  void snippet(const Diagnostic &d) {
    const SourceFile &file = sources.file(d.range.file);
    LineColumn at = file.lineColumn(d.range.begin);
    llvm::StringRef line = file.line(at.line);
    constexpr size_t window = 160;
    size_t column = std::min<size_t>(at.column - 1, line.size());
    size_t from = column > window / 2 && line.size() > window ? column - window / 2 : 0;
    llvm::StringRef part = line.substr(from, window);
    std::string gutter = llvm::Twine(at.line).str();
    out << "  " << gutter << " | " << (from ? "…" : "") << printable(part) << "\n";
    std::string indent(2 + gutter.size(), ' ');
    out << indent << " | " << std::string(width(line.slice(from, column)) + (from ? 1 : 0), ' ');
    size_t end = std::min<size_t>(line.size(), std::max<size_t>(column + 1, column + (d.range.end - d.range.begin)));
    end = std::min(end, from + part.size());
    size_t length = end > column ? width(line.slice(column, end)) : 1;
    paint(Color::GREEN, "^" + std::string(length ? length - 1 : 0, '~'));
    out << "\n";
    for (const FixIt &fix : d.fixIts) {
      LineColumn where = file.lineColumn(fix.range.begin);
      if (fix.range.file != d.range.file || where.line != at.line || where.column - 1 < from) continue;
      out << indent << " | " << std::string(width(line.slice(from, where.column - 1)) + (from ? 1 : 0), ' ');
      paint(Color::GREEN, printable(fix.text), false);
      out << "\n";
    }
  }

  // Columns that the printable form of a piece of a line takes: code points, escapes as they are shown.
  static size_t width(llvm::StringRef text) {
    std::string shown = printable(text);
    return static_cast<size_t>(std::count_if(shown.begin(), shown.end(), [](char c) { return (c & 0xc0) != 0x80; }));
  }

  const SourceManager &sources;
  llvm::raw_ostream &out;
  bool color;
};

llvm::json::Object position(const SourceManager &sources, SourceRange range) {
  if (!range.isValid()) return {};
  const SourceFile &file = sources.file(range.file);
  LineColumn begin = file.lineColumn(range.begin), end = file.lineColumn(std::max(range.begin, range.end));
  return llvm::json::Object{{"file", llvm::json::fixUTF8(file.name())},
                            {"line", begin.line},
                            {"column", begin.column},
                            {"endLine", end.line},
                            {"endColumn", end.column}};
}

llvm::json::Object toJson(const SourceManager &sources, const Diagnostic &d) {
  llvm::json::Object object = position(sources, d.range);
  object["severity"] = severityName(d.severity);
  object["name"] = d.info->name;
  object["message"] = llvm::json::fixUTF8(d.message);
  llvm::json::Array notes, fixes;
  for (const Diagnostic &note : d.notes)
    notes.push_back(toJson(sources, note));
  for (const FixIt &fix : d.fixIts) {
    llvm::json::Object o = position(sources, fix.range);
    o["text"] = llvm::json::fixUTF8(fix.text);
    fixes.push_back(std::move(o));
  }
  object["notes"] = std::move(notes);
  object["fixIts"] = std::move(fixes);
  return object;
}

} // namespace

void renderText(const Engine &engine, llvm::raw_ostream &out, const RenderOptions &options) {
  TextRenderer renderer(engine.sources(), out, options.color);
  unsigned shown = 0;
  for (const Diagnostic &d : engine.diagnostics()) {
    if (options.maxErrors && d.severity == Severity::Error && shown++ == options.maxErrors) {
      out << "error: " << engine.errorCount() - options.maxErrors << " more errors are not shown [too-many-errors]\n";
      break;
    }
    renderer.render(d);
  }
}

void renderJson(const Engine &engine, llvm::raw_ostream &out) {
  llvm::json::Array all;
  for (const Diagnostic &d : engine.diagnostics())
    all.push_back(toJson(engine.sources(), d));
  out << llvm::formatv("{0:2}", llvm::json::Value(llvm::json::Object{{"diagnostics", std::move(all)}})) << "\n";
}

} // namespace snapsecc
