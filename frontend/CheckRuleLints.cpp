// SPDX-License-Identifier: Apache-2.0
// What the rules of one side of an interface do to each other: denials that kill grants, the same rule twice, exec
// transitions and mounts that meet, one half of a resource without the other. Only patterns that are known here are
// compared; rules of branches that exclude each other are not.
#include "automata/Language.h"
#include "frontend/Check.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc::checking {

namespace {

using ir::RuleKind;

struct SeenRule {
  const ast::Statement *statement = nullptr;
  const ast::Rule *rule = nullptr;
  std::vector<std::pair<const ast::When *, bool>> branches; // outermost first
  const ast::Rule *child = nullptr;                         // the child profile that it is in
  bool looped = false;

  SourceRange range() const { return rule->items[0].range; }
  const ast::Item *get(llvm::StringRef role) const {
    std::optional<unsigned> part = ir::ruleKindInfo(*rule->kind).signature.find(role);
    for (const ir::Match::Filled &filled : rule->match.filled)
      if (part && filled.part == *part) return &rule->items[rule->firstItem + filled.item];
    return nullptr;
  }
  bool is(ir::Modifier modifier) const { return (rule->modifiers & modifier) != 0; }
  // `deny` that no grant overrides.
  bool deniesHard() const { return is(ir::Deny) && !is(ir::Weak); }
};

bool exclude(const SeenRule &a, const SeenRule &b) {
  for (const auto &[when, then] : a.branches)
    for (const auto &[other, otherThen] : b.branches)
      if (when == other && then != otherThen) return true;
  return a.child != b.child;
}

// Does `a` hold wherever `b` does, as far as the branches tell?
bool holdsWherever(const SeenRule &a, const SeenRule &b) {
  return a.child == b.child &&
         llvm::all_of(a.branches, [&](const auto &branch) { return llvm::is_contained(b.branches, branch); });
}

class Collector {
public:
  explicit Collector(std::vector<SeenRule> &into) : rules(into) {}

  void add(llvm::ArrayRef<ast::Statement> statements) {
    for (const ast::Statement &statement : statements) {
      if (auto *when = std::get_if<ast::When>(&statement.node)) {
        current.branches.emplace_back(when, true);
        add(when->then.statements);
        current.branches.back().second = false;
        add(when->otherwise);
        current.branches.pop_back();
      } else if (auto *loop = std::get_if<ast::For>(&statement.node)) {
        bool outer = std::exchange(current.looped, true);
        add(loop->body.statements);
        current.looped = outer;
      } else if (auto *rule = std::get_if<ast::Rule>(&statement.node); rule && rule->kind) {
        current.statement = &statement;
        current.rule = rule;
        rules.push_back(current);
        if (!rule->block) continue;
        const ast::Rule *outer = std::exchange(current.child, rule);
        add(rule->block->statements);
        current.child = outer;
      }
    }
  }

private:
  std::vector<SeenRule> &rules;
  SeenRule current;
};

class Linter {
public:
  Linter(Checker &shared, const Interface *inside) : checker(shared), interface(inside) {}

  void run(llvm::ArrayRef<const ast::Block *> blocks) {
    for (const ast::Block *block : blocks)
      Collector(rules).add(block->statements);
    for (const SeenRule &rule : rules)
      if (rule.is(ir::Deny) && rule.statement->doc.empty())
        checker.engine.report<diag::DenyWithoutReason>(rule.range());
    for (size_t i = 0; i < rules.size(); ++i)
      for (size_t j = 0; j < rules.size(); ++j) {
        if (i == j || rules[i].rule->kind != rules[j].rule->kind || exclude(rules[i], rules[j])) continue;
        if (rules[i].deniesHard() && !rules[j].is(ir::Deny)) denial(rules[i], rules[j]);
        if (i < j) pair(rules[i], rules[j]);
      }
    netlink();
    delegate();
    devices();
  }

private:
  // ---- the text of rules
  std::string textOf(SourceRange range) const {
    llvm::StringRef text = checker.engine.sources().file(range.file).text();
    return text.slice(range.begin, range.end).str();
  }
  // The parts of a rule with its modifiers; white space does not count.
  std::string textOf(const SeenRule &rule) const {
    std::string text;
    for (const ast::Item &item : rule.rule->items)
      text += textOf(item.range) + "\n";
    return text;
  }

  std::optional<std::string> wordOf(const ast::Item *item) const {
    const ast::Reference *word = item && item->values.size() == 1 ? item->values[0].bareWord() : nullptr;
    return word ? std::optional(word->path[0]) : std::nullopt;
  }

  // What a list of patterns stands for; nullptr where that is not known here.
  const automata::Language *languageOf(const ast::Expr &value) {
    auto [found, fresh] = languages.try_emplace(&value);
    if (!fresh) return found->second ? &*found->second : nullptr;
    std::optional<std::string> text = constantText(checker, value, interface);
    if (!text) return nullptr;
    llvm::Expected<automata::Language> language =
        automata::Language::fromText(*text, automata::standardVariables(), {2000});
    if (language)
      found->second = std::move(*language);
    else
      llvm::consumeError(language.takeError());
    return found->second ? &*found->second : nullptr;
  }

  bool anyMeets(const ast::Expr &a, const ast::Expr &b) {
    const automata::Language *one = languageOf(a), *other = languageOf(b);
    if (!one || !other) return false;
    llvm::Expected<bool> meet = one->intersects(*other);
    if (meet) return *meet;
    llvm::consumeError(meet.takeError());
    return false;
  }
  bool covers(const ast::Item &wider, const ast::Expr &narrower) {
    const automata::Language *inner = languageOf(narrower);
    if (!inner) return false;
    return llvm::any_of(wider.values, [&](const ast::Expr &value) {
      const automata::Language *outer = languageOf(value);
      if (!outer) return false;
      llvm::Expected<bool> includes = outer->includes(*inner);
      if (includes) return *includes;
      llvm::consumeError(includes.takeError());
      return false;
    });
  }

  // ---- 5: a hard denial kills a grant
  void denial(const SeenRule &deny, const SeenRule &grant) {
    if (!holdsWherever(deny, grant)) return;
    switch (*grant.rule->kind) {
    case RuleKind::File: return fileDenial(deny, grant);
    case RuleKind::Capability: return wordDenial(deny, grant, "CAPABILITY");
    case RuleKind::Syscall: return wordDenial(deny, grant, "SYSCALL");
    default: return;
    }
  }

  void killed(const SeenRule &deny, const ast::Expr &value) {
    if (said.insert(&value).second)
      checker.engine.report<diag::DenyKillsGrant>(value.range).note<diag::DeniedHere>(deny.range());
  }

  void fileDenial(const SeenRule &deny, const SeenRule &grant) {
    std::optional<std::string> denied = wordOf(deny.get("PERMS")), granted = wordOf(grant.get("PERMS"));
    if (!denied || !granted || deny.get("except")) return;
    if (deny.is(ir::Owner) && !grant.is(ir::Owner)) return;
    bool all = llvm::all_of(*granted, [&](char c) { return denied->find(c) != std::string::npos; });
    if (!all) return;
    for (const ast::Expr &value : grant.get("GLOB")->values)
      if (covers(*deny.get("GLOB"), value)) killed(deny, value);
  }

  void wordDenial(const SeenRule &deny, const SeenRule &grant, llvm::StringRef role) {
    const ast::Item *denied = deny.get(role), *granted = grant.get(role);
    if (!denied || !granted) return;
    for (const ast::Expr &value : granted->values) {
      auto *reference = std::get_if<ast::Reference>(&value.node);
      bool same = reference && llvm::any_of(denied->values, [&](const ast::Expr &other) {
                    const ast::Reference *word = other.bareWord();
                    return word && word->path == reference->path;
                  });
      if (same) killed(deny, value);
    }
  }

  // ---- 7, 8: rules that meet
  void pair(const SeenRule &a, const SeenRule &b) {
    if (holdsWherever(a, b) && !b.looped && textOf(a) == textOf(b)) {
      if (said.insert(b.rule).second)
        checker.engine.report<diag::SameRule>(b.range()).note<diag::PreviousHere>(a.range(), "rule");
      return;
    }
    if (*a.rule->kind == RuleKind::Exec) transitions(a, b);
    if (*a.rule->kind == RuleKind::Bind) mounts(a, b);
  }

  void transitions(const SeenRule &a, const SeenRule &b) {
    if (a.rule->modifiers != b.rule->modifiers || a.get("except") || b.get("except")) return;
    if (textOf(a.get("->")->range) == textOf(b.get("->")->range)) return;
    for (const ast::Expr &one : a.get("GLOB")->values)
      for (const ast::Expr &other : b.get("GLOB")->values) {
        std::optional<std::string> text = constantText(checker, one, interface),
                                   otherText = constantText(checker, other, interface);
        // Of a path and a pattern the parser takes the path.
        bool alike = text && otherText && automata::hasMeta(*text) == automata::hasMeta(*otherText);
        if (!alike || !anyMeets(one, other)) continue;
        checker.engine.report<diag::TransitionsOverlap>(other.range).note<diag::PreviousHere>(one.range, *text);
        return;
      }
  }

  void mounts(const SeenRule &a, const SeenRule &b) {
    const ast::Expr &one = a.get("->")->values[0], &other = b.get("->")->values[0];
    std::optional<std::string> text = constantText(checker, one, interface);
    if (!text || text != constantText(checker, other, interface) || b.get("rename-on-clash")) return;
    checker.engine.report<diag::MountsClash>(other.range, *text).note<diag::PreviousHere>(one.range, *text);
  }

  // ---- 6: halves of a resource
  static const ast::Reference *callOf(const ast::Expr &value, llvm::StringRef name) {
    auto *reference = std::get_if<ast::Reference>(&value.node);
    return reference && reference->path.size() == 1 && reference->path[0] == name ? reference : nullptr;
  }
  // A system call that opens netlink sockets by name: socket(AF_NETLINK, ..).
  static bool opensNetlink(const ast::Expr &value) {
    const ast::Reference *call = callOf(value, "socket");
    const ast::Reference *family = call && !call->args.empty() ? call->args[0].value.bareWord() : nullptr;
    return family && family->path[0] == "AF_NETLINK";
  }

  void netlink() {
    const ast::Expr *apparmor = nullptr, *seccomp = nullptr;
    bool opensApparmor = false, opensSeccomp = false;
    for (const SeenRule &rule : rules) {
      if (rule.is(ir::Deny)) continue;
      if (*rule.rule->kind == RuleKind::Network) {
        opensApparmor |= rule.get("any") != nullptr;
        if (const ast::Item *families = rule.get("FAMILY"))
          for (const ast::Expr &value : families->values)
            if (const ast::Reference *family = callOf(value, "netlink")) {
              opensApparmor = true;
              if (family->args.empty()) apparmor = &value;
            }
      }
      if (*rule.rule->kind != RuleKind::Syscall) continue;
      opensSeccomp |= rule.get("any") != nullptr;
      if (const ast::Item *calls = rule.get("SYSCALL"))
        for (const ast::Expr &value : calls->values) {
          const ast::Reference *all = callOf(value, "socket");
          opensSeccomp |= opensNetlink(value) || (all && all->args.empty());
          if (opensNetlink(value)) seccomp = &value;
        }
    }
    if (apparmor && !opensSeccomp) checker.engine.report<diag::HalfNetlink>(apparmor->range, "seccomp");
    if (seccomp && !opensApparmor) checker.engine.report<diag::HalfNetlink>(seccomp->range, "AppArmor");
  }

  void delegate() {
    const SeenRule *delegates = nullptr;
    for (const SeenRule &rule : rules) {
      if (*rule.rule->kind == RuleKind::Service && rule.get("delegate")) delegates = &rule;
      if (*rule.rule->kind == RuleKind::Cgroup) return;
    }
    if (delegates) checker.engine.report<diag::DelegateAlone>(delegates->range());
  }

  // Nodes that the device cgroup holds in any case, or that are no devices.
  static bool isDeviceNode(llvm::StringRef path) {
    if (!path.consume_front("/dev/") || path.empty() || path.endswith("/")) return false;
    for (llvm::StringRef common : {"shm",        "pts", "ptmx",    "null",    "zero", "full",   "random",    "urandom",
                                   "{,u}random", "tty", "console", "fd",      "std",  "mqueue", "hugepages", "log",
                                   "initctl",    "*",   "{",       "net/tun", "uhid", "snap",   "disk/"})
      if (path == common || (path.startswith(common) && !llvm::isAlpha(path.drop_front(common.size()).front())))
        return false;
    return true;
  }

  void devices() {
    std::vector<const ast::Expr *> known;
    for (const SeenRule &rule : rules) {
      if (*rule.rule->kind == RuleKind::Cgroup || *rule.rule->kind == RuleKind::Everything) return;
      if (*rule.rule->kind != RuleKind::Device) continue;
      for (const ast::Expr &value : rule.get("GLOB")->values)
        known.push_back(&value);
    }
    for (const SeenRule &rule : rules) {
      if (*rule.rule->kind != RuleKind::File || rule.is(ir::Deny)) continue;
      for (const ast::Expr &value : rule.get("GLOB")->values) {
        std::optional<std::string> text = constantText(checker, value, interface);
        if (!text || !isDeviceNode(*text)) continue;
        bool reached = llvm::any_of(
            known, [&](const ast::Expr *device) { return !languageOf(*device) || anyMeets(value, *device); });
        if (!reached) checker.engine.report<diag::DeviceWithoutCgroup>(value.range, *text);
      }
    }
  }

  Checker &checker;
  const Interface *interface;
  std::vector<SeenRule> rules;
  std::set<const void *> said;                                              // rules and values, once each
  std::map<const ast::Expr *, std::optional<automata::Language>> languages; // keyed for look-ups alone
};

} // namespace

void lintRules(Checker &checker) {
  for (auto [interface, block] : checker.interfaces)
    for (const Interface::Side *side : {&interface->plug, &interface->slot}) {
      std::vector<const ast::Block *> blocks = side->always;
      blocks.insert(blocks.end(), side->connected.begin(), side->connected.end());
      Linter(checker, interface).run(blocks);
    }
  for (const auto &[name, made] : checker.library.templates)
    Linter(checker, nullptr).run(made.block);
  for (const auto &[name, fragment] : checker.library.fragments)
    Linter(checker, nullptr).run(fragment.block);
}

} // namespace snapsecc::checking
