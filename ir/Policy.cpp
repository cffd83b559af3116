// SPDX-License-Identifier: Apache-2.0
// Access to the parts of rules by their roles, and to the pieces of a policy by their names.
#include "ir/Policy.h"
#include <algorithm>

namespace snapsecc::ir {
namespace {

// Where the operand of a part is, or belongs.
std::vector<Rule::Operand>::const_iterator lowerBound(const std::vector<Rule::Operand> &operands, unsigned part) {
  return std::lower_bound(operands.begin(), operands.end(), part,
                          [](const Rule::Operand &operand, unsigned wanted) { return operand.part < wanted; });
}

size_t countRules(llvm::ArrayRef<Rule> rules) {
  size_t count = rules.size();
  for (const Rule &rule : rules)
    count += countRules(rule.body);
  return count;
}

} // namespace

llvm::ArrayRef<Value> Rule::get(llvm::StringRef role) const {
  unsigned part = signature().index(role);
  auto at = lowerBound(operands, part);
  if (at == operands.end() || at->part != part) return {};
  return at->values;
}

llvm::StringRef Rule::text(llvm::StringRef role) const {
  llvm::ArrayRef<Value> values = get(role);
  return values.empty() ? llvm::StringRef() : llvm::StringRef(values.front().text);
}

void Rule::set(llvm::StringRef role, std::vector<Value> values) {
  unsigned part = signature().index(role);
  auto at = operands.begin() + (lowerBound(operands, part) - operands.begin());
  bool present = at != operands.end() && at->part == part;
  if (values.empty()) {
    if (present) operands.erase(at);
  } else if (present) {
    at->values = std::move(values);
  } else {
    operands.insert(at, {part, std::move(values)});
  }
}

bool Rule::sameAs(const Rule &other) const {
  return kind == other.kind && modifiers == other.modifiers && operands == other.operands &&
         std::equal(body.begin(), body.end(), other.body.begin(), other.body.end(),
                    [](const Rule &a, const Rule &b) { return a.sameAs(b); });
}

// Rules of one statement come one after the other, so the last origin is the one that may be there already.
OriginId Policy::addOrigin(Origin origin) {
  if (origins.empty() || origins.back() != origin) origins.push_back(std::move(origin));
  return static_cast<OriginId>(origins.size() - 1);
}

const Label *Policy::findLabel(llvm::StringRef name) const {
  for (const Label &label : labels)
    if (label.name == name) return &label;
  return nullptr;
}

const Snap *Policy::findSnap(llvm::StringRef instance) const {
  for (const Snap &snap : snaps)
    if (snap.instance == instance) return &snap;
  return nullptr;
}

size_t Policy::ruleCount() const {
  size_t count = 0;
  for (const Label &label : labels)
    count += countRules(label.rules);
  for (const Snap &snap : snaps)
    count += countRules(snap.rules);
  return count;
}

} // namespace snapsecc::ir
