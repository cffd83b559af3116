// SPDX-License-Identifier: Apache-2.0
#include "driver/FilterStats.h"
#include "backends/seccomp/Libseccomp.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

namespace snapsecc::driver {

using seccomp::Part;
using seccomp::Program;

static void addRows(std::vector<FilterRow> &rows, const std::string &name, const std::string &maker,
                    llvm::ArrayRef<Program> stack, llvm::ArrayRef<const ir::ArchInfo *> arches,
                    llvm::ArrayRef<seccomp::Trace> traces) {
  for (const ir::ArchInfo *arch : arches) {
    rows.push_back({name, maker, arch, seccomp::measure(stack, *arch, traces)});
    traces = {}; // their numbers are those of the first
  }
}

// Both filters of a label, as snap-confine would load them.
static std::vector<Program> libseccompStack(const seccomp::LabelPlan &plan, bool tree, bool bigEndian,
                                            std::vector<std::string> &lacking, Session &session) {
  std::vector<Program> stack;
  for (Part part : {Part::DenyFilter, Part::AllowFilter}) {
    auto result = seccomp::throughLibseccomp(plan, part, tree, bigEndian);
    if (!result) {
      session.fail(plan.label + ": " + llvm::toString(result.takeError()));
      return {};
    }
    stack.push_back(std::move(result->program));
    for (std::string &call : result->lacking)
      if (!llvm::is_contained(lacking, call)) lacking.push_back(std::move(call));
  }
  return stack;
}

std::vector<FilterRow> filterRows(const std::string &path, const std::string &name, const FilterStats &stats,
                                  Session &session) {
  std::vector<FilterRow> rows;
  std::optional<seccomp::FilterFile> filter = readFilter(path, session);
  if (!filter || filter->unrestricted) return rows;
  const auto arches = seccomp::architecturesOf(filter->stack);
  addRows(rows, name, "snapsecc", filter->stack, arches, stats.traces);
  if (!stats.plans) return rows;
  const std::string label = labelOfFilter(path);
  auto plan = llvm::find_if(stats.plans->labels, [&](const seccomp::LabelPlan &one) { return one.label == label; });
  if (plan == stats.plans->labels.end()) return rows;
  for (bool tree : {true, false}) {
    std::vector<std::string> lacking;
    auto stack = libseccompStack(*plan, tree, filter->bigEndian, lacking, session);
    if (stack.empty()) return rows;
    addRows(rows, name, tree ? "libseccomp, tree" : "libseccomp, by priority", stack, arches, stats.traces);
    llvm::sort(lacking);
    rows.back().lacking = std::move(lacking);
  }
  return rows;
}

void printRows(llvm::ArrayRef<FilterRow> rows, llvm::raw_ostream &out) {
  if (rows.empty()) return;
  constexpr const char *line = "  {:<24} {:<8} {:>5} {:>8} {:>6} {:>9} {:>8} {:>9}\n";
  std::string text, file;
  for (const FilterRow &row : rows) {
    if (row.file != file) {
      file = row.file;
      text += file + "\n" +
              fmt::format(fmt::runtime(line), "made by", "arch", "size", "uniform", "worst", "constant", "traces",
                          "uncached");
    }
    double executed = 0, uncached = 0;
    for (const auto &trace : row.costs.traces)
      executed += trace.executed, uncached += trace.uncached;
    const size_t count = row.costs.traces.size();
    auto mean = [&](double sum) { return count ? fmt::format("{:.2f}", sum / static_cast<double>(count)) : "-"; };
    text += fmt::format(fmt::runtime(line), row.maker, row.arch->kernel, row.costs.size,
                        fmt::format("{:.2f}", row.costs.uniform), row.costs.worst, row.costs.cacheable, mean(executed),
                        mean(uncached));
    if (!row.lacking.empty()) text += "    refuses what its table lacks: " + llvm::join(row.lacking, ", ") + "\n";
  }
  out << text;
}

llvm::json::Array toJson(llvm::ArrayRef<FilterRow> rows) {
  llvm::json::Array list;
  for (const FilterRow &row : rows) {
    llvm::json::Array traces;
    for (const auto &trace : row.costs.traces)
      traces.push_back(
          llvm::json::Object{{"executed", trace.executed}, {"name", trace.name}, {"uncached", trace.uncached}});
    list.push_back(llvm::json::Object{{"arch", row.arch->kernel},
                                      {"constant", row.costs.cacheable},
                                      {"file", row.file},
                                      {"lacking", llvm::json::Array(row.lacking)},
                                      {"maker", row.maker},
                                      {"size", static_cast<int64_t>(row.costs.size)},
                                      {"traces", std::move(traces)},
                                      {"uniform", row.costs.uniform},
                                      {"worst", row.costs.worst}});
  }
  return list;
}

} // namespace snapsecc::driver
