// SPDX-License-Identifier: Apache-2.0
#include "backends/seccomp/Import.h"
#include "backends/seccomp/Diagnostics.h"
#include "ir/Constants.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::seccomp {

using ir::Value;

namespace {
class Importer {
public:
  Importer(FileId file, Engine &engine) : file(file), engine(engine) {}

  Imported run() {
    llvm::StringRef text = engine.sources().file(file).text();
    uint32_t offset = 0;
    while (offset < text.size()) {
      llvm::StringRef line = text.substr(offset).split('\n').first;
      range = {file, offset, offset + static_cast<uint32_t>(line.size())};
      statement(line);
      offset += line.size() + 1;
    }
    return std::move(result);
  }

private:
  void statement(llvm::StringRef line) {
    line = line.trim();
    if (line.empty() || line.startswith("#")) return;
    if (line == "@complain") {
      result.complain = true;
      return;
    }
    ir::Rule rule;
    rule.kind = ir::RuleKind::Syscall;
    if (line == "@unrestricted") {
      rule.set("any", {Value::word("any")});
      result.rules.push_back(std::move(rule));
      return;
    }
    if (line.consume_front("~")) rule.modifiers = ir::Deny;
    llvm::SmallVector<llvm::StringRef, 8> words;
    line.split(words, ' ', -1, false);
    if (words.empty() || words.size() > 7) {
      engine.report<diag::BadSeccompLine>(range, "not a name and up to six arguments");
      return;
    }
    const ir::Syscall *call = ir::findSyscall(words[0]);
    if (!call) {
      engine.report<diag::SyscallLeftOut>(range, words[0]);
      return;
    }
    std::vector<Value> arguments;
    for (llvm::StringRef word : llvm::ArrayRef<llvm::StringRef>(words).drop_front()) {
      auto value = argument(word);
      if (!value) {
        engine.report<diag::BadSeccompLine>(range, ("'" + word + "' is no argument pattern").str());
        return;
      }
      arguments.push_back(std::move(*value));
    }
    // Arguments past the call's own are a mistake of the reference's text when they say `-`, and dropped.
    const size_t most = call->arguments ? llvm::StringRef(call->arguments).size() : 6;
    while (!arguments.empty() && arguments.back().kind == Value::Kind::Any)
      arguments.pop_back();
    if (arguments.size() > most) {
      engine.report<diag::BadSeccompLine>(range, "more arguments than the call has");
      return;
    }
    rule.set("SYSCALL", {arguments.empty() ? Value::word(words[0]) : Value::call(words[0], std::move(arguments))});
    result.rules.push_back(std::move(rule));
  }

  static std::optional<Value> number(llvm::StringRef text) {
    int64_t n = 0;
    if (!text.getAsInteger(10, n))
      return n >= -0x80000000ll && n <= 0xffffffffll ? std::optional(Value::integer(n)) : std::nullopt;
    std::string name = text.str();
    if (text.startswith("PF_") && !ir::isConstant(name)) name = "AF_" + text.drop_front(3).str();
    return ir::isConstant(name) ? std::optional(Value::word(name)) : std::nullopt;
  }

  static std::optional<Value> argument(llvm::StringRef text) {
    if (text == "-") return Value{Value::Kind::Any, "", 0, 0, {}};
    if (text.consume_front("u:"))
      return text.empty() ? std::nullopt : std::optional(Value::call("uid", {Value::string(text)}));
    if (text.consume_front("g:"))
      return text.empty() ? std::nullopt : std::optional(Value::call("gid", {Value::string(text)}));
    if (auto bar = text.find('|'); bar != llvm::StringRef::npos) {
      auto value = number(text.substr(bar + 1));
      if (!value) return std::nullopt;
      if (bar == 0) return Value::call("has", {*value});
      auto mask = number(text.take_front(bar));
      return mask ? std::optional(Value::call("masked", {*mask, *value})) : std::nullopt;
    }
    for (auto [sign, op] :
         {std::pair(">=", ">="), std::pair("<=", "<="), std::pair("<", "<"), std::pair(">", ">"), std::pair("!", "!=")})
      if (text.consume_front(sign)) {
        auto value = number(text);
        return value ? std::optional(Value{Value::Kind::Compare, op, 0, 0, {*value}}) : std::nullopt;
      }
    return number(text);
  }

  FileId file;
  Engine &engine;
  SourceRange range;
  Imported result;
};
} // namespace

Imported importSource(FileId file, Engine &engine) { return Importer(file, engine).run(); }

} // namespace snapsecc::seccomp
