// SPDX-License-Identifier: Apache-2.0
// query POLICY 'ACCESS': may a label do this, and which rules decide it?
#include "driver/CommonOptions.h"
#include "driver/Diagnostics.h"
#include "driver/Driver.h"
#include "driver/PolicyInput.h"
#include "driver/QueryAnswer.h"
#include "driver/ReaderOptions.h"
#include "ir/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"

namespace snapsecc::driver {

using analysis::Extent;
using ir::Rule;
using ir::RuleKind;

namespace {

constexpr char systemProfiles[] = "/etc/apparmor.d";

// Those of --label, else all programs; the mount helper where it is asked for, or alone.
std::vector<analysis::RuleList> chooseLabels(const Arguments &arguments, const ir::Policy &policy, Session &session) {
  std::vector<analysis::RuleList> lists;
  if (arguments.has("--label")) {
    if (auto list = analysis::findRules(policy, arguments.get("--label"))) return {*list};
    std::vector<llvm::StringRef> names;
    for (const ir::Label &label : policy.labels)
      names.push_back(label.name);
    session.engine.report<diag::QueryNoLabel>({}, arguments.get("--label"),
                                              didYouMean(nearest(arguments.get("--label"), names)));
    return {};
  }
  bool onlyHelpers =
      llvm::all_of(policy.labels, [](const ir::Label &l) { return l.kind == ir::LabelKind::MountHelper; });
  for (const ir::Label &label : policy.labels)
    if (onlyHelpers || label.kind != ir::LabelKind::MountHelper) lists.push_back({&label, label.name, &label.rules});
  return lists;
}

void addNotes(const Question &question, LabelAnswer &answer) {
  const ir::Label &label = *question.rules.label;
  if (label.mode == ir::Mode::Complain)
    answer.notes.push_back("the label is in complain mode: what is not granted is permitted and logged");
  if (label.mode == ir::Mode::Unconfined)
    answer.notes.push_back("the label is unconfined: its profile restricts nothing");
  std::string names;
  for (const Rule &rule : *question.rules.rules)
    if (rule.kind == RuleKind::Abstraction)
      for (const ir::Value &name : rule.get("WORD"))
        if (!llvm::StringRef(names).contains(name.text)) names += (names.empty() ? "" : ", ") + name.text;
  if (!names.empty() && !answer.verdict.allowed() && (ir::backendsOf(question.access.kind) & ir::AppArmor))
    answer.notes.push_back("not looked into: the host's abstractions " + names);
}

const char *mechanismOf(RuleKind kind) {
  uint32_t backends = ir::backendsOf(kind);
  return (backends & ir::AppArmor) ? "apparmor" : (backends & ir::Dbus) ? "bus daemon" : "policy";
}

std::vector<LabelAnswer> answerAccess(llvm::ArrayRef<analysis::RuleList> labels, const PolicyInput &input,
                                      const Rule &access, Session &session) {
  analysis::RuleMatcher matcher;
  std::vector<LabelAnswer> answers;
  for (const analysis::RuleList &label : labels)
    answers.push_back(askAll({input.policy, label, access, input.isProfile}, matcher, session.engine));
  return answers;
}

// ---- the listings

struct Listed {
  std::string text, origins;
};

std::vector<Listed> list(llvm::StringRef what, const ir::Policy &policy, const analysis::RuleList &label,
                         Session &session) {
  std::vector<Listed> out;
  if (what == "syscalls") {
    for (const auto &[name, extent] : grantedCalls({policy, label, Rule()}, session.engine))
      out.push_back({name + (extent == Extent::Whole ? "" : " (with some arguments)"), ""});
  } else if (what == "capabilities") {
    analysis::RuleMatcher matcher;
    for (const auto &[name, answer] : analysis::grantedCapabilities(*label.rules, matcher))
      out.push_back({name, answer.grants.empty() ? "" : printOrigins(policy, answer.grants.front().rule)});
  } else {
    for (const Rule &rule : analysis::executables(*label.rules))
      out.push_back({llvm::StringRef(ir::printRule(rule)).rtrim(";").str(), printOrigins(policy, rule)});
  }
  return out;
}

int runListing(llvm::StringRef what, llvm::ArrayRef<analysis::RuleList> labels, const ir::Policy &policy, bool asJson,
               Session &session) {
  llvm::json::Object root;
  for (const analysis::RuleList &label : labels) {
    if (what == "syscalls" && label.label->kind == ir::LabelKind::MountHelper) continue; // it has no filter
    std::vector<Listed> listed = list(what, policy, label, session);
    llvm::json::Array array;
    if (!asJson) session.out << label.name << ": " << listed.size() << " " << what << "\n";
    for (const Listed &line : listed)
      if (asJson)
        array.push_back(llvm::json::Object{{"what", line.text}, {"from", line.origins}});
      else
        session.out << "  " << line.text << (line.origins.empty() ? "" : "   " + line.origins) << "\n";
    root[label.name] = std::move(array);
  }
  if (asJson) session.out << llvm::json::Value(std::move(root)) << "\n";
  return session.finish();
}

int runQuery(const Arguments &arguments, Session &session) {
  reader::Options profiles = readerOptionsOf(arguments);
  // As apparmor_parser has it.
  if (profiles.includeDirectory.empty() && llvm::sys::fs::is_directory(systemProfiles))
    profiles.includeDirectory = systemProfiles;
  std::optional<PolicyInput> input = readPolicy(arguments.operands[0], session, profiles);
  if (!input) return session.finish();
  std::vector<analysis::RuleList> labels = chooseLabels(arguments, input->policy, session);
  if (session.hasFailed()) return session.finish();
  llvm::StringRef asked = arguments.operands[1];
  bool asJson = arguments.has("--json");
  if (isChoice("syscalls|capabilities|executes", asked))
    return runListing(asked, labels, input->policy, asJson, session);

  std::optional<Rule> access = ir::parseAccess(session.sources.add("ACCESS", asked.str()), session.engine);
  if (!access) return session.finish();
  if (access->modifiers) {
    session.engine.report<diag::QueryModifier>({}, ir::printModifiers(access->modifiers));
    return session.finish();
  }
  std::vector<LabelAnswer> answers = answerAccess(labels, *input, *access, session);
  if (session.hasFailed()) return session.finish();
  if (asJson)
    printJson(input->policy, *access, answers, session.out);
  else if (!session.quiet)
    for (const LabelAnswer &answer : answers)
      printText(input->policy, answer, session.out);
  bool allowed = llvm::any_of(answers, [](const LabelAnswer &answer) { return answer.verdict.allowed(); });
  return session.finish(allowed ? Done : No);
}

constexpr Option options[] = {
    {"--label", nullptr, Option::Kind::Value, "LABEL",
     "one label (snap.foo.bar), app (bar) or child profile (snap.foo.bar//child); default: every program"},
    {"--json", nullptr, Option::Kind::Flag, nullptr, "an object: access, allowed, answers"},
};
constexpr OptionGroup groups[] = {
    {"Options", options}, {"Reading profiles", readerOptions}, {"Common options", commonOptions}};

} // namespace

LabelAnswer askAll(const Question &question, analysis::RuleMatcher &matcher, Engine &engine) {
  const Rule &access = question.access;
  const ir::RuleKindInfo &info = ir::ruleKindInfo(access.kind);
  LabelAnswer made{question.rules.name, {Extent::Whole, Extent::Whole}, {}, {}};
  std::optional<MechanismAnswer> devices;
  if (!question.apparmorAlone) devices = askDevices(question, matcher, engine);
  bool isNumber = devices && access.kind == RuleKind::Device && !llvm::StringRef(access.text("GLOB")).startswith("/");
  if (info.backends != ir::Seccomp && !isNumber) {
    const ir::Snap *snap = question.policy.findSnap(question.rules.label->snap);
    const std::vector<Rule> none;
    const std::vector<Rule> &rules = info.scope == ir::Scope::Label ? *question.rules.rules : snap ? snap->rules : none;
    Rule paths = access; // a device without permissions is to be read and written
    if (access.kind == RuleKind::Device && !access.has("PERMS")) paths.set("PERMS", {ir::Value::word("rw")});
    made.mechanisms.push_back({mechanismOf(access.kind), "", analysis::ask(rules, paths, matcher), ""});
  }
  if (!question.apparmorAlone && question.rules.label->kind != ir::LabelKind::MountHelper)
    for (const ir::Value &call : neededCalls(access))
      if (std::optional<analysis::Answer> answer = askCall(question, call, engine))
        made.mechanisms.push_back({"seccomp", "syscall " + print(call), std::move(*answer), ""});
  if (devices) made.mechanisms.push_back(std::move(*devices));
  for (const MechanismAnswer &mechanism : made.mechanisms)
    made.verdict = analysis::both(made.verdict, mechanism.answer.verdict);
  if (made.mechanisms.empty()) made.verdict = {};
  addNotes(question, made);
  return made;
}

const Command queryCommand = {
    "query",
    "POLICY ACCESS",
    "may a program do this, and which rules decide it",
    "POLICY is an output tree of compile, a .sir or the text of a profile, which is asked about AppArmor alone and "
    "whose includes are looked for in /etc/apparmor.d unless --apparmor-d says otherwise. ACCESS is a rule of the "
    "language with concrete values, quotes "
    "optional; `x` means any "
    "way of executing. A part that is left out (a peer, an argument: `_`) may be anything: an answer that depends on "
    "it says so. "
    "ACCESS may also be syscalls, capabilities or executes: lists of what is granted. Exit 0 where a label is allowed "
    "it, to the owner of "
    "the file at least, else 4.",
    {"snapsecc query foo.policy 'file /etc/shadow w' # May anything of foo write it?",
     "snapsecc query foo.policy --label bar 'syscall ioctl(_, TIOCSTI)' # One app; any file, this request."},
    groups,
    2,
    2,
    runQuery};

} // namespace snapsecc::driver
