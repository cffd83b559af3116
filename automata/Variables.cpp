// SPDX-License-Identifier: Apache-2.0
// Pattern text with variables -> text without, as apparmor_parser does it (parser_variable.c): one value stands in
// place, several as {a,b} without the slashes that would double; then runs of '/' become one (filter_slashes), but for
// exactly two in front.
#include "automata/Language.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::automata {

// /etc/apparmor.d/tunables/{global,home,proc,kernelvars,multiarch,run,etc} of AppArmor 3.0; the same in 4 and 5.
const Variables &standardVariables() {
  static const Variables table = [] {
    Variables out;
    auto numbers = [](unsigned digits, const char *longest) {
      std::string text = "{[1-9]";
      for (unsigned n = 2; n <= digits; ++n) {
        text += ",[1-9]";
        for (unsigned i = 1; i < n; ++i)
          text += "[0-9]";
      }
      return text + "," + longest + "}";
    };
    out["HOMEDIRS"] = {"/home/"};
    out["HOME"] = {"@{HOMEDIRS}/*/", "/root/"};
    out["PROC"] = {"/proc/"};
    out["pid"] = {numbers(6, "[1-4][0-9][0-9][0-9][0-9][0-9][0-9]")};
    out["pids"] = out["tid"] = {"@{pid}"};
    std::string uid = numbers(9, "[1-4][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]");
    out["uid"] = {"{[0-9]" + uid.substr(sizeof("{[1-9]") - 1)};
    out["uids"] = {"@{uid}"};
    out["multiarch"] = {"*-linux-gnu*"};
    out["sys"] = {"/sys/"};
    out["run"] = {"/run/", "/var/run/"};
    out["etc_ro"] = {"/etc/", "/usr/etc/"};
    out["etc_rw"] = {"/etc/"};
    return out;
  }();
  return table;
}

namespace {

constexpr size_t maxText = 1 << 20;
constexpr unsigned maxDepth = 16;

struct Reference {
  size_t begin = 0, end = 0; // of "@{name}"
  llvm::StringRef name;
};

std::optional<Reference> findVariable(llvm::StringRef text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
      continue;
    }
    if (!text.substr(i).startswith("@{")) continue;
    size_t end = text.find('}', i);
    if (end == llvm::StringRef::npos) return std::nullopt;
    llvm::StringRef name = text.slice(i + 2, end);
    bool good = !name.empty() && llvm::isAlpha(name[0]) &&
                llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
    if (good) return Reference{i, end + 1, name};
  }
  return std::nullopt;
}

llvm::Error tooLarge() {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), "variables make the pattern too large");
}

// The values of a variable with all that they refer to replaced; several where those have several.
llvm::Expected<std::vector<std::string>> valuesOf(llvm::StringRef name, const Variables &variables, unsigned depth) {
  auto found = variables.find(name);
  if (found == variables.end() || found->second.empty())
    return llvm::createStringError(llvm::inconvertibleErrorCode(), "no variable @{%s}", name.str().c_str());
  if (depth > maxDepth) return tooLarge();
  std::vector<std::string> done, open(found->second.rbegin(), found->second.rend());
  while (!open.empty()) {
    std::string text = std::move(open.back());
    open.pop_back();
    std::optional<Reference> reference = findVariable(text);
    if (!reference) {
      done.push_back(std::move(text));
      continue;
    }
    llvm::Expected<std::vector<std::string>> inner = valuesOf(reference->name, variables, depth + 1);
    if (!inner) return inner.takeError();
    llvm::StringRef whole = text;
    if (done.size() + open.size() + inner->size() > 1000 || whole.size() > maxText) return tooLarge();
    for (const std::string &value : llvm::reverse(*inner))
      open.push_back((whole.take_front(reference->begin) + value + whole.drop_front(reference->end)).str());
  }
  return done;
}

std::string foldSlashes(llvm::StringRef text) {
  std::string out;
  size_t i = 0;
  if (text.startswith("//") && !text.startswith("///")) {
    out = "//";
    i = 2;
  }
  for (bool slash = false; i < text.size(); ++i) {
    if (text[i] == '/' && slash) continue;
    slash = text[i] == '/';
    out += text[i];
  }
  return out;
}

} // namespace

llvm::Expected<std::string> expandVariables(llvm::StringRef text, const Variables &variables, Slashes slashes) {
  std::string out = text.str();
  if (text.contains('\\')) {
    llvm::Expected<std::string> read = readEscapes(text);
    if (!read) return read.takeError();
    out = std::move(*read);
  }
  while (std::optional<Reference> reference = findVariable(out)) {
    llvm::Expected<std::vector<std::string>> values = valuesOf(reference->name, variables, 0);
    if (!values) return values.takeError();
    llvm::StringRef before = llvm::StringRef(out).take_front(reference->begin);
    llvm::StringRef behind = llvm::StringRef(out).drop_front(reference->end);
    std::string replacement;
    for (llvm::StringRef value : *values) {
      if (values->size() > 1) {
        replacement += replacement.empty() ? '{' : ',';
        if (before.endswith("/")) value = value.ltrim('/');
        if (behind.startswith("/")) value = value.rtrim('/');
      }
      replacement += value;
    }
    if (values->size() > 1) replacement += '}';
    out = (before + replacement + behind).str();
    if (out.size() > maxText) return tooLarge();
  }
  return slashes == Slashes::Fold ? foldSlashes(out) : out;
}

} // namespace snapsecc::automata
