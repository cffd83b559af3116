// SPDX-License-Identifier: Apache-2.0
#include "driver/SelfChecks.h"
#include "driver/Options.h"
#include "ir/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::driver {
namespace {

using analysis::Extent;

struct Candidate {
  const char *access, *probe;
  bool whenAllowed, whenDenied; // in which case it is tried
};
constexpr Candidate candidates[] = {
#define CHECK(Access, Probe, Harmless) {Access, Probe, Harmless, true},
#define CHECK_ALLOWED(Access, Probe) {Access, Probe, true, false},
#include "driver/SelfChecks.def"
};

// A system call is refused before anything is looked at; a device's numbers are looked at before its name
// (inode_permission in fs/namei.c).
constexpr std::pair<const char *, const char *> mechanisms[] = {
    {"seccomp", "seccomp"}, {"device cgroup", "device-cgroup"}, {"apparmor", "apparmor"}};

// The template's abstractions are known (SelfChecks.def); others may grant more than the policy says.
bool hasOtherAbstractions(const ir::Label &label) {
  for (const ir::Rule &rule : label.rules)
    if (rule.kind == ir::RuleKind::Abstraction)
      for (const ir::Value &name : rule.get("WORD"))
        if (!isChoice("base|consoles|openssl|perl|python", name.text)) return true;
  return false;
}

// A device that is found by its properties is let through once udev has tagged it.
bool waitsForUdev(const MechanismAnswer &answer) {
  return answer.mechanism == "device cgroup" && llvm::any_of(answer.answer.grants, [](const analysis::Decision &one) {
           return one.rule.kind == ir::RuleKind::Device && one.rule.has("by");
         });
}

// "allow apparmor silent", "deny seccomp logged"; empty: the answer is neither.
std::string expectation(const LabelAnswer &answer) {
  for (const auto &[asked, name] : mechanisms)
    for (const MechanismAnswer &one : answer.mechanisms) {
      if (one.mechanism != asked) continue;
      const analysis::Verdict &verdict = one.answer.verdict;
      if (verdict.owner != verdict.other || verdict.other == Extent::Part || waitsForUdev(one)) return "";
      if (verdict.allowed()) continue;
      // A denial that is written in the policy is a silent one, and a device group logs nothing.
      bool isSilent = !one.answer.denials.empty() || asked == llvm::StringRef("device cgroup");
      if (isSilent && asked == llvm::StringRef("seccomp")) isSilent = false;
      return std::string("deny ") + name + (isSilent ? " silent " : " logged ");
    }
  return "allow apparmor silent ";
}

} // namespace

ir::Artifact makeSelfChecks(const Snap &snap, const ir::Policy &policy, Engine &engine) {
  std::vector<std::pair<const Candidate *, ir::Rule>> questions;
  for (const Candidate &candidate : candidates)
    if (std::optional<ir::Rule> access = ir::parseAccess(engine.sources().add("self-check", candidate.access), engine))
      questions.emplace_back(&candidate, std::move(*access));
  analysis::RuleMatcher matcher;
  std::string text =
      "# snapsec self-checks, format 1\n# check allow|deny MECHANISM logged|silent PROBE: runtime/Probes.def\n";
  for (const ir::Label &label : policy.labels) {
    if (label.snap != snap.instance() || label.kind == ir::LabelKind::MountHelper) continue;
    text += "label " + label.name + "\n";
    analysis::RuleList rules{&label, label.name, &label.rules};
    bool mayHaveMore = hasOtherAbstractions(label);
    for (const auto &[candidate, access] : questions) {
      std::string expected = expectation(askAll({policy, rules, access}, matcher, engine));
      if (mayHaveMore && llvm::StringRef(expected).startswith("deny apparmor")) continue;
      bool isTried = llvm::StringRef(expected).startswith("deny") ? candidate->whenDenied : candidate->whenAllowed;
      if (!expected.empty() && isTried) text += "check " + expected + candidate->probe + "\n";
    }
  }
  return {"runtime/snap." + snap.instance() + ".checks", std::move(text), 0644, false};
}

} // namespace snapsecc::driver
