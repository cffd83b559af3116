// SPDX-License-Identifier: Apache-2.0
// fmt: policy files in the one style.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"
#include "driver/TextDiff.h"
#include "driver/Writer.h"
#include "frontend/Format.h"
#include "llvm/Support/MemoryBuffer.h"

namespace snapsecc::driver {
namespace {

constexpr llvm::StringLiteral stdinName = "<stdin>";

std::optional<FileId> readOperand(const std::string &operand, Session &session) {
  if (operand != "-") return session.read(operand);
  auto text = llvm::MemoryBuffer::getSTDIN();
  if (text) return session.sources.add(stdinName.str(), (*text)->getBuffer().str());
  session.fail("stdin: " + text.getError().message());
  return std::nullopt;
}

int runFmt(const Arguments &arguments, Session &session) {
  bool only = arguments.has("--check"), diff = arguments.has("-d"), anyDiffers = false;
  for (const std::string &operand : arguments.operands) {
    std::optional<FileId> file = readOperand(operand, session);
    if (!file) continue;
    const SourceFile &source = session.sources.file(*file);
    size_t errors = session.engine.errorCount();
    llvm::Expected<std::string> text = format(*file, session.engine);
    if (!text) {
      session.fail(operand + ": " + llvm::toString(text.takeError()));
      continue;
    }
    if (session.engine.errorCount() > errors) continue;
    bool differs = *text != source.text();
    anyDiffers |= differs;
    if (diff)
      session.out << unifiedDiff(source.text(), *text, source.name());
    else if (only && differs)
      session.out << source.name() << "\n";
    else if (!only && operand == "-")
      session.out << *text;
    else if (!only && differs)
      if (llvm::Error error = writeFile(operand, *text)) session.fail(std::move(error));
  }
  return session.finish(only && anyDiffers ? No : Done);
}

constexpr Option fmtOptions[] = {
    {"--check", nullptr, Option::Kind::Flag, nullptr, "write nothing; name the files that would change, exit 4"},
    {"-d", nullptr, Option::Kind::Flag, nullptr, "write nothing; print what would change"},
};
constexpr OptionGroup groups[] = {{"Formatting", fmtOptions}, {"Options", commonOptions}};

} // namespace

const Command fmtCommand = {"fmt",
                            "FILE.sif...",
                            "policy files in one style",
                            "The meaning and the comments stay. A file with a mistake is not touched. - is stdin, and "
                            "the result goes to stdout.",
                            {"snapsecc fmt stdlib/interfaces/*.sif # In place.",
                             "snapsecc fmt --check -d home.sif # What would change; exit 4 if anything."},
                            groups,
                            1,
                            anyNumber,
                            runFmt};

} // namespace snapsecc::driver
