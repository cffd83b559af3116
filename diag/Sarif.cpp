// SPDX-License-Identifier: Apache-2.0
// Diagnostics as SARIF 2.1.0 (OASIS): results with their places, notes as related locations, fix-its as fixes, and the
// long text of each diagnostic that was given.
#include "diag/Render.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <map>

namespace snapsecc {
namespace {

using llvm::json::Array;
using llvm::json::Object;

std::string valid(llvm::StringRef text) { return llvm::json::fixUTF8(text); }

// Columns are those of messages, counted in code points instead of bytes.
int64_t codePointColumn(const SourceFile &file, LineColumn at) {
  llvm::StringRef before = file.line(at.line).take_front(at.column - 1);
  return llvm::count_if(before, [](char c) { return (c & 0xc0) != 0x80; }) + 1;
}

Object regionOf(const SourceFile &file, SourceRange range) {
  LineColumn begin = file.lineColumn(range.begin), end = file.lineColumn(std::max(range.begin, range.end));
  return Object{{"startLine", begin.line},
                {"startColumn", codePointColumn(file, begin)},
                {"endLine", end.line},
                {"endColumn", codePointColumn(file, end)}};
}

Object artifactOf(const SourceFile &file) { return Object{{"uri", valid(file.name())}}; }

Object locationOf(const SourceManager &sources, SourceRange range) {
  const SourceFile &file = sources.file(range.file);
  return Object{
      {"physicalLocation", Object{{"artifactLocation", artifactOf(file)}, {"region", regionOf(file, range)}}}};
}

Object messageOf(llvm::StringRef text) { return Object{{"text", valid(text)}}; }

Object fixOf(const SourceManager &sources, const std::vector<FixIt> &fixIts) {
  Array changes;
  for (const FixIt &fix : fixIts) {
    const SourceFile &file = sources.file(fix.range.file);
    Object replacement{{"deletedRegion", regionOf(file, fix.range)}, {"insertedContent", messageOf(fix.text)}};
    changes.push_back(Object{{"artifactLocation", artifactOf(file)}, {"replacements", Array{std::move(replacement)}}});
  }
  return Object{{"artifactChanges", std::move(changes)}};
}

Object resultOf(const SourceManager &sources, const Diagnostic &d) {
  static constexpr const char *levels[] = {"note", "warning", "error"};
  Object result{
      {"ruleId", d.info->name}, {"level", levels[static_cast<size_t>(d.severity)]}, {"message", messageOf(d.message)}};
  if (d.range.isValid()) result["locations"] = Array{locationOf(sources, d.range)};
  Array related;
  for (const Diagnostic &note : d.notes)
    if (note.range.isValid()) {
      Object location = locationOf(sources, note.range);
      location["message"] = messageOf(note.message);
      related.push_back(std::move(location));
    }
  if (!related.empty()) result["relatedLocations"] = std::move(related);
  if (!d.fixIts.empty()) result["fixes"] = Array{fixOf(sources, d.fixIts)};
  return result;
}

} // namespace

void renderSarif(const Engine &engine, llvm::raw_ostream &out) {
  Array results, rules;
  std::map<std::string, const DiagInfo *> given;
  for (const Diagnostic &d : engine.diagnostics()) {
    results.push_back(resultOf(engine.sources(), d));
    given[d.info->name] = d.info;
  }
  for (const auto &[name, info] : given)
    rules.push_back(Object{{"id", name}, {"fullDescription", messageOf(info->longText)}});
  Object tool{{"driver", Object{{"name", "snapsecc"}, {"rules", std::move(rules)}}}};
  Object run{{"tool", std::move(tool)}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  Object root{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
              {"version", "2.1.0"},
              {"runs", Array{std::move(run)}}};
  out << llvm::formatv("{0:2}", llvm::json::Value(std::move(root))) << "\n";
}

} // namespace snapsecc
