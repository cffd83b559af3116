// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "ir/passes/Operands.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::ir {
namespace {

// An abstract socket address may hold NUL. The tables know names without it, so that nothing would be left of one.
bool holdsNul(const Part &part, llvm::StringRef pattern) {
  if (part.type != SlotType::Address) return false;
  llvm::Expected<std::string> bytes = automata::readEscapes(pattern);
  if (bytes) return bytes->find("\\x00") != std::string::npos;
  llvm::consumeError(bytes.takeError());
  return false;
}

bool isPattern(const Part &part) { return slotTypeInfo(part.type).cls == SlotClass::Pattern; }

// A word stands for all: `any` among verbs and buses.
bool isAny(const Value &value) { return value.isWord("any"); }

// The flag `any` of signatures like "any / CAPABILITY+".
bool hasAnyFlag(const Rule &rule) {
  std::optional<unsigned> flag = rule.signature().find("any");
  return flag && rule.signature().parts[*flag].isFlag && !valuesOf(rule, *flag).empty();
}

bool modifiersImply(Modifiers strong, Modifiers modifiers) {
  if ((strong & ~Audit) != (modifiers & ~Audit)) return false;
  bool deny = (strong & Deny) != 0, strongAudit = (strong & Audit) != 0, audit = (modifiers & Audit) != 0;
  return deny ? strongAudit == audit : strongAudit || !audit;
}

} // namespace

llvm::ArrayRef<Value> valuesOf(const Rule &rule, unsigned part) {
  for (const Rule::Operand &operand : rule.operands)
    if (operand.part == part) return operand.values;
  return {};
}

bool isComparable(RuleKind kind) {
  switch (kind) {
  case RuleKind::Capability:
  case RuleKind::Network:
  case RuleKind::Unix:
  case RuleKind::Dbus:
  case RuleKind::Signal:
  case RuleKind::Ptrace:
  case RuleKind::Mqueue:
  case RuleKind::Userns:
  case RuleKind::IoUring:
  case RuleKind::Syscall:
  case RuleKind::Mount:
  case RuleKind::Umount:
  case RuleKind::Everything: return true;
  default: return false;
  }
}

std::optional<llvm::StringRef> divisibleList(RuleKind kind) {
  if (kind == RuleKind::Capability) return llvm::StringRef("CAPABILITY");
  if (kind == RuleKind::Syscall) return llvm::StringRef("SYSCALL");
  return std::nullopt;
}

bool isOrdered(RuleKind kind) { return kind == RuleKind::Busconfig; }

bool isSet(const Part &part) {
  SlotClass cls = slotTypeInfo(part.type).cls;
  return part.many && (cls == SlotClass::Pattern || cls == SlotClass::Words || cls == SlotClass::Syscall);
}

std::optional<unsigned> firstList(const Signature &signature) {
  for (unsigned i = 0; i < signature.parts.size(); ++i)
    if (signature.parts[i].many && !signature.parts[i].isFlag) return i;
  return std::nullopt;
}

OperandTables::OperandTables()
    : paths(automata::standardVariables()), names(automata::standardVariables(), automata::Slashes::Keep) {}

bool OperandTables::includes(RuleKind kind, const Part &part, llvm::ArrayRef<Value> all, const Value &value) {
  if (llvm::is_contained(all, value) || llvm::any_of(all, isAny)) return true;
  // A system call without arguments is the call with any.
  if (slotTypeInfo(part.type).cls == SlotClass::Syscall && value.kind == Value::Kind::Call)
    return llvm::any_of(all, [&](const Value &other) { return other.isWord(value.text); });
  if (!isPattern(part) || value.kind != Value::Kind::String || holdsNul(part, value.text)) return false;
  automata::PatternTable &table = tableOf(kind, part.type);
  llvm::Expected<automata::PatternTable::Id> whole = table.add(value.text);
  std::vector<automata::PatternTable::Id> parts;
  for (const Value &other : all) {
    if (other.kind != Value::Kind::String) continue;
    llvm::Expected<automata::PatternTable::Id> id = table.add(other.text);
    if (id)
      parts.push_back(*id);
    else
      llvm::consumeError(id.takeError());
  }
  if (whole) return table.covered(*whole, parts, 500) == true;
  llvm::consumeError(whole.takeError());
  return false;
}

bool OperandTables::implies(const Rule &strong, const Rule &rule) { return implies(strong, rule, std::nullopt); }

// `but`: a part that is not compared.
bool OperandTables::implies(const Rule &strong, const Rule &rule, std::optional<unsigned> but) {
  if (strong.kind != rule.kind || !modifiersImply(strong.modifiers, rule.modifiers)) return false;
  const Signature &signature = rule.signature();
  bool all = hasAnyFlag(strong);
  for (const Rule::Operand &operand : strong.operands) {
    const Part &part = signature.parts[operand.part];
    if ((part.isFlag && part.role == "any") || operand.part == but) continue;
    llvm::ArrayRef<Value> values = valuesOf(rule, operand.part);
    if (part.isFlag ? !(llvm::makeArrayRef(operand.values) == values) : values.empty()) return false;
  }
  if (all) return true;
  if (hasAnyFlag(rule)) return false;
  for (const Rule::Operand &operand : strong.operands) {
    const Part &part = signature.parts[operand.part];
    if (part.isFlag || operand.part == but) continue;
    llvm::ArrayRef<Value> values = valuesOf(rule, operand.part);
    // The options of a mount are one condition.
    if (part.type == SlotType::MntOpt && !(llvm::makeArrayRef(operand.values) == values)) return false;
    for (const Value &value : values)
      if (!includes(rule.kind, part, operand.values, value)) return false;
  }
  return true;
}

bool OperandTables::impliedByUnion(llvm::ArrayRef<Rule> others, const Rule &rule) {
  for (const Rule::Operand &operand : rule.operands) {
    const Part &part = rule.signature().parts[operand.part];
    if (!isPattern(part) || part.role == "except") continue;
    std::vector<Value> together;
    for (const Rule &other : others) {
      llvm::ArrayRef<Value> values = valuesOf(other, operand.part);
      if (!values.empty() && implies(other, rule, operand.part))
        together.insert(together.end(), values.begin(), values.end());
    }
    if (llvm::all_of(operand.values, [&](const Value &value) { return includes(rule.kind, part, together, value); }))
      return true;
  }
  return false;
}

bool OperandTables::impliesValue(const Rule &strong, const Rule &rule, llvm::StringRef list, uint32_t value) {
  if (strong.kind != rule.kind || !modifiersImply(strong.modifiers, rule.modifiers)) return false;
  unsigned index = rule.signature().index(list);
  return includes(rule.kind, rule.signature().parts[index], valuesOf(strong, index), valuesOf(rule, index)[value]);
}

bool OperandTables::meets(RuleKind kind, const Part &part, const Value &a, const Value &b) {
  if (isAny(a) || isAny(b)) return true;
  if (isPattern(part) && (a.kind == Value::Kind::String || b.kind == Value::Kind::String)) {
    // A word among patterns (`unconfined`, `none`) is a name like others, but "none" is no address.
    if (part.type == SlotType::Address && a.kind != b.kind) return false;
    if (holdsNul(part, a.text) || holdsNul(part, b.text)) return true; // perhaps
    automata::PatternTable &table = tableOf(kind, part.type);
    llvm::Expected<automata::PatternTable::Id> x = table.add(a.text), y = table.add(b.text);
    bool overlap = !x || !y || table.overlap(*x, *y);
    llvm::consumeError(x.takeError());
    llvm::consumeError(y.takeError());
    return overlap;
  }
  if (a.kind == Value::Kind::Word || a.kind == Value::Kind::Call) return a.text == b.text;
  return a == b;
}

bool OperandTables::overlapsValue(const Rule &other, unsigned part, const Value &value) {
  llvm::ArrayRef<Value> values = valuesOf(other, part);
  const Part &info = other.signature().parts[part];
  return values.empty() || llvm::any_of(values, [&](const Value &own) { return meets(other.kind, info, own, value); });
}

bool OperandTables::overlaps(const Rule &a, const Rule &b, std::optional<unsigned> list) {
  if (a.kind != b.kind) return false;
  const Signature &signature = a.signature();
  for (const Rule::Operand &operand : a.operands) {
    if (signature.parts[operand.part].isFlag || operand.part == list) continue;
    bool met = llvm::any_of(operand.values, [&](const Value &value) { return overlapsValue(b, operand.part, value); });
    if (!met) return false;
  }
  return true;
}

} // namespace snapsecc::ir
