// SPDX-License-Identifier: Apache-2.0
// One run of a command: its sources, its diagnostics, its streams and how it ends.
#pragma once
#include "diag/Engine.h"
#include "driver/Options.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

namespace snapsecc::driver {

class Session {
public:
  // Takes --diagnostics, --color, -q, -v and -Werror from the arguments, those that the command has.
  Session(const Arguments &arguments, llvm::raw_ostream &out, llvm::raw_ostream &err);

  // Reads an input file. Reports where that fails: a fault of the machine, but for a file that is too large.
  std::optional<FileId> read(const std::string &path, uint64_t maxBytes = 16u << 20);
  // The disk or a tool failed: says so on stderr; the run will end with Failed.
  void fail(const llvm::Twine &what);
  void fail(llvm::Error error) { fail(llvm::toString(std::move(error))); }
  // Something is wrong with how the command was called: says so; returns Usage.
  int usage(const llvm::Twine &what);
  bool hasFailed() const { return failed || engine.hasErrors(); }
  // Prints the diagnostics, once; returns the exit code: `code` where nothing was wrong.
  int finish(int code = Done);

  SourceManager sources;
  Engine engine{sources};
  llvm::raw_ostream &out, &err;
  bool quiet = false, verbose = false;

private:
  std::string format = "text";
  bool color = false, failed = false;
};

} // namespace snapsecc::driver
