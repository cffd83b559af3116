// SPDX-License-Identifier: Apache-2.0
// A small library and some snap.yaml texts to a policy, and what was said on the way.
#pragma once
#include "frontend/BuildAst.h"
#include "frontend/Instantiate.h"
#include "ir/Text.h"
#include <gmock/gmock.h>

namespace snapsecc::testing_support {

// The default template that every library needs.
inline constexpr const char *plainTemplate = "## What every label has.\ntemplate default { file \"/base\" r; }\n";

struct Trial {
  SourceManager sources;
  Engine engine{sources};
  std::unique_ptr<Library> library;
  std::vector<Snap> snaps;
  InstantiateOptions options;
  ir::Target target;
  DataFiles data;
  Instantiated made;

  Trial &sif(const std::string &text, const std::string &name = "lib.sif") {
    std::vector<ast::File> files;
    files.push_back(buildAst(grammar::parse(sources.add("base.sif", plainTemplate), engine), engine));
    files.push_back(buildAst(grammar::parse(sources.add(name, text), engine), engine));
    library = check(std::move(files), engine, false, data);
    return *this;
  }
  Trial &snap(const std::string &yaml, const std::string &name = "snap.yaml") {
    if (auto read = readSnap(sources.add(name, yaml), engine)) snaps.push_back(*read);
    return *this;
  }
  Trial &connect(const std::string &request) {
    EXPECT_EQ(parseConnect(request, options.connect), "");
    return *this;
  }
  Trial &go() {
    made = instantiate(*library, snaps, options, target, engine);
    return *this;
  }
  // The rules of a label, or of a snap, printed.
  std::vector<std::string> rules(llvm::StringRef owner) const {
    std::vector<std::string> lines;
    const ir::Label *label = made.policy.findLabel(owner);
    const ir::Snap *snap = made.policy.findSnap(owner);
    if (label)
      for (const ir::Rule &rule : label->rules)
        lines.push_back(ir::printRule(rule));
    else if (snap)
      for (const ir::Rule &rule : snap->rules)
        lines.push_back(ir::printRule(rule));
    else
      lines.push_back("there is no " + owner.str());
    return lines;
  }
  // "attribute-type: the message"
  std::vector<std::string> said(bool withWarnings = false) const {
    std::vector<std::string> lines;
    for (const Diagnostic &diagnostic : engine.diagnostics())
      if (withWarnings || diagnostic.severity == Severity::Error)
        lines.push_back(std::string(diagnostic.info->name) + ": " + diagnostic.message);
    return lines;
  }
  // The text that the first diagnostic of this name points at.
  std::string pointedAt(llvm::StringRef name) const {
    for (const Diagnostic &diagnostic : engine.diagnostics())
      if (name == diagnostic.info->name && diagnostic.range.isValid())
        return sources.file(diagnostic.range.file).text().slice(diagnostic.range.begin, diagnostic.range.end).str();
    return "";
  }
};

inline std::string app(const std::string &rest, const std::string &name = "foo") {
  return "name: " + name + "\nversion: 1\nbase: core24\napps:\n  bar:\n    command: bar\n" + rest;
}

} // namespace snapsecc::testing_support
