// SPDX-License-Identifier: Apache-2.0
// One half of a resource without the other, in the rules of one side of an interface: netlink in AppArmor or in seccomp
// alone, a device node that the device cgroup keeps closed, a delegated control group without leave to manage devices
// in it.
#include "frontend/CheckDiagnostics.h"
#include "frontend/SideRules.h"

namespace snapsecc::checking {

namespace {

using ir::RuleKind;

// Below /dev and no device: file systems, and sockets of daemons.
constexpr llvm::StringLiteral noDevices = "/dev/{shm,mqueue,hugepages,fd,log,initctl,lxd,snap}{,/**}";
constexpr llvm::StringLiteral directories = "/{,**/}";

class ResourceLinter {
public:
  ResourceLinter(Checker &shared, const Interface *inside, std::vector<SeenRule> all,
                 llvm::ArrayRef<const ast::Expr *> base)
      : checker(shared), patterns(shared, inside), rules(std::move(all)), devices(base.begin(), base.end()) {}

  void run() {
    netlink();
    delegate();
    deviceNodes();
  }

private:
  static const ast::Reference *callOf(const ast::Expr &value, llvm::StringRef name) {
    auto *reference = std::get_if<ast::Reference>(&value.node);
    return reference && reference->path.size() == 1 && reference->path[0] == name ? reference : nullptr;
  }
  // socket(AF_NETLINK, ..)
  static bool opensNetlink(const ast::Expr &value) {
    const ast::Reference *call = callOf(value, "socket");
    const ast::Reference *family = call && !call->args.empty() ? call->args[0].value.bareWord() : nullptr;
    return family && family->path[0] == "AF_NETLINK";
  }

  void netlink() {
    const ast::Expr *apparmor = nullptr, *seccomp = nullptr; // that opened one half alone
    bool opensApparmor = false, opensSeccomp = false;
    for (const SeenRule &rule : rules) {
      if (rule.is(ir::Deny)) continue;
      if (rule.is(RuleKind::Network)) {
        opensApparmor |= rule.get("any") != nullptr;
        for (const ast::Expr &value : valuesOf(rule, "FAMILY"))
          if (const ast::Reference *family = callOf(value, "netlink")) {
            opensApparmor = true;
            if (family->args.empty() && !rule.ofFragment) apparmor = &value;
          }
      } else if (rule.is(RuleKind::Syscall)) {
        opensSeccomp |= rule.get("any") != nullptr;
        for (const ast::Expr &value : valuesOf(rule, "SYSCALL")) {
          const ast::Reference *all = callOf(value, "socket");
          opensSeccomp |= opensNetlink(value) || (all && all->args.empty());
          if (opensNetlink(value) && !rule.ofFragment) seccomp = &value;
        }
      }
    }
    if (apparmor && !opensSeccomp) warn<diag::HalfNetlink>(checker, apparmor->range, "seccomp");
    if (seccomp && !opensApparmor) warn<diag::HalfNetlink>(checker, seccomp->range, "AppArmor");
  }

  static llvm::ArrayRef<ast::Expr> valuesOf(const SeenRule &rule, llvm::StringRef role) {
    const ast::Item *item = rule.get(role);
    return item ? llvm::makeArrayRef(item->values) : llvm::ArrayRef<ast::Expr>();
  }

  void delegate() {
    const SeenRule *delegates = nullptr;
    for (const SeenRule &rule : rules) {
      if (rule.is(RuleKind::Service) && rule.get("delegate")) delegates = &rule;
      if (rule.is(RuleKind::Cgroup)) return;
    }
    if (delegates) warn<diag::DelegateAlone>(checker, delegates->range());
  }

  // All that the pattern matches is in the other one.
  static bool isWithin(const automata::Language &language, llvm::StringRef pattern) {
    llvm::Expected<automata::Language> other = automata::Language::fromText(pattern, automata::standardVariables());
    llvm::Expected<bool> includes = other ? other->includes(language) : llvm::Expected<bool>(other.takeError());
    if (includes) return *includes;
    llvm::consumeError(includes.takeError());
    return true;
  }

  // udev matches a device by its kernel name, wherever its other nodes are.
  static llvm::StringRef kernelName(llvm::StringRef path) { return path.rsplit('/').second; }

  bool isReached(const ast::Expr &node, llvm::StringRef text) {
    return llvm::any_of(devices, [&](const ast::Expr *device) {
      std::optional<std::string> known = patterns.text(*device);
      return !known || kernelName(*known) == kernelName(text) || patterns.meet(node, *device);
    });
  }

  void deviceNodes() {
    for (const SeenRule &rule : rules) {
      if (rule.is(RuleKind::Cgroup) || rule.is(RuleKind::Everything)) return;
      if (rule.is(RuleKind::Device))
        for (const ast::Expr &value : valuesOf(rule, "GLOB"))
          devices.push_back(&value);
    }
    for (const SeenRule &rule : rules) {
      if (!rule.is(RuleKind::File) || rule.is(ir::Deny) || rule.ofFragment) continue;
      for (const ast::Expr &value : valuesOf(rule, "GLOB")) {
        std::optional<std::string> text = patterns.text(value);
        if (!text || !llvm::StringRef(*text).startswith("/dev/")) continue;
        const automata::Language *language = patterns.language(value);
        bool closed = language && !isWithin(*language, noDevices) && !isWithin(*language, directories) &&
                      !isReached(value, *text);
        if (closed) warn<diag::DeviceWithoutCgroup>(checker, value.range, *text);
      }
    }
  }

  Checker &checker;
  KnownPatterns patterns;
  std::vector<SeenRule> rules;
  std::vector<const ast::Expr *> devices; // that the device cgroup lets through
};

} // namespace

void lintResources(Checker &checker) {
  std::vector<const ast::Expr *> base; // what every snap may use
  for (const auto &[name, made] : checker.library.templates)
    for (const SeenRule &rule : collectRules(checker, made.block))
      if (rule.is(RuleKind::Device))
        for (const ast::Expr &value : rule.get("GLOB")->values)
          base.push_back(&value);
  for (auto [interface, block] : checker.interfaces)
    for (const Interface::Side *side : {&interface->plug, &interface->slot}) {
      std::vector<const ast::Block *> blocks = side->always;
      blocks.insert(blocks.end(), side->connected.begin(), side->connected.end());
      ResourceLinter(checker, interface, collectRules(checker, blocks), base).run();
    }
}

} // namespace snapsecc::checking
