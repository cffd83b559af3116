// SPDX-License-Identifier: Apache-2.0
// Plan -> profile text. What a reader of 3.0.8 of the parser must know of it is in Lowering; here are layout and
// comments. A comment is `# ` and one line: `#include`, without the blank, would be read as a directive.
#include "backends/apparmor/AppArmor.h"
#include "backends/apparmor/Operand.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc::apparmor {
namespace {

const char *heading(Section section) {
  switch (section) {
  case Section::Abstractions: return "the host's abstractions";
  case Section::Everything: return "no mediation";
  case Section::Files: return "files";
  case Section::Transitions: return "programs with a profile of their own";
  case Section::Capabilities: return "capabilities";
  case Section::Network: return "network";
  case Section::Unix: return "UNIX sockets";
  case Section::Dbus: return "D-Bus";
  case Section::Signals: return "signals";
  case Section::Ptrace: return "tracing";
  case Section::MessageQueues: return "message queues";
  case Section::Namespaces: return "user namespaces";
  case Section::IoUring: return "io_uring";
  case Section::Limits: return "limits of resources";
  case Section::Mounts: return "mounts";
  }
  return "";
}

std::string oneLine(llvm::StringRef text) {
  std::string line;
  for (char c : text)
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return line;
}

class Writer {
public:
  Writer(llvm::raw_ostream &stream, const ir::Policy *annotations) : out(stream), policy(annotations) {}

  void profile(const ProfilePlan &plan, unsigned indent) {
    out.indent(indent) << (plan.hat ? "hat " : "profile ") << quoteText(plan.name);
    for (const std::string &operand : plan.attachment)
      out << " " << operand;
    if (!plan.flags.empty()) out << " flags=(" << llvm::join(plan.flags, ",") << ")";
    out << " {\n";
    for (size_t i = 0; i < plan.lines.size(); ++i) {
      const ProfilePlan::Line &line = plan.lines[i];
      if (policy && (i == 0 || plan.lines[i - 1].section != line.section))
        (out << (i ? "\n" : "")).indent(indent + 2) << "# ---- " << heading(line.section) << "\n";
      for (ir::OriginId id : line.origins)
        comment(id, indent + 2);
      out.indent(indent + 2) << line.text << (line.section == Section::Abstractions ? "\n" : ",\n");
    }
    for (const ProfilePlan &child : plan.children) {
      out << "\n";
      profile(child, indent + 2);
    }
    out.indent(indent) << "}\n";
  }

private:
  void comment(ir::OriginId id, unsigned indent) {
    if (!policy) return;
    const ir::Origin &origin = policy->origins[id];
    std::string text = oneLine(origin.file) + ":" + std::to_string(origin.line) + ": " + oneLine(origin.owner);
    if (!origin.reason.empty()) text += ": " + oneLine(origin.reason);
    out.indent(indent) << "# " << text << "\n";
  }
  llvm::raw_ostream &out;
  const ir::Policy *policy; // null: no comments
};

std::string profileText(const ProfilePlan &plan, const ir::Policy *annotations) {
  std::string text;
  llvm::raw_string_ostream out(text);
  for (const std::string &line : plan.preamble)
    out << line << "\n";
  out << "\n";
  Writer(out, annotations).profile(plan, 0);
  return text;
}
} // namespace

std::string print(const Plan &plan) {
  std::string text;
  for (const ProfilePlan &profile : plan.profiles)
    text += profileText(profile, nullptr) + "\n";
  for (const ir::NotEnforced &left : plan.notEnforced)
    text += "# not enforced: " + left.what + ": " + left.reason + " (" + std::to_string(left.rules) + " rules of " +
            llvm::join(left.labels, ", ") + ")\n";
  return text;
}

std::vector<ir::Artifact> emit(const Plan &plan, const ir::Policy &policy, bool annotate) {
  std::vector<ir::Artifact> artifacts;
  for (const ProfilePlan &profile : plan.profiles)
    artifacts.push_back({"apparmor/profiles/" + profile.name, profileText(profile, annotate ? &policy : nullptr)});
  return artifacts;
}

} // namespace snapsecc::apparmor
