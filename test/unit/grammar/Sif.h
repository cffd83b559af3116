// SPDX-License-Identifier: Apache-2.0
// Reads .sif text for a test: the syntax tree's dump, then the diagnostics as "line:column message [name]".
#pragma once
#include "frontend/BuildAst.h"

namespace snapsecc {

struct Sif {
  explicit Sif(llvm::StringRef text) : engine(sources) {
    FileId id = sources.add("t.sif", text.str());
    file = buildAst(grammar::parse(id, engine), engine);
  }
  Sif(const Sif &) = delete;

  std::string dump() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    printAst(file, sources, out);
    return out.str();
  }
  std::vector<std::string> messages() const {
    std::vector<std::string> list;
    for (const Diagnostic &one : engine.diagnostics())
      append(one, list);
    return list;
  }

  SourceManager sources;
  Engine engine;
  ast::File file;

private:
  void append(const Diagnostic &one, std::vector<std::string> &list) const {
    LineColumn at = sources.file(one.range.file).lineColumn(one.range.begin);
    list.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " + one.message + " [" +
                   one.info->name + "]");
    for (const Diagnostic &note : one.notes)
      append(note, list);
  }
};

} // namespace snapsecc
