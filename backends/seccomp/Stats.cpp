// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Stats.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace snapsecc::seccomp {

llvm::Expected<Trace> parseTrace(std::string name, llvm::StringRef text) {
  Trace trace{std::move(name), {}};
  llvm::SmallVector<llvm::StringRef, 0> lines;
  text.split(lines, '\n', -1, false);
  for (llvm::StringRef line : lines) {
    llvm::SmallVector<llvm::StringRef, 8> words;
    line.split('#').first.trim().split(words, ' ', -1, false);
    if (words.empty()) continue;
    Trace::Entry entry;
    bool bad = words.size() < 2 || words.size() > 8 || words[0].getAsInteger(0, entry.number) ||
               words[1].getAsInteger(0, entry.count);
    for (size_t i = 2; !bad && i < words.size(); ++i)
      bad = words[i].getAsInteger(0, entry.arguments[i - 2]);
    if (bad)
      return llvm::createStringError(std::errc::invalid_argument, "%s: bad trace line '%s'", trace.name.c_str(),
                                     line.str().c_str());
    trace.entries.push_back(entry);
  }
  return trace;
}

Outcome runStack(llvm::ArrayRef<Program> stack, const CallData &data, bool bigEndian) {
  Outcome all{action::Allow, 0};
  for (const Program &program : llvm::reverse(stack)) {
    Outcome one = run(program, data, bigEndian);
    all.executed += one.executed;
    if (precedence(one.action) < precedence(all.action)) all.action = one.action;
  }
  return all;
}

// The longest path with architecture and number known, whatever the arguments.
static unsigned longestPath(const Program &program, uint32_t arch, uint32_t number) {
  std::vector<unsigned> longest(program.size());
  // What the accumulator holds is known up to the first load of an argument; behind it both sides of a test are
  // counted.
  for (size_t i = program.size(); i-- > 0;) {
    const Instruction &insn = program[i];
    switch (insn.code) {
    case bpf::Return: longest[i] = 1; break;
    case bpf::Jump: longest[i] = 1 + longest[i + 1 + insn.k]; break;
    case bpf::Load:
    case bpf::And: longest[i] = 1 + longest[i + 1]; break;
    default: longest[i] = 1 + std::max(longest[i + 1 + insn.yes], longest[i + 1 + insn.no]);
    }
  }
  const ConstantPart before = constantPart(program, arch, number);
  return before.executed + longest[before.end];
}

Statistics measure(llvm::ArrayRef<Program> stack, const ir::ArchInfo &arch, llvm::ArrayRef<Trace> traces,
                   uint32_t maxNumber) {
  Statistics s;
  auto isCached = [&](uint32_t number) {
    return llvm::all_of(stack, [&](const Program &p) { return isConstantAllow(p, arch.audit, number); });
  };
  for (const Program &program : stack)
    s.size += program.size();
  for (uint32_t number = arch.base; number <= arch.base + maxNumber; ++number) {
    s.uniform += runStack(stack, {number, arch.audit, 0, {}}, arch.bigEndian).executed;
    unsigned longest = 0;
    for (const Program &program : stack)
      longest += longestPath(program, arch.audit, number);
    s.worst = std::max(s.worst, longest);
    s.cacheable += isCached(number);
  }
  s.uniform /= maxNumber + 1;
  for (const Trace &trace : traces) {
    Statistics::OfTrace t{trace.name, 0, 0};
    double calls = 0;
    for (const Trace::Entry &entry : trace.entries) {
      double executed = static_cast<double>(entry.count) *
                        runStack(stack, {entry.number, arch.audit, 0, entry.arguments}, arch.bigEndian).executed;
      calls += static_cast<double>(entry.count);
      t.executed += executed;
      if (!isCached(entry.number)) t.uncached += executed;
    }
    if (calls > 0) t.executed /= calls, t.uncached /= calls;
    s.traces.push_back(std::move(t));
  }
  return s;
}

} // namespace snapsecc::seccomp
