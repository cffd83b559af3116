// SPDX-License-Identifier: Apache-2.0
// A directory of .sif files to a checked library.
#include "frontend/Library.h"
#include "diag/Diagnostics.h"
#include "frontend/BuildAst.h"
#include "grammar/ParseTree.h"
#include <algorithm>
#include <filesystem>

namespace snapsecc {

namespace fs = std::filesystem;

namespace {

void reportUnreadable(Engine &engine, const std::string &path, llvm::Error error) {
  engine.report<diag::CannotRead>(SourceRange{}, path, llvm::toString(std::move(error)));
}

// Paths below the directory, relative to it, in the order of bytes: independent of locale and file system.
std::vector<std::string> findSources(const std::string &directory, Engine &engine) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator entries(directory, error), end;
  for (; !error && entries != end; entries.increment(error)) {
    std::error_code ignored;
    if (entries->path().extension() == ".sif" && entries->is_regular_file(ignored))
      found.push_back(entries->path().lexically_relative(directory).generic_string());
  }
  if (error) engine.report<diag::CannotRead>(SourceRange{}, directory, error.message());
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace

std::unique_ptr<Library> loadLibrary(const std::string &directory, const std::vector<std::string> &overlays,
                                     Engine &engine, bool lints) {
  std::vector<ast::File> files;
  auto load = [&](const std::string &path, const std::string &shown) {
    llvm::Expected<FileId> file = engine.sources().read(path, 16u << 20, shown);
    if (file)
      files.push_back(buildAst(grammar::parse(*file, engine), engine));
    else
      reportUnreadable(engine, shown, file.takeError());
  };
  for (const std::string &source : findSources(directory, engine))
    load((fs::path(directory) / source).string(), source);
  for (const std::string &overlay : overlays)
    load(overlay, overlay);
  return check(std::move(files), engine, lints);
}

} // namespace snapsecc
