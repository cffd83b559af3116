// SPDX-License-Identifier: Apache-2.0
// bench-seccomp POLICY.txt TRACE.txt...: filters of one policy by every tune and by libseccomp, measured in one run.
//   The policy is in the reference's text form, for amd64 with its x86; a trace has lines `number count [arguments]`.
//   Times are of the process alone, the median of some runs: ours from plan to program, libseccomp's of its export.
#include "backends/seccomp/Generate.h"
#include "backends/seccomp/Import.h"
#include "backends/seccomp/Libseccomp.h"
#include "backends/seccomp/Prove.h"
#include "backends/seccomp/Stats.h"
#include "benchmarks/Median.h"
#include "diag/Render.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>

using namespace snapsecc;
using namespace snapsecc::seccomp;

namespace {
void printRow(const std::string &name, const std::vector<Program> &stack, const std::vector<Trace> &traces,
              double milliseconds, const std::string &proof) {
  const Statistics s = measure(stack, *ir::findArch("amd64"), traces);
  const Statistics compat = measure(stack, *ir::findArch("i386"), {});
  double executed = 0, uncached = 0;
  for (const Statistics::OfTrace &t : s.traces)
    executed += t.executed, uncached += t.uncached;
  const double count = traces.empty() ? 1 : static_cast<double>(traces.size());
  fmt::print("| {} | {:.2f} | {:.2f} | {} | {} | {:.3f} | {} | {} | {:.1f} | {} |\n", name, s.uniform, executed / count,
             s.worst, s.size, uncached / count, s.cacheable, compat.cacheable, milliseconds, proof);
}

void ownRow(const char *name, Tune tune, bool search, const Plan &plan, const std::vector<Trace> &traces) {
  const LabelPlan &label = plan.labels.front();
  Program program;
  const double generation = medianMilliseconds(
      [&] { program = generate(label, Part::Both, weightsFor(tune, search), builtinProfile(), plan.bigEndian); });
  std::optional<Disproof> disproof;
  const double proof = medianMilliseconds([&] { disproof = disprove(program, label, Part::Both, plan.bigEndian); });
  printRow(name, {program}, traces, generation, disproof ? describe(*disproof) : fmt::format("{:.1f}", proof));
}

// Both of its filters, deny loaded first, as snap-confine does.
llvm::Error libseccompRow(const char *name, bool tree, const Plan &plan, const std::vector<Trace> &traces) {
  std::vector<Program> stack;
  std::vector<double> times;
  std::string lacking;
  for (Part part : {Part::DenyFilter, Part::AllowFilter}) {
    std::vector<double> exports;
    for (unsigned i = 0; i < measuredRuns; ++i) {
      auto result = throughLibseccomp(plan.labels.front(), part, tree, plan.bigEndian);
      if (!result) return result.takeError();
      exports.push_back(1000 * result->exportSeconds);
      if (i > 0) continue;
      for (const std::string &call : result->lacking)
        lacking += " " + call;
      stack.push_back(std::move(result->program));
    }
    times.push_back(median(std::move(exports)));
  }
  printRow(name, stack, traces, times[0] + times[1], "");
  if (!lacking.empty()) fmt::print(stderr, "{} lacks:{}\n", name, lacking);
  return llvm::Error::success();
}

int fail(const std::string &what) {
  fmt::print(stderr, "bench-seccomp: {}\n", what);
  return 1;
}
} // namespace

int main(int count, char **words) {
  if (count < 2) return fail("usage: bench-seccomp POLICY.txt TRACE.txt...");
  SourceManager sources;
  Engine engine(sources);
  auto file = sources.read(words[1]);
  if (!file) return fail(llvm::toString(file.takeError()));
  std::vector<Trace> traces;
  for (int i = 2; i < count; ++i) {
    auto text = sources.read(words[i]);
    if (!text) return fail(llvm::toString(text.takeError()));
    auto trace = parseTrace(words[i], sources.file(*text).text());
    if (!trace) return fail(llvm::toString(trace.takeError()));
    traces.push_back(std::move(*trace));
  }
  ir::Policy policy;
  ir::Label label;
  label.name = "measured";
  label.rules = importSource(*file, engine).rules;
  policy.labels.push_back(label);
  const auto plan = lower(policy, {}, engine);
  if (engine.hasErrors()) {
    renderText(engine, llvm::errs(), {});
    return 1;
  }
  fmt::print("| | uniform | traces | worst | size | cached | constant x86_64 | x86 | ms | proof ms "
             "|\n|---|---|---|---|---|---|---|---|---|---|\n");
  for (auto [name, tune] :
       {std::pair("balanced", Tune::Balanced), std::pair("uniform", Tune::Uniform), std::pair("traces", Tune::Traces),
        std::pair("cached", Tune::Cached), std::pair("size", Tune::Size)})
    ownRow(name, tune, false, *plan, traces);
  ownRow("balanced -O3", Tune::Balanced, true, *plan, traces);
  for (bool tree : {false, true})
    if (llvm::Error error = libseccompRow(tree ? "libseccomp, tree" : "libseccomp, by priority", tree, *plan, traces))
      return fail(llvm::toString(std::move(error)));
  return 0;
}
