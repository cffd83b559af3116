// SPDX-License-Identifier: Apache-2.0
// A policy as text, one statement a line; fields that are empty are left out, so that there is one text for a policy.
#include "ir/RuleItems.h"
#include "ir/Text.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::ir {
namespace {

llvm::ArrayRef<Value> operand(const Rule &rule, int part) {
  for (const Rule::Operand &one : rule.operands)
    if (static_cast<int>(one.part) == part) return one.values;
  return {};
}

unsigned countFilled(const Rule &rule, const Element &element) {
  unsigned count = element.part >= 0 && !operand(rule, element.part).empty();
  for (const Element &child : element.children)
    count += countFilled(rule, child);
  return count;
}

class ItemWriter {
public:
  explicit ItemWriter(const Rule &written) : rule(written) {}

  void write(const Element &element) {
    switch (element.kind) {
    case Element::Kind::Word:
    case Element::Kind::Slot:
      if (llvm::ArrayRef<Value> values = operand(rule, element.part); !values.empty()) items.push_back({"", values});
      break;
    case Element::Kind::Sequence: writeSequence(element); break;
    case Element::Kind::Either: write(*fullest(element)); break;
    case Element::Kind::Optional:
    case Element::Kind::Repeat: write(element.children.front()); break;
    }
  }

  std::vector<RuleItem> items;

private:
  // A word without a part of its own stands where the slot behind it does.
  void writeSequence(const Element &element) {
    for (size_t i = 0; i < element.children.size(); ++i) {
      const Element &child = element.children[i];
      bool leads = child.kind == Element::Kind::Word && child.part < 0;
      if (leads && !operand(rule, element.children[i + 1].part).empty()) items.push_back({child.words.front(), {}});
      if (!leads) write(child);
    }
  }

  // The alternative that holds the most of what the rule has; verify finds out whether it holds all.
  const Element *fullest(const Element &element) const {
    const Element *best = &element.children.front();
    unsigned most = 0;
    for (const Element &child : element.children)
      if (unsigned count = countFilled(rule, child); count > most) {
        most = count;
        best = &child;
      }
    return best;
  }

  const Rule &rule;
};

llvm::StringRef name(Mode mode) {
  switch (mode) {
  case Mode::Enforce: return "enforce";
  case Mode::Complain: return "complain";
  case Mode::Unconfined: return "unconfined";
  }
  return "";
}
llvm::StringRef name(LabelKind kind) {
  switch (kind) {
  case LabelKind::App: return "app";
  case LabelKind::Hook: return "hook";
  case LabelKind::MountHelper: return "mount-helper";
  }
  return "";
}
llvm::StringRef name(Layout::Kind kind) {
  switch (kind) {
  case Layout::Kind::Bind: return "bind";
  case Layout::Kind::BindFile: return "bind-file";
  case Layout::Kind::Symlink: return "symlink";
  case Layout::Kind::Tmpfs: return "tmpfs";
  }
  return "";
}

class Printer {
public:
  explicit Printer(llvm::raw_ostream &stream) : out(stream) {}

  void policy(const Policy &policy) {
    out << "sir 1;\n";
    out << "target " << quoted(policy.target) << " system " << quoted(policy.system) << " arch " << quoted(policy.arch)
        << ";\n";
    if (policy.resolved) out << "resolved;\n";
    for (size_t i = 0; i < policy.origins.size(); ++i) {
      const Origin &origin = policy.origins[i];
      out << "origin " << i << " " << quoted(origin.file) << " " << origin.line << " " << origin.column << " "
          << quoted(origin.owner);
      if (!origin.reason.empty()) out << " " << quoted(origin.reason);
      out << ";\n";
    }
    for (const Snap &one : policy.snaps)
      snap(one);
    for (const Label &one : policy.labels)
      label(one);
    for (const Connection &one : policy.connections) {
      out << "connection";
      for (const std::string *text : {&one.interface, &one.plugSnap, &one.plug, &one.slotSnap, &one.slot, &one.why})
        out << " " << quoted(*text);
      out << ";\n";
    }
  }

private:
  static std::string quoted(llvm::StringRef text) { return print(Value::string(text)); }

  void field(llvm::StringRef keyword, llvm::StringRef text) {
    if (!text.empty()) out << "  " << keyword << " " << quoted(text) << ";\n";
  }

  void snap(const Snap &one) {
    out << "snap " << quoted(one.instance) << " {\n";
    field("name", one.name);
    field("revision", one.revision);
    field("version", one.version);
    field("base", one.base);
    field("type", one.type);
    out << "  mode " << name(one.mode) << ";\n";
    for (const Layout &layout : one.layouts) {
      out << "  layout " << name(layout.kind) << " " << quoted(layout.path);
      for (auto [word, text] : {std::pair("from", &layout.source),
                                {"user", &layout.user},
                                {"group", &layout.group},
                                {"mode", &layout.mode}})
        if (!text->empty()) out << " " << word << " " << quoted(*text);
      out << ";\n";
    }
    rules(one.rules, 1);
    out << "}\n";
  }

  void label(const Label &one) {
    out << "label " << quoted(one.name) << " {\n";
    field("snap", one.snap);
    field("app", one.app);
    out << "  kind " << name(one.kind) << ";\n";
    out << "  mode " << name(one.mode) << ";\n";
    if (one.daemon) out << "  daemon;\n";
    rules(one.rules, 1);
    out << "}\n";
  }

  void rules(const std::vector<Rule> &list, unsigned depth) {
    for (const Rule &rule : list) {
      std::string text = printRule(rule);
      bool block = text.back() == '{';
      llvm::StringRef head = llvm::StringRef(text).drop_back(block ? 2 : 1);
      out.indent(2 * depth) << head;
      for (size_t i = 0; i < rule.origins.size(); ++i)
        out << (i == 0 ? " @" : ",") << rule.origins[i];
      out << (block ? " {\n" : ";\n");
      if (!block) continue;
      rules(rule.body, depth + 1);
      out.indent(2 * depth) << "}\n";
    }
  }

  llvm::raw_ostream &out;
};

} // namespace

std::vector<RuleItem> itemsOf(const Rule &rule) {
  ItemWriter writer(rule);
  writer.write(rule.signature().root);
  return std::move(writer.items);
}

Shape shapeOf(const Value &value) {
  switch (value.kind) {
  case Value::Kind::Word: return {Shape::Kind::Word, value.text, false};
  case Value::Kind::String: return {Shape::Kind::String, value.text, false};
  case Value::Kind::Call: return {Shape::Kind::Call, value.text, false};
  case Value::Kind::List: return {Shape::Kind::List, "", false};
  default: return {Shape::Kind::Number, "", false};
  }
}

bool isConcrete(SlotType type, const Value &value) {
  using Kind = Value::Kind;
  switch (slotTypeInfo(type).cls) {
  case SlotClass::Pattern:
  case SlotClass::Text: return value.kind == Kind::Word || value.kind == Kind::String;
  case SlotClass::Words:
  case SlotClass::Perms: return value.kind == Kind::Word;
  case SlotClass::Call:
  case SlotClass::Syscall: return value.kind == Kind::Word || value.kind == Kind::Call;
  case SlotClass::Name: return true;
  }
  return false;
}

bool isComparison(llvm::StringRef text) {
  return text == "==" || text == "!=" || text == "<" || text == "<=" || text == ">" || text == ">=";
}

std::string printRule(const Rule &rule) {
  std::string text = printModifiers(rule.modifiers);
  if (!text.empty()) text += " ";
  text += ruleKindInfo(rule.kind).keyword;
  for (const RuleItem &item : itemsOf(rule)) {
    text += (" " + item.word).str();
    for (size_t i = 0; i < item.values.size(); ++i)
      text += (i == 0 ? "" : ", ") + print(item.values[i]);
  }
  return text + (rule.kind == RuleKind::Child ? " {" : ";");
}

void print(const Policy &policy, llvm::raw_ostream &out) { Printer(out).policy(policy); }

} // namespace snapsecc::ir
