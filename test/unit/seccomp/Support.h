// SPDX-License-Identifier: Apache-2.0
// Plans from source text, for tests.
#pragma once
#include "backends/seccomp/Generate.h"
#include "backends/seccomp/Import.h"
#include "backends/seccomp/Prove.h"
#include <gmock/gmock.h>

namespace snapsecc::seccomp {

struct Compiled {
  SourceManager sources;
  Engine engine{sources};
  std::shared_ptr<const Plan> plan;

  explicit Compiled(const std::string &text, const std::string &arch = "amd64", ir::Target target = {}) {
    Imported imported = importSource(sources.add("policy", text), engine);
    ir::Policy policy;
    ir::Label label;
    label.name = "snap.foo.bar";
    label.mode = imported.complain ? ir::Mode::Complain : ir::Mode::Enforce;
    label.rules = imported.rules;
    policy.labels.push_back(label);
    target.arch = arch;
    plan = lower(policy, target, engine);
  }
  const LabelPlan &label() const { return plan->labels.front(); }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const Diagnostic &d : engine.diagnostics())
      out.push_back(d.info->name);
    return out;
  }
  Program program(Tune tune = Tune::Balanced, Part part = Part::Both) const {
    return generate(label(), part, weightsFor(tune, false), builtinProfile(), plan->bigEndian);
  }
  uint32_t verdictOf(const char *arch, const char *name, std::array<uint64_t, 6> arguments = {}) const {
    const ir::ArchInfo &info = *ir::findArch(arch);
    return verdict(label(), {*ir::syscallNumber(*ir::findSyscall(name), info), info.audit, 0, arguments});
  }
};

} // namespace snapsecc::seccomp
