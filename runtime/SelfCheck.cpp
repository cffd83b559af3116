// SPDX-License-Identifier: Apache-2.0
#include "runtime/SelfCheck.h"
#include "runtime/Files.h"
#include <algorithm>

namespace snapsecc::runtime {
namespace {

// check allow|deny MECHANISM logged|silent VERB WORD...
bool readCheck(const std::vector<std::string> &fields, Check &check) {
  if (fields.size() < 4 || (fields[0] != "allow" && fields[0] != "deny")) return false;
  check.isAllowed = fields[0] == "allow";
  Result<MechanismSet> set = readMechanisms(fields[1]);
  if (!set) return false;
  for (Mechanism one : allMechanisms)
    if (set->has(one)) check.by = one;
  check.isLogged = fields[2] == "logged";
  check.probe.assign(fields.begin() + 3, fields.end());
  return (check.isLogged || fields[2] == "silent") && isProbe(check.probe);
}

std::string join(const std::vector<std::string> &words) {
  std::string text;
  for (const std::string &word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

} // namespace

Result<std::vector<Check>> readChecks(std::string_view bytes, const std::string &label) {
  std::vector<Check> checks;
  bool isOurs = false, isKnown = false;
  size_t number = 0;
  for (const std::string &line : split(bytes, '\n')) {
    ++number;
    auto bad = [&] { return Failure{"self-checks, line " + std::to_string(number) + ": not understood"}; };
    if (number == 1 && line != "# snapsec self-checks, format 1") return bad();
    if (line[0] == '#') continue;
    std::optional<std::vector<std::string>> words = decodeLine(line);
    if (!words || words->empty()) return bad();
    std::vector<std::string> fields(words->begin() + 1, words->end());
    if (words->front() == "label" && fields.size() == 1) {
      isOurs = fields[0] == label;
      isKnown |= isOurs;
      continue;
    }
    Check check;
    if (words->front() != "check" || !readCheck(fields, check)) return bad();
    if (isOurs) checks.push_back(std::move(check));
  }
  if (!isKnown) return Failure{"there are no self-checks for '" + label + "'"};
  return checks;
}

Judged judge(const Check &check, const ProbeResult &result, MechanismSet available, bool complain) {
  std::string text = std::string(check.isAllowed ? "allow " : "deny ") + nameOf(check.by) +
                     (check.isAllowed  ? " "
                      : check.isLogged ? " logged "
                                       : " silent ") +
                     join(check.probe) + ": " + (result.error == 0 ? "done" : strerrorname_np(result.error)) +
                     " [pid " + std::to_string(result.process) + "]";
  if (!check.isAllowed && !available.has(check.by)) return {Outcome::NotTried, text};
  if (result.isAbsent()) return {Outcome::NotTried, text};
  bool expectDone = check.isAllowed || (complain && check.by != Mechanism::DeviceCgroup);
  return {expectDone != result.isDenied() ? Outcome::AsSaid : Outcome::Wrong, text};
}

} // namespace snapsecc::runtime
