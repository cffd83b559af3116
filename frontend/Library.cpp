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

constexpr llvm::StringLiteral dataFolder = "udev/";

void reportUnreadable(Engine &engine, const std::string &path, llvm::Error error) {
  engine.report<diag::CannotRead>(SourceRange{}, path, llvm::toString(std::move(error)));
}

// Paths below the directory, relative to it, in the order of bytes: independent of locale and file system.
std::vector<std::string> findSources(const std::string &directory, const char *extension, Engine &engine) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator entries(directory, error), end;
  for (; !error && entries != end; entries.increment(error)) {
    std::error_code ignored;
    if (entries->path().extension() == extension && entries->is_regular_file(ignored))
      found.push_back(entries->path().lexically_relative(directory).generic_string());
  }
  if (error) engine.report<diag::CannotRead>(SourceRange{}, directory, error.message());
  std::sort(found.begin(), found.end());
  return found;
}

bool isDataFile(const SourceFile &file) {
  return llvm::StringRef(file.name()).startswith(dataFolder) && llvm::StringRef(file.name()).endswith(".rules");
}

DataFiles dataFilesOf(llvm::ArrayRef<FileId> sources, const SourceManager &manager) {
  DataFiles files;
  for (FileId source : sources)
    if (const SourceFile &file = manager.file(source); isDataFile(file))
      files[llvm::StringRef(file.name()).drop_front(dataFolder.size()).str()] = file.text().str();
  return files;
}

} // namespace

std::vector<FileId> readSources(const std::string &directory, const std::vector<std::string> &overlays,
                                Engine &engine) {
  std::vector<FileId> files;
  auto read = [&](const std::string &path, const std::string &shown) {
    llvm::Expected<FileId> file = engine.sources().read(path, 16u << 20, shown);
    if (file)
      files.push_back(*file);
    else
      reportUnreadable(engine, shown, file.takeError());
  };
  for (const std::string &source : findSources(directory, ".rules", engine))
    read((fs::path(directory) / source).string(), source);
  for (const std::string &source : findSources(directory, ".sif", engine))
    read((fs::path(directory) / source).string(), source);
  for (const std::string &overlay : overlays)
    read(overlay, overlay);
  return files;
}

std::unique_ptr<Library> checkSources(llvm::ArrayRef<FileId> sources, Engine &engine, bool lints) {
  std::vector<ast::File> files;
  for (FileId source : sources)
    if (!isDataFile(engine.sources().file(source))) files.push_back(buildAst(grammar::parse(source, engine), engine));
  return check(std::move(files), engine, lints, dataFilesOf(sources, engine.sources()));
}

} // namespace snapsecc
