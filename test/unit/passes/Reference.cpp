// SPDX-License-Identifier: Apache-2.0
#include "test/unit/passes/Reference.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace snapsecc::ir;

namespace reference {
namespace {

struct Mount {
  std::string source, target, fstype;
  std::set<std::string> options;
  std::string spelled() const {
    return "mount " + source + " -> " + target + (fstype.empty() ? "" : " " + fstype) + " [" +
           llvm::join(options, " ") + "]";
  }
};

std::string unquoted(llvm::StringRef text) { return text.trim().trim('"').str(); }

// Takes `key=VALUE` or `key=(VALUE VALUE)` off the front.
std::set<std::string> takeConditional(llvm::StringRef &rest, llvm::StringRef key) {
  std::set<std::string> values;
  if (!rest.consume_front(key)) return values;
  bool list = rest.consume_front("(");
  llvm::StringRef inside = rest.take_until([&](char c) { return list ? c == ')' : c == ' '; });
  rest = rest.drop_front(inside.size()).ltrim(") ");
  llvm::SmallVector<llvm::StringRef, 4> words;
  llvm::SplitString(inside, words, ", ");
  for (llvm::StringRef word : words)
    values.insert(word.str());
  return values;
}

std::string spellMount(llvm::StringRef rest, bool remount) {
  Mount mount;
  std::set<std::string> fstype = takeConditional(rest, "fstype=");
  if (!fstype.empty()) mount.fstype = *fstype.begin();
  mount.options = takeConditional(rest, "options=");
  if (remount) mount.options.insert("remount");
  auto [source, target] = rest.split("->");
  mount.source = unquoted(source);
  mount.target = unquoted(target);
  if (remount) std::swap(mount.source, mount.target);
  return mount.spelled();
}

void spellFile(llvm::StringRef path, llvm::StringRef perms, bool owner, std::set<std::string> &into) {
  size_t brace = path.find("{,var/lib/snapd/hostfs/}");
  if (brace != llvm::StringRef::npos) {
    llvm::StringRef tail = path.drop_front(brace + strlen("{,var/lib/snapd/hostfs/}"));
    spellFile((path.take_front(brace) + tail).str(), perms, owner, into);
    return spellFile((path.take_front(brace) + "var/lib/snapd/hostfs/" + tail).str(), perms, owner, into);
  }
  for (char perm : perms)
    into.insert((owner ? "owner " : "") + path.str() + " " + perm);
}

} // namespace

std::vector<llvm::json::Object> readLines(llvm::StringRef name) {
  std::vector<llvm::json::Object> objects;
  auto buffer = llvm::MemoryBuffer::getFile("../shared/reference/" + name.str());
  if (!buffer) return objects;
  llvm::SmallVector<llvm::StringRef, 0> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, false);
  for (llvm::StringRef line : lines)
    objects.push_back(std::move(*llvm::cantFail(llvm::json::parse(line)).getAsObject()));
  return objects;
}

std::vector<std::string> strings(const llvm::json::Object &object, llvm::StringRef key) {
  std::vector<std::string> found;
  if (const llvm::json::Array *array = object.getArray(key))
    for (const llvm::json::Value &value : *array)
      found.push_back(value.getAsString()->str());
  return found;
}

std::set<std::string> spell(const std::vector<std::string> &rules) {
  std::set<std::string> spelled;
  for (llvm::StringRef rule : rules) {
    if (rule.consume_front("mount "))
      spelled.insert(spellMount(rule, false));
    else if (rule.consume_front("remount "))
      spelled.insert(spellMount(rule, true));
    else if (rule.consume_front("umount "))
      spelled.insert("umount " + unquoted(rule));
    else {
      bool owner = rule.consume_front("owner ");
      auto [path, perms] = rule.rsplit(' ');
      spellFile(unquoted(path), perms, owner, spelled);
    }
  }
  return spelled;
}

std::set<std::string> spell(const std::vector<Rule> &rules) {
  std::set<std::string> spelled;
  for (const Rule &rule : rules) {
    switch (rule.kind) {
    case RuleKind::File: spellFile(rule.text("GLOB"), rule.text("PERMS"), rule.is(Owner), spelled); break;
    case RuleKind::Umount: spelled.insert("umount " + rule.text("GLOB").str()); break;
    case RuleKind::Mount: {
      Mount mount{rule.text("GLOB").str(), rule.text("->").str(), rule.text("fstype").str(), {}};
      for (const Value &option : rule.get("options"))
        mount.options.insert(option.text);
      spelled.insert(mount.spelled());
      break;
    }
    default: spelled.insert("unexpected rule");
    }
  }
  return spelled;
}

} // namespace reference
