// SPDX-License-Identifier: Apache-2.0
#include "test/unit/frontend/Verify.h"
#include "diag/Render.h"
#include "frontend/BuildAst.h"
#include "grammar/ParseTree.h"
#include <set>

namespace snapsecc::testing {

namespace {

using Expectations = std::multiset<std::pair<unsigned, std::string>>; // line and "error: name"

Expectations expectationsOf(const SourceFile &file) {
  Expectations expected;
  for (unsigned line = 1; !file.line(line).empty() || file.lineStart(line) < file.text().size(); ++line) {
    llvm::StringRef text = file.line(line);
    for (llvm::StringRef severity : {"error", "warning"}) {
      size_t at = text.find(("# " + severity + ": ").str());
      if (at == llvm::StringRef::npos) continue;
      llvm::SmallVector<llvm::StringRef, 2> names;
      text.drop_front(at + severity.size() + 4).split(names, ',');
      for (llvm::StringRef name : names)
        expected.insert({line, (severity + ": " + name.trim()).str()});
    }
    if (file.lineStart(line) + text.size() >= file.text().size()) break;
  }
  return expected;
}

Expectations reportsOf(const Engine &engine) {
  Expectations reported;
  for (const Diagnostic &one : engine.diagnostics()) {
    unsigned line = one.range.isValid() ? engine.sources().file(one.range.file).lineColumn(one.range.begin).line : 0;
    std::string severity = one.severity == Severity::Error ? "error: " : "warning: ";
    reported.insert({line, severity + one.info->name});
  }
  return reported;
}

} // namespace

std::unique_ptr<Checked> checkSource(llvm::StringRef source) {
  auto made = std::make_unique<Checked>();
  FileId file = made->sources.add("test.sif", source.str());
  std::vector<ast::File> files;
  files.push_back(buildAst(grammar::parse(file, made->engine), made->engine));
  made->library = check(std::move(files), made->engine, /*lints=*/true);
  return made;
}

std::string rendered(const Checked &checked) {
  std::string text;
  llvm::raw_string_ostream out(text);
  renderText(checked.engine, out, {});
  return out.str();
}

std::string verify(llvm::StringRef source) {
  std::unique_ptr<Checked> checked = checkSource(source);
  Expectations expected = expectationsOf(checked->sources.file(1)), reported = reportsOf(checked->engine);
  std::string differences;
  for (const auto &[line, name] : expected)
    if (auto found = reported.find({line, name}); found != reported.end())
      reported.erase(found);
    else
      differences += "line " + std::to_string(line) + " lacks " + name + "\n";
  for (const auto &[line, name] : reported)
    differences += "line " + std::to_string(line) + " has " + name + "\n";
  return differences.empty() ? "" : differences + rendered(*checked);
}

} // namespace snapsecc::testing
