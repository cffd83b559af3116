// SPDX-License-Identifier: Apache-2.0
// Any bytes as a .sif: parse and buildAst end with a tree or with errors, every range lies within the text, and what is
// said stays within its bound.
#include "frontend/BuildAst.h"
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  snapsecc::SourceManager sources;
  snapsecc::Engine engine(sources);
  snapsecc::FileId file = sources.add("fuzz.sif", std::string(reinterpret_cast<const char *>(data), size));
  snapsecc::ast::File tree = snapsecc::buildAst(snapsecc::grammar::parse(file, engine), engine);
  for (const snapsecc::Diagnostic &d : engine.diagnostics())
    if (d.range.begin > d.range.end || d.range.end > size) std::abort();
  for (const snapsecc::ast::Statement &statement : tree.statements)
    if (statement.range.begin >= statement.range.end || statement.range.end > size) std::abort();
  std::string dump;
  llvm::raw_string_ostream out(dump);
  snapsecc::printAst(tree, sources, out);
  return 0;
}
