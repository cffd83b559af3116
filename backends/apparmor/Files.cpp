// SPDX-License-Identifier: Apache-2.0
// Rules on files and programs -> file and change_profile statements. Facts: apparmor.d(5), Access Modes;
// parser/parser_misc.c: a deny takes a bare x, a grant needs a transition; `a` and `w` exclude each other.
#include "backends/apparmor/Lowering.h"
#include "backends/apparmor/Operand.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::apparmor {
using ir::Modifier;
using ir::Rule;
using ir::RuleKind;
using ir::Value;
using llvm::StringRef;

namespace {
// Letters in the order that the policy language prints; x stays within the profile.
std::string permissions(StringRef letters, bool deny) {
  std::string text;
  for (char letter : StringRef("rwamkl")) {
    if (letter == 'a' && letters.contains('w')) continue; // writing includes it
    if (letters.contains(letter)) text += letter;
  }
  if (letters.contains('x')) text += deny ? "x" : "ix";
  return text;
}

// The transitions of an exec rule: what is tried first, and what happens where that profile does not exist.
struct Transition {
  std::string mode;   // "Px", "cix", ...
  std::string target; // quoted, or empty
  std::string why;    // what is wrong with them
};

Transition transitionOf(const Rule &rule) {
  bool inherit = false, unconfined = false;
  const Value *profile = nullptr;
  for (const Value &value : rule.get("->")) {
    if (value.text == "inherit")
      inherit = true;
    else if (value.text == "unconfined")
      unconfined = true;
    else if (profile)
      return {"", "", "an execution enters one profile"};
    else
      profile = &value;
  }
  if (inherit && unconfined) return {"", "", "'inherit' and 'unconfined' exclude each other"};
  Transition result;
  if (!profile) {
    result.mode = inherit ? "ix" : "ux";
  } else {
    result.mode = (profile->text == "child" ? "c" : "p") + std::string(inherit ? "ix" : unconfined ? "ux" : "x");
    bool isChild = profile->text == "child";
    if (isChild && profile->args.size() > 1) return {"", "", "child() names one child profile"};
    if (isChild && !profile->args.empty()) result.target = quoteText(profile->args.front().text);
    if (!isChild && !profile->args.empty()) {
      llvm::Expected<std::string> label = quotePattern(profile->args.front().text);
      if (!label) return {"", "", toString(label.takeError())};
      result.target = *label;
    }
  }
  if (rule.has("unsafe") || result.mode == "ix") return result;
  // Upper case: the environment is cleaned. Px Cx Ux, and the U of PUx and CUx.
  result.mode[0] = llvm::toUpper(result.mode[0]);
  if (result.mode.size() == 3 && result.mode[1] == 'u') result.mode[1] = 'U';
  return result;
}
} // namespace

void ProfileLowering::lower(Tag<RuleKind::File>, const Rule &rule) {
  if (!mediates(rule, "file", {"file"})) return;
  addPaths(rule, Section::Files, "", " " + permissions(rule.text("PERMS"), rule.is(Modifier::Deny)));
}

void ProfileLowering::lower(Tag<RuleKind::Device>, const Rule &rule) {
  if (!rule.has("PERMS")) return; // the device cgroup alone
  if (!mediates(rule, "file", {"file"})) return;
  addPaths(rule, Section::Files, "", " " + permissions(rule.text("PERMS"), rule.is(Modifier::Deny)));
}

void ProfileLowering::lower(Tag<RuleKind::Exec>, const Rule &rule) {
  if (!mediates(rule, "file", {"file"})) return;
  if (rule.is(Modifier::Deny)) return addPaths(rule, Section::Transitions, "", " x");
  Transition transition = transitionOf(rule);
  if (!transition.why.empty()) return reportNotExpressible(rule, transition.why);
  std::string behind = " " + transition.mode;
  if (!transition.target.empty()) behind += " -> " + transition.target;
  addPaths(rule, Section::Transitions, "", behind);
}

void ProfileLowering::lower(Tag<RuleKind::Link>, const Rule &rule) {
  if (!mediates(rule, "file", {"file"})) return;
  bool failed = false;
  std::string name = operand(rule, rule.text("GLOB"), failed), target = operand(rule, rule.text("->"), failed);
  if (!failed)
    add(rule, Section::Files, std::string("link ") + (rule.has("subset") ? "subset " : "") + name + " -> " + target);
}

void ProfileLowering::lower(Tag<RuleKind::ChangeProfile>, const Rule &rule) {
  if (!mediates(rule, "change_profile", {"domain/change_profile"})) return;
  if (rule.has("any")) return add(rule, Section::Transitions, "change_profile");
  bool failed = false;
  std::string to = rule.has("->") ? " -> " + operand(rule, rule.text("->"), failed) : "";
  if (failed) return;
  if (rule.has("GLOB"))
    return addPaths(rule, Section::Transitions, rule.has("unsafe") ? "change_profile unsafe " : "change_profile ", to);
  if (rule.has("unsafe")) return reportNotExpressible(rule, "'unsafe' needs the programs that it is about");
  add(rule, Section::Transitions, "change_profile" + to);
}

} // namespace snapsecc::apparmor
