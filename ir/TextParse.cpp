// SPDX-License-Identifier: Apache-2.0
// Text to policy: a statement a piece, fields and rules in any order; what comes out is verified, so that a policy that
// was read is as good as one that was made. Reading goes on behind a mistake, and gives up after twenty.
#include "diag/Diagnostics.h"
#include "ir/Diagnostics.h"
#include "ir/Text.h"
#include "ir/TextReader.h"
#include <set>

namespace snapsecc::ir {
namespace {

constexpr size_t maxBytes = 64u << 20;

class PolicyReader {
public:
  PolicyReader(FileId file, Engine &reportTo) : engine(reportTo), reader(file, reportTo, false) {}

  void run() {
    bool version = reader.takeWord("sir") && reader.peek().kind == TextToken::Kind::Number && reader.peek().number == 1;
    if (!version) return reader.expected("'sir 1;'");
    reader.take();
    if (!reader.expectSymbol(";")) return;
    while (reader.peek().kind != TextToken::Kind::End && !reader.tooManyErrors())
      if (!statement()) {
        reader.skipStatement();
        reader.takeSymbol("}");
      }
  }

  Policy policy;

private:
  // False after an error that leaves the statement unread.
  bool statement() {
    if (reader.takeWord("target")) return target();
    if (reader.takeWord("resolved")) {
      policy.resolved = true;
      return reader.expectSymbol(";");
    }
    if (reader.takeWord("origin")) return origin();
    if (reader.takeWord("snap")) return snap();
    if (reader.takeWord("label")) return label();
    if (reader.takeWord("connection")) return connection();
    reader.expected("'target', 'resolved', 'origin', 'snap', 'label' or 'connection'");
    return false;
  }

  bool target() {
    return reader.expectString(policy.target) && expectWord("system") && reader.expectString(policy.system) &&
           expectWord("arch") && reader.expectString(policy.arch) && reader.expectSymbol(";");
  }

  bool origin() {
    Origin made;
    SourceRange where = reader.peek().range;
    uint32_t index = 0;
    if (!reader.expectNumber(index)) return false;
    if (index != policy.origins.size()) {
      engine.report<diag::SirOriginOrder>(where, policy.origins.size());
      return false;
    }
    if (!reader.expectString(made.file) || !reader.expectNumber(made.line) || !reader.expectNumber(made.column) ||
        !reader.expectString(made.owner))
      return false;
    if (reader.peek().kind == TextToken::Kind::String) made.reason = reader.take().text;
    policy.origins.push_back(std::move(made));
    return reader.expectSymbol(";");
  }

  bool connection() {
    Connection made;
    for (std::string *field : {&made.interface, &made.plugSnap, &made.plug, &made.slotSnap, &made.slot, &made.why})
      if (!reader.expectString(*field)) return false;
    policy.connections.push_back(std::move(made));
    return reader.expectSymbol(";");
  }

  bool snap() {
    Snap made;
    if (!reader.expectString(made.instance) || !reader.expectSymbol("{")) return false;
    std::set<std::string> seen;
    bool sound = block(made.rules, [&](llvm::StringRef word) {
      std::string *text = word == "name"       ? &made.name
                          : word == "revision" ? &made.revision
                          : word == "version"  ? &made.version
                          : word == "base"     ? &made.base
                          : word == "type"     ? &made.type
                                               : nullptr;
      if (text) return field(seen, [&] { return reader.expectString(*text); });
      if (word == "mode") return field(seen, [&] { return mode(made.mode); });
      if (word == "layout") return layout(made);
      return FieldResult::NoField;
    });
    policy.snaps.push_back(std::move(made));
    return sound;
  }

  bool label() {
    Label made;
    if (!reader.expectString(made.name) || !reader.expectSymbol("{")) return false;
    std::set<std::string> seen;
    bool sound = block(made.rules, [&](llvm::StringRef word) {
      if (word == "snap") return field(seen, [&] { return reader.expectString(made.snap); });
      if (word == "app") return field(seen, [&] { return reader.expectString(made.app); });
      if (word == "kind") return field(seen, [&] { return kind(made.kind); });
      if (word == "mode") return field(seen, [&] { return mode(made.mode); });
      if (word == "daemon") return field(seen, [&] { return made.daemon = true; });
      return FieldResult::NoField;
    });
    policy.labels.push_back(std::move(made));
    return sound;
  }

  // ---- the body of a snap or a label: fields, which `read` knows, and rules
  enum class FieldResult : uint8_t { NoField, Read, Failed };

  template <class ReadField> bool block(std::vector<Rule> &rules, ReadField read) {
    while (!reader.peek().isSymbol("}")) {
      if (reader.peek().kind == TextToken::Kind::End || reader.tooManyErrors()) return reader.expectSymbol("}");
      FieldResult result =
          reader.peek().kind == TextToken::Kind::Word ? read(reader.peek().text) : FieldResult::NoField;
      if (result == FieldResult::Failed) reader.skipStatement();
      if (result != FieldResult::NoField) continue;
      if (std::optional<Rule> rule = reader.readRule(policy.origins.size())) rules.push_back(std::move(*rule));
    }
    reader.take();
    return true;
  }

  template <class ReadValue> FieldResult field(std::set<std::string> &seen, ReadValue read) {
    TextToken word = reader.take();
    if (!seen.insert(word.text).second) {
      engine.report<diag::SirTwice>(word.range, word.text);
      return FieldResult::Failed;
    }
    return read() && reader.expectSymbol(";") ? FieldResult::Read : FieldResult::Failed;
  }

  FieldResult layout(Snap &into) {
    reader.take();
    Layout made;
    using Kind = Layout::Kind;
    if (!oneOf<Kind>(
            made.kind,
            {{"bind", Kind::Bind}, {"bind-file", Kind::BindFile}, {"symlink", Kind::Symlink}, {"tmpfs", Kind::Tmpfs}}))
      return FieldResult::Failed;
    if (!reader.expectString(made.path)) return FieldResult::Failed;
    for (auto [word, text] :
         {std::pair("from", &made.source), {"user", &made.user}, {"group", &made.group}, {"mode", &made.mode}})
      if (reader.takeWord(word) && !reader.expectString(*text)) return FieldResult::Failed;
    into.layouts.push_back(std::move(made));
    return reader.expectSymbol(";") ? FieldResult::Read : FieldResult::Failed;
  }

  bool mode(Mode &into) {
    return oneOf<Mode>(into,
                       {{"enforce", Mode::Enforce}, {"complain", Mode::Complain}, {"unconfined", Mode::Unconfined}});
  }
  bool kind(LabelKind &into) {
    return oneOf<LabelKind>(
        into, {{"app", LabelKind::App}, {"hook", LabelKind::Hook}, {"mount-helper", LabelKind::MountHelper}});
  }
  template <class Enum> bool oneOf(Enum &into, std::initializer_list<std::pair<const char *, Enum>> words) {
    std::string list;
    for (auto [word, value] : words) {
      if (reader.takeWord(word)) {
        into = value;
        return true;
      }
      list += (list.empty() ? "'" : ", '") + std::string(word) + "'";
    }
    reader.expected("one of " + list);
    return false;
  }
  bool expectWord(llvm::StringRef word) {
    if (reader.takeWord(word)) return true;
    reader.expected("'" + word.str() + "'");
    return false;
  }

  Engine &engine;
  TextReader reader;
};

} // namespace

std::optional<Policy> parse(FileId file, Engine &engine) {
  llvm::StringRef text = engine.sources().file(file).text();
  size_t before = engine.errorCount();
  if (text.size() > maxBytes) {
    engine.report<diag::FileTooLarge>({file, 0, 0}, maxBytes >> 20);
    return std::nullopt;
  }
  if (std::optional<uint32_t> bad = invalidUtf8(text)) {
    engine.report<diag::InvalidUtf8>({file, *bad, *bad + 1});
    return std::nullopt;
  }
  PolicyReader reader(file, engine);
  reader.run();
  if (engine.errorCount() > before) return std::nullopt;
  for (const std::string &message : verify(reader.policy))
    engine.report<diag::SirInvalid>({file, 0, 0}, message);
  if (engine.errorCount() > before) return std::nullopt;
  return std::move(reader.policy);
}

std::optional<Rule> parseAccess(FileId file, Engine &engine) {
  size_t before = engine.errorCount();
  TextReader reader(file, engine, true);
  std::optional<Rule> rule = reader.readRule(std::nullopt);
  if (rule && reader.peek().kind != TextToken::Kind::End) reader.expected("the end");
  return engine.errorCount() == before ? std::move(rule) : std::nullopt;
}

} // namespace snapsecc::ir
