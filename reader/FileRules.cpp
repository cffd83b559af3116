// SPDX-License-Identifier: Apache-2.0
// Rules on files, links and change_profile. Facts: parser_yacc.y (frule, link_rule, change_profile), parser_misc.c
// (parse_sub_mode): the first letter of an exec mode says by its case whether the environment is cleaned.
#include "ir/passes/FileRules.h"
#include "reader/ProfileReader.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::reader {
using automata::Slashes;
using ir::Modifier;
using ir::RuleKind;
using ir::Value;
using llvm::StringRef;

namespace {

// What the letters of a mode say.
struct Mode {
  std::string permissions; // of rwamkl
  std::string exec;        // lower case: x, ix, ux, px, cx, pix, pux, cix, cux; empty: none
  bool safe = false;       // the environment is cleaned
  std::string why;         // what is wrong with it
};

bool readExec(StringRef letters, size_t &at, Mode &mode) {
  StringRef rest = letters.drop_front(at);
  std::string low = rest.take_front(3).lower();
  for (StringRef known : {"pix", "pux", "cix", "cux", "ix", "ux", "px", "cx", "x"}) {
    if (!StringRef(low).startswith(known)) continue;
    bool safe = llvm::toLower(rest.front()) != rest.front() && known != "x" && known != "ix";
    if (!mode.exec.empty() && mode.exec != "x" && (mode.exec != known || mode.safe != safe))
      return mode.why = "two ways to execute", false;
    mode.exec = known.str();
    mode.safe = safe;
    at += known.size();
    return true;
  }
  return mode.why = ("'" + rest.take_front(1) + "' is no access").str(), false;
}

Mode readMode(StringRef letters) {
  Mode mode;
  for (size_t at = 0; at < letters.size();) {
    char letter = llvm::toLower(letters[at]);
    if (StringRef("rwamkl").contains(letter)) {
      if (!StringRef(mode.permissions).contains(letter)) mode.permissions += letter;
      ++at;
    } else if (!readExec(letters, at, mode)) {
      return mode;
    }
  }
  if (StringRef(mode.permissions).contains('a') && StringRef(mode.permissions).contains('w'))
    mode.why = "'a' and 'w' exclude each other";
  return mode;
}

std::vector<Value> transition(const Mode &mode, const std::optional<std::string> &target) {
  std::vector<Value> values;
  StringRef exec = mode.exec;
  bool child = exec.front() == 'c';
  if (child || exec.front() == 'p' || target) {
    StringRef name = child ? "child" : "profile";
    values.push_back(target ? Value::call(name, {Value::string(*target)}) : Value::word(name));
  }
  if (exec.contains('i')) values.push_back(Value::word("inherit"));
  if (exec.contains('u') && !(target && exec == "ux")) values.push_back(Value::word("unconfined"));
  return values;
}

} // namespace

bool ProfileReader::addAccess(Rules &into, Prefix own, const Name &path, const Name &letters,
                              std::optional<Name> target, bool leads, bool subset, std::optional<bool> safe) {
  Mode mode = readMode(letters.text);
  bool deny = own.modifiers & Modifier::Deny;
  if (mode.why.empty() && deny && mode.exec.size() > 1) mode.why = "a deny takes 'x' alone";
  if (mode.why.empty() && !deny && mode.exec == "x" && !target) mode.why = "'x' needs 'i', 'u', 'p' or 'c' in front";
  if (mode.why.empty() && safe && mode.exec.empty()) mode.why = "'safe' and 'unsafe' are about executing";
  if (!mode.why.empty()) {
    engine.report<diag::ProfileMode>(letters.range, letters.text, mode.why);
    return false;
  }
  std::string glob = pattern(path, Slashes::Fold), to;
  if (glob.empty()) return false;
  bool link = leads && target && StringRef(mode.permissions).contains('l');
  if (target && !link && mode.exec.empty()) { // `/a rwl -> /b` too, as the parser reads it
    engine.report<diag::TargetIgnored>(target->range, target->text);
    target.reset();
  }
  if (target && (to = pattern(*target, link ? Slashes::Fold : Slashes::Keep)).empty()) return false;
  if (link) {
    Operands operands = {{"GLOB", {Value::string(glob)}}, {"->", {Value::string(to)}}};
    if (subset) operands.push_back({"subset", {Value::word("subset")}});
    if (!add(into, own, RuleKind::Link, operands)) return false;
    llvm::erase_value(mode.permissions, 'l');
  }
  bool stays = mode.exec == "ix" || (deny && mode.exec == "x");
  bool toExec = !mode.exec.empty() && (!stays || (target && !link));
  std::string permissions = mode.permissions + (stays && !toExec ? "x" : "");
  if (!permissions.empty() && !add(into, own, RuleKind::File,
                                   {{"GLOB", {Value::string(glob)}},
                                    {"PERMS", {Value::word(ir::printPermissions(ir::parsePermissions(permissions)))}}}))
    return false;
  if (!toExec) return true;
  Operands exec = {{"GLOB", {Value::string(glob)}},
                   {"->", transition(mode, target ? std::optional(to) : std::nullopt)}};
  bool clean = safe.value_or(mode.safe || mode.exec == "x" || mode.exec == "ix");
  if (!clean) exec.push_back({"unsafe", {Value::word("unsafe")}});
  own.modifiers &= static_cast<ir::Modifiers>(~Modifier::Prompt);
  return add(into, own, RuleKind::Exec, exec);
}

bool ProfileReader::fileRule(Rules &into, Prefix own, bool named) {
  if (named && scanner->takeSymbol(","))
    return add(into, own, RuleKind::File, {{"GLOB", {Value::string("/{**,}")}}, {"PERMS", {Value::word("rwmklx")}}});
  std::optional<bool> safe;
  if (scanner->takeWord("unsafe"))
    safe = false;
  else if (scanner->takeWord("safe"))
    safe = true;
  auto startsPath = [&] { return StringRef("/@\"{").contains(scanner->peek()); };
  std::optional<Name> path, mode, target;
  bool leads = !startsPath();
  bool subset = false;
  if (leads) {
    StringRef word = scanner->peekWord();
    if (word.empty()) return expected("a rule");
    bool isMode = readMode(word).why.empty() && scanner->charAfterWord(word.size()) != '=';
    if (!isMode) return expected("a rule");
    mode = scanner->takeName(Scanner::Style::NoAssign);
    subset = scanner->takeWord("subset") || scanner->takeSymbol("<=");
    if (!startsPath()) return expected("a path");
  }
  path = scanner->takeName(Scanner::Style::Free);
  if (!path) return expected("a path");
  if (!leads && !(mode = scanner->takeName(Scanner::Style::NoAssign))) return expected("an access mode");
  if (scanner->takeSymbol("->") && !(target = scanner->takeName(Scanner::Style::Free))) return expected("a name");
  return endOfRule() && addAccess(into, own, *path, *mode, target, leads, subset, safe);
}

bool ProfileReader::linkRule(Rules &into, Prefix own) {
  bool subset = scanner->takeWord("subset") || scanner->takeSymbol("<=");
  std::optional<Name> from = scanner->takeName(Scanner::Style::Free), to;
  if (!from) return expected("a path");
  if (!scanner->takeSymbol("->") || !(to = scanner->takeName(Scanner::Style::Free)))
    return expected("'->' and what the link leads to");
  Name mode{"l", from->range};
  return endOfRule() && addAccess(into, own, *from, mode, to, true, subset, std::nullopt);
}

bool ProfileReader::changeProfile(Rules &into, Prefix own) {
  bool unsafe = scanner->takeWord("unsafe"), safe = !unsafe && scanner->takeWord("safe");
  std::optional<Name> program, target;
  if (!scanner->peekSymbol("->") && !scanner->peekSymbol(",")) program = scanner->takeName(Scanner::Style::Free);
  if (scanner->takeSymbol("->") && !(target = scanner->takeName(Scanner::Style::Free))) return expected("a label");
  if ((unsafe || safe) && !program) return expected("the programs that 'safe' or 'unsafe' is about");
  if (!endOfRule()) return false;
  Operands operands;
  if (!program && !target) operands.push_back({"any", {Value::word("any")}});
  for (auto [name, role] : {std::pair(&program, "GLOB"), {&target, "->"}}) {
    if (!*name) continue;
    std::string text = pattern(**name, Slashes::Keep);
    if (text.empty()) return false;
    operands.push_back({role, {Value::string(text)}});
  }
  if (unsafe) operands.push_back({"unsafe", {Value::word("unsafe")}});
  return add(into, own, RuleKind::ChangeProfile, operands);
}

} // namespace snapsecc::reader
