// SPDX-License-Identifier: Apache-2.0
// snapsec-run: starts a program of a snap, confined as its policy says. Command line -> RunOptions.
#include "runtime/Run.h"
#include <algorithm>
#include <cstdio>

namespace {

using snapsecc::runtime::CgroupKind;
using snapsecc::runtime::RunOptions;

constexpr char help[] = R"(Usage: snapsec-run [options] LABEL [--] [ARGUMENT...]

Starts the program of a snap that LABEL names, snap.NAME.APP or snap.NAME.hook.HOOK, confined as the policy says: AppArmor,
seccomp, device control group, mount namespace. What cannot be enforced is an error, and nothing is started.

  --policy DIR           the compiler's output (default /var/lib/snapsecc/policy): root's alone, verified by its manifest
  --snap DIR             the snap's files, where they are not mounted at /snap/NAME/REVISION
  --base DIR             the files of the snap's base as root; without it the host's own root, its system parts read-only
  --user NAME            a name or a number: whom the program runs as (default: the caller)
  --command WHICH        start (default), stop, reload, post-stop
  --shell                /bin/bash in the place of the command
  --exec                 the first ARGUMENT is the program, an absolute path
  --self-check           try from inside what the policy says about some accesses (compile --self-check), and print each
  --nice N               the program's niceness
  --allow-missing LIST   go on where the kernel has not: apparmor, seccomp, device-cgroup, mount-namespace
  --cgroup v1 or v2      which control groups are to confine devices (default: v1 where its controller is mounted)
  --help, --version

Exit: the program's; 2 a wrong call, 4 a self-check that the kernel answers otherwise, 126 it was not started.

Examples:
  The app bar of snap foo, with its own files.
    snapsec-run --policy foo.policy --snap foo/ snap.foo.bar -- --verbose
  A shell that can do what the install hook can, on a kernel without AppArmor.
    snapsec-run --allow-missing=apparmor --policy foo.policy --shell snap.foo.hook.install
)";

struct Option {
  const char *name;
  bool hasValue;
  // "": good; else what is wrong.
  std::string (*set)(RunOptions &, const std::string &);
};

std::string setNice(RunOptions &options, const std::string &text) {
  bool negative = text.size() > 1 && text[0] == '-';
  std::string digits = text.substr(negative);
  if (digits.empty() || digits.size() > 2 || digits.find_first_not_of("0123456789") != std::string::npos)
    return "--nice needs a number";
  options.nice = negative ? -std::stoi(digits) : std::stoi(digits);
  return "";
}

std::string setMissing(RunOptions &options, const std::string &text) {
  auto set = snapsecc::runtime::readMechanisms(text);
  if (!set) return set.failure().what;
  options.mayMiss = *set;
  return "";
}

std::string setCommand(RunOptions &options, const std::string &text) {
  options.command = text;
  bool known = text == "start" || text == "stop" || text == "reload" || text == "post-stop";
  return known ? "" : "--command is start, stop, reload or post-stop";
}

std::string setCgroup(RunOptions &options, const std::string &text) {
  options.cgroup = text == "v1" ? CgroupKind::V1 : CgroupKind::V2;
  return text == "v1" || text == "v2" ? "" : "--cgroup is v1 or v2";
}

const Option table[] = {
    {"--policy", true, [](RunOptions &o, const std::string &v) { return o.policy = v, std::string(); }},
    {"--snap", true, [](RunOptions &o, const std::string &v) { return o.snap = v, std::string(); }},
    {"--base", true, [](RunOptions &o, const std::string &v) { return o.base = v, std::string(); }},
    {"--user", true, [](RunOptions &o, const std::string &v) { return o.user = v, std::string(); }},
    {"--command", true, setCommand},
    {"--shell", false, [](RunOptions &o, const std::string &) { return o.command = "shell", std::string(); }},
    {"--exec", false, [](RunOptions &o, const std::string &) { return o.command = "exec", std::string(); }},
    {"--self-check", false, [](RunOptions &o, const std::string &) { return o.command = "self-check", std::string(); }},
    {"--nice", true, setNice},
    {"--allow-missing", true, setMissing},
    {"--cgroup", true, setCgroup},
};

void say(const std::string &line) { fprintf(stderr, "snapsec-run: %s\n", line.c_str()); }

int check(const RunOptions &options, char **environment) {
  auto wrong =
      snapsecc::runtime::selfCheck(options, environment, say, [](const std::string &line) { puts(line.c_str()); });
  if (!wrong) return say("error: " + wrong.failure().what), 126;
  return *wrong ? 4 : 0;
}

int wrongCall(const std::string &what) {
  say("error: " + what);
  fputs("`snapsec-run --help` lists what there is.\n", stderr);
  return 2;
}

} // namespace

int main(int count, char **words, char **environment) {
  RunOptions options;
  int i = 1;
  for (; i < count && words[i][0] == '-' && std::string(words[i]) != "--"; ++i) {
    std::string word = words[i], value;
    if (word == "--help" || word == "-h") return fputs(help, stdout), 0;
    if (word == "--version") return puts("snapsec-run " SNAPSECC_VERSION), 0;
    size_t equals = word.find('=');
    std::string name = word.substr(0, equals);
    auto option = std::find_if(std::begin(table), std::end(table), [&](const Option &one) { return name == one.name; });
    if (option == std::end(table)) return wrongCall("there is no option '" + name + "'");
    if (!option->hasValue && equals != std::string::npos) return wrongCall("'" + name + "' takes no value");
    if (option->hasValue && equals == std::string::npos && ++i == count)
      return wrongCall("'" + name + "' needs a value");
    if (option->hasValue) value = equals == std::string::npos ? words[i] : word.substr(equals + 1);
    if (std::string wrong = option->set(options, value); !wrong.empty()) return wrongCall(wrong);
  }
  if (i < count && std::string(words[i]) == "--") ++i;
  if (i == count) return wrongCall("a label is needed, snap.NAME.APP");
  options.label = words[i++];
  if (i < count && std::string(words[i]) == "--") ++i;
  options.arguments.assign(words + i, words + count);
  if (options.command == "self-check") return check(options, environment);
  say("error: " + snapsecc::runtime::run(options, environment, say).what);
  return 126;
}
