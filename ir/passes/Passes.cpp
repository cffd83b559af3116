// SPDX-License-Identifier: Apache-2.0
// Runs the passes of Passes.def. After each optimising pass the policy must mean what it meant; if it does not, the
// pass is wrong and the run ends at once, for a policy compiler that goes on would write wrong policy.
#include "ir/Passes.h"
#include "ir/passes/Meaning.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

namespace snapsecc::ir {

const std::vector<PassInfo> &allPasses() {
  static const std::vector<PassInfo> table = {
#define PASS(Function, Name, Mandatory, Doc) {Name, Mandatory, Doc, Function},
#include "ir/Passes.def"
#undef PASS
  };
  return table;
}

std::string parsePassList(llvm::StringRef list, PassOptions &options) {
  options.useDefault = list == "all";
  options.passes.clear();
  if (options.useDefault) return "";
  if (list == "none") return "";
  llvm::SmallVector<llvm::StringRef, 8> names;
  list.split(names, ',');
  for (llvm::StringRef name : names) {
    if (llvm::none_of(allPasses(), [&](const PassInfo &pass) { return name == pass.name; })) {
      std::vector<llvm::StringRef> known{"all", "none"};
      for (const PassInfo &pass : allPasses())
        known.push_back(pass.name);
      std::string near = nearest(name, known);
      return "no pass '" + name.str() + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?");
    }
    options.passes.push_back(name.str());
  }
  return "";
}

namespace {

void verifyPass(const PassInfo &pass, const Policy &before, const Policy &after, MeaningComparison &comparison) {
  assert(before.labels.size() == after.labels.size() && "a pass adds no labels");
  for (size_t i = 0; i < before.labels.size(); ++i) {
    std::string difference = comparison.difference(before.labels[i].rules, after.labels[i].rules);
    if (!difference.empty())
      llvm::report_fatal_error(llvm::Twine("pass ") + pass.name + " changes what " + before.labels[i].name +
                               " means; " + difference);
  }
}

} // namespace

Policy resolve(Policy policy, const Target &target, Engine &engine) {
  if (policy.resolved) return policy;
  for (const PassInfo &pass : allPasses())
    if (pass.mandatory) pass.run(policy, target, engine);
  policy.resolved = true;
  return policy;
}

Policy optimise(Policy policy, const PassOptions &options, const Target &target, Engine &engine) {
  MeaningComparison comparison;
  auto apply = [&](const PassInfo &pass) {
    Policy before = options.verify ? policy : Policy();
    pass.run(policy, target, engine);
    if (options.verify) verifyPass(pass, before, policy, comparison);
  };
  if (options.useDefault) {
    for (const PassInfo &pass : allPasses())
      if (!pass.mandatory) apply(pass);
    return policy;
  }
  for (const std::string &name : options.passes)
    for (const PassInfo &pass : allPasses())
      if (!pass.mandatory && name == pass.name) apply(pass);
  return policy;
}

Policy runPasses(Policy policy, const PassOptions &options, const Target &target, Engine &engine) {
  policy = resolve(std::move(policy), target, engine);
  // Nothing is made better, or worse, that is wrong already.
  return engine.hasErrors() ? policy : optimise(std::move(policy), options, target, engine);
}

} // namespace snapsecc::ir
