// SPDX-License-Identifier: Apache-2.0
// bench-library DIR: from the files of a policy library to the library that a command works with, by parsing and
// checking their text, and from the saved form. Milliseconds of processor time of the process, the median of some runs;
// both include reading the files.
#include "benchmarks/Median.h"
#include "frontend/LibraryModule.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>

using namespace snapsecc;

namespace {

struct Run {
  SourceManager sources;
  Engine engine{sources};
  std::vector<FileId> files;
  explicit Run(const char *directory) { files = readSources(directory, {}, engine); }
};

} // namespace

int main(int count, char **words) {
  if (count != 2) return fmt::print(stderr, "usage: bench-library DIR\n"), 2;
  Run first(words[1]);
  std::unique_ptr<Library> library = checkSources(first.files, first.engine);
  if (first.engine.hasErrors()) return fmt::print(stderr, "{}: the library has errors\n", words[1]), 1;
  const std::string saved = writeModule(*library, "", first.files);
  const double reading = medianMilliseconds([&] { Run run(words[1]); });
  const double text = medianMilliseconds([&] {
    Run run(words[1]);
    checkSources(run.files, run.engine);
  });
  const double module = medianMilliseconds([&] {
    Run run(words[1]);
    if (!readModule(saved, "", run.files)) std::abort();
  });
  fmt::print("files {}, interfaces {}, saved form {} bytes\n", first.files.size(), library->interfaces.size(),
             saved.size());
  fmt::print("read the files    {:6.2f} ms\n+ parse and check {:6.2f} ms\nor the saved form {:6.2f} ms\n", reading,
             text, module);
}
