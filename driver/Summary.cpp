// SPDX-License-Identifier: Apache-2.0
#include "driver/Summary.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/core.h>
#include <map>

namespace snapsecc::driver {
namespace {

std::string plural(size_t count, llvm::StringRef word) {
  return llvm::utostr(count) + " " + word.str() + (count == 1 ? "" : "s");
}

// "not enforced  first line" and further lines under it.
class Table {
public:
  explicit Table(llvm::raw_ostream &stream) : out(stream) {}
  void row(llvm::StringRef title, llvm::ArrayRef<std::string> lines) {
    for (const std::string &line : lines) {
      out << "  " << llvm::left_justify(title, 15) << line << "\n";
      title = "";
    }
  }

private:
  llvm::raw_ostream &out;
};

const char *modeText(ir::Mode mode) {
  switch (mode) {
  case ir::Mode::Enforce: return "enforced";
  case ir::Mode::Complain: return "logged only";
  case ir::Mode::Unconfined: return "unconfined";
  }
  return "";
}

std::string end(llvm::StringRef snap, llvm::StringRef name) {
  return (snap == "system" ? "" : snap.str()) + ":" + name.str();
}

std::vector<std::string> connectionLines(const ir::Policy &policy) {
  std::vector<std::string> lines;
  for (const ir::Connection &c : policy.connections) {
    std::string ends = end(c.plugSnap, c.plug) + " -> " + end(c.slotSnap, c.slot);
    if (c.interface != c.plug) ends += " (" + c.interface + ")";
    lines.push_back(fmt::format("{:<44} {}", ends, c.why));
  }
  return lines;
}

// Without -v, plugs of one reason share a line.
std::vector<std::string> unconnectedLines(const Instantiated &instantiated, bool verbose) {
  std::vector<std::string> lines;
  std::map<std::string, std::vector<std::string>> byReason;
  for (const Unconnected &u : instantiated.unconnected) {
    std::string name = end(u.snap, u.plug) + (u.interface == u.plug ? "" : " (" + u.interface + ")");
    if (verbose)
      lines.push_back(fmt::format("{:<44} {}", name, u.reason));
    else
      byReason[u.reason].push_back(name);
  }
  constexpr size_t most = 6;
  for (auto &[reason, names] : byReason) {
    size_t more = names.size() > most ? names.size() - most : 0;
    names.resize(names.size() - more);
    lines.push_back(llvm::join(names, " ") + (more ? " and " + llvm::utostr(more) + " more" : "") + ": " + reason);
  }
  return lines;
}

std::vector<std::string> labelLines(const ir::Policy &policy) {
  std::vector<std::string> lines;
  for (const ir::Label &label : policy.labels) {
    if (label.kind == ir::LabelKind::MountHelper) continue;
    lines.push_back(fmt::format("{:<44} {}{}", label.name, modeText(label.mode), label.daemon ? ", daemon" : ""));
  }
  return lines;
}

std::vector<std::string> notEnforcedLines(const std::vector<ir::NotEnforced> &list) {
  std::vector<std::string> lines;
  for (const ir::NotEnforced &n : list)
    lines.push_back(n.what + " (" + plural(n.rules, "rule") + "): " + n.reason);
  return lines;
}

std::string size(const std::vector<ir::Artifact> &files) {
  size_t bytes = 0;
  for (const ir::Artifact &file : files)
    bytes += file.bytes.size();
  return bytes < 10000 ? plural(bytes, "byte") : fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1000);
}

} // namespace

void printSummary(const SummaryFacts &facts, llvm::raw_ostream &out) {
  const ir::Target &target = facts.target;
  for (const Snap &snap : facts.snaps) {
    out << snap.instance() << (snap.version.empty() ? "" : " ") << snap.version << ": " << snap.confinement << " "
        << snap.type;
    if (!snap.base.empty()) out << " on " << snap.base;
    out << "\n";
  }
  Table table(out);
  table.row("target", {fmt::format("{}: {}, {}, kernel {}.{}", target.name, target.system, target.arch,
                                   target.kernelMajor, target.kernelMinor)});
  table.row("labels", labelLines(facts.policy));
  table.row("connected", connectionLines(facts.policy));
  table.row("not connected", unconnectedLines(facts.instantiated, facts.verbose));
  table.row("rules", {fmt::format("{}, {} after the passes", facts.rulesBefore, facts.policy.ruleCount())});
  table.row("not enforced", notEnforcedLines(facts.notEnforced));
  table.row("files", {fmt::format("{} in {} ({})", facts.files.size(), facts.directory, size(facts.files))});
  if (facts.verbose)
    for (const ir::Artifact &file : facts.files)
      table.row("", {fmt::format("{:9} {}", file.bytes.size(), file.path)});
  if (facts.warnings) table.row("warnings", {llvm::utostr(facts.warnings)});
  table.row("time", {fmt::format("{:.0f} ms", facts.seconds * 1000)});
}

} // namespace snapsecc::driver
