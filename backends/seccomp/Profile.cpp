// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Profile.h"
#include "backends/seccomp/Diagnostics.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <cassert>

namespace snapsecc::seccomp {

static constexpr char builtin[] =
#include "backends/seccomp/CallProfile.inc"
    ;

static bool parseArguments(llvm::StringRef text, CallProfile::Arguments &out) {
  auto [values, share] = text.split('=');
  if (share.getAsDouble(out.share) || !(out.share >= 0 && out.share <= 1)) return false;
  if (values.empty()) return true;
  llvm::SmallVector<llvm::StringRef, 6> parts;
  values.split(parts, ',');
  if (parts.size() > out.values.size()) return false;
  for (size_t i = 0; i < parts.size(); ++i)
    if (parts[i] != "*" && parts[i].getAsInteger(0, out.values[i])) return false;
  return true;
}

std::optional<Profile> parseProfile(llvm::StringRef text, Engine &engine) {
  llvm::SmallVector<llvm::StringRef, 0> lines;
  text.split(lines, '\n');
  unsigned number = 0;
  Profile profile;
  auto bad = [&](llvm::StringRef what) {
    engine.report<diag::BadCallProfile>({}, number, what);
    return std::nullopt;
  };
  for (llvm::StringRef line : lines) {
    ++number;
    line = line.trim();
    if (number == 1 && line != "snapsecc-profile 1") return bad("the first line is not 'snapsecc-profile 1'");
    if (number == 1 || line.empty() || line.startswith("#")) continue;
    llvm::SmallVector<llvm::StringRef, 8> words;
    line.split(words, ' ', -1, false);
    CallProfile call;
    if (words.size() < 2 || words[1].getAsDouble(call.share) || !(call.share >= 0 && call.share <= 1))
      return bad("not a name and a share between 0 and 1");
    for (llvm::StringRef word : llvm::ArrayRef<llvm::StringRef>(words).drop_front(2)) {
      CallProfile::Arguments arguments;
      if (!parseArguments(word, arguments)) return bad("arguments are not VALUE,VALUE=SHARE");
      call.arguments.push_back(arguments);
    }
    if (!profile.try_emplace(words[0], std::move(call)).second) return bad("a call for the second time");
  }
  return profile;
}

const Profile &builtinProfile() {
  static const Profile profile = [] {
    SourceManager sources;
    Engine engine(sources);
    auto parsed = parseProfile(builtin, engine);
    assert(parsed);
    return std::move(*parsed);
  }();
  return profile;
}

} // namespace snapsecc::seccomp
