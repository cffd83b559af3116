// SPDX-License-Identifier: Apache-2.0
// check: policy files to diagnostics, and with --fix to better files.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/FixIts.h"
#include "driver/LibraryCache.h"
#include "driver/TargetOptions.h"
#include "frontend/BuildAst.h"
#include "frontend/Library.h"
#include "grammar/ParseTree.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace snapsecc::driver {
namespace {

// What is one unit: a library with the files beside it, or the files alone.
struct Unit {
  std::string library; // empty: none
  std::vector<std::string> files;
};

std::string realPath(const llvm::Twine &path) {
  llvm::SmallString<256> result;
  return llvm::sys::fs::real_path(path, result) ? path.str() : std::string(result);
}

// A directory is a library. Files of the library are checked with all of it, others beside it where it is asked for.
std::optional<Unit> findUnit(const Arguments &arguments, Session &session) {
  Unit unit;
  for (const std::string &operand : arguments.operands) {
    if (!llvm::sys::fs::is_directory(operand))
      unit.files.push_back(operand);
    else if (unit.library.empty())
      unit.library = operand;
    else {
      session.fail("two directories: a library is checked by itself");
      return std::nullopt;
    }
  }
  if (unit.library.empty() && arguments.has("--stdlib")) {
    std::optional<std::string> library = findLibrary(arguments, session);
    if (!library) return std::nullopt;
    unit.library = *library;
  }
  std::string directory = unit.library;
  if (directory.empty()) {
    for (llvm::StringRef parent = llvm::sys::path::parent_path(realPath(unit.files.front())); !parent.empty();
         parent = llvm::sys::path::parent_path(parent))
      if (llvm::sys::fs::is_directory(parent + "/interfaces") && llvm::sys::fs::is_directory(parent + "/templates")) {
        directory = parent.str();
        break;
      }
  }
  if (directory.empty()) return unit;
  std::string prefix = realPath(directory) + "/";
  auto isInside = [&](const std::string &file) { return llvm::StringRef(realPath(file)).startswith(prefix); };
  if (llvm::any_of(unit.files, isInside)) unit.library = directory;
  llvm::erase_if(unit.files, isInside);
  return unit;
}

std::unique_ptr<Library> checkUnit(const Unit &unit, Session &session) {
  if (!unit.library.empty())
    return checkSources(readSources(unit.library, unit.files, session.engine), session.engine, /*lints=*/true);
  std::vector<ast::File> files;
  for (const std::string &path : unit.files)
    if (std::optional<FileId> file = session.read(path))
      files.push_back(buildAst(grammar::parse(*file, session.engine), session.engine));
  return check(std::move(files), session.engine, /*lints=*/true);
}

int runCheck(const Arguments &arguments, Session &session) {
  std::optional<Unit> unit = findUnit(arguments, session);
  if (!unit) return session.finish();
  if (arguments.has("--save") && (unit->library.empty() || !unit->files.empty()))
    return session.usage("--save: give the directory of a library, and nothing else");
  if (arguments.has("--fix")) {
    Session first(arguments, session.out, session.err);
    checkUnit(*unit, first);
    llvm::Expected<unsigned> fixed = applyFixIts(first.engine, unit->library);
    if (!fixed) {
      session.fail(fixed.takeError());
      return session.finish();
    }
    if (*fixed && !session.quiet) session.out << *fixed << " fixed\n";
  }
  checkUnit(*unit, session);
  if (arguments.has("--save") && !session.hasFailed())
    if (llvm::Error error = saveLibrary(unit->library)) session.fail(std::move(error));
  return session.finish();
}

constexpr Option checkOptions[] = {
    {"--fix", nullptr, Option::Kind::Flag, nullptr, "apply what messages propose, then check again"},
    {"--save", nullptr, Option::Kind::Flag, nullptr,
     "where nothing is wrong, save the checked library in its directory, for commands that start faster with it"}};
constexpr OptionGroup groups[] = {{"Check", checkOptions},
                                  {"Library", libraryOptions},
                                  {"Diagnostics", diagnosticOptions},
                                  {"Options", commonOptions}};

} // namespace

const Command checkCommand = {"check",
                              "FILE.sif... or DIR",
                              "check policy files",
                              "A directory is a library, one closed unit. A file of a library is checked with all of "
                              "it; other files are a unit of their own, or with --stdlib "
                              "are checked beside that library.",
                              {"snapsecc check stdlib # The whole library.",
                               "snapsecc check --stdlib stdlib site.sif # A site's file beside it."},
                              groups,
                              1,
                              anyNumber,
                              runCheck};

} // namespace snapsecc::driver
