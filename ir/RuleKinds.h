// SPDX-License-Identifier: Apache-2.0
// The kinds of rules as RuleKinds.def lists them, and the dispatch that makes a forgotten lowering a compile error.
#pragma once
#include "ir/Signature.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace snapsecc::ir {

enum class RuleKind : uint8_t {
#define RULE_KIND(Id, Keyword, Modifiers, Signature, Scope, Backends, Doc) Id,
#include "ir/RuleKinds.def"
#undef RULE_KIND
};

enum class Scope : uint8_t { Label, Snap };

// The output mechanisms; a set of them is an OR.
enum Backend : uint32_t {
  AppArmor = 1, Seccomp = 2, Cgroup = 4, Udev = 8, Mount = 16, Kmod = 32, Dbus = 64, Systemd = 128, Polkit = 256,
  Files = 512, // links, lists and configuration of the system: ldconfig, symlink, export
};

enum Modifier : uint8_t { Weak = 1, Audit = 2, Deny = 4, Prompt = 8, Owner = 16 };
using Modifiers = uint8_t;

struct RuleKindInfo {
  RuleKind kind;
  const char *id, *keyword;
  Modifiers allowed;
  const char *signatureText;
  Signature signature;
  Scope scope;
  uint32_t backends;
  const char *doc;
};
const RuleKindInfo &ruleKindInfo(RuleKind kind);
llvm::ArrayRef<RuleKindInfo> allRuleKinds();
std::optional<RuleKind> findRuleKind(llvm::StringRef keyword);
// "weak audit deny prompt owner", those that are set, in this order, joined by blanks.
std::string printModifiers(Modifiers modifiers);
std::optional<Modifier> findModifier(llvm::StringRef word);

template <RuleKind K> struct KindTag {};
constexpr uint32_t backendsOf(RuleKind kind) {
  switch (kind) {
#define RULE_KIND(Id, Keyword, Mods, Sig, ScopeOf, Backends, Doc)                                                      \
  case RuleKind::Id: return Backends;
#include "ir/RuleKinds.def"
#undef RULE_KIND
  }
  return 0;
}

// Calls visitor.lower(KindTag<Kind>{}, rule) for a kind that backend B must lower; does nothing for the others. A visitor that
// lacks an overload for such a kind does not compile.
template <Backend B, class Visitor, class Rule> void dispatch(Visitor &visitor, const Rule &rule) {
  auto call = [&]<RuleKind K>(KindTag<K> tag) {
    if constexpr ((backendsOf(K) & B) != 0) visitor.lower(tag, rule);
  };
  switch (rule.kind) {
#define RULE_KIND(Id, Keyword, Mods, Sig, ScopeOf, Backends, Doc)                                                      \
  case RuleKind::Id: call(KindTag<RuleKind::Id>{}); break;
#include "ir/RuleKinds.def"
#undef RULE_KIND
  }
}

} // namespace snapsecc::ir
