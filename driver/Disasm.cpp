// SPDX-License-Identifier: Apache-2.0
// disasm FILE: a seccomp filter as readable text, or as a picture for Graphviz.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/FilterInput.h"

namespace snapsecc::driver {
namespace {

// The plan of the filter's label; null where there is none, which is said.
const seccomp::LabelPlan *findPlan(const seccomp::Plan &plans, const std::string &label, Session &session) {
  for (const seccomp::LabelPlan &plan : plans.labels)
    if (plan.label == label) return &plan;
  session.fail("the policy has no label '" + label + "'; which one is it? (--label)");
  return nullptr;
}

void print(const seccomp::FilterFile &filter, llvm::StringRef form, llvm::raw_ostream &out) {
  for (size_t i = 0; i < filter.stack.size(); ++i) {
    if (form == "dot")
      out << seccomp::dot(filter.stack[i], filter.bigEndian);
    else
      out << filter.titles[i] << ", " << filter.stack[i].size() << " instructions\n"
          << seccomp::disassemble(filter.stack[i], filter.bigEndian);
  }
}

int runDisasm(const Arguments &arguments, Session &session) {
  const std::string &path = arguments.operands.front();
  llvm::StringRef form = arguments.get("--emit", "text");
  if (form == "pfc" && !arguments.has("--ir"))
    return session.usage("--emit pfc says what the policy says: give it by --ir, a .sir or an output tree");
  std::shared_ptr<const seccomp::Plan> plans;
  const seccomp::LabelPlan *plan = nullptr;
  if (arguments.has("--ir")) {
    plans = readFilterPlans(arguments.get("--ir").str(), session);
    if (plans) plan = findPlan(*plans, arguments.get("--label", labelOfFilter(path)).str(), session);
    if (!plan) return session.finish();
  }
  std::optional<seccomp::FilterFile> filter = readFilter(path, session);
  if (!filter) return session.finish();
  if (filter->unrestricted)
    session.out << "unrestricted: no filter\n";
  else if (form == "pfc")
    session.out << seccomp::pseudoCode(*plan);
  else {
    print(*filter, form, session.out);
    if (plan && form == "text") session.out << seccomp::origins(filter->stack, *plan);
  }
  return session.finish();
}

constexpr Option options[] = {
    {"--emit", nullptr, Option::Kind::Value, "FORM",
     "text (default); dot, the tree for Graphviz; pfc, pseudo code of the policy as libseccomp writes it", false,
     "text|dot|pfc"},
    {"--ir", nullptr, Option::Kind::Value, "POLICY",
     "the policy, a .sir or an output tree: also which rules decide each call, and where in the program it goes"},
    {"--label", nullptr, Option::Kind::Value, "LABEL", "its label; by default the file is named after it"},
};
constexpr OptionGroup groups[] = {{"Options", options}, {"Common options", commonOptions}};

} // namespace

const Command disasmCommand = {
    "disasm",
    "FILE",
    "a seccomp filter as readable text",
    "FILE is a .bin2 or a .bpf of either byte order. The filters of a .bin2 stand in the "
    "order in which they are loaded. With --ir each call is listed behind them: the instruction where its own part "
    "of each filter starts, and the rules that decide it.",
    {"snapsecc disasm foo.policy/seccomp/bpf/snap.foo.bar.bpf --ir foo.policy # Instructions, and what is behind them.",
     "snapsecc disasm --emit dot snap.foo.bar.bpf | dot -Tsvg # A picture of the tree."},
    groups,
    1,
    1,
    runDisasm};

} // namespace snapsecc::driver
