// SPDX-License-Identifier: Apache-2.0
#include "test/unit/misc/Fixture.h"

using namespace snapsecc;
using namespace snapsecc::misc;
using ir::RuleKind;
using ir::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

namespace {

Value write(llvm::StringRef path, Value value, llvm::StringRef condition = "", llvm::StringRef other = "") {
  Value call = Value::call("write", {Value::string(path), std::move(value)});
  if (!condition.empty()) call.args.push_back(Value::call(condition, {Value::string(other)}));
  return call;
}
ir::Rule unit(const char *name, Value start) {
  return rule(RuleKind::Unit, {{"TEXT", texts({name})}, {"start", {std::move(start)}}});
}

} // namespace

TEST_F(Misc, ServicesOfDaemonsGetADropIn) {
  std::vector<ir::Rule> rules = {
      rule(RuleKind::Service, {{"delegate", words({"delegate"})}}),
      rule(RuleKind::Service, {{"after", texts({"a.target"})}, {"wants", texts({"a.target"})}}),
      rule(RuleKind::Service, {{"after", texts({"a.target", "b.service"})}})};
  EXPECT_THAT(ofLabel(emitSystemd, rules),
              ElementsAre(Pair("systemd/system/snap.foo.bar.service.d/interfaces.conf",
                               "[Unit]\nAfter=a.target b.service\nWants=a.target\n[Service]\nDelegate=true\n")));
  EXPECT_THAT(ofLabel(emitSystemd, rules, false), IsEmpty());
}

TEST_F(Misc, UnitsWriteOnceAtTheirStartAndTheirEnd) {
  ir::Rule made =
      unit("gpio-42", write("/sys/class/gpio/export", Value::integer(42), "missing", "/sys/class/gpio/gpio42"));
  made.set("stop", {write("/sys/class/gpio/unexport", Value::integer(42), "present", "/sys/class/gpio/gpio42")});
  made.set("wanted-by", texts({"multi-user.target"}));
  EXPECT_THAT(
      ofSnap(emitSystemd, {made, made}),
      ElementsAre(Pair("systemd/system/snap.foo.interface.gpio-42.service",
                       "[Service]\nType=oneshot\nRemainAfterExit=yes\n"
                       "ExecStart=/bin/sh -c 'test -e /sys/class/gpio/gpio42 || echo 42 > /sys/class/gpio/export'\n"
                       "ExecStop=/bin/sh -c 'test ! -e /sys/class/gpio/gpio42 || echo 42 > /sys/class/gpio/unexport'\n"
                       "\n[Install]\nWantedBy=multi-user.target\n")));
}

TEST_F(Misc, UnitsRunPrograms) {
  Value lines{Value::Kind::List, "", 0, 0, {Value::integer(3), Value{Value::Kind::Range, "", 1, 2, {}}}};
  ir::Rule made =
      unit("gpio-chardev-slot", Value::call("command", {Value::string("/usr/lib/snapd/snap-gpio-helper"),
                                                        Value::string("export-chardev"), Value::string("chip0,chip1"),
                                                        lines, Value::string("producer"), Value::string("slot")}));
  made.set("before", texts({"snapd.gpio-chardev-setup.target"}));
  made.set("wanted-by", texts({"snapd.gpio-chardev-setup.target", "multi-user.target"}));
  EXPECT_THAT(
      ofSnap(emitSystemd, {made}),
      ElementsAre(Pair(
          "systemd/system/snap.foo.interface.gpio-chardev-slot.service",
          "[Unit]\nBefore=snapd.gpio-chardev-setup.target\n"
          "[Service]\nType=oneshot\nRemainAfterExit=yes\n"
          "ExecStart=/usr/lib/snapd/snap-gpio-helper export-chardev \"chip0,chip1\" \"3,1-2\" \"producer\" \"slot\"\n"
          "\n[Install]\nWantedBy=snapd.gpio-chardev-setup.target multi-user.target\n")));
}

TEST_F(Misc, UnitsMakeLinks) {
  ir::Rule made = rule(RuleKind::Unit,
                       {{"TEXT", texts({"l"})}, {"link", texts({"/dev/snap/a/s"})}, {"->", texts({"/dev/snap/b/p"})}});
  EXPECT_THAT(ofSnap(emitSystemd, {made})["systemd/system/snap.foo.interface.l.service"],
              HasSubstr("ExecStart=/bin/sh -c 'mkdir -p \"/dev/snap/b\" && ln -s \"/dev/snap/a/s\" \"/dev/snap/b/p\"'\n"
                        "ExecStop=/bin/rm -f \"/dev/snap/b/p\"\n"));
}

// What the value is after systemd and the shell have read it is the value.
TEST_F(Misc, ArgumentsStayOneWord) {
  std::string text = ofSnap(
      emitSystemd,
      {unit("u",
            write("/a b", Value::string("x'y\"z $HOME `id` %n \\")))})["systemd/system/snap.foo.interface.u.service"];
  EXPECT_THAT(
      text,
      HasSubstr("ExecStart=/bin/sh -c 'echo \"x\\'y\\\\\"z \\\\$$HOME \\\\`id\\\\` %%n \\\\\\\\\" > \"/a b\"'\n"));
  text =
      ofSnap(emitSystemd,
             {unit("u", Value::call("command",
                                    {Value::string("/bin/x"), Value::string("a b"),
                                     Value::string("$c \"%\" \\")}))})["systemd/system/snap.foo.interface.u.service"];
  EXPECT_THAT(text, HasSubstr("ExecStart=/bin/x \"a b\" \"$$c \\\"%%\\\" \\\\\"\n"));
}

TEST_F(Misc, NothingInAUnitEndsItsLine) {
  ofSnap(emitSystemd,
         {unit("a\n", write("/a", Value::integer(1))), unit("../a", write("/a", Value::integer(1))),
          unit("u", write("/a\nExecStart=/bin/sh", Value::integer(1))), unit("u", write("/a", Value::string("-n"))),
          unit("u", write("/a", Value::integer(1), "missing", "/b\n")), unit("u", Value::call("run", {})),
          unit("u", Value::call("command", {Value::string("sh")})),
          unit("u", Value::call("write", {Value::string("/a")}))});
  EXPECT_THAT(reported(), testing::SizeIs(8));
  EXPECT_THAT(reported(), testing::Each("artifact-value"));
}

TEST_F(Misc, OneUnitHasOneContent) {
  ofSnap(emitSystemd, {unit("u", write("/a", Value::integer(1))), unit("u", write("/a", Value::integer(2)))});
  EXPECT_THAT(reported(), ElementsAre("artifact-clash"));
}
