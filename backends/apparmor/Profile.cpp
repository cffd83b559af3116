// SPDX-License-Identifier: Apache-2.0
// ir::Policy -> Plan: profiles with their flags, includes and child profiles, and what all kinds of rules need:
// modifiers, features, what cannot be enforced. Facts: apparmor.d(5); parser/all_rule.cc for `all`; snapd's preamble.
#include "backends/apparmor/Diagnostics.h"
#include "backends/apparmor/Lowering.h"
#include "backends/apparmor/Operand.h"
#include "ir/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

namespace snapsecc::apparmor {
using ir::Modifier;
using ir::Rule;
using ir::RuleKind;
using ir::Value;
using llvm::StringRef;

namespace {
constexpr StringRef kernelReason = "the target's kernel does not mediate it";
constexpr StringRef parserReason = "the target's parser does not read it";

void addUnique(std::vector<ir::OriginId> &to, llvm::ArrayRef<ir::OriginId> from) {
  for (ir::OriginId id : from)
    if (!llvm::is_contained(to, id)) to.push_back(id);
}

// snapd's preamble: tunables, and what the system's administrator added to them. Classic applications run on the host
// and the mount helper outside of any sandbox: they are not tuned.
std::vector<std::string> preambleOf(const ir::Label &label) {
  std::vector<std::string> lines = {"#include <tunables/global>",
                                    "#include if exists \"/etc/apparmor.d/tunables/home.d\""};
  if (label.kind != ir::LabelKind::MountHelper && label.mode != ir::Mode::Unconfined)
    lines.push_back("#include if exists \"/var/lib/snapd/apparmor/snap-tuning\"");
  return lines;
}

void warnNotEnforced(const ir::NotEnforced &left, Engine &engine) {
  std::string labels = llvm::join(llvm::ArrayRef(left.labels).take_front(3), ", ");
  if (left.labels.size() > 3) labels += " and " + std::to_string(left.labels.size() - 3) + " more";
  engine.report<diag::NotEnforced>(SourceRange(), left.what, left.reason, left.rules, labels);
}
} // namespace

std::vector<std::string> words(llvm::ArrayRef<Value> values) {
  std::vector<std::string> list;
  for (const Value &value : values)
    list.push_back(value.text);
  return list;
}

std::string accessList(llvm::ArrayRef<std::string> list) {
  if (llvm::is_contained(list, "any")) return "";
  return " (" + llvm::join(list, ", ") + ")";
}

Plan lower(const ir::Policy &policy, const ir::Target &target, Engine &engine) {
  Plan plan;
  LoweringContext context{policy, target, engine, {}};
  for (const ir::Label &label : policy.labels) {
    ProfilePlan &profile = plan.profiles.emplace_back();
    profile.name = label.name;
    profile.preamble = preambleOf(label);
    ProfileLowering(context, label.name, profile).run(label.rules);
  }
  llvm::sort(plan.profiles, [](const ProfilePlan &a, const ProfilePlan &b) { return a.name < b.name; });
  for (auto &[what, left] : context.notEnforced) {
    warnNotEnforced(left, engine);
    plan.notEnforced.push_back(std::move(left));
  }
  return plan;
}

void ProfileLowering::run(llvm::ArrayRef<Rule> rules) {
  for (const Rule &rule : rules) {
    lastCounted = "";
    ir::dispatch<ir::AppArmor>(*this, rule);
  }
  // `unconfined` wins over `complain`: the parser takes one mode.
  if (llvm::is_contained(plan.flags, "unconfined")) llvm::erase_value(plan.flags, "complain");
  llvm::sort(plan.lines, [](const ProfilePlan::Line &a, const ProfilePlan::Line &b) {
    return std::tie(a.section, a.text) < std::tie(b.section, b.text);
  });
  std::vector<ProfilePlan::Line> joined;
  for (ProfilePlan::Line &line : plan.lines) {
    if (!joined.empty() && joined.back().section == line.section && joined.back().text == line.text)
      addUnique(joined.back().origins, line.origins);
    else
      joined.push_back(std::move(line));
  }
  for (ProfilePlan::Line &line : joined)
    llvm::sort(line.origins);
  plan.lines = std::move(joined);
  llvm::sort(plan.children, [](const ProfilePlan &a, const ProfilePlan &b) { return a.name < b.name; });
}

std::string ProfileLowering::modifiers(const Rule &rule) const {
  std::string text;
  if (rule.is(Modifier::Audit)) text += "audit ";
  if (rule.is(Modifier::Deny))
    text += "deny ";
  else if (rule.is(Modifier::Prompt) && target.prompting && target.parserReads("prompt"))
    text += "prompt ";
  if (rule.is(Modifier::Owner)) text += "owner ";
  return text;
}

void ProfileLowering::add(const Rule &rule, Section section, const std::string &text) {
  plan.lines.push_back({section, modifiers(rule) + text, {rule.origins.begin(), rule.origins.end()}});
}

void ProfileLowering::addPaths(const Rule &rule, Section section, const std::string &before,
                               const std::string &behind) {
  assert((!rule.signature().find("except") || !rule.has("except")) &&
         "the pass that takes `except` out of paths has not run");
  for (const Value &glob : rule.get("GLOB")) {
    llvm::Expected<std::vector<std::string>> paths = quotePaths(glob.text);
    if (!paths) {
      reportNotExpressible(rule, toString(paths.takeError()));
      continue;
    }
    for (const std::string &path : *paths)
      add(rule, section, before + path + behind);
  }
}

bool ProfileLowering::hasAny(llvm::ArrayRef<StringRef> features) const {
  return llvm::any_of(features, [&](StringRef feature) { return target.hasFeature(feature); });
}

bool ProfileLowering::mediates(const Rule &, StringRef what, llvm::ArrayRef<StringRef> features, StringRef parserWord) {
  if (!hasAny(features)) return countNotEnforced(what, kernelReason), false;
  if (!parserWord.empty() && !target.parserReads(parserWord)) return countNotEnforced(what, parserReason), false;
  return true;
}

void ProfileLowering::countNotEnforced(StringRef what, StringRef reason) {
  ir::NotEnforced &left = context.notEnforced[what.str()];
  left.what = what.str();
  left.reason = reason.str();
  if (lastCounted != what) ++left.rules; // a rule counts once, whatever it lists
  lastCounted = what.str();
  if (!llvm::is_contained(left.labels, label)) left.labels.push_back(label);
}

void ProfileLowering::reportNotExpressible(const Rule &rule, const std::string &why) {
  std::string where = label;
  if (!rule.origins.empty()) {
    const ir::Origin &origin = context.policy.origins[rule.origins.front()];
    where = origin.file + ":" + std::to_string(origin.line);
  }
  context.engine.report<diag::NotExpressible>(SourceRange(), where, llvm::StringRef(ir::printRule(rule)).rtrim(";"),
                                              why);
}

std::string ProfileLowering::operand(const Rule &rule, StringRef pattern, bool &failed) {
  llvm::Expected<std::string> quoted = quotePattern(pattern);
  if (quoted) return *quoted;
  reportNotExpressible(rule, toString(quoted.takeError()));
  failed = true;
  return "";
}

std::string ProfileLowering::condition(const Rule &rule, StringRef role, StringRef key, bool &failed) {
  if (!rule.has(role)) return "";
  return (" " + key + "=" + operand(rule, rule.text(role), failed)).str();
}

void ProfileLowering::lower(Tag<RuleKind::Flags>, const Rule &rule) {
  for (const Value &value : rule.get("FLAG")) {
    StringRef flag = value.text;
    if (flag == "unconfined" && !mediates(rule, "flag unconfined", {"policy/unconfined_restrictions"}, "unconfined"))
      continue;
    if (flag == "prompt" && !mediates(rule, "flag prompt", {"policy"}, "prompt")) continue;
    if (!llvm::is_contained(plan.flags, flag)) plan.flags.push_back(flag.str());
  }
}

void ProfileLowering::lower(Tag<RuleKind::Abstraction>, const Rule &rule) {
  for (const Value &value : rule.get("WORD")) {
    StringRef name = value.text;
    bool plain = !name.empty() && llvm::isAlnum(name.front()) &&
                 llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.'; });
    if (plain)
      add(rule, Section::Abstractions, ("#include <abstractions/" + name + ">").str());
    else
      reportNotExpressible(rule, "the name of an abstraction has letters, digits and - _ . alone");
  }
}

void ProfileLowering::lower(Tag<RuleKind::Attach>, const Rule &rule) {
  bool failed = false;
  std::vector<std::string> operands = {operand(rule, rule.text("GLOB"), failed)};
  std::vector<std::string> attributes;
  for (const Value &value : rule.get("xattrs")) {
    auto [name, pattern] = StringRef(value.text).split('=');
    attributes.push_back((name + "=" + operand(rule, pattern, failed)).str());
  }
  if (!attributes.empty()) operands.push_back("xattrs=(" + llvm::join(attributes, " ") + ")");
  if (!plan.attachment.empty()) return reportNotExpressible(rule, "a profile has one attachment");
  if (!failed) plan.attachment = std::move(operands);
}

void ProfileLowering::lower(Tag<RuleKind::Child>, const Rule &rule) {
  if (depth > 0) return reportNotExpressible(rule, "a child profile has no children of its own");
  StringRef name = rule.text("WORD");
  // Two blocks of one child (two interfaces) are one profile.
  auto known = llvm::find_if(plan.children, [&](const ProfilePlan &child) { return child.name == name; });
  if (known != plan.children.end())
    return ProfileLowering(context, label + "//" + name.str(), *known, 1).run(rule.body);
  ProfilePlan child;
  child.name = name.str();
  child.hat = rule.has("hat");
  ProfileLowering(context, label + "//" + name.str(), child, 1).run(rule.body);
  plan.children.push_back(std::move(child));
}

void ProfileLowering::lower(Tag<RuleKind::Everything>, const Rule &rule) {
  if (target.parserReads("all")) return add(rule, Section::Everything, "allow all");
  // What an older parser can say of it; what its kernel does not mediate needs no rule.
  struct Class {
    const char *text, *feature, *parserWord;
  };
  constexpr Class classes[] = {{"file", "file", ""},
                               {"capability", "caps", ""},
                               {"network", "", ""},
                               {"unix", "", ""},
                               {"dbus", "dbus", ""},
                               {"signal", "signal", ""},
                               {"ptrace", "ptrace", ""},
                               {"mount", "mount", ""},
                               {"remount", "mount", ""},
                               {"umount", "mount", ""},
                               {"pivot_root", "mount", ""},
                               {"mqueue", "ipc/posix_mqueue", "mqueue"},
                               {"io_uring", "io_uring", "io_uring"},
                               {"userns", "namespaces/mask/userns_create", "userns"}};
  for (const Class &each : classes) {
    bool mediated = !*each.feature || target.hasFeature(each.feature);
    if (mediated && (!*each.parserWord || target.parserReads(each.parserWord)))
      add(rule, Section::Everything, each.text);
  }
}

} // namespace snapsecc::apparmor
