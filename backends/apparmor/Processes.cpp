// SPDX-License-Identifier: Apache-2.0
// Rules on processes and the ways between them -> capability, network, unix, signal, ptrace, mqueue, userns and
// io_uring statements. Facts: apparmor.d(5); parser/af_unix.cc for what a kernel without af_unix is left with, and for
// the rights that have no peer.
#include "backends/apparmor/Lowering.h"
#include "backends/apparmor/Operand.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::apparmor {
using ir::Modifier;
using ir::Rule;
using ir::RuleKind;
using ir::Value;
using llvm::StringRef;

namespace {
constexpr StringRef networkFeatures[] = {"network", "network_v8", "network_v9"};
constexpr StringRef unixFeatures[] = {"network/af_unix", "network_v8/af_unix", "network_v9/af_unix"};

bool knowsFamily(const ir::Target &target, StringRef family) {
  return llvm::any_of(networkFeatures,
                      [&](StringRef feature) { return target.hasFeature((feature + "/af_mask/" + family).str()); });
}
} // namespace

void ProfileLowering::lower(Tag<RuleKind::Capability>, const Rule &rule) {
  if (!mediates(rule, "capability", {"caps"})) return;
  if (rule.has("any")) return add(rule, Section::Capabilities, "capability");
  for (const std::string &name : words(rule.get("CAPABILITY")))
    if (mediates(rule, "capability " + name, {"caps/mask/" + name}))
      add(rule, Section::Capabilities, "capability " + name);
}

void ProfileLowering::lower(Tag<RuleKind::Network>, const Rule &rule) {
  if (!mediates(rule, "network", networkFeatures)) return;
  if (rule.has("any")) return add(rule, Section::Network, "network");
  std::vector<std::string> types = words(rule.get("SOCKTYPE"));
  for (const std::string &family : words(rule.get("FAMILY"))) { // netlink(PROTOCOL): the protocol is seccomp's
    if (family != "any" && !knowsFamily(target, family)) {
      countNotEnforced("network " + family, "the target's kernel does not know the family");
      continue;
    }
    std::string statement = "network" + (family == "any" ? "" : " " + family);
    if (types.empty()) add(rule, Section::Network, statement);
    for (const std::string &type : types)
      add(rule, Section::Network, statement + " " + type);
  }
}

void ProfileLowering::lower(Tag<RuleKind::Unix>, const Rule &rule) {
  std::string type = rule.has("SOCKTYPE") ? rule.text("SOCKTYPE").str() : "";
  if (!hasAny(unixFeatures)) {
    // Older kernels mediate UNIX sockets as one more family: by type, without addresses and peers. A refusal is left
    // out, as it would refuse far more than it says.
    if (!mediates(rule, "unix", networkFeatures)) return;
    countNotEnforced("unix", "the target's kernel tells UNIX sockets apart by their type alone");
    if (!rule.is(Modifier::Deny)) add(rule, Section::Network, "network unix" + (type.empty() ? "" : " " + type));
    return;
  }
  std::vector<std::string> verbs = words(rule.get("UNIXVERB"));
  bool failed = false;
  auto address = [&](StringRef role) -> std::string {
    if (!rule.has(role)) return "";
    return "addr=" + (rule.text(role) == "none" ? "none" : operand(rule, rule.text(role), failed));
  };
  std::string local = address("addr"), peer = address("peer-addr");
  if (rule.has("peer")) peer = "label=" + operand(rule, rule.text("peer"), failed) + (peer.empty() ? "" : ", " + peer);
  bool withPeer = llvm::all_of(verbs, [](StringRef verb) {
    return verb == "any" || verb == "accept" || verb == "connect" || verb == "send" || verb == "receive";
  });
  if (!peer.empty() && !withPeer)
    return reportNotExpressible(rule, "of the rights, only accept, connect, send and receive have a peer");
  if (failed) return;
  std::string text = "unix" + accessList(verbs);
  if (!type.empty()) text += " type=" + type;
  if (!local.empty()) text += " " + local;
  if (!peer.empty()) text += " peer=(" + peer + ")";
  add(rule, Section::Unix, text);
}

void ProfileLowering::lower(Tag<RuleKind::Signal>, const Rule &rule) {
  if (!mediates(rule, "signal", {"signal"})) return;
  bool failed = false;
  std::string text = "signal" + accessList(words(rule.get("SIGVERB")));
  if (rule.has("set")) text += " set=(" + llvm::join(words(rule.get("set")), ", ") + ")";
  text += condition(rule, "peer", "peer", failed);
  if (!failed) add(rule, Section::Signals, text);
}

void ProfileLowering::lower(Tag<RuleKind::Ptrace>, const Rule &rule) {
  if (!mediates(rule, "ptrace", {"ptrace"})) return;
  bool failed = false;
  std::string text = "ptrace" + accessList(words(rule.get("PTVERB"))) + condition(rule, "peer", "peer", failed);
  if (!failed) add(rule, Section::Ptrace, text);
}

// Whoever may use a queue may open it and look at it; who writes sets its flags. The filter's half knows the same.
void ProfileLowering::lower(Tag<RuleKind::Mqueue>, const Rule &rule) {
  if (!mediates(rule, "mqueue", {"ipc/posix_mqueue"}, "mqueue")) return;
  if (rule.has("any")) return add(rule, Section::MessageQueues, "mqueue");
  std::vector<std::string> rights = words(rule.get("MQPERM"));
  auto bring = [&](const char *right, llvm::ArrayRef<StringRef> from) {
    bool needed =
        !rule.is(ir::Deny) && llvm::any_of(rights, [&](StringRef one) { return llvm::is_contained(from, one); });
    if (needed && !llvm::is_contained(rights, right)) rights.push_back(right);
  };
  bring("open", {"create", "delete", "read", "write"});
  bring("getattr", {"open"});
  bring("setattr", {"write"});
  addPaths(rule, Section::MessageQueues, "mqueue" + accessList(rights) + " type=posix ", "");
}

void ProfileLowering::lower(Tag<RuleKind::Userns>, const Rule &rule) {
  if (mediates(rule, "userns", {"namespaces/mask/userns_create"}, "userns")) add(rule, Section::Namespaces, "userns");
}

void ProfileLowering::lower(Tag<RuleKind::IoUring>, const Rule &rule) {
  if (!mediates(rule, "io_uring", {"io_uring"}, "io_uring")) return;
  if (rule.has("any")) return add(rule, Section::IoUring, "io_uring");
  bool failed = false;
  std::string text = "io_uring" + accessList(words(rule.get("IOURING"))) + condition(rule, "peer", "label", failed);
  if (!failed) add(rule, Section::IoUring, text);
}

void ProfileLowering::lower(Tag<RuleKind::Rlimit>, const Rule &rule) {
  if (!mediates(rule, "rlimit", {"rlimit"})) return;
  llvm::StringRef value = rule.text("TEXT"), number = value;
  number.consume_front("-");
  if (value != "infinity" && (number.empty() || !llvm::all_of(number, llvm::isDigit)))
    return reportNotExpressible(rule, "a limit is a number or infinity");
  add(rule, Section::Limits, ("set rlimit " + rule.text("RLIMIT") + " <= " + value).str());
}

} // namespace snapsecc::apparmor
