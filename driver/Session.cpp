// SPDX-License-Identifier: Apache-2.0
#include "driver/Session.h"
#include "diag/Diagnostics.h"
#include "diag/Render.h"
#include "llvm/Support/Process.h"

namespace snapsecc::driver {

Session::Session(const Arguments &arguments, llvm::raw_ostream &outStream, llvm::raw_ostream &errStream)
    : out(outStream), err(errStream) {
  format = arguments.get("--diagnostics", "text").str();
  quiet = arguments.has("--quiet");
  verbose = arguments.has("--verbose");
  llvm::StringRef when = arguments.get("--color", "auto");
  bool isTerminal = llvm::sys::Process::StandardErrIsDisplayed() && llvm::sys::Process::StandardErrHasColors();
  const char *noColor = std::getenv("NO_COLOR"); // no-color.org: present and not empty
  color = when == "always" || (when == "auto" && isTerminal && !(noColor && *noColor));
  if (arguments.knows("-Werror"))
    for (const std::string &name : arguments.all("-Werror"))
      engine.makeError(name);
}

std::optional<FileId> Session::read(const std::string &path, uint64_t maxBytes) {
  llvm::Expected<FileId> file = sources.read(path, maxBytes);
  if (file) return *file;
  std::error_code code = llvm::errorToErrorCode(file.takeError());
  if (code == std::errc::file_too_large) {
    FileId empty = sources.add(path, "");
    engine.report<diag::FileTooLarge>(SourceRange{empty, 0, 0}, maxBytes >> 20);
  } else {
    bool isRegular = code != std::errc::invalid_argument;
    engine.report<diag::CannotRead>(SourceRange{}, path, isRegular ? code.message() : "not a regular file");
    failed = true;
  }
  return std::nullopt;
}

void Session::fail(const llvm::Twine &what) {
  err << "snapsecc: error: " << what << "\n";
  failed = true;
}

int Session::usage(const llvm::Twine &what) {
  err << "snapsecc: error: " << what << "\n";
  return Usage;
}

int Session::finish(int code) {
  if (format == "json")
    renderJson(engine, err);
  else if (format == "sarif")
    renderSarif(engine, err);
  else {
    err.enable_colors(color);
    renderText(engine, err, {color, /*maxErrors=*/50});
  }
  if (failed) return Failed;
  return engine.hasErrors() ? PolicyErrors : code;
}

} // namespace snapsecc::driver
