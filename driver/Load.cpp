// SPDX-License-Identifier: Apache-2.0
// load DIR, unload DIR: an output tree becomes what this machine enforces, and stops being it.
#include "runtime/Load.h"
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::driver {
namespace {

std::string count(size_t number, const char *what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

int runLoad(const Arguments &arguments, Session &session) {
  runtime::LoadOptions options{arguments.operands[0], {}};
  if (arguments.has("--allow-missing")) {
    auto mayMiss = runtime::readMechanisms(arguments.get("--allow-missing").str());
    if (!mayMiss) return session.usage(mayMiss.failure().what);
    options.mayMiss = *mayMiss;
  }
  auto report = runtime::load(options);
  if (!report) {
    session.fail(report.failure().what);
    return session.finish();
  }
  for (const std::string &warning : report->warnings)
    session.err << "snapsecc: " << warning << "\n";
  if (!session.quiet)
    session.out << "loaded " << llvm::join(report->snaps, ", ") << ": " << count(report->profiles, "profile") << " ("
                << report->fromCache << " from the cache), " << count(report->filters, "filter") << " checked, "
                << count(report->rules, "file") << " of udev rules\n";
  return Done;
}

int runUnload(const Arguments &arguments, Session &session) {
  auto report = runtime::unload({arguments.operands[0], {}});
  if (!report) {
    session.fail(report.failure().what);
    return session.finish();
  }
  if (!session.quiet)
    session.out << "unloaded " << llvm::join(report->snaps, ", ") << ": " << count(report->profiles, "profile") << "\n";
  if (report->busy.empty()) return Done;
  session.err << "snapsecc: still running: " << llvm::join(report->busy, ", ") << "; their device groups stay\n";
  return No;
}

constexpr Option loadOptions[] = {
    {"--allow-missing", nullptr, Option::Kind::Value, "LIST",
     "go on where the kernel has not: apparmor, seccomp, device-cgroup, mount-namespace"},
};
constexpr OptionGroup loadGroups[] = {{"Options", loadOptions}, {"Common options", commonOptions}};
constexpr OptionGroup unloadGroups[] = {{"Options", commonOptions}};

} // namespace

const Command loadCommand = {
    "load",
    "DIR",
    "load a compiled policy into the kernel, and udev's rules",
    "DIR is what `compile` wrote. All of it is verified against manifest.json, and must be root's alone, before "
    "anything "
    "changes. Profiles are compiled for the running kernel by apparmor_parser, or taken from /var/cache/snapsecc where "
    "they were before. Needs root.",
    {"snapsecc load /var/lib/snapsecc/policy # What snapsec-run looks for where it is given no --policy.",
     "snapsecc load foo.policy --allow-missing=apparmor # On a kernel without AppArmor; said on stderr."},
    loadGroups,
    1,
    1,
    runLoad};

const Command unloadCommand = {
    "unload",
    "DIR",
    "take a loaded policy back",
    "Removes the profiles, the kept mount namespaces, the device groups and the udev rules of the snaps in DIR. Exit "
    "4: "
    "processes still run under it; they stay confined by what they were started with, but for AppArmor.",
    {"snapsecc unload foo.policy # Nothing of foo is left in the kernel.",
     "snapsecc unload foo.policy && rm -r foo.policy # And nothing on disk."},
    unloadGroups,
    1,
    1,
    runUnload};

} // namespace snapsecc::driver
