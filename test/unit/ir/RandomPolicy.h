// SPDX-License-Identifier: Apache-2.0
// Policies made by chance from the tables alone, so that every kind and every part comes up, with hostile text in every
// string.
#pragma once
#include "ir/Policy.h"
#include <random>

namespace snapsecc::ir {

class RandomPolicy {
public:
  explicit RandomPolicy(unsigned seed) : random(seed) {}

  Policy make() {
    Policy policy;
    policy.target = text();
    for (unsigned i = 0; i < 5; ++i)
      policy.addOrigin({text(), upTo(1000), i, text(), upTo(1) ? text() : ""});
    Snap snap;
    snap.instance = "foo_1";
    snap.name = text();
    snap.revision = "x1";
    snap.mode = static_cast<Mode>(upTo(2));
    for (unsigned i = 0; i < 4; ++i)
      snap.layouts.push_back({static_cast<Layout::Kind>(i), text(), text(), "", text(), ""});
    Label label{"snap.foo_1.bar", "foo_1", "bar", LabelKind::Hook, static_cast<Mode>(upTo(2)), upTo(1) == 1, {}};
    for (const RuleKindInfo &info : allRuleKinds())
      for (unsigned i = 0; i < 3; ++i)
        (info.scope == Scope::Snap ? snap.rules : label.rules).push_back(rule(info, 0));
    policy.snaps.push_back(std::move(snap));
    policy.labels.push_back(std::move(label));
    policy.connections.push_back({text(), text(), text(), text(), text(), text()});
    return policy;
  }

  Rule rule(const RuleKindInfo &info, unsigned depth) {
    Rule made;
    made.kind = info.kind;
    made.modifiers = static_cast<Modifiers>(random()) & info.allowed;
    fill(made, info.signature.root);
    std::sort(made.operands.begin(), made.operands.end());
    for (unsigned i = upTo(2); i > 0; --i)
      made.origins.push_back(upTo(4));
    if (info.kind == RuleKind::Child && depth < 3)
      for (unsigned i = upTo(2); i > 0; --i)
        made.body.push_back(rule(allRuleKinds()[upTo(3)], depth + 1));
    return made;
  }

private:
  unsigned upTo(unsigned last) { return static_cast<unsigned>(random()) % (last + 1); }

  void fill(Rule &into, const Element &element) {
    switch (element.kind) {
    case Element::Kind::Word:
      if (element.part >= 0) add(into, element, {Value::word(element.words[upTo(element.words.size() - 1)])});
      break;
    case Element::Kind::Slot: {
      std::vector<Value> values;
      for (unsigned i = element.many ? upTo(3) : 0; i + 1 > 0; --i)
        values.push_back(value(element.type));
      add(into, element, std::move(values));
      break;
    }
    case Element::Kind::Optional:
      if (upTo(1)) fill(into, element.children.front());
      break;
    case Element::Kind::Sequence:
      for (const Element &child : element.children)
        fill(into, child);
      break;
    case Element::Kind::Either: fill(into, element.children[upTo(element.children.size() - 1)]); break;
    case Element::Kind::Repeat: break;
    }
  }
  static void add(Rule &into, const Element &element, std::vector<Value> values) {
    into.operands.push_back({static_cast<unsigned>(element.part), std::move(values)});
  }

  Value value(SlotType type) {
    const SlotTypeInfo &info = slotTypeInfo(type);
    auto listed = [&] { return info.words[upTo(info.words.size() - 1)]; };
    switch (info.cls) {
    case SlotClass::Words: return Value::word(listed());
    case SlotClass::Perms: {
      std::string letters;
      for (llvm::StringRef letter : info.words)
        if (upTo(1)) letters += letter;
      return Value::word(letters.empty() ? "r" : letters);
    }
    case SlotClass::Pattern:
    case SlotClass::Text: return type != SlotType::String && upTo(3) == 0 ? Value::word(word()) : Value::string(text());
    case SlotClass::Call: // `network any` is no family
      return type != SlotType::Family && upTo(1) ? Value::word(listed()) : Value::call(listed(), arguments(0));
    case SlotClass::Syscall: return upTo(1) ? Value::word(word()) : Value::call(word(), arguments(0));
    case SlotClass::Name: return type == SlotType::Name ? Value::word(word()) : Value::call(word(), arguments(0));
    }
    return {};
  }

  std::vector<Value> arguments(unsigned depth) {
    std::vector<Value> made;
    for (unsigned i = upTo(3); i > 0; --i)
      made.push_back(argument(depth));
    return made;
  }
  Value argument(unsigned depth) {
    auto number = [&] {
      return static_cast<int64_t>((uint64_t(random()) << 32 | random()) >> upTo(63)) * (upTo(1) ? 1 : -1);
    };
    switch (upTo(depth < 3 ? 7 : 4)) {
    case 0: return {Value::Kind::Any, "", 0, 0, {}};
    case 1: return Value::word(word());
    case 2: return Value::string(text());
    case 3: return Value::integer(number());
    case 4: return {Value::Kind::Range, "", number(), number(), {}};
    case 5: return {Value::Kind::List, "", 0, 0, arguments(depth + 1)};
    case 6: {
      static constexpr const char *comparisons[] = {"==", "!=", "<", "<=", ">", ">="};
      return {Value::Kind::Compare, comparisons[upTo(5)], 0, 0, {argument(depth + 1)}};
    }
    default: return Value::call(word(), arguments(depth + 1));
    }
  }

  std::string word() {
    static constexpr const char *words[] = {"x",   "_y",    "AF_INET", "rtmin+1", "fuse.sshfs",
                                            "a-b", "label", "sir",     "S_ISUID"};
    return words[upTo(8)];
  }
  std::string text() {
    static constexpr const char *pieces[] = {"/a",   "\"",       "\\",   "\n", " ",   "{b,c}", "**",
                                             "${x}", "\xc3\xa4", "\xff", "#",  "@3;", "->",    "}"};
    std::string made;
    for (unsigned i = upTo(6); i > 0; --i)
      made += pieces[upTo(13)];
    if (upTo(9) == 0) made.push_back('\0');
    return made;
  }

  std::mt19937 random;
};

} // namespace snapsecc::ir
