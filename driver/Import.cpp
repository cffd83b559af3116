// SPDX-License-Identifier: Apache-2.0
// import FILE: profile text or the source text of a seccomp filter, as policy.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/ReaderOptions.h"
#include "driver/Session.h"
#include "ir/Text.h"
#include "reader/Reader.h"

namespace snapsecc::driver {
namespace {

int runImport(const Arguments &arguments, Session &session) {
  std::optional<FileId> file = session.read(arguments.operands.front());
  if (!file) return session.finish();
  std::optional<ir::Policy> policy = reader::readProfiles(*file, readerOptionsOf(arguments), session.engine);
  if (!policy || session.hasFailed()) return session.finish();
  ir::print(*policy, session.out);
  return session.finish();
}

constexpr Option importOptions[] = {
    {"--to", nullptr, Option::Kind::Value, "FORM", "sir, the text of the IR", false, "sir"},
};
constexpr OptionGroup groups[] = {
    {"Result", importOptions}, {"Reading profiles", readerOptions}, {"Options", commonOptions}};

} // namespace

const Command importCommand = {"import",
                               "FILE",
                               "a profile text as policy",
                               "FILE is the text of AppArmor profiles (apparmor.d(5)). Each rule's origin is its line.",
                               {"snapsecc import /etc/apparmor.d/usr.bin.man --to sir # The profile as IR.",
                                "snapsecc import --apparmor-d /etc/apparmor.d usr.bin.man # With what it includes."},
                               groups,
                               1,
                               1,
                               runImport};

} // namespace snapsecc::driver
