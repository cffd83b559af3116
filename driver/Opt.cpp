// SPDX-License-Identifier: Apache-2.0
// opt: the passes alone, IR text to IR text.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/TargetOptions.h"
#include "driver/Writer.h"
#include "ir/Passes.h"
#include "ir/Text.h"

namespace snapsecc::driver {
namespace {

int runOpt(const Arguments &arguments, Session &session) {
  ir::PassOptions options;
  options.verify = arguments.isOn("--verify", true);
  if (std::string error = ir::parsePassList(arguments.get("--passes", "all"), options); !error.empty())
    return session.usage("--passes: " + error);
  std::optional<FileId> file = session.read(arguments.operands.front(), 64u << 20);
  if (!file) return session.finish();
  std::optional<std::string> library = findLibrary(arguments, session);
  if (!library) return session.finish();
  int code = Usage;
  std::optional<ir::Target> target = findTarget(arguments, *library, session, code);
  if (!target) return code;
  std::optional<ir::Policy> policy = ir::parse(*file, session.engine);
  if (!policy || session.hasFailed()) return session.finish();
  ir::Policy result = ir::runPasses(std::move(*policy), options, *target, session.engine);
  if (session.hasFailed()) return session.finish();
  std::string text;
  llvm::raw_string_ostream out(text);
  ir::print(result, out);
  out.flush();
  llvm::StringRef output = arguments.get("-o", "-");
  if (output == "-")
    session.out << text;
  else if (llvm::Error error = writeFile(output.str(), text))
    session.fail(std::move(error));
  return session.finish();
}

constexpr Option optOptions[] = {
    {"--passes", nullptr, Option::Kind::Value, "LIST",
     "the optimising passes to run, joined by commas, or all (default) or none"},
    {"--verify", nullptr, Option::Kind::Switch, nullptr, "check the policy after each pass (default)"},
    {"-o", nullptr, Option::Kind::Value, "FILE", "where the result goes; default stdout"},
};
constexpr OptionGroup groups[] = {{"Passes", optOptions},
                                  {"Target", targetOptions},
                                  {"Library", libraryOptions},
                                  {"Diagnostics", diagnosticOptions},
                                  {"Options", commonOptions}};

} // namespace

const Command optCommand = {"opt",
                            "FILE.sir",
                            "run passes over a policy's IR",
                            "The text of the IR is what `compile --emit=ir` prints. What belongs to the meaning (weak "
                            "rules, except, mounts) is always done.",
                            {"snapsecc opt foo.sir --passes=none # What is mandatory, no optimisation.",
                             "snapsecc opt foo.sir --passes=dedup,order -o small.sir # Two passes."},
                            groups,
                            1,
                            1,
                            runOpt};

} // namespace snapsecc::driver
