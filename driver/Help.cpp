// SPDX-License-Identifier: Apache-2.0
// Help from the tables: of the program, of a command, and the reference of rules.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"
#include "ir/RuleKinds.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::driver {
namespace {

constexpr size_t width = 100;

// Prints `text` from column `indent` on, wrapped; the cursor stands at `column`.
void wrap(llvm::raw_ostream &out, llvm::StringRef text, size_t indent, size_t column = 0) {
  if (column > indent) {
    out << "\n";
    column = 0;
  }
  out.indent(static_cast<unsigned>(indent - column));
  column = indent;
  bool first = true;
  for (llvm::StringRef word : llvm::split(text, ' ')) {
    if (!first && column + 1 + word.size() > width) {
      out << "\n";
      out.indent(static_cast<unsigned>(indent));
      column = indent;
      first = true;
    }
    out << (first ? "" : " ") << word;
    column += word.size() + !first;
    first = false;
  }
  out << "\n";
}

std::string spelling(const Option &option) {
  std::string text = option.alias ? std::string(option.alias) + ", " : "";
  llvm::StringRef name = option.name;
  if (option.kind == Option::Kind::Switch) return text + "--[no-]" + name.drop_front(2).str();
  text += name;
  if (option.kind == Option::Kind::Value) text += std::string(" ") + option.value;
  if (option.kind == Option::Kind::Optional) text += std::string("[=") + option.value + "]";
  return text;
}

int runHelp(const Arguments &arguments, Session &session) {
  if (arguments.operands.empty()) {
    printHelp(session.out);
    return Done;
  }
  llvm::StringRef topic = arguments.operands.front();
  llvm::StringRef detail = arguments.operands.size() > 1 ? llvm::StringRef(arguments.operands[1]) : "";
  if (topic == "rules") {
    if (!detail.empty() && !ir::findRuleKind(detail)) {
      std::vector<llvm::StringRef> keywords;
      for (const ir::RuleKindInfo &info : ir::allRuleKinds())
        keywords.push_back(info.keyword);
      std::string near = nearest(detail, keywords);
      return session.usage("'" + detail + "' is not a rule" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    printRules(detail, session.out);
    return Done;
  }
  const Command *command = findCommand(topic);
  if (!command || !detail.empty()) return session.usage("no help on '" + (command ? detail : topic) + "'");
  printHelp(*command, session.out);
  return Done;
}

struct BackendName {
  ir::Backend backend;
  const char *name;
};
constexpr BackendName backendNames[] = {
    {ir::AppArmor, "AppArmor"}, {ir::Seccomp, "seccomp"},     {ir::Cgroup, "device cgroup"}, {ir::Udev, "udev"},
    {ir::Mount, "mount"},       {ir::Kmod, "kernel modules"}, {ir::Dbus, "D-Bus"},           {ir::Systemd, "systemd"},
    {ir::Polkit, "polkit"},     {ir::Files, "system files"}};

constexpr OptionGroup groups[] = {{"Options", commonOptions}};

} // namespace

void printHelp(llvm::raw_ostream &out) {
  out << "snapsecc: a compiler of sandbox policy for snaps: AppArmor, seccomp, device cgroup\n\nUsage: snapsecc "
         "COMMAND [options] [operands]\n\n";
  for (const Command *command : allCommands()) {
    out << "  " << command->name;
    wrap(out, command->summary, 18, 2 + llvm::StringRef(command->name).size());
  }
  out << "\n`snapsecc COMMAND --help` explains a command; `snapsecc help rules` lists what policy can say.\n"
         "Exit: 0 done, 1 errors in policy or metadata, 2 wrong call, 3 the disk or a tool failed, 4 no or "
         "different.\n";
}

void printHelp(const Command &command, llvm::raw_ostream &out) {
  out << "Usage: snapsecc " << command.name << " [options]" << (*command.operands ? " " : "") << command.operands
      << "\n\n";
  wrap(out, command.summary, 0);
  if (*command.text) {
    out << "\n";
    wrap(out, command.text, 0);
  }
  for (const OptionGroup &group : command.groups) {
    out << "\n" << group.title << ":\n";
    for (const Option &option : group.options) {
      std::string name = spelling(option);
      out << "  " << name;
      wrap(out, std::string(option.help) + (option.many ? " (may be repeated)" : ""), 30, 2 + name.size() + 1);
    }
  }
  out << "\nExamples:\n";
  for (llvm::StringRef example : command.examples) {
    auto [words, comment] = example.split(" # ");
    wrap(out, comment, 2);
    out << "    " << words << "\n";
  }
}

void printRules(llvm::StringRef keyword, llvm::raw_ostream &out) {
  std::vector<bool> used(256, keyword.empty());
  for (const ir::RuleKindInfo &info : ir::allRuleKinds()) {
    if (!keyword.empty() && keyword != info.keyword) continue;
    for (const ir::Part &part : info.signature.parts)
      used[static_cast<uint8_t>(part.type)] = !part.isFlag || used[static_cast<uint8_t>(part.type)];
    std::string modifiers = ir::printModifiers(info.allowed);
    out << info.keyword << " " << info.signatureText << "\n";
    wrap(out, info.doc, 4);
    if (!modifiers.empty()) out << "    before it: " << modifiers << "\n";
    std::string backends;
    for (const BackendName &one : backendNames)
      if (info.backends & one.backend) backends += (backends.empty() ? "" : ", ") + std::string(one.name);
    out << "    enforced by: " << backends << "\n";
  }
  if (keyword.empty())
    out << "\nA rule is its modifiers, its word and its parts, in this order. X+: one or more, joined by commas.\n\n";
#define SLOT_TYPE(Id, Name, Class, Doc)                                                                                \
  if (used[static_cast<uint8_t>(ir::SlotType::Id)]) {                                                                  \
    out << "  " << Name;                                                                                               \
    wrap(out, Doc, 16, 2 + sizeof Name - 1);                                                                           \
    const auto &words = ir::slotTypeInfo(ir::SlotType::Id).words;                                                      \
    if (!words.empty()) wrap(out, llvm::join(words, " "), 18);                                                         \
  }
#include "ir/SlotTypes.def"
#undef SLOT_TYPE
}

const Command helpCommand = {
    "help",
    "[COMMAND or rules [RULE]]",
    "help on a command; `help rules` is the reference of rules",
    "",
    {"snapsecc help compile # What compile can do.", "snapsecc help rules device # How a device is granted."},
    groups,
    0,
    2,
    runHelp};

} // namespace snapsecc::driver
