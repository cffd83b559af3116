// SPDX-License-Identifier: Apache-2.0
#include "diag/Render.h"
#include "ir/RuleKinds.h"
#include "test/unit/ir/Items.h"
#include <gmock/gmock.h>

using namespace snapsecc;
using namespace snapsecc::ir;
using testing::ElementsAre;

namespace {

// "GLOB=0 PERMS=1": the parts that the items of a rule fill, or "error: ..." as the user reads it.
std::string match(const Signature &signature, llvm::StringRef keyword, llvm::StringRef text) {
  MatchResult result = matchStatement(signature, itemsOf(text));
  std::string shown;
  if (result.match) {
    for (const Match::Filled &filled : result.match->filled)
      shown += (shown.empty() ? "" : " ") + signature.parts[filled.part].role + "=" + std::to_string(filled.item);
    return shown;
  }
  SourceManager sources;
  Engine engine(sources);
  report(result.error, keyword, {}, engine);
  return std::to_string(result.error.item) + "." + std::to_string(result.error.value) + " " +
         engine.diagnostics().at(0).message;
}

std::string match(llvm::StringRef statement) {
  auto [keyword, rest] = statement.split(' ');
  return match(ruleKindInfo(*findRuleKind(keyword)).signature, keyword, rest);
}

std::vector<std::string> roles(const Signature &signature) {
  std::vector<std::string> found;
  for (const Part &part : signature.parts)
    found.push_back(part.role);
  return found;
}

} // namespace

TEST(Signature, EverySignatureOfTheTablePrintsBack) {
  for (const RuleKindInfo &info : allRuleKinds())
    EXPECT_EQ(print(info.signature), info.signatureText) << info.keyword;
}

TEST(Signature, PartsAreNamedByTheirRoles) {
  EXPECT_THAT(roles(ruleKindInfo(RuleKind::Device).signature),
              ElementsAre("char|block", "GLOB", "except", "PERMS", "by", "except2"));
  EXPECT_THAT(roles(ruleKindInfo(RuleKind::Bind).signature),
              ElementsAre("recursive", "ro|rw", "GLOB", "->", "optional", "user", "rename-on-clash"));
  EXPECT_THAT(roles(ruleKindInfo(RuleKind::Unit).signature),
              ElementsAre("TEXT", "before", "start", "stop", "link", "->", "wanted-by"));
  EXPECT_THAT(roles(ruleKindInfo(RuleKind::Userns).signature), ElementsAre());
}

TEST(Signature, AlternativesShareTheirRoles) {
  Signature given = parseSignature("plug|slot connected / plug|slot NAME VALUE / interface NAME connected");
  EXPECT_THAT(roles(given), ElementsAre("plug|slot", "connected", "NAME", "VALUE", "interface"));
  EXPECT_EQ(match(given, "given", "plug connected"), "plug|slot=0 connected=1");
  EXPECT_EQ(match(given, "given", "plug privileged true"), "plug|slot=0 NAME=1 VALUE=2");
  EXPECT_EQ(match(given, "given", "plug connected true"), "plug|slot=0 NAME=1 VALUE=2");
  EXPECT_EQ(match(given, "given", "interface desktop connected"), "interface=1 connected=2");
}

TEST(Signature, ConditionsAreNoItems) {
  Signature signature = parseSignature("LEVEL [many-slots] IF?");
  EXPECT_EQ(print(signature), "LEVEL [many-slots] [IF]");
  EXPECT_THAT(roles(signature), ElementsAre("LEVEL", "many-slots"));
  EXPECT_EQ(match(signature, "connect", "auto"), "LEVEL=0");
}

TEST(Signature, RefinementsRepeat) {
  Signature signature = parseSignature("NAME TYPE REFINEMENT*");
  EXPECT_EQ(print(signature), "NAME TYPE REFINEMENT*");
  EXPECT_EQ(match(signature, "type", "P path under \"/a\", \"/b\" glob"),
            "NAME=0 TYPE=1 REFINEMENT=2 REFINEMENT=3 REFINEMENT=4");
}

TEST(Match, TheShapesOfRules) {
  EXPECT_EQ(match("file \"/a\", \"/b\" r"), "GLOB=0 PERMS=1");
  EXPECT_EQ(match("file \"/a\" except \"/b\", expand(), $confine rwk"), "GLOB=0 except=2 PERMS=3");
  EXPECT_EQ(match("exec \"/a\" -> unconfined unsafe"), "GLOB=0 ->=2 unsafe=3");
  EXPECT_EQ(match("exec \"/a\" -> profile(), inherit"), "GLOB=0 ->=2");
  EXPECT_EQ(match("change_profile any"), "any=0");
  EXPECT_EQ(match("change_profile unsafe"), "unsafe=0");
  EXPECT_EQ(match("change_profile \"/**\" except $confine -> container unsafe"), "GLOB=0 except=2 ->=4 unsafe=5");
  EXPECT_EQ(match("device char \"/dev/x\""), "char|block=0 GLOB=1");
  EXPECT_EQ(match("device $d rwk by tagging(), usb() except kernel()"), "GLOB=0 PERMS=1 by=3 except2=5");
  EXPECT_EQ(match("device \"/dev/x\" by kernel()"), "GLOB=0 by=2");
  EXPECT_EQ(match("udev symlink() by subsystem(), usb()"), "ACTION=0 by=2");
  EXPECT_EQ(match("udev trigger input"), "trigger=1");
  EXPECT_EQ(match("udev file \"a.rules\""), "file=1");
  EXPECT_EQ(match("kmod load ip_vs, llc options m.options"), "load|deny|set=0 WORD=1 options=3");
  EXPECT_EQ(match("network netlink(), inet raw, dgram"), "FAMILY=0 SOCKTYPE=1");
  EXPECT_EQ(match("unix bind, listen stream addr none peer slot peer-addr \"@x\""),
            "UNIXVERB=0 SOCKTYPE=1 addr=3 peer=5 peer-addr=7");
  EXPECT_EQ(match("unix any peer \"a\""), "UNIXVERB=0 peer=2");
  EXPECT_EQ(match("dbus send slot.bus name $DBus path object_path() member \"{a,b}\" peer plug"),
            "DBUSVERB=0 BUS=1 name=3 path=5 member=7 peer=9");
  EXPECT_EQ(match("busconfig root send iface \"a\", $Properties"), "root|default=0 BUSACT=1 iface=3");
  EXPECT_EQ(match("busconfig default send slot.name"), "root|default=0 BUSACT=1 TEXT=2");
  EXPECT_EQ(match("signal send set term, \"rtmin+1\" peer self"), "SIGVERB=0 set=2 peer=4");
  EXPECT_EQ(match("mqueue slot.path slot.permissions"), "GLOB=0 MQPERM=1");
  EXPECT_EQ(match("userns"), "");
  EXPECT_EQ(match("syscall read, nice()"), "SYSCALL=0");
  EXPECT_EQ(match("mount any"), "any=0");
  EXPECT_EQ(match("mount -> \"/a\" options rw, remount"), "->=1 options=3");
  EXPECT_EQ(match("mount source -> \"/a\" fstype m.type options m.options"), "GLOB=0 ->=2 fstype=4 options=6");
  EXPECT_EQ(match("bind recursive rw \"/a\" -> place() rename-on-clash"),
            "recursive=0 ro|rw=1 GLOB=2 ->=4 rename-on-clash=5");
  EXPECT_EQ(match("unit \"a\" before Setup start write() stop command() link \"/a\" -> \"/b\" wanted-by Setup, \"m\""),
            "TEXT=0 before=2 start=4 stop=6 link=8 ->=10 wanted-by=12");
  EXPECT_EQ(match("polkit rules \"f\" sha3-384 r.digest"), "rules=1 sha3-384=3");
  EXPECT_EQ(match("service after Setup wants Setup"), "after=1 wants=3");
}

TEST(Match, AWordOfTheListIsNamed) {
  EXPECT_EQ(match("dbus send sesion path \"/a\""), "1.0 dbus: 'sesion' is not a bus; did you mean 'session'?");
  EXPECT_EQ(match("capability net_admin, sys_admn"),
            "0.1 capability: 'sys_admn' is not a capability; did you mean 'sys_admin'?");
  EXPECT_EQ(match("capability zebra"), "0.0 capability: 'zebra' is not a capability");
  EXPECT_EQ(match("device \"/dev/x\" by kernl()"), "2.0 device: 'kernl' is not a udev match; did you mean 'kernel'?");
  EXPECT_EQ(match("unix send straem"), "1.0 unix: 'straem' is not a socket type; did you mean 'stream'?");
  EXPECT_EQ(match("unix send stream pear \"a\""), "2.0 unix: 'pear' cannot stand here; did you mean 'peer'?");
  EXPECT_EQ(match("unix send pear \"a\""), "1.0 unix: 'pear' cannot stand here; did you mean 'peer'?");
  EXPECT_EQ(match("file \"/a\" rz"), "1.0 file: 'rz' is not a set of file permissions (letters of rwamklx)");
  EXPECT_EQ(match("file \"/a\" rr"), "1.0 file: 'rr' is not a set of file permissions (letters of rwamklx)");
  EXPECT_EQ(match("signal send set \"term\""), "2.0 signal: \"term\" cannot stand here; expected a signal");
}

TEST(Match, PartsHaveOneOrder) {
  EXPECT_EQ(match("dbus send session peer unconfined member \"Get\""), "4.0 dbus: 'member' stands before 'peer'");
  EXPECT_EQ(match("dbus send session iface \"a\" peer unconfined path \"/a\""),
            "6.0 dbus: 'path' stands before 'iface'");
  EXPECT_EQ(match("file \"/a\" r except \"/b\""),
            "2.0 file: 'except' stands before a set of file permissions (letters of rwamklx)");
  EXPECT_EQ(match("dbus send session peer a peer b"),
            "4.0 dbus: 'peer' cannot stand here; expected the end of the statement");
}

TEST(Match, WhatIsMissingIsTheRequiredPart) {
  EXPECT_EQ(match("file \"/a\""), "1.0 file: a set of file permissions (letters of rwamklx) is missing");
  EXPECT_EQ(match("exec \"/a\""), "1.0 exec: '->' is missing");
  EXPECT_EQ(match("capability"), "0.0 capability: 'any' or a capability is missing");
  EXPECT_EQ(match("device block"), "1.0 device: a path pattern is missing");
  EXPECT_EQ(match("unix send peer"), "2.0 unix: a label is missing");
}

TEST(Match, WhatCannotStandThere) {
  EXPECT_EQ(match("file r"), "1.0 file: a set of file permissions (letters of rwamklx) is missing");
  EXPECT_EQ(match("exec unsafe \"/a\" -> inherit"), "0.0 exec: 'unsafe' cannot stand here; expected a path pattern");
  EXPECT_EQ(match("file \"/a\" \"/b\" r"),
            "1.0 file: \"/b\" cannot stand here; expected 'except' or a set of file permissions (letters of rwamklx)");
  EXPECT_EQ(match("userns create"), "0.0 userns: 'create' cannot stand here; expected the end of the statement");
  EXPECT_EQ(match("file 12 r"), "0.0 file: a number cannot stand here; expected a path pattern");
  EXPECT_EQ(match("file -> r"), "0.0 file: '->' cannot stand here; expected a path pattern");
  EXPECT_EQ(match("unix send peer \"a\", \"b\""), "2.1 unix: \"b\" is one too many; a label stands alone here");
}

TEST(RuleKinds, AreFoundByKeyword) {
  for (const RuleKindInfo &info : allRuleKinds()) {
    EXPECT_EQ(findRuleKind(info.keyword), info.kind);
    EXPECT_EQ(&ruleKindInfo(info.kind), &info);
  }
  EXPECT_FALSE(findRuleKind("files"));
}

TEST(RuleKinds, ModifiersHaveOneOrder) {
  EXPECT_EQ(printModifiers(Owner | Weak | Deny), "weak deny owner");
  EXPECT_EQ(printModifiers(0), "");
  EXPECT_EQ(findModifier("prompt"), Prompt);
  EXPECT_FALSE(findModifier("allow"));
  EXPECT_EQ(ruleKindInfo(RuleKind::Exec).allowed, Weak | Audit | Deny | Owner);
  EXPECT_EQ(ruleKindInfo(RuleKind::Syscall).allowed, Deny);
}
