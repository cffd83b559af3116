// SPDX-License-Identifier: Apache-2.0
// stats POLICY: sizes and costs of what was compiled.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/FilterStats.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

namespace snapsecc::driver {
namespace {

bool isFilter(llvm::StringRef path) { return path.endswith(".bpf") || path.endswith(".bin2"); }

// The filters of an output tree, relative to it and sorted; of one label where that is asked for.
std::vector<std::string> filtersOf(const std::string &tree, llvm::StringRef label, Session &session) {
  std::vector<std::string> names;
  std::error_code error;
  const std::string directory = tree + "/seccomp/bpf";
  for (llvm::sys::fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    llvm::StringRef name = llvm::sys::path::filename(entry->path());
    if (isFilter(name) && (label.empty() || labelOfFilter(name) == label)) names.push_back("seccomp/bpf/" + name.str());
  }
  if (error && error != std::errc::no_such_file_or_directory) session.fail(directory + ": " + error.message());
  llvm::sort(names);
  return names;
}

bool readTraces(const Arguments &arguments, FilterStats &stats, Session &session) {
  for (const std::string &path : arguments.all("--trace")) {
    auto file = session.read(path);
    if (!file) return false;
    auto trace = seccomp::parseTrace(llvm::sys::path::stem(path).str(), session.sources.file(*file).text());
    if (!trace) {
      session.fail(trace.takeError());
      return false;
    }
    stats.traces.push_back(std::move(*trace));
  }
  return true;
}

int runStats(const Arguments &arguments, Session &session) {
  const std::string &policy = arguments.operands.front();
  const bool isTree = llvm::sys::fs::is_directory(policy);
  if (!isTree && !isFilter(policy))
    return session.usage("'" + policy + "' is no output tree and no filter (.bpf, .bin2)");
  FilterStats stats;
  if (!readTraces(arguments, stats, session)) return session.finish();
  if (arguments.has("--libseccomp")) {
    if (!isTree && !arguments.has("--ir"))
      return session.usage("--libseccomp makes filters from IR: give --ir FILE.sir, or an output tree");
    stats.plans = readFilterPlans(arguments.get("--ir", policy).str(), session);
    if (!stats.plans) return session.finish();
  }
  std::vector<FilterRow> rows;
  for (const std::string &name : isTree ? filtersOf(policy, arguments.get("--label"), session) : std::vector{policy})
    llvm::append_range(rows, filterRows(isTree ? policy + "/" + name : name, name, stats, session));
  if (session.hasFailed()) return session.finish();
  if (arguments.has("--json"))
    session.out << llvm::formatv("{0:2}", llvm::json::Value(llvm::json::Object{{"filters", toJson(rows)}})) << "\n";
  else
    printRows(rows, session.out);
  return session.finish();
}

constexpr Option options[] = {
    {"--json", nullptr, Option::Kind::Flag, nullptr, "an object: filters, a list with a row each"},
    {"--label", nullptr, Option::Kind::Value, "LABEL", "of an output tree: this label alone"},
    {"--trace", nullptr, Option::Kind::Value, "FILE",
     "also over these calls of a real program: lines `number count [arguments]`", true},
    {"--libseccomp", nullptr, Option::Kind::Flag, nullptr,
     "beside each filter those that libseccomp makes of the same policy"},
    {"--ir", nullptr, Option::Kind::Value, "FILE.sir", "the policy for that; else the one in the output tree"},
};
constexpr OptionGroup groups[] = {{"Options", options}, {"Common options", commonOptions}};

} // namespace

const Command statsCommand = {
    "stats",
    "POLICY",
    "sizes and costs of a compiled policy",
    "POLICY is an output tree or a filter (.bpf, .bin2). Of filters: instructions; executed instructions a call, as "
    "the "
    "mean over numbers 0 to 471, for the worst number, and as the mean of the traces; calls that the kernel proves to "
    "be allowed whatever their arguments (its action cache); and the mean of the traces where these cost nothing.",
    {"snapsecc stats foo.policy --libseccomp # Every filter, and libseccomp's for the same policy.",
     "snapsecc stats snap.foo.bar.bpf --trace editor.txt --json # One filter, over a real program's calls."},
    groups,
    1,
    1,
    runStats};

} // namespace snapsecc::driver
