// SPDX-License-Identifier: Apache-2.0
// status: which mechanisms this machine has, and what is loaded.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"
#include "runtime/Load.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace snapsecc::driver {
namespace {

namespace json = llvm::json;

const char *verdict(const runtime::ProfileState &profile) {
  return profile.mode.empty() ? "gone" : profile.isOurs ? "as loaded" : "replaced by another";
}

json::Value toJson(const runtime::SystemState &state) {
  json::Object mechanisms;
  json::Array profiles, namespaces;
  for (const runtime::MechanismState &one : state.mechanisms)
    mechanisms[runtime::nameOf(one.mechanism)] =
        json::Object{{"available", one.missing.empty()}, {"reason", json::fixUTF8(one.missing)}};
  for (const runtime::ProfileState &one : state.profiles)
    profiles.push_back(json::Object{{"name", one.name}, {"mode", one.mode}, {"state", verdict(one)}});
  for (const std::string &instance : state.namespaces)
    namespaces.push_back(instance);
  return json::Object{
      {"mechanisms", std::move(mechanisms)}, {"profiles", std::move(profiles)}, {"namespaces", std::move(namespaces)}};
}

void print(const runtime::SystemState &state, llvm::raw_ostream &out) {
  for (const runtime::MechanismState &one : state.mechanisms)
    out << llvm::formatv("{0,-16} {1}\n", runtime::nameOf(one.mechanism),
                         one.missing.empty() ? "available" : "missing: " + one.missing);
  for (const runtime::ProfileState &one : state.profiles)
    out << "profile " << one.name << (one.mode.empty() ? "" : " (" + one.mode + ")") << ": " << verdict(one) << "\n";
  for (const std::string &instance : state.namespaces)
    out << "mount namespace of " << instance << ": kept\n";
}

int runStatus(const Arguments &arguments, Session &session) {
  runtime::SystemState state = runtime::systemState();
  if (arguments.has("--json"))
    session.out << llvm::formatv("{0:2}\n", toJson(state));
  else
    print(state, session.out);
  bool whole = llvm::all_of(state.mechanisms, [](const auto &one) { return one.missing.empty(); }) &&
               llvm::all_of(state.profiles, [](const auto &one) { return one.isOurs; });
  return whole ? Done : No;
}

constexpr Option options[] = {
    {"--json", nullptr, Option::Kind::Flag, nullptr, "an object; docs/cli.md has its keys"},
};
constexpr OptionGroup groups[] = {{"Options", options}, {"Common options", commonOptions}};

} // namespace

const Command statusCommand = {
    "status",
    "",
    "what this machine can enforce, and what is loaded",
    "Mechanisms of the kernel, profiles that `load` has loaded, mount namespaces that are kept. Exit 4: a mechanism is "
    "missing, or a profile is not the one that was loaded. Loaded profiles are seen by root alone.",
    {"snapsecc status # One line a mechanism, a profile, a namespace.",
     "snapsecc status --json # The same for programs."},
    groups,
    0,
    0,
    runStatus};

} // namespace snapsecc::driver
