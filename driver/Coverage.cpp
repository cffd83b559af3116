// SPDX-License-Identifier: Apache-2.0
#include "driver/Coverage.h"

namespace snapsecc::driver {

Coverage::Coverage(const Library &library, const SourceManager &manager) : sources(manager) {
  for (const ast::File &file : library.files)
    add(file.statements);
}

void Coverage::add(const std::vector<ast::Statement> &statements) {
  for (const ast::Statement &statement : statements) {
    if (auto *when = std::get_if<ast::When>(&statement.node)) {
      add(when->then.statements);
      add(when->otherwise);
    } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
      add(loop->body.statements);
    } else if (auto *rule = std::get_if<ast::Rule>(&statement.node)) {
      const ast::Reference *keyword = rule->items[0].values.empty() ? nullptr : rule->items[0].values[0].bareWord();
      if (keyword && (keyword->path[0] == "test" || keyword->path[0] == "never")) continue;
      if (rule->kind) {
        const SourceFile &file = sources.file(statement.range.file);
        LineColumn at = file.lineColumn(statement.range.begin);
        files[file.name()][{at.line, at.column}] = {statement.range, false};
      }
      if (rule->block) add(rule->block->statements);
    }
  }
}

void Coverage::touch(const ir::Origin &origin) {
  auto file = files.find(origin.file);
  if (file == files.end()) return;
  if (auto site = file->second.find({origin.line, origin.column}); site != file->second.end())
    site->second.touched = true;
}

SourceRange Coverage::rangeOf(const ir::Origin &origin) const {
  auto file = files.find(origin.file);
  if (file == files.end()) return {};
  auto site = file->second.find({origin.line, origin.column});
  return site == file->second.end() ? SourceRange() : site->second.range;
}

void Coverage::print(llvm::raw_ostream &out) const {
  size_t allTouched = 0, all = 0;
  for (const auto &[name, sites] : files) {
    size_t touched = llvm::count_if(sites, [](const auto &site) { return site.second.touched; });
    allTouched += touched;
    all += sites.size();
    out << name << ": " << touched << " of " << sites.size() << " rules\n";
    for (const auto &[place, site] : sites)
      if (!site.touched)
        out << "  " << place.first << ": " << sources.file(site.range.file).line(place.first).trim() << "\n";
  }
  out << "total: " << allTouched << " of " << all << " rules\n";
}

} // namespace snapsecc::driver
