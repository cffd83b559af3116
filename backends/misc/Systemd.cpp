// SPDX-License-Identifier: Apache-2.0
// `service` rules -> drop-ins of a daemon's own unit; `unit` rules -> one-shot units of the snap, systemd.service(5).
// A command is built from the inside out: a word for the shell, the shell's script, an argument for systemd, each
// quoted by its own rules (sh(1) "Quoting"; systemd.service(5) "Command lines": \ escapes, %% and $$ are % and $).
#include "automata/Alternatives.h"
#include "backends/misc/Diagnostics.h"
#include "backends/misc/Misc.h"
#include "backends/misc/Values.h"
#include <fmt/format.h>
#include <map>

namespace snapsecc::misc {
namespace {

constexpr llvm::StringRef unitLetters = "_.@:-", plainLetters = "_./:@+=,-";

// `quote` around the text, with `special` behind a backslash.
std::string quoted(llvm::StringRef text, char quote, llvm::StringRef special) {
  std::string out(1, quote);
  for (char c : text) {
    if (special.contains(c)) out += '\\';
    out += c;
  }
  return out + quote;
}
std::string shellQuoted(llvm::StringRef text) { return quoted(text, '"', "\\\"$`"); }
std::string shellWord(llvm::StringRef text) { return isName(text, plainLetters) ? text.str() : shellQuoted(text); }
// An argument of a command line in a unit.
std::string unitQuoted(llvm::StringRef text, char quote) {
  std::string doubled;
  for (char c : text) {
    if (c == '%' || c == '$') doubled += c;
    doubled += c;
  }
  return quoted(doubled, quote, quote == '"' ? "\\\"" : "\\'");
}
std::string shell(llvm::StringRef script) { return "/bin/sh -c " + unitQuoted(script, '\''); }

std::string textOf(const ir::Value &value) {
  switch (value.kind) {
  case ir::Value::Kind::Number: return std::to_string(value.number);
  case ir::Value::Kind::Range: return fmt::format("{}-{}", value.number, value.last);
  case ir::Value::Kind::List: {
    std::vector<std::string> elements;
    for (const ir::Value &element : value.args)
      elements.push_back(textOf(element));
    return llvm::join(elements, ",");
  }
  default: return value.text;
  }
}

// The units and drop-ins of a policy, by their paths.
class Units {
public:
  explicit Units(Engine &into) : engine(into) {}

  void addLabel(const ir::Label &from) {
    label = &from;
    owner = from.name;
    after.clear();
    wants.clear();
    delegate = false;
    for (const ir::Rule &rule : from.rules)
      ir::dispatch<ir::Systemd>(*this, rule);
    std::string text;
    if (!after.empty() || !wants.empty()) text += "[Unit]\n" + list("After", after) + list("Wants", wants);
    if (delegate) text += "[Service]\nDelegate=true\n";
    if (from.daemon && !text.empty()) texts["systemd/system/" + from.name + ".service.d/interfaces.conf"] = text;
  }
  void addSnap(const ir::Snap &from) {
    snap = &from;
    owner = from.instance;
    for (const ir::Rule &rule : from.rules)
      ir::dispatch<ir::Systemd>(*this, rule);
  }
  std::vector<ir::Artifact> files() const {
    std::vector<ir::Artifact> made;
    for (const auto &[path, text] : texts)
      made.push_back({path, text});
    return made;
  }

  void lower(ir::KindTag<ir::RuleKind::Service>, const ir::Rule &rule) {
    delegate |= rule.has("delegate");
    addUnits(rule.get("after"), after);
    addUnits(rule.get("wants"), wants);
  }

  void lower(ir::KindTag<ir::RuleKind::Unit>, const ir::Rule &rule) {
    llvm::StringRef name = rule.text("TEXT");
    std::vector<std::string> before, wantedBy;
    addUnits(rule.get("before"), before);
    addUnits(rule.get("wanted-by"), wantedBy);
    std::optional<std::string> start, stop;
    if (rule.has("link")) {
      if (!linkCommands(rule, start, stop)) return;
    } else {
      if (rule.has("start") && !(start = command(rule.get("start").front()))) return;
      if (rule.has("stop") && !(stop = command(rule.get("stop").front()))) return;
    }
    if (!checkValue(isName(name, unitLetters), name, "it is no name of a unit")) return;
    std::string text;
    if (!before.empty()) text += "[Unit]\n" + list("Before", before);
    text += "[Service]\nType=oneshot\nRemainAfterExit=yes\n";
    if (start) text += "ExecStart=" + *start + "\n";
    if (stop) text += "ExecStop=" + *stop + "\n";
    if (!wantedBy.empty()) text += "\n[Install]\n" + list("WantedBy", wantedBy);
    std::string path = fmt::format("systemd/system/snap.{}.interface.{}.service", snap->instance, name.str());
    auto [at, isNew] = texts.try_emplace(path, text);
    if (!isNew && at->second != text) engine.report<diag::ArtifactClash>({}, snap->instance, path);
  }

private:
  bool checkValue(bool good, llvm::StringRef value, llvm::StringRef why) {
    return check(good, engine, owner, value, "a unit", why);
  }
  static std::string list(const char *key, const std::vector<std::string> &units) {
    return units.empty() ? "" : std::string(key) + "=" + llvm::join(units, " ") + "\n";
  }
  void addUnits(llvm::ArrayRef<ir::Value> names, std::vector<std::string> &into) {
    for (const ir::Value &name : names)
      if (checkValue(isName(name.text, unitLetters), name.text, "it is no name of a unit") &&
          !llvm::is_contained(into, name.text))
        into.push_back(name.text);
  }

  std::optional<std::string> command(const ir::Value &call) {
    for (const ir::Value &arg : call.args)
      if (!checkValue(!hasControl(textOf(arg)), textOf(arg), "it has a line end or control character"))
        return std::nullopt;
    if (call.isCall("write")) return writeCommand(call);
    if (call.isCall("command")) return programCommand(call);
    checkValue(false, print(call), "it is no command");
    return std::nullopt;
  }

  // write(PATH, VALUE [, missing(OTHER)] [, present(OTHER)])
  std::optional<std::string> writeCommand(const ir::Value &call) {
    std::vector<std::string> words;
    std::string condition;
    bool good = true;
    for (const ir::Value &arg : call.args) {
      bool missing = arg.isCall("missing"), conditional = missing || arg.isCall("present");
      if (!conditional) {
        words.push_back(textOf(arg));
        continue;
      }
      good &= arg.args.size() == 1 && !hasControl(textOf(arg.args[0]));
      if (good) condition += (missing ? "test -e " : "test ! -e ") + shellWord(textOf(arg.args[0])) + " || ";
    }
    good &= words.size() == 2 && llvm::StringRef(words[0]).startswith("/") && !words[1].empty() &&
            (words[1].front() != '-' || call.args[1].kind == ir::Value::Kind::Number);
    if (!checkValue(good, print(call), "a path and a value that is no option of echo are expected"))
      return std::nullopt;
    return shell(condition + "echo " + shellWord(words[1]) + " > " + shellWord(words[0]));
  }

  // command(PROGRAM, WORD, ARGUMENT...): the word behind the program says what to do, and is quoted where it must be.
  std::optional<std::string> programCommand(const ir::Value &call) {
    std::string line = call.args.empty() ? "" : textOf(call.args[0]);
    bool good = isName(line, plainLetters) && line.front() == '/';
    if (!checkValue(good, print(call), "the program must be a plain absolute path")) return std::nullopt;
    for (size_t i = 1; i < call.args.size(); ++i) {
      std::string word = textOf(call.args[i]);
      line += " " + (i == 1 && isName(word, plainLetters) ? word : unitQuoted(word, '"'));
    }
    return line;
  }

  // link TARGET -> LINK
  bool linkCommands(const ir::Rule &rule, std::optional<std::string> &start, std::optional<std::string> &stop) {
    std::optional<std::string> target = automata::literalText(rule.text("link")),
                               link = automata::literalText(rule.text("->"));
    bool good = target && link && !hasControl(*target) && !hasControl(*link) && llvm::StringRef(*link).startswith("/");
    if (!checkValue(good, rule.text("->"), "a link needs two paths")) return false;
    llvm::StringRef directory = llvm::StringRef(*link).rsplit('/').first;
    start =
        shell("mkdir -p " + shellQuoted(directory) + " && ln -s " + shellQuoted(*target) + " " + shellQuoted(*link));
    stop = "/bin/rm -f " + unitQuoted(*link, '"');
    return true;
  }

  Engine &engine;
  const ir::Label *label = nullptr;
  const ir::Snap *snap = nullptr;
  llvm::StringRef owner;
  std::vector<std::string> after, wants; // of the label at work
  bool delegate = false;
  std::map<std::string, std::string> texts;
};

} // namespace

std::vector<ir::Artifact> emitSystemd(const ir::Policy &policy, Engine &engine) {
  Units units(engine);
  for (const ir::Label &label : policy.labels)
    units.addLabel(label);
  for (const ir::Snap &snap : policy.snaps)
    units.addSnap(snap);
  return units.files();
}

} // namespace snapsecc::misc
