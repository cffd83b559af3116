// SPDX-License-Identifier: Apache-2.0
// Profiles, and the loop over what is in them. Facts: parser_yacc.y (profile_base, flagvals, opt_prefix, rules).
#include "automata/Pattern.h"
#include "reader/ProfileReader.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::reader {
using ir::Modifier;
using ir::RuleKind;
using ir::Value;
using llvm::StringRef;

namespace {

constexpr unsigned maxNesting = 16;

// `:ns:name`, `:ns://name` -> `name`.
StringRef withoutNamespace(StringRef name) {
  if (!name.startswith(":")) return name;
  StringRef rest = name.drop_front().split(':').second;
  rest.consume_front("//");
  return rest.empty() ? name : rest;
}

// "interfaces/home.sif:12: interface home plug: the reason", as `compile --annotate` writes it.
std::optional<ir::Origin> annotation(StringRef comment) {
  auto [file, rest] = comment.split(':');
  auto [line, text] = rest.split(':');
  ir::Origin origin;
  if (!file.endswith(".sif") && !file.endswith(".yaml")) return std::nullopt;
  if (line.getAsInteger(10, origin.line) || !text.startswith(" ")) return std::nullopt;
  auto [owner, reason] = text.drop_front().split(": ");
  origin.file = file.str();
  origin.owner = owner.str();
  origin.reason = reason.str();
  return origin;
}

struct PrefixWord {
  StringRef word;
  ir::Modifiers modifier;
};
constexpr PrefixWord prefixWords[] = {
    {"audit", Modifier::Audit},   {"deny", Modifier::Deny},   {"allow", 0},
    {"prompt", Modifier::Prompt}, {"owner", Modifier::Owner}, {"user", Modifier::Owner}};

} // namespace

bool ProfileReader::expected(StringRef what) {
  engine.report<diag::ProfileSyntax>(scanner->here(), what, scanner->describeNext());
  return false;
}

bool ProfileReader::unsupported(SourceRange range, StringRef what, StringRef why) {
  engine.report<diag::ProfileUnsupported>(range, what, why);
  return false;
}

bool ProfileReader::endOfRule() { return scanner->takeSymbol(",") || expected("',' at the end of the rule"); }

void ProfileReader::skipStatement() {
  if (scanner->isBehindRule()) return; // the mistake is in a rule that was read to its end
  unsigned open = 0;
  while (char c = scanner->peek()) {
    if (c == '{') ++open;
    if (c == '}') {
      if (open == 0) return;
      --open;
    }
    if (scanner->takeName(Scanner::Style::Free)) {
      if (open == 0 && scanner->peekSymbol(",")) break;
      continue;
    }
    scanner->skipLine();
    break;
  }
  scanner->takeSymbol(",");
}

ir::OriginId ProfileReader::origin(uint32_t begin) {
  if (std::optional<ir::Origin> known = annotation(scanner->comment())) {
    scanner->clearComment();
    return policy.addOrigin(std::move(*known));
  }
  const SourceFile &source = engine.sources().file(file);
  LineColumn where = source.lineColumn(begin);
  ir::Origin made{source.name(), where.line, where.column, "profile " + profileName, scanner->comment().str()};
  scanner->clearComment();
  return policy.addOrigin(std::move(made));
}

bool ProfileReader::add(Rules &into, Prefix prefix, RuleKind kind, const Operands &operands) {
  const ir::RuleKindInfo &info = ir::ruleKindInfo(kind);
  if (ir::Modifiers wrong = prefix.modifiers & ~info.allowed) {
    engine.report<diag::ModifierNotAllowed>(scanner->from(prefix.begin), ir::printModifiers(wrong), info.keyword);
    return false;
  }
  ir::Rule rule;
  rule.kind = kind;
  rule.modifiers = prefix.modifiers;
  for (const auto &[role, values] : operands)
    rule.set(role, values);
  rule.origins.push_back(origin(prefix.begin));
  into.push_back(std::move(rule));
  return true;
}

Prefix ProfileReader::prefix(Prefix around, bool &sound) {
  scanner->skipBlanks();
  around.begin = scanner->offset();
  sound = true;
  while (sound) {
    if (scanner->peekWord() == "priority" && scanner->peekCondition()) {
      sound = unsupported(scanner->here(), "priority=", "every rule has the same priority here");
      break;
    }
    if (scanner->peekWord() == "other") {
      sound = unsupported(scanner->here(), "other", "there is no right that the owner does not have");
      break;
    }
    auto found = llvm::find_if(prefixWords, [&](const PrefixWord &one) { return scanner->peekWord() == one.word; });
    if (found == std::end(prefixWords)) break;
    scanner->takeWord(found->word);
    around.modifiers |= found->modifier;
  }
  return around;
}

bool ProfileReader::flags(Rules &into) {
  uint32_t begin = scanner->offset();
  std::vector<Name> names;
  if (!listOf(names)) return false;
  std::vector<Value> values;
  for (const Name &name : names) {
    if (StringRef(name.text).contains('=')) return unsupported(name.range, "flag " + name.text, "flags have no values");
    std::optional<Value> value = word("flags", name, ir::SlotType::Flag);
    if (!value) return false;
    if (!llvm::is_contained(values, *value)) values.push_back(std::move(*value));
  }
  Prefix own;
  own.begin = begin;
  return add(into, own, RuleKind::Flags, {{"FLAG", values}});
}

// From the attachment up to the '{', which is taken.
bool ProfileReader::profileHead(Rules &into) {
  Prefix own;
  own.begin = scanner->here().begin;
  Operands attachment;
  char next = scanner->peek();
  if (next == '/' || next == '@' || next == '"') {
    std::optional<Name> name = scanner->takeName(Scanner::Style::Free);
    if (!name) return expected("an attachment");
    std::string path = pattern(*name, automata::Slashes::Fold);
    if (path.empty()) return false;
    attachment.push_back({"GLOB", {Value::string(path)}});
  }
  if (scanner->takeWord("xattrs")) {
    std::vector<Condition> list;
    if (attachment.empty() || !scanner->takeSymbol("=")) return expected("'=', behind an attachment");
    if (!conditionList(list)) return false;
    std::vector<Value> values;
    for (const Condition &one : list)
      for (const Name &value : one.values)
        values.push_back(Value::string(one.name + "=" + value.text));
    attachment.push_back({"xattrs", values});
  }
  if (!attachment.empty() && !add(into, own, RuleKind::Attach, attachment)) return false;
  if (scanner->takeWord("flags") && !scanner->takeSymbol("=")) return expected("'='");
  if (scanner->peekSymbol("(") && !flags(into)) return false;
  return scanner->takeSymbol("{") || expected("'{'");
}

bool ProfileReader::profile(Rules *into, bool hat) {
  scanner->skipBlanks();
  Prefix own;
  own.begin = scanner->offset();
  bool keyword = scanner->takeWord("profile");
  if (!keyword) hat = scanner->takeSymbol("^") || scanner->takeWord("hat") || hat;
  char next = scanner->peek();
  if (!keyword && !hat && next != '/' && next != '"' && next != ':' && next != '@')
    return expected("'profile', a name, a variable, 'include' or 'abi'");
  std::optional<Name> name = scanner->takeName(Scanner::Style::Free);
  if (!name) return expected("the name of a profile");
  if (nesting == maxNesting) {
    engine.report<diag::ProfileTooDeep>(name->range, "profiles and blocks", maxNesting);
    return false;
  }
  std::string outer = profileName;
  profileName = (into ? outer + "//" : "") + withoutNamespace(name->text).str();
  Rules rules;
  ir::OriginId where = origin(own.begin);
  bool sound = profileHead(rules) && block(rules, {});
  profileName = std::move(outer);
  if (!sound) return false;
  if (!into) {
    addLabel(*name, std::move(rules));
    return true;
  }
  ir::Rule child;
  child.kind = RuleKind::Child;
  child.set("WORD", {Value::string(name->text)});
  if (hat) child.set("hat", {Value::word("hat")});
  child.body = std::move(rules);
  child.origins.push_back(where);
  into->push_back(std::move(child));
  return true;
}

// A policy's labels belong to snaps; a profile that is none of snapd's is one of the snap "profile".
void ProfileReader::addLabel(const Name &name, Rules rules) {
  if (policy.findLabel(name.text)) {
    engine.report<diag::ProfileTwice>(name.range, name.text);
    return;
  }
  ir::Label label;
  label.name = name.text;
  llvm::SmallVector<StringRef, 3> parts;
  StringRef(name.text).split(parts, '.', 2);
  bool fromSnap = parts.size() == 3 && parts[0] == "snap";
  label.snap = fromSnap ? parts[1].str() : "profile";
  label.app = fromSnap ? parts[2].str() : name.text;
  label.kind = StringRef(label.app).startswith("hook.") ? ir::LabelKind::Hook : ir::LabelKind::App;
  label.rules = std::move(rules);
  if (!policy.findSnap(label.snap)) {
    ir::Snap snap;
    snap.name = snap.instance = label.snap;
    snap.type = "app";
    policy.snaps.push_back(std::move(snap));
    llvm::sort(policy.snaps, [](const ir::Snap &a, const ir::Snap &b) { return a.instance < b.instance; });
  }
  auto place =
      llvm::upper_bound(policy.labels, label, [](const ir::Label &a, const ir::Label &b) { return a.name < b.name; });
  policy.labels.insert(place, std::move(label));
}

bool ProfileReader::block(Rules &into, Prefix around) {
  if (nesting == maxNesting) {
    engine.report<diag::ProfileTooDeep>(scanner->here(), "profiles and blocks", maxNesting);
    return false;
  }
  ++nesting;
  rules(into, around, true);
  --nesting;
  return scanner->takeSymbol("}") || expected("'}'");
}

void ProfileReader::rules(Rules &into, Prefix around, bool untilBrace) {
  while (char next = scanner->peek()) {
    if (next == '}' && untilBrace) return;
    if (engine.errorCount() > 20) return;
    if (!statement(into, around)) {
      skipStatement();
      if (scanner->peek() == '}' && !untilBrace) return;
    }
  }
}

bool ProfileReader::conditional(Rules &into, Prefix around) {
  std::optional<bool> holds = condition(0);
  if (!holds || !(scanner->takeSymbol("{") || expected("'{'"))) return false;
  Rules then, otherwise;
  if (!block(then, around)) return false;
  if (scanner->takeWord("else")) {
    if (nesting == maxNesting) {
      engine.report<diag::ProfileTooDeep>(scanner->here(), "profiles and blocks", maxNesting);
      return false;
    }
    ++nesting;
    bool sound = scanner->takeWord("if") ? conditional(otherwise, around)
                                         : (scanner->takeSymbol("{") || expected("'{'")) && block(otherwise, around);
    --nesting;
    if (!sound) return false;
  }
  Rules &chosen = *holds ? then : otherwise;
  std::move(chosen.begin(), chosen.end(), std::back_inserter(into));
  return true;
}

bool ProfileReader::statement(Rules &into, Prefix around) {
  if (scanner->peekSymbol("#include") || scanner->peekWord() == "include") return include(&into);
  if (scanner->takeWord("abi")) return (scanner->takeName(Scanner::Style::Free) || expected("a file")) && endOfRule();
  if (scanner->takeWord("if")) return conditional(into, around);
  StringRef first = scanner->peekWord();
  if (first == "profile" || first == "hat" || scanner->peekSymbol("^")) return profile(&into, first != "profile");
  bool sound = false;
  Prefix own = prefix(around, sound);
  if (!sound) return false;
  if (scanner->peekSymbol("{")) return scanner->takeSymbol("{") && block(into, own);
  return rule(into, own);
}

bool ProfileReader::rule(Rules &into, Prefix own) {
  using Read = bool (ProfileReader::*)(Rules &, Prefix);
  struct Keyword {
    StringRef word;
    Read read;
  };
  static constexpr Keyword keywords[] = {
      {"capability", &ProfileReader::capability}, {"network", &ProfileReader::network},
      {"unix", &ProfileReader::unixRule},         {"dbus", &ProfileReader::dbus},
      {"signal", &ProfileReader::signal},         {"ptrace", &ProfileReader::ptrace},
      {"mqueue", &ProfileReader::mqueue},         {"userns", &ProfileReader::userns},
      {"io_uring", &ProfileReader::ioUring},      {"set", &ProfileReader::rlimit},
      {"link", &ProfileReader::linkRule},         {"change_profile", &ProfileReader::changeProfile},
      {"umount", &ProfileReader::umount},         {"unmount", &ProfileReader::umount},
      {"pivot_root", &ProfileReader::pivotRoot},
  };
  StringRef first = scanner->peekWord();
  for (const Keyword &keyword : keywords)
    if (first == keyword.word) return scanner->takeWord(first) && (this->*keyword.read)(into, own);
  if (first == "mount" || first == "remount") return scanner->takeWord(first) && mount(into, own, first == "remount");
  if (first == "all") {
    scanner->takeWord("all");
    return endOfRule() && add(into, own, RuleKind::Everything, {});
  }
  bool named = scanner->takeWord("file");
  return fileRule(into, own, named);
}

std::optional<ir::Policy> readProfiles(FileId file, const Options &options, Engine &engine) {
  size_t before = engine.errorCount();
  if (std::optional<uint32_t> bad = invalidUtf8(engine.sources().file(file).text())) {
    engine.report<diag::InvalidUtf8>({file, *bad, *bad + 1});
    return std::nullopt;
  }
  ProfileReader reader(options, engine);
  reader.readFile(file);
  if (engine.errorCount() > before) return std::nullopt;
  return std::move(reader.policy);
}

bool looksLikeProfile(StringRef text) {
  Scanner scanner(0, text);
  char first = scanner.peek();
  StringRef word = scanner.peekWord();
  for (StringRef known : {"profile", "hat", "include", "abi", "alias", "rewrite"})
    if (word == known) return true;
  return first == '/' || first == '#' || first == '@' || first == '$' || first == '^' || first == ':' ||
         (first == '"' && text.contains('{'));
}

} // namespace snapsecc::reader
