// SPDX-License-Identifier: Apache-2.0
// disasm FILE: a seccomp filter as readable text, or as a picture for Graphviz.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/FilterInput.h"

namespace snapsecc::driver {
namespace {

int runDisasm(const Arguments &arguments, Session &session) {
  std::optional<seccomp::FilterFile> filter = readFilter(arguments.operands[0], session);
  if (!filter) return session.finish();
  if (filter->unrestricted) session.out << "unrestricted: no filter\n";
  for (size_t i = 0; i < filter->stack.size(); ++i) {
    if (arguments.get("--emit") == "dot") {
      session.out << seccomp::dot(filter->stack[i], filter->bigEndian);
      continue;
    }
    session.out << filter->titles[i] << ", " << filter->stack[i].size() << " instructions\n"
                << seccomp::disassemble(filter->stack[i], filter->bigEndian);
  }
  return Done;
}

constexpr Option options[] = {
    {"--emit", nullptr, Option::Kind::Value, "FORM", "text (default) or dot, the tree for Graphviz", false, "text|dot"},
};
constexpr OptionGroup groups[] = {{"Options", options}, {"Common options", commonOptions}};

} // namespace

const Command disasmCommand = {"disasm",
                               "FILE",
                               "a seccomp filter as readable text",
                               "FILE is a .bin2 or a .bpf of either byte order. The filters of a .bin2 stand in the "
                               "order in which they are loaded.",
                               {"snapsecc disasm seccomp/bpf/snap.foo.bar.bpf # Instructions with the names of calls.",
                                "snapsecc disasm --emit dot snap.foo.bar.bpf | dot -Tsvg # A picture of the tree."},
                               groups,
                               1,
                               1,
                               runDisasm};

} // namespace snapsecc::driver
