// SPDX-License-Identifier: Apache-2.0
// See the header. How rules add up is apparmor.d(5): permissions are united, `owner` holds for the owner alone, `deny`
// beats what is allowed, `audit` holds for whatever any audited rule names.
#include "ir/passes/FileRules.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc::ir {
namespace {

constexpr llvm::StringLiteral permissionLetters = "rwamklx";

std::string transitionOf(const Rule &rule) {
  std::string out;
  for (const Value &value : rule.get("->"))
    out += (out.empty() ? "" : ",") + print(value);
  if (rule.has("unsafe")) out += " unsafe";
  return out == "inherit" ? "" : out;
}

Permissions permissionsOf(const Rule &rule) {
  if (rule.kind == RuleKind::Exec) return Execute;
  Permissions out = parsePermissions(rule.text("PERMS"));
  return out & Write ? out | Append : out;
}

// Can `other` give on its paths what `grant` gives by this permission?
bool canGive(const PathGrant &other, const PathGrant &grant, Permissions permission) {
  if (!(other.permissions & permission)) return false;
  bool owner = (grant.modifiers & Owner) != 0, otherOwner = (other.modifiers & Owner) != 0;
  if (otherOwner && !owner) return false;
  bool audit = (grant.modifiers & Audit) != 0, otherAudit = (other.modifiers & Audit) != 0;
  bool deny = (grant.modifiers & Deny) != 0, otherDeny = (other.modifiers & Deny) != 0;
  if (otherDeny && !deny) return !audit; // what is denied is not allowed anyway
  if (deny != otherDeny || (grant.modifiers & (Weak | Prompt)) != (other.modifiers & (Weak | Prompt))) return false;
  // A deny keeps silent unless it is audited; an allowed access is recorded where any rule says so.
  if (deny ? audit != otherAudit : audit && !otherAudit) return false;
  return permission != Execute || other.transition == grant.transition;
}

} // namespace

Permissions parsePermissions(llvm::StringRef letters) {
  Permissions out = 0;
  for (char letter : letters) {
    size_t bit = permissionLetters.find(letter);
    assert(bit != llvm::StringRef::npos && "a permission that no table knows");
    out |= static_cast<Permissions>(1u << bit);
  }
  return out;
}

std::string printPermissions(Permissions permissions) {
  std::string out;
  if (permissions & Write) permissions &= ~Append;
  for (size_t bit = 0; bit < permissionLetters.size(); ++bit)
    if (permissions & (1u << bit)) out += permissionLetters[bit];
  return out;
}

std::vector<PathGrant> pathGrants(llvm::ArrayRef<Rule> rules, automata::PatternTable &paths) {
  std::vector<PathGrant> out;
  for (uint32_t i = 0; i < rules.size(); ++i) {
    const Rule &rule = rules[i];
    if (rule.kind != RuleKind::File && rule.kind != RuleKind::Exec && rule.kind != RuleKind::Device) continue;
    if (rule.has("except")) continue;
    PathGrant grant;
    grant.rule = i;
    grant.permissions = permissionsOf(rule);
    grant.modifiers = rule.modifiers;
    grant.removable = rule.kind != RuleKind::Device;
    if (rule.kind == RuleKind::Exec) grant.transition = transitionOf(rule);
    if (grant.permissions == 0) continue; // a device for the cgroup alone
    llvm::ArrayRef<Value> values = rule.get("GLOB");
    for (grant.value = 0; grant.value < values.size(); ++grant.value) {
      llvm::Expected<automata::PatternTable::Id> path = paths.add(values[grant.value].text);
      if (path) {
        grant.path = *path;
        out.push_back(grant);
      } else {
        llvm::consumeError(path.takeError());
      }
    }
  }
  return out;
}

GrantIndex::GrantIndex(llvm::ArrayRef<PathGrant> grants, const automata::PatternTable &paths) : table(paths) {
  for (uint32_t i = 0; i < grants.size(); ++i)
    for (llvm::StringRef prefix : table.prefixes(grants[i].path))
      entries.push_back({prefix, i});
  llvm::stable_sort(entries, [](const Entry &a, const Entry &b) { return a.prefix < b.prefix; });
  for (uint32_t i = 0; i < entries.size(); ++i)
    ranges.try_emplace(entries[i].prefix, i, i).first->second.second = i + 1;
}

std::vector<uint32_t> GrantIndex::meeting(const PathGrant &grant) const {
  std::vector<uint32_t> out;
  for (llvm::StringRef prefix : table.prefixes(grant.path)) {
    for (size_t length = 0; length < prefix.size(); ++length) {
      auto found = ranges.find(prefix.take_front(length));
      if (found == ranges.end()) continue;
      for (uint32_t i = found->second.first; i < found->second.second; ++i)
        out.push_back(entries[i].grant);
    }
    auto longer = llvm::lower_bound(entries, prefix,
                                    [](const Entry &entry, llvm::StringRef wanted) { return entry.prefix < wanted; });
    for (; longer != entries.end() && longer->prefix.startswith(prefix); ++longer)
      out.push_back(longer->grant);
  }
  llvm::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<bool> isImplied(const PathGrant &grant, llvm::ArrayRef<PathGrant> grants, llvm::ArrayRef<uint32_t> others,
                              automata::PatternTable &paths, unsigned unionStates) {
  std::vector<automata::PatternTable::Id> known; // that cover the path
  Permissions wanted = grant.permissions & Write ? grant.permissions & ~Append : grant.permissions;
  std::optional<bool> all = true;
  for (unsigned bit = Read; bit <= Execute; bit <<= 1) {
    if (!(wanted & bit)) continue;
    std::vector<automata::PatternTable::Id> parts;
    for (uint32_t other : others)
      if (canGive(grants[other], grant, static_cast<Permissions>(bit))) parts.push_back(grants[other].path);
    llvm::sort(parts);
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    if (parts == known && !known.empty()) continue;
    std::optional<bool> covered = paths.covered(grant.path, parts, unionStates);
    if (covered == false) return false;
    if (!covered) all = std::nullopt;
    known = std::move(parts);
  }
  return all;
}

bool removeValues(Rule &rule, llvm::StringRef role, llvm::ArrayRef<uint32_t> indices) {
  std::vector<Value> kept;
  llvm::ArrayRef<Value> values = rule.get(role);
  for (uint32_t i = 0; i < values.size(); ++i)
    if (!llvm::is_contained(indices, i)) kept.push_back(values[i]);
  bool empty = kept.empty();
  rule.set(role, std::move(kept));
  return empty;
}

void mergeOrigins(Rule &into, const Rule &from) {
  for (OriginId origin : from.origins)
    if (!llvm::is_contained(into.origins, origin)) into.origins.push_back(origin);
}

void PathMoves::apply() {
  std::vector<Rule> out;
  for (uint32_t i = 0; i < rules.size(); ++i) {
    llvm::sort(taken[i]);
    if (taken[i].empty() || !removeValues(rules[i], part, taken[i])) out.push_back(std::move(rules[i]));
    for (Rule &rule : made[i])
      out.push_back(std::move(rule));
  }
  rules = std::move(out);
}

} // namespace snapsecc::ir
