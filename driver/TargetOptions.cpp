// SPDX-License-Identifier: Apache-2.0
#include "driver/TargetOptions.h"
#include "driver/HostTarget.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdlib>

namespace snapsecc::driver {

std::optional<std::string> findLibrary(const Arguments &arguments, Session &session) {
  std::string given = arguments.get("--stdlib").str();
  const char *environment = std::getenv("SNAPSECC_STDLIB");
  if (given.empty() && environment) given = environment;
  if (!given.empty()) {
    if (llvm::sys::fs::is_directory(given)) return given;
    session.fail("the policy library '" + llvm::Twine(given) + "' is no directory");
    return std::nullopt;
  }
  std::string program = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
  for (llvm::StringRef place : {"../share/snapsecc/stdlib", "../../stdlib"}) {
    llvm::SmallString<256> directory(llvm::sys::path::parent_path(program));
    llvm::sys::path::append(directory, place);
    llvm::sys::path::remove_dots(directory, /*remove_dot_dot=*/true);
    if (llvm::sys::fs::is_directory(directory)) return std::string(directory);
  }
  session.fail("there is no policy library beside the program; give one by --stdlib or $SNAPSECC_STDLIB");
  return std::nullopt;
}

std::optional<ir::Target> findTarget(const Arguments &arguments, const std::string &library, Session &session,
                                     int &code) {
  llvm::SmallString<256> targets(library);
  llvm::sys::path::append(targets, "targets");
  llvm::StringRef name = arguments.get("--target", "full");
  llvm::Expected<ir::Target> target = name == "host" ? hostTarget() : ir::loadTarget(name, targets);
  if (!target) {
    code = session.usage("--target: " + llvm::toString(target.takeError()));
    return std::nullopt;
  }
  constexpr std::pair<const char *, const char *> facts[] = {{"--sysroot", "sysroot"},
                                                             {"--system", "system"},
                                                             {"--arch", "arch"},
                                                             {"--apparmor-features", "features"},
                                                             {"--kernel", "kernel"}};
  for (auto [option, fact] : facts) {
    if (!arguments.has(option)) continue;
    if (llvm::Error error = ir::setTargetFact(*target, fact, arguments.get(option))) {
      code = session.usage(llvm::Twine(option) + ": " + llvm::toString(std::move(error)));
      return std::nullopt;
    }
  }
  if (!target->sysroot.empty() && !llvm::sys::fs::is_directory(target->sysroot)) {
    code = session.usage("--sysroot: '" + llvm::Twine(target->sysroot) + "' is no directory");
    return std::nullopt;
  }
  return std::move(*target);
}

} // namespace snapsecc::driver
