// SPDX-License-Identifier: Apache-2.0
// Labels: each `device` rule that grants, its nodes less those behind `except`, looked up in the table of fixed
// numbers; a rule with `by` is only about devices that udev finds. Snaps, udev lines in this order: the import that
// matches of USB devices read, `udev` statements and data files, then for each label its tag rules and the rule that
// tells the helper.
#include "backends/cgroup/Cgroup.h"
#include "backends/cgroup/DeviceProgram.h"
#include "backends/cgroup/Diagnostics.h"
#include "backends/cgroup/StaticDevices.h"
#include "backends/cgroup/UdevText.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

namespace snapsecc::cgroup {
namespace {

using automata::Language;

// Patterns as one language; the automata of rules that many labels share are made once.
class Nodes {
public:
  llvm::Expected<Language> of(llvm::ArrayRef<ir::Value> patterns) {
    Language all = Language::empty();
    for (const ir::Value &pattern : patterns) {
      auto [at, isNew] = made.try_emplace(pattern.text, Language::empty());
      if (isNew) {
        llvm::Expected<Language> one = Language::fromText(pattern.text, automata::standardVariables());
        if (!one) return one.takeError();
        at->second = std::move(*one);
      }
      llvm::Expected<Language> more = all.unite(at->second);
      if (!more) return more.takeError();
      all = std::move(*more);
    }
    return all;
  }
  // The nodes of a `device` rule.
  llvm::Expected<Language> of(const ir::Rule &rule) {
    llvm::Expected<Language> nodes = of(rule.get("GLOB")), except = of(rule.get("except"));
    if (!except) return llvm::consumeError(nodes.takeError()), except.takeError();
    return nodes ? nodes->subtract(*except) : std::move(nodes);
  }

private:
  llvm::StringMap<Language> made;
};

bool grants(const ir::Rule &rule) { return !rule.is(ir::Deny); }

// The devices that a label may use from the start.
class LabelLowering {
public:
  LabelLowering(const ir::Label &from, Nodes &languages, Engine &into) : label(from), nodes(languages), engine(into) {}

  LabelDevices run(bool confined) {
    LabelDevices made{label.name, confined, {}};
    if (!confined) return made;
    for (const ir::Rule &rule : label.rules)
      ir::dispatch<ir::Cgroup>(*this, rule);
    made.devices.assign(devices.begin(), devices.end());
    return made;
  }
  void lower(ir::KindTag<ir::RuleKind::Device>, const ir::Rule &rule) {
    if (!grants(rule) || rule.has("by")) return;
    llvm::Expected<Language> granted = nodes.of(rule);
    if (!granted) {
      engine.report<diag::DeviceNodes>({}, label.name, rule.text("GLOB"), llvm::toString(granted.takeError()));
      return;
    }
    llvm::StringRef type = rule.text("char|block");
    addStaticDevices({type == "char" ? "c" : type == "block" ? "b" : "cb", *granted}, devices);
  }
  void lower(ir::KindTag<ir::RuleKind::Cgroup>, const ir::Rule &) {} // of the snap

private:
  const ir::Label &label;
  Nodes &nodes;
  Engine &engine;
  std::set<DeviceEntry> devices;
};

class SnapLowering {
public:
  SnapLowering(const ir::Snap &from, const Language &always, const ir::Target &where, Engine &into)
      : snap(from), defaults(always), target(where), engine(into) {
    made.snap = snap.instance;
    made.nonStrict = snap.mode != ir::Mode::Enforce;
  }

  // `labels`: those of the snap.
  SnapDevices run(llvm::ArrayRef<const ir::Label *> labels) {
    for (const ir::Rule &rule : snap.rules)
      ir::dispatch<ir::Udev>(*this, rule);
    for (const ir::Label *one : labels)
      addLabel(*one);
    made.triggers.assign(triggers.begin(), triggers.end());
    if (made.selfManaged) return std::move(made);
    if (needsUsbIds) made.udevRules.push_back("IMPORT{builtin}=\"usb_id\"");
    for (const std::vector<std::string> *list : {&statements, &tagRules})
      made.udevRules.insert(made.udevRules.end(), list->begin(), list->end());
    return std::move(made);
  }

  void lower(ir::KindTag<ir::RuleKind::Cgroup>, const ir::Rule &) { made.selfManaged = true; }

  void lower(ir::KindTag<ir::RuleKind::Udev>, const ir::Rule &rule) {
    if (rule.has("trigger")) return addTrigger(rule.text("trigger"));
    if (rule.has("file")) return addFile(rule.text("file"));
    std::optional<std::string> line = matches(snap.instance, rule, "by", "except");
    if (!line) return;
    for (const ir::Value &action : rule.get("ACTION")) {
      llvm::Expected<std::string> text = udevAction(action);
      if (!text) return bad(snap.instance, text.takeError());
      *line += ", " + *text;
    }
    addOnce(statements, std::move(*line));
  }

  void lower(ir::KindTag<ir::RuleKind::Device>, const ir::Rule &rule) {
    if (!grants(rule)) return;
    if (rule.has("by")) {
      if (std::optional<std::string> line = matches(label->name, rule, "by", "except2")) addTag(*line);
      return;
    }
    std::string hidden;
    for (const ir::Value &pattern : rule.get("except"))
      for (const std::string &match : nodes(pattern.text, true))
        hidden += ", " + match;
    for (const ir::Value &pattern : rule.get("GLOB")) {
      // A rule without permissions about what everybody has anyway says that the label has it, too.
      if (!rule.has("PERMS") && isDefault(pattern.text)) continue;
      for (const std::string &match : nodes(pattern.text, false))
        addTag(match + hidden);
    }
  }

private:
  void addLabel(const ir::Label &from) {
    label = &from;
    tags.clear();
    for (const ir::Rule &rule : from.rules)
      ir::dispatch<ir::Udev>(*this, rule);
    if (tags.empty()) return;
    const std::string tag = udevTag(from.name);
    for (const std::string &match : tags)
      tagRules.push_back(fmt::format("{}, TAG+=\"{}\"", match, tag));
    tagRules.push_back(fmt::format("TAG==\"{0}\", SUBSYSTEM!=\"module\", SUBSYSTEM!=\"subsystem\", "
                                   "RUN+=\"{1}/snap-device-helper $env{{ACTION}} {0} $devpath $major:$minor\"",
                                   tag, target.libexec));
  }

  void bad(llvm::StringRef owner, llvm::Error error) {
    engine.report<diag::UdevValue>({}, owner, llvm::toString(std::move(error)));
  }
  static void addOnce(std::vector<std::string> &list, std::string text) {
    if (!llvm::is_contained(list, text)) list.push_back(std::move(text));
  }
  void addTag(std::string match) { addOnce(tags, std::move(match)); }

  // All matches of a rule; nullopt: reported.
  std::optional<std::string> matches(llvm::StringRef owner, const ir::Rule &rule, llvm::StringRef by,
                                     llvm::StringRef except) {
    std::vector<std::string> texts;
    for (llvm::StringRef role : {by, except})
      for (const ir::Value &match : rule.get(role)) {
        llvm::Expected<UdevMatch> text = udevMatch(match, role == except);
        if (!text) return bad(owner, text.takeError()), std::nullopt;
        texts.push_back(std::move(text->text));
        needsUsbIds |= text->needsUsbIds;
      }
    return llvm::join(texts, ", ");
  }
  std::vector<std::string> nodes(llvm::StringRef pattern, bool negated) {
    llvm::Expected<std::vector<std::string>> names = nodeMatches(pattern, negated);
    if (names) return std::move(*names);
    engine.report<diag::DeviceNeedsBy>({}, label->name, pattern, llvm::toString(names.takeError()));
    return {};
  }
  bool isDefault(llvm::StringRef pattern) {
    llvm::Expected<Language> names = Language::fromText(pattern, automata::standardVariables());
    if (!names) return llvm::consumeError(names.takeError()), false;
    llvm::Expected<bool> all = defaults.includes(*names);
    if (!all) return llvm::consumeError(all.takeError()), false;
    return *all;
  }

  void addTrigger(llvm::StringRef name) {
    constexpr llvm::StringRef known[] = {"input", "input/key", "input/joystick"};
    if (llvm::is_contained(known, name))
      triggers.insert(name.str());
    else
      engine.report<diag::UdevTrigger>({}, snap.instance, name);
  }
  // The text of the file stands in the rule.
  void addFile(llvm::StringRef text) {
    if (llvm::Error error = checkUdevFile(text)) {
      engine.report<diag::UdevFile>({}, snap.instance, llvm::toString(std::move(error)));
      return;
    }
    llvm::SmallVector<llvm::StringRef, 0> lines;
    text.split(lines, '\n');
    bool continues = false;
    for (llvm::StringRef line : lines) {
      bool isComment = !continues && (line.trim(" \t").empty() || line.ltrim(" \t").startswith("#"));
      continues = line.endswith("\\");
      if (!isComment) statements.push_back(line.str());
    }
  }

  const ir::Snap &snap;
  const Language &defaults;
  const ir::Target &target;
  Engine &engine;
  SnapDevices made;
  const ir::Label *label = nullptr;
  std::vector<std::string> statements, tagRules;
  std::vector<std::string> tags; // of the label at work
  std::set<std::string> triggers;
  bool needsUsbIds = false;
};

std::string lines(const std::vector<std::string> &list, llvm::StringRef front = "") {
  std::string text;
  for (const std::string &line : list)
    text += (front + line + "\n").str();
  return text;
}

std::string deviceList(const LabelDevices &label) {
  if (!label.confined) return "a *:* rwm\n";
  std::string text;
  for (const DeviceEntry &device : label.devices)
    text +=
        fmt::format("{} {}:{} rwm\n", device.type, device.major, device.minor < 0 ? "*" : std::to_string(device.minor));
  return text;
}

std::string flags(const SnapDevices &snap) {
  return std::string(snap.selfManaged ? "self-managed=true\n" : "") + (snap.nonStrict ? "non-strict=true\n" : "");
}

// Rules of a snap that is not confined are there to be read.
std::string udevRules(const SnapDevices &snap) {
  if (snap.udevRules.empty()) return "";
  return "# Devices of snap " + snap.snap + (snap.nonStrict ? ", which is not confined: no rule holds.\n" : ".\n") +
         lines(snap.udevRules, snap.nonStrict ? "# " : "");
}

} // namespace

Plan lower(const ir::Policy &policy, const ir::Target &target, Engine &engine) {
  Plan plan;
  plan.bigEndian = target.arch == "s390x";
  Language always = llvm::cantFail(defaultNodes()); // of our own table
  Nodes nodes;
  llvm::StringMap<bool> confined;
  for (const ir::Snap &snap : policy.snaps) {
    std::vector<const ir::Label *> labels;
    for (const ir::Label &label : policy.labels)
      if (label.snap == snap.instance && label.kind != ir::LabelKind::MountHelper) labels.push_back(&label);
    SnapDevices devices = SnapLowering(snap, always, target, engine).run(labels);
    confined[snap.instance] = !devices.selfManaged && !devices.nonStrict;
    plan.snaps.push_back(std::move(devices));
  }
  for (const ir::Label &label : policy.labels) {
    if (label.kind == ir::LabelKind::MountHelper) continue;
    auto known = confined.find(label.snap);
    bool isConfined = (known == confined.end() || known->second) && label.mode == ir::Mode::Enforce;
    plan.labels.push_back(LabelLowering(label, nodes, engine).run(isConfined));
  }
  return plan;
}

std::string print(const Plan &plan) {
  std::string text;
  for (const LabelDevices &label : plan.labels) {
    text += "devices " + label.label + "\n" + deviceList(label);
    if (label.confined) text += "program " + label.label + "\n" + print(assembleDeviceFilter(label.devices));
  }
  for (const SnapDevices &snap : plan.snaps) {
    if (!flags(snap).empty()) text += "flags " + snap.snap + "\n" + flags(snap);
    if (!snap.udevRules.empty()) text += "udev " + snap.snap + "\n" + lines(snap.udevRules);
    if (!snap.triggers.empty()) text += "triggers " + snap.snap + "\n" + lines(snap.triggers);
  }
  return text;
}

std::vector<ir::Artifact> emit(const Plan &plan) {
  std::vector<ir::Artifact> files;
  auto add = [&](std::string path, std::string bytes) {
    if (!bytes.empty()) files.push_back({std::move(path), std::move(bytes)});
  };
  for (const LabelDevices &label : plan.labels) {
    files.push_back({"cgroup/" + label.label + ".devices", deviceList(label)});
    if (label.confined)
      add("cgroup/" + label.label + ".bpf", encode(assembleDeviceFilter(label.devices), plan.bigEndian));
  }
  for (const SnapDevices &snap : plan.snaps) {
    add("cgroup/snap." + snap.snap + ".device", flags(snap));
    add("udev/rules.d/70-snap." + snap.snap + ".rules", udevRules(snap));
    add("udev/triggers/snap." + snap.snap, lines(snap.triggers));
  }
  return files;
}

} // namespace snapsecc::cgroup
