// SPDX-License-Identifier: Apache-2.0
// Rules of the IR for tests, and the installed apparmor_parser.
#pragma once
#include "ir/Policy.h"
#include "ir/Target.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

namespace snapsecc::test {
using ir::Rule;
using ir::RuleKind;
using ir::Value;

using Parts = std::vector<std::pair<const char *, std::vector<Value>>>;
inline Value w(llvm::StringRef text) { return Value::word(text); }
inline Value s(llvm::StringRef text) { return Value::string(text); }

inline Rule rule(RuleKind kind, const Parts &parts = {}, ir::Modifiers modifiers = 0) {
  Rule made;
  made.kind = kind;
  made.modifiers = modifiers;
  for (const auto &[role, values] : parts)
    made.set(role, values);
  return made;
}
inline Rule file(llvm::StringRef path, llvm::StringRef perms, ir::Modifiers modifiers = 0) {
  return rule(RuleKind::File, {{"GLOB", {s(path)}}, {"PERMS", {w(perms)}}}, modifiers);
}

inline ir::Target target(const char *name) {
  auto loaded = ir::loadTarget(name, "stdlib/targets");
  if (!loaded) llvm::report_fatal_error(loaded.takeError());
  return *loaded;
}

// What apparmor_parser says of a profile text with explicit features; empty: it compiles. `parserIsInstalled` first.
inline bool parserIsInstalled() {
  return bool(llvm::sys::findProgramByName("apparmor_parser", {"/usr/sbin", "/sbin", "/usr/bin"}));
}
inline std::string parserComplaint(llvm::StringRef text, llvm::StringRef features = "stdlib/targets/full.features") {
  auto program = llvm::sys::findProgramByName("apparmor_parser", {"/usr/sbin", "/sbin", "/usr/bin"});
  llvm::SmallString<64> profile, errors;
  int fd = 0;
  if (!program || llvm::sys::fs::createTemporaryFile("profile", "aa", fd, profile)) return "no parser";
  llvm::raw_fd_ostream(fd, true) << text;
  if (llvm::sys::fs::createTemporaryFile("errors", "txt", errors)) return "no temporary file";
  std::string policyFeatures = ("--policy-features=" + features).str(),
              kernelFeatures = ("--kernel-features=" + features).str();
  llvm::Optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(""), llvm::StringRef(errors)};
  int code = llvm::sys::ExecuteAndWait(*program, {*program, "-QKq", policyFeatures, kernelFeatures, profile},
                                       llvm::None, redirects, 60);
  std::string complaint;
  if (code != 0) {
    auto buffer = llvm::MemoryBuffer::getFile(errors);
    complaint = "exit " + std::to_string(code) + ": " + (buffer ? (*buffer)->getBuffer().str() : "");
  }
  llvm::sys::fs::remove(profile);
  llvm::sys::fs::remove(errors);
  return complaint;
}

} // namespace snapsecc::test
