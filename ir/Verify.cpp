// SPDX-License-Identifier: Apache-2.0
// What every policy between two steps satisfies, in this order: the policy's own lists; of each rule its modifiers, its
// scope, its operands and their values, its place in the signature (by the matcher, so that what is printed reads
// back), its origins, its body.
#include "ir/RuleItems.h"
#include "ir/Text.h"
#include "llvm/ADT/Twine.h"

namespace snapsecc::ir {
namespace {

constexpr size_t maxMessages = 50;

class Verifier {
public:
  explicit Verifier(const Policy &verified) : policy(verified) {}

  std::vector<std::string> run() {
    sortedByName(
        policy.snaps, [](const Snap &snap) { return llvm::StringRef(snap.instance); }, "snap");
    sortedByName(
        policy.labels, [](const Label &label) { return llvm::StringRef(label.name); }, "label");
    for (const Snap &snap : policy.snaps)
      rules(snap.rules, Scope::Snap, "snap " + snap.instance, 0);
    for (const Label &label : policy.labels) {
      std::string where = "label " + label.name;
      if (!policy.findSnap(label.snap)) add(where, "there is no snap '" + label.snap + "'");
      if (label.app.empty() != (label.kind == LabelKind::MountHelper))
        add(where, "an app or a hook has a name, the mount helper none");
      rules(label.rules, Scope::Label, where, 0);
    }
    return std::move(messages);
  }

private:
  void add(llvm::StringRef where, const llvm::Twine &what) {
    if (messages.size() < maxMessages) messages.push_back((where + ": " + what).str());
  }

  template <class Entry, class Name>
  void sortedByName(const std::vector<Entry> &list, Name name, llvm::StringRef what) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (name(list[i]).empty()) add(what, "one has no name");
      if (i > 0 && !(name(list[i - 1]) < name(list[i])))
        add(what, "'" + name(list[i]) + "' stands behind '" + name(list[i - 1]) + "'; names are sorted and differ");
    }
  }

  void rules(const std::vector<Rule> &list, Scope scope, const std::string &where, unsigned depth) {
    for (const Rule &one : list) {
      std::string found = rule(one, scope, depth);
      if (!found.empty()) {
        add(where, found);
        if (messages.size() == maxMessages) return;
      }
      if (!one.body.empty() && depth < maxTextDepth) rules(one.body, scope, where, depth + 1);
    }
  }

  // What is wrong with it; empty: nothing. A rule is printed only where it is sound enough for that.
  std::string rule(const Rule &one, Scope scope, unsigned depth) const {
    const RuleKindInfo &info = ruleKindInfo(one.kind);
    const std::vector<Part> &parts = info.signature.parts;
    auto says = [&](const llvm::Twine &what) { return ("'" + llvm::StringRef(info.keyword) + "': " + what).str(); };
    for (size_t i = 0; i < one.operands.size(); ++i) {
      if (one.operands[i].part >= parts.size()) return says("an operand is none of its parts");
      if (i > 0 && one.operands[i - 1].part >= one.operands[i].part)
        return says("operands are not sorted by their parts");
      if (one.operands[i].values.empty())
        return says("the operand '" + parts[one.operands[i].part].role + "' has no value");
    }
    for (const Rule::Operand &operand : one.operands)
      for (const Value &value : operand.values) {
        const Part &part = parts[operand.part];
        if (std::string found = checkValue(value, 0); !found.empty()) return says(found);
        if (!part.isFlag && !isConcrete(part.type, value))
          return says("'" + print(value) + "' is not " + slotTypeInfo(part.type).doc);
      }
    auto quoted = [&](const llvm::Twine &what) { return ("'" + printRule(one) + "': " + what).str(); };
    if (Modifiers wrong = one.modifiers & ~info.allowed)
      return quoted("'" + printModifiers(wrong) + "' does not apply");
    if (info.scope != scope) return quoted(scope == Scope::Label ? "is a rule of a snap" : "is a rule of a label");
    if (!one.body.empty() && one.kind != RuleKind::Child) return quoted("only a child profile holds rules");
    if (!one.body.empty() && depth == maxTextDepth) return quoted("child profiles nest too deep");
    for (OriginId origin : one.origins)
      if (origin >= policy.origins.size()) return quoted("there is no origin " + llvm::Twine(origin));
    return shape(one) ? "" : quoted("does not fit '" + llvm::Twine(info.signatureText) + "'");
  }

  // Does the rule, written out, mean itself?
  static bool shape(const Rule &one) {
    std::vector<Item> items;
    for (const RuleItem &item : itemsOf(one)) {
      items.push_back({item.word == "->", {}});
      if (!item.word.empty() && item.word != "->")
        items.back().values.push_back({Shape::Kind::Word, item.word.str(), false});
      for (const Value &value : item.values)
        items.back().values.push_back(shapeOf(value));
    }
    MatchResult result = matchStatement(one.signature(), items);
    return result.match &&
           std::equal(
               one.operands.begin(), one.operands.end(), result.match->filled.begin(), result.match->filled.end(),
               [](const Rule::Operand &operand, const Match::Filled &filled) { return operand.part == filled.part; });
  }

  static std::string checkValue(const Value &value, unsigned depth) {
    using Kind = Value::Kind;
    if (depth > maxTextDepth) return "values nest too deep";
    bool named = value.kind == Kind::Word || value.kind == Kind::Call;
    if (named && !isWord(value.text)) return "'" + value.text + "' is no word";
    bool open = value.kind == Kind::Call || value.kind == Kind::List || value.kind == Kind::Compare;
    if (!open && !value.args.empty()) return "only calls, lists and comparisons have arguments";
    if (value.kind == Kind::Compare) {
      if (!isComparison(value.text) || value.args.size() != 1)
        return "'" + value.text + "' is no comparison with one value";
    }
    for (const Value &argument : value.args)
      if (std::string found = checkValue(argument, depth + 1); !found.empty()) return found;
    return "";
  }

  const Policy &policy;
  std::vector<std::string> messages;
};

} // namespace

std::vector<std::string> verify(const Policy &policy) { return Verifier(policy).run(); }

} // namespace snapsecc::ir
