// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Inspect.h"
#include "ir/Syscalls.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>
#include <map>

namespace snapsecc::seccomp {

static uint32_t wordAt(llvm::StringRef bytes, size_t at, bool bigEndian) {
  uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i)
    value |= uint32_t(static_cast<uint8_t>(bytes[at + i])) << 8 * (bigEndian ? 3 - i : i);
  return value;
}

llvm::Expected<FilterFile> readFilter(llvm::StringRef bytes) {
  auto bad = [](const std::string &why) {
    return llvm::createStringError(std::errc::invalid_argument, "%s", why.c_str());
  };
  FilterFile file;
  constexpr size_t headerSize = 128;
  auto add = [&](llvm::StringRef part, const char *title) -> llvm::Error {
    auto program = decode(part, file.bigEndian);
    if (!program) return program.takeError();
    if (std::string why = whyInvalid(*program); !why.empty()) return bad(fmt::format("{}: {}", title, why));
    file.stack.push_back(std::move(*program));
    file.titles.push_back(title);
    return llvm::Error::success();
  };
  if (bytes.startswith("SC")) {
    if (bytes.size() < headerSize || bytes[2] != 1) return bad("no header of version 1");
    if (bytes[3] & 1) {
      file.unrestricted = true;
      return file;
    }
    auto fits = [&](bool big) {
      return headerSize + uint64_t(wordAt(bytes, 8, big)) + wordAt(bytes, 12, big) == bytes.size();
    };
    if (!fits(false) && !fits(true)) return bad("the lengths in the header are not the file's");
    file.bigEndian = !fits(false);
    const size_t allow = wordAt(bytes, 8, file.bigEndian);
    if (auto error = add(bytes.drop_front(headerSize + allow), "deny filter")) return error;
    if (auto error = add(bytes.substr(headerSize, allow), "allow filter")) return error;
    return file;
  }
  // A program starts with a load, whose code is 0x0020.
  file.bigEndian = bytes.size() > 1 && bytes[0] == 0 && bytes[1] == bpf::Load;
  if (auto error = add(bytes, "filter")) return error;
  return file;
}

namespace {
// For each instruction, what the accumulator holds there and which architecture it is for, where that is one.
struct Context {
  std::optional<uint32_t> offset, arch;
  bool isReached = false, archDiffers = false, offsetDiffers = false;

  void join(std::optional<uint32_t> newOffset, std::optional<uint32_t> newArch) {
    if (!isReached) {
      offset = newOffset;
      arch = newArch;
    }
    isReached = true;
    if (offset != newOffset) offset.reset(), offsetDiffers = true;
    if (arch != newArch) arch.reset(), archDiffers = true;
    if (offsetDiffers) offset.reset();
    if (archDiffers) arch.reset();
  }
};

std::vector<Context> contexts(const Program &program) {
  std::vector<Context> list(program.size());
  list[0].join(std::nullopt, std::nullopt);
  for (size_t i = 0; i < program.size(); ++i) {
    const Instruction &insn = program[i];
    const Context &c = list[i];
    if (insn.code == bpf::Return) continue;
    if (insn.code == bpf::Jump) {
      list[i + 1 + insn.k].join(c.offset, c.arch);
    } else if (insn.code == bpf::Load || insn.code == bpf::And) {
      list[i + 1].join(insn.code == bpf::Load ? std::optional(insn.k) : c.offset, c.arch);
    } else {
      const bool ofArch = c.offset == 4u && insn.code == bpf::JumpEqual;
      list[i + 1 + insn.yes].join(c.offset, ofArch ? std::optional(insn.k) : c.arch);
      list[i + 1 + insn.no].join(c.offset, c.arch);
    }
  }
  return list;
}

const ir::ArchInfo *archOf(uint32_t audit) {
  for (const ir::ArchInfo &arch : ir::allArches())
    if (arch.audit == audit) return &arch;
  return nullptr;
}

std::string operand(const Instruction &insn, const Context &c) {
  if (c.offset == 4u)
    if (const ir::ArchInfo *arch = archOf(insn.k)) return arch->kernel;
  if (c.offset == 0u && c.arch && insn.code != bpf::JumpSet)
    if (const ir::ArchInfo *arch = archOf(*c.arch))
      if (const ir::Syscall *call = ir::findSyscall(*arch, insn.k)) return fmt::format("{} ({})", insn.k, call->name);
  return insn.k < 4096 && c.offset == 0u ? std::to_string(insn.k) : fmt::format("{:#x}", insn.k);
}

const char *testSign(uint16_t code) {
  return code == bpf::JumpEqual ? "==" : code == bpf::JumpGreater ? ">" : code == bpf::JumpGreaterEqual ? ">=" : "&";
}
} // namespace

std::vector<const ir::ArchInfo *> architecturesOf(llvm::ArrayRef<Program> stack) {
  std::vector<const ir::ArchInfo *> found;
  for (const Program &program : stack) {
    const std::vector<Context> known = contexts(program);
    for (size_t i = 0; i < program.size(); ++i) {
      if (program[i].code != bpf::JumpEqual || known[i].offset != 4u) continue;
      const ir::ArchInfo *arch = archOf(program[i].k);
      if (arch && !llvm::is_contained(found, arch)) found.push_back(arch);
    }
  }
  return found;
}

std::string disassemble(const Program &program, bool bigEndian) {
  const std::vector<Context> known = contexts(program);
  std::string text;
  for (size_t i = 0; i < program.size(); ++i) {
    const Instruction &insn = program[i];
    std::string line;
    switch (insn.code) {
    case bpf::Load: line = "load " + wordName(insn.k, bigEndian); break;
    case bpf::And: line = fmt::format("and {:#x}", insn.k); break;
    case bpf::Jump: line = fmt::format("goto {}", i + 1 + insn.k); break;
    case bpf::Return: line = "return " + actionName(insn.k); break;
    default: {
      const std::string word = known[i].offset ? wordName(*known[i].offset, bigEndian) : "value";
      line = fmt::format("if {} {} {} goto {} else {}", word, testSign(insn.code), operand(insn, known[i]),
                         i + 1 + insn.yes, i + 1 + insn.no);
    }
    }
    text += fmt::format("{:4}: {}\n", i, line);
  }
  return text;
}

std::string origins(llvm::ArrayRef<Program> stack, const LabelPlan &plan) {
  std::string text;
  for (const ArchPlan &arch : plan.arches) {
    text += fmt::format("calls of {}\n", arch.arch->kernel);
    for (const Call &call : arch.calls) {
      std::string places;
      for (const Program &program : stack)
        places +=
            (places.empty() ? "" : ", ") + std::to_string(constantPart(program, arch.arch->audit, call.number).end);
      text += fmt::format("{:4} {} at {}: {}\n", call.number, call.name, places, llvm::join(call.origins, ", "));
    }
  }
  return text;
}

std::string dot(const Program &program, bool bigEndian) {
  const std::vector<Context> known = contexts(program);
  // Where control goes on after loads and jumps.
  auto settle = [&](size_t i) {
    while (program[i].code == bpf::Load || program[i].code == bpf::Jump)
      i += 1 + (program[i].code == bpf::Jump ? program[i].k : 0);
    return i;
  };
  auto name = [&](size_t i) {
    return program[i].code == bpf::Return ? fmt::format("r{}", program[i].k) : fmt::format("n{}", i);
  };
  std::string text = "digraph filter {\n  node [shape=box, fontname=monospace];\n";
  std::set<uint32_t> results;
  for (size_t i = 0; i < program.size(); ++i) {
    const Instruction &insn = program[i];
    if (insn.code == bpf::Return) {
      if (results.insert(insn.k).second)
        text += fmt::format("  r{} [label=\"{}\", shape=ellipse];\n", insn.k, actionName(insn.k));
    } else if (insn.code == bpf::And) {
      text += fmt::format("  n{} [label=\"and {:#x}\"];\n  n{} -> {};\n", i, insn.k, i, name(settle(i + 1)));
    } else if (insn.code != bpf::Load && insn.code != bpf::Jump) {
      const std::string word = known[i].offset ? wordName(*known[i].offset, bigEndian) : "value";
      text += fmt::format("  n{} [label=\"{} {} {}\"];\n", i, word, testSign(insn.code), operand(insn, known[i]));
      text += fmt::format("  n{} -> {} [label=yes];\n  n{} -> {} [label=no, style=dashed];\n", i,
                          name(settle(i + 1 + insn.yes)), i, name(settle(i + 1 + insn.no)));
    }
  }
  return text + "}\n";
}

static std::string ifHolds(const Clause &clause) {
  static constexpr const char *signs[] = {"==", "!=", "<", "<=", ">", ">="};
  std::string text;
  for (const Test &t : clause) {
    text += text.empty() ? "if (" : " && ";
    text += t.op == Operator::Masked
                ? fmt::format("($a{} & {:#x}) == {:#x}", t.argument, t.mask, t.value)
                : fmt::format("$a{} {} {:#x}", t.argument, signs[static_cast<unsigned>(t.op)], t.value);
  }
  return text.empty() ? "" : text + ") ";
}

std::string pseudoCode(const LabelPlan &plan) {
  std::string text;
  for (const ArchPlan &arch : plan.arches) {
    text += fmt::format("if ($arch == {:#x}) # {}\n", arch.arch->audit, arch.arch->kernel);
    for (const Call &call : arch.calls) {
      text += fmt::format("  if ($syscall == {}) # {}\n", call.number, call.name);
      for (const Clause &clause : call.allow)
        text += fmt::format("    {}action {};\n", ifHolds(clause), actionName(action::Allow));
      for (const Deny &deny : call.deny)
        text += fmt::format("    {}never more than {};\n", ifHolds(deny.tests), actionName(deny.action));
    }
    text += fmt::format("  action {};\n", actionName(plan.defaultAction));
  }
  return text + "action " + actionName(action::KillThread) + ";\n";
}

} // namespace snapsecc::seccomp
