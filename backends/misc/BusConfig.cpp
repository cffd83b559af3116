// SPDX-License-Identifier: Apache-2.0
// `busconfig` rules -> policy of the system bus, dbus-daemon(1), "INTEGRATING SYSTEM SERVICES": <allow> and <deny> with
// one attribute a part, in the order of the rules, for the last one that matches decides.
#include "backends/misc/Misc.h"
#include "backends/misc/Values.h"

namespace snapsecc::misc {
namespace {

constexpr const char head[] = "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN\"\n"
                              " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig>\n";

class LabelConfig {
public:
  LabelConfig(const ir::Label &from, Engine &into) : label(from), engine(into) {}

  // The file's text; empty where nothing is said.
  std::string run() {
    for (const ir::Rule &rule : label.rules)
      ir::dispatch<ir::Dbus>(*this, rule);
    close();
    return text.empty() ? text : head + text + "</busconfig>\n";
  }

  void lower(ir::KindTag<ir::RuleKind::Busconfig>, const ir::Rule &rule) {
    for (llvm::StringRef role : {"TEXT", "iface", "member"})
      for (const ir::Value &name : rule.get(role))
        if (!check(isName(name.text, "._-:"), engine, label.name, name.text, "the bus configuration",
                   "it is no name of D-Bus"))
          return;
    open(rule.text("root|default") == "root" ? "user=\"root\"" : "context=\"default\"");
    for (const ir::Value &act : rule.get("BUSACT"))
      addAct(rule, act.text);
  }

private:
  void open(llvm::StringRef attribute) {
    if (attribute == policy) return;
    close();
    policy = attribute.str();
    text += "  <policy " + policy + ">\n";
  }
  void close() {
    if (!policy.empty()) text += "  </policy>\n";
    policy.clear();
  }

  void addAct(const ir::Rule &rule, llvm::StringRef act) {
    auto attributes = [&](llvm::StringRef role, const char *key) {
      std::vector<std::string> made;
      for (const ir::Value &name : rule.get(role))
        made.push_back(std::string(" ") + key + "=\"" + name.text + "\"");
      return made;
    };
    if (act == "own" || act == "own-prefix") {
      std::vector<std::string> names = attributes("TEXT", act == "own" ? "own" : "own_prefix");
      if (check(!names.empty(), engine, label.name, act, "the bus configuration", "a name to own is missing"))
        add(rule, names, {}, {});
      return;
    }
    bool send = act == "send";
    std::vector<std::string> names = attributes("TEXT", send ? "send_destination" : "receive_sender");
    std::vector<std::string> interfaces = attributes("iface", send ? "send_interface" : "receive_interface");
    std::vector<std::string> members = attributes("member", send ? "send_member" : "receive_member");
    bool any = !names.empty() || !interfaces.empty() || !members.empty();
    if (check(any, engine, label.name, act, "the bus configuration", "it would be about all messages"))
      add(rule, names, interfaces, members);
  }

  // Each combination; an empty list stands for the lack of the attribute.
  void add(const ir::Rule &rule, std::vector<std::string> names, std::vector<std::string> interfaces,
           std::vector<std::string> members) {
    for (std::vector<std::string> *list : {&names, &interfaces, &members})
      if (list->empty()) list->emplace_back();
    for (const std::string &name : names)
      for (const std::string &interface : interfaces)
        for (const std::string &member : members)
          text += std::string("    <") + (rule.is(ir::Deny) ? "deny" : "allow") + name + interface + member + "/>\n";
  }

  const ir::Label &label;
  Engine &engine;
  std::string text, policy; // policy: the attribute of the element that is open
};

} // namespace

std::vector<ir::Artifact> emitBusConfig(const ir::Policy &policy, Engine &engine) {
  std::vector<ir::Artifact> files;
  for (const ir::Label &label : policy.labels) {
    std::string text = LabelConfig(label, engine).run();
    if (!text.empty()) files.push_back({"dbus-1/system.d/" + label.name + ".conf", std::move(text)});
  }
  return files;
}

} // namespace snapsecc::misc
