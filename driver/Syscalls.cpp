// SPDX-License-Identifier: Apache-2.0
// syscalls [NAME or NUMBER] [-a ARCH] [--compat]: the table of system calls, one of them, or the name of a number.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"
#include "ir/Syscalls.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <algorithm>

namespace snapsecc::driver {
namespace {

// The architectures that policy is made for, where none is asked for.
constexpr const char *usual[] = {"x86_64", "x86", "aarch64", "arm", "riscv64", "ppc64le", "s390x"};

struct Row {
  std::string name;
  const ir::ArchInfo *arch;
  std::optional<uint32_t> number;
  std::string arguments, through; // "socketcall 1"
};

const char *argumentWord(char letter) {
  switch (letter) {
  case 'i': return "int";
  case 'u': return "id";
  case 'l': return "long";
  default: return "pointer";
  }
}

Row rowOf(const ir::Syscall &call, const ir::ArchInfo &arch) {
  Row row{call.name, &arch, ir::syscallNumber(call, arch), "", ""};
  if (!call.arguments)
    row.arguments = "?";
  else
    for (const char *letter = call.arguments; *letter; ++letter)
      row.arguments += std::string(row.arguments.empty() ? "" : ", ") + argumentWord(*letter);
  if (auto sub = ir::multiplexed(call.name))
    if (ir::syscallNumber(*ir::findSyscall(sub->through), arch))
      row.through = std::string(sub->through) + " " + std::to_string(sub->call);
  return row;
}

void print(const std::vector<Row> &rows, bool asJson, llvm::raw_ostream &out) {
  if (!asJson) {
    for (const Row &row : rows) {
      out << row.arch->kernel << " ";
      if (row.number) out << *row.number << " ";
      out << row.name << "(" << row.arguments << ")" << (row.through.empty() ? "" : ", through " + row.through) << "\n";
    }
    return;
  }
  llvm::json::Array list;
  for (const Row &row : rows) {
    llvm::json::Object object{{"arch", row.arch->kernel}, {"name", row.name}, {"arguments", row.arguments}};
    if (row.number) object["number"] = static_cast<int64_t>(*row.number);
    if (!row.through.empty()) object["through"] = row.through;
    list.push_back(std::move(object));
  }
  out << llvm::formatv("{0:2}", llvm::json::Value(std::move(list))) << "\n";
}

int runSyscalls(const Arguments &arguments, Session &session) {
  std::vector<const ir::ArchInfo *> arches;
  const bool one = arguments.has("--arch");
  if (one) {
    const ir::ArchInfo *arch = ir::findArch(arguments.get("--arch"));
    if (!arch) return session.usage("unknown architecture '" + arguments.get("--arch") + "'");
    arches.push_back(arch);
    if (arguments.has("--compat") && arch->compat) arches.push_back(ir::findArch(arch->compat));
  } else {
    for (const char *name : usual)
      arches.push_back(ir::findArch(name));
  }
  std::vector<Row> rows;
  auto add = [&](const ir::Syscall &call) {
    for (const ir::ArchInfo *arch : arches)
      if (Row row = rowOf(call, *arch); row.number || !row.through.empty()) rows.push_back(std::move(row));
  };
  uint32_t number = 0;
  if (arguments.operands.empty()) {
    for (const ir::Syscall &call : ir::allSyscalls())
      add(call);
  } else if (llvm::StringRef text = arguments.operands.front(); !text.getAsInteger(0, number)) {
    for (const ir::ArchInfo *arch : arches)
      if (const ir::Syscall *call = ir::findSyscall(*arch, number)) rows.push_back(rowOf(*call, *arch));
  } else if (const ir::Syscall *call = ir::findSyscall(text)) {
    add(*call);
  } else {
    std::string near = nearest(text, ir::syscallNames());
    return session.usage("'" + text + "' is no system call of Linux" +
                         (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  print(rows, arguments.has("--json"), session.out);
  return rows.empty() ? No : Done;
}

constexpr Option options[] = {
    {"--arch", "-a", Option::Kind::Value, "ARCH",
     "this architecture, by Debian's or the kernel's name; else those that policy is made for"},
    {"--compat", nullptr, Option::Kind::Flag, nullptr, "with -a: also the 32-bit architecture that runs beside it"},
    {"--json", nullptr, Option::Kind::Flag, nullptr, "a list of objects"},
};
constexpr OptionGroup groups[] = {{"Options", options}, {"Common options", commonOptions}};

} // namespace

const Command syscallsCommand = {
    "syscalls",
    "[NAME or NUMBER]",
    "the table of system calls",
    "Each line is an architecture, a number, a name and its arguments. A number may be written in any base. Nothing "
    "found: exit 4.",
    {"snapsecc syscalls openat -a amd64 --compat # Its numbers for 64-bit and 32-bit programs.",
     "snapsecc syscalls 983045 -a armhf # The name of a number in a kernel log."},
    groups,
    0,
    1,
    runSyscalls};

} // namespace snapsecc::driver
