// SPDX-License-Identifier: Apache-2.0
// sim FILE --arch A NAME ARG...: what a seccomp filter answers to one call.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/FilterInput.h"
#include "ir/Constants.h"
#include "llvm/Support/JSON.h"

namespace snapsecc::driver {
namespace {

using seccomp::OpenCall;

// A number, a constant, several constants joined by |, or _ for any value.
bool parseArgument(llvm::StringRef text, const ir::ArchInfo &arch, std::optional<uint64_t> &value) {
  if (text == "_") return true;
  uint64_t bits = 0;
  while (!text.empty()) {
    llvm::StringRef word;
    std::tie(word, text) = text.split('|');
    int64_t number = 0;
    uint64_t large = 0;
    if (!word.getAsInteger(0, large))
      bits |= large;
    else if (!word.getAsInteger(0, number))
      bits |= static_cast<uint64_t>(number);
    else if (auto constant = ir::constantValue(word, arch))
      bits |= static_cast<uint64_t>(*constant);
    else
      return false;
  }
  value = arch.wide ? bits : bits & 0xffffffffu;
  return true;
}

std::optional<uint32_t> callNumber(llvm::StringRef name, const ir::ArchInfo &arch, Session &session) {
  uint32_t number = 0;
  if (!name.getAsInteger(0, number)) return number;
  const ir::Syscall *call = ir::findSyscall(name);
  if (!call) {
    std::string near = nearest(name, ir::syscallNames());
    session.usage("'" + name + "' is no system call of Linux" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
    return std::nullopt;
  }
  auto found = ir::syscallNumber(*call, arch);
  if (!found) session.usage("'" + name + "' does not exist on " + arch.kernel);
  return found;
}

void print(const seccomp::Simulated &result, bool asJson, llvm::raw_ostream &out) {
  if (asJson) {
    llvm::json::Array actions;
    for (uint32_t action : result.actions)
      actions.push_back(seccomp::actionName(action));
    out << llvm::json::Value(
               llvm::json::Object{{"actions", std::move(actions)}, {"fewest", result.fewest}, {"most", result.most}})
        << "\n";
    return;
  }
  const char *separator = "";
  for (uint32_t action : result.actions) {
    out << separator << seccomp::actionName(action);
    separator = " or ";
  }
  out << " (" << result.fewest;
  if (result.most != result.fewest) out << " to " << result.most;
  out << " instructions)" << (result.actions.size() > 1 ? ", by what was left open" : "") << "\n";
}

int runSim(const Arguments &arguments, Session &session) {
  const ir::ArchInfo *arch = ir::findArch(arguments.get("--arch", "amd64"));
  if (!arch) return session.usage("unknown architecture '" + arguments.get("--arch") + "'");
  auto number = callNumber(arguments.operands[1], *arch, session);
  if (!number) return Usage;
  OpenCall call{*number, arch->audit, {}};
  for (size_t i = 2; i < arguments.operands.size(); ++i)
    if (!parseArgument(arguments.operands[i], *arch, call.arguments[i - 2]))
      return session.usage("'" + arguments.operands[i] + "' is no number, constant or _");
  if (!arch->wide) // 32-bit calls have no high words
    for (auto &argument : call.arguments)
      if (argument) argument = *argument & 0xffffffffu;
  std::optional<seccomp::FilterFile> filter = readFilter(arguments.operands[0], session);
  if (!filter) return session.finish();
  if (filter->unrestricted) {
    session.out << "ALLOW (unrestricted: no filter)\n";
    return Done;
  }
  seccomp::Simulated result = seccomp::simulate(filter->stack, call, filter->bigEndian);
  print(result, arguments.has("--json"), session.out);
  return result.actions == std::set<uint32_t>{seccomp::action::Allow} ? Done : No;
}

constexpr Option options[] = {
    {"--arch", "-a", Option::Kind::Value, "ARCH", "the architecture of the call (default: amd64)"},
    {"--json", nullptr, Option::Kind::Flag, nullptr, "an object: actions, and executed instructions"},
};
constexpr OptionGroup groups[] = {{"Options", options}, {"Common options", commonOptions}};

} // namespace

const Command simCommand = {
    "sim",
    "FILE NAME [ARG...]",
    "what a seccomp filter answers to a call",
    "FILE is a .bin2 (both its filters run) or a .bpf. ARG is a number, a constant or several joined by |, or _ for "
    "any value, "
    "as arguments are that are not given. Exit 0 where the call is allowed whatever was left open, else 4. "
    "Negative numbers go behind `--`.",
    {"snapsecc sim seccomp/bpf/snap.foo.bar.bin2 openat AT_FDCWD _ 'O_CREAT|O_WRONLY' 04755 # May it make a "
     "set-user-id file?",
     "snapsecc sim snap.foo.bar.bpf -a i386 socket AF_NETLINK _ NETLINK_AUDIT # The same for a 32-bit program."},
    groups,
    2,
    8,
    runSim};

} // namespace snapsecc::driver
