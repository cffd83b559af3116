// SPDX-License-Identifier: Apache-2.0
#include "frontend/SnapNames.h"
#include "diag/HexByte.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::names {
namespace {

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isLowerOrDigit(char c) { return isLower(c) || llvm::isDigit(c); }
bool isLetterOrDigit(char c) { return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z'); }

// Words of `allowed` characters joined by single dashes.
template <class F> bool isDashed(llvm::StringRef name, F allowed) {
  return !name.empty() && name.front() != '-' && name.back() != '-' && !name.contains("--") &&
         llvm::all_of(name, [&](char c) { return c == '-' || allowed(c); });
}

} // namespace

const char *wrongSnapName(llvm::StringRef name) {
  if (name.size() < 2 || name.size() > 40) return "2 to 40 characters";
  if (!isDashed(name, isLowerOrDigit)) return "lower case letters and digits, single dashes between them";
  return llvm::any_of(name, isLower) ? nullptr : "at least one letter";
}

const char *wrongInstanceKey(llvm::StringRef key) {
  return !key.empty() && key.size() <= 10 && llvm::all_of(key, isLowerOrDigit)
             ? nullptr
             : "1 to 10 lower case letters and digits";
}

const char *wrongAppName(llvm::StringRef name) {
  return isDashed(name, isLetterOrDigit) ? nullptr : "letters and digits, single dashes between them";
}

const char *wrongPlugName(llvm::StringRef name) {
  return isDashed(name, isLowerOrDigit) && isLower(name.front())
             ? nullptr
             : "lower case letters and digits, single dashes between them, a letter first";
}

const char *wrongUserName(llvm::StringRef name) {
  bool good = !name.empty() && name.size() <= 32 && (isLowerOrDigit(name.front()) || name.front() == '_') &&
              llvm::all_of(name, [](char c) { return isLowerOrDigit(c) || c == '-' || c == '_'; });
  return good ? nullptr : "lower case letters, digits, dashes and underscores, at most 32, no dash first";
}

bool isVersion(llvm::StringRef version) {
  auto inner = [](char c) { return isLetterOrDigit(c) || llvm::StringRef(":.+~-").contains(c); };
  if (version.empty() || version.size() > 32 || !isLetterOrDigit(version.front()) || !llvm::all_of(version, inner))
    return false;
  return isLetterOrDigit(version.back()) || version.back() == '+' || version.back() == '~';
}

bool isKnownHook(llvm::StringRef name) {
  constexpr llvm::StringRef whole[] = {"prepare-device", "configure",   "default-configure", "install",
                                       "install-device", "pre-refresh", "post-refresh",      "remove",
                                       "check-health",   "fde-setup",   "gate-auto-refresh"};
  if (llvm::is_contained(whole, name)) return true;
  bool begins = name.consume_front("prepare-") || name.consume_front("unprepare-") || name.consume_front("connect-") ||
                name.consume_front("disconnect-");
  return begins && (name.consume_front("plug-") || name.consume_front("slot-")) && !name.empty();
}

bool isCommand(llvm::StringRef command, bool blanks) {
  return llvm::all_of(command, [&](char c) {
    return isLetterOrDigit(c) || llvm::StringRef("/._#:$-").contains(c) || (blanks && c == ' ');
  });
}

std::string shown(llvm::StringRef text) {
  constexpr size_t longest = 80;
  std::string result;
  for (char c : text) {
    if (result.size() >= longest && (static_cast<unsigned char>(c) & 0xc0) != 0x80) return result + "...";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      result += "\\x" + hexByte(static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result;
}

} // namespace snapsecc::names
