// SPDX-License-Identifier: Apache-2.0
#include "driver/FixIts.h"
#include "driver/Writer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <map>

namespace snapsecc::driver {

std::string applyTo(llvm::StringRef text, std::vector<FixIt> fixIts, unsigned &applied) {
  llvm::stable_sort(fixIts, [](const FixIt &a, const FixIt &b) { return a.range.begin < b.range.begin; });
  std::string result;
  size_t position = 0;
  const FixIt *last = nullptr;
  for (const FixIt &fix : fixIts) {
    bool isSame = last && last->range == fix.range && last->text == fix.text;
    if (isSame || fix.range.begin < position || fix.range.end > text.size() || fix.range.end < fix.range.begin)
      continue;
    result += text.slice(position, fix.range.begin);
    result += fix.text;
    position = fix.range.end;
    last = &fix;
    ++applied;
  }
  return result + text.substr(position).str();
}

llvm::Expected<unsigned> applyFixIts(const Engine &engine, const std::string &directory) {
  std::map<FileId, std::vector<FixIt>> byFile;
  for (const Diagnostic &d : engine.diagnostics())
    for (const FixIt &fix : d.fixIts)
      if (fix.range.isValid()) byFile[fix.range.file].push_back(fix);
  unsigned applied = 0;
  for (auto &[file, fixIts] : byFile) {
    const SourceFile &source = engine.sources().file(file);
    llvm::SmallString<256> path(directory);
    llvm::sys::path::append(path, source.name());
    if (directory.empty() || !llvm::sys::fs::exists(path)) path = source.name();
    std::string text = applyTo(source.text(), std::move(fixIts), applied);
    if (llvm::Error error = writeFile(std::string(path), text)) return error;
  }
  return applied;
}

} // namespace snapsecc::driver
