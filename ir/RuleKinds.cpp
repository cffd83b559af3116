// SPDX-License-Identifier: Apache-2.0
// RuleKinds.def as data, its signatures parsed once.
#include "ir/RuleKinds.h"
#include "llvm/ADT/StringMap.h"
#include <cassert>

namespace snapsecc::ir {
namespace {

struct ModifierWord {
  Modifier modifier;
  char letter; // in RuleKinds.def
  const char *word;
};
// In the order of writing.
constexpr ModifierWord modifierWords[] = {
    {Weak, 'W', "weak"}, {Audit, 'A', "audit"}, {Deny, 'D', "deny"}, {Prompt, 'P', "prompt"}, {Owner, 'O', "owner"}};

Modifiers parseLetters(llvm::StringRef letters) {
  Modifiers all = 0;
  for (const ModifierWord &one : modifierWords)
    if (letters.consume_front(llvm::StringRef(&one.letter, 1))) all |= one.modifier;
  assert(letters.empty() && "RuleKinds.def: modifiers are letters of WADPO, in this order");
  return all;
}

} // namespace

llvm::ArrayRef<RuleKindInfo> allRuleKinds() {
  static const std::vector<RuleKindInfo> infos = {
#define RULE_KIND(Id, Keyword, Mods, Sig, ScopeOf, Backends, Doc)                                                      \
  {RuleKind::Id, #Id, Keyword, parseLetters(Mods), Sig, parseSignature(Sig), Scope::ScopeOf, Backends, Doc},
#include "ir/RuleKinds.def"
#undef RULE_KIND
  };
  return infos;
}

const RuleKindInfo &ruleKindInfo(RuleKind kind) { return allRuleKinds()[static_cast<size_t>(kind)]; }

std::optional<RuleKind> findRuleKind(llvm::StringRef keyword) {
  static const llvm::StringMap<RuleKind> kinds = [] {
    llvm::StringMap<RuleKind> made;
    for (const RuleKindInfo &info : allRuleKinds())
      made[info.keyword] = info.kind;
    return made;
  }();
  auto found = kinds.find(keyword);
  return found == kinds.end() ? std::nullopt : std::optional(found->second);
}

std::string printModifiers(Modifiers modifiers) {
  std::string text;
  for (const ModifierWord &one : modifierWords)
    if (modifiers & one.modifier) text += (text.empty() ? "" : " ") + std::string(one.word);
  return text;
}

std::optional<Modifier> findModifier(llvm::StringRef word) {
  for (const ModifierWord &one : modifierWords)
    if (word == one.word) return one.modifier;
  return std::nullopt;
}

} // namespace snapsecc::ir
