// SPDX-License-Identifier: Apache-2.0
// Facts: taxonomy of the reference's filters. Ids are compared in their low 32 bits alone, for the kernel reads no more
// and -1 comes as either width; so is the flags argument of copy_file_range. All else is compared in 64 bits.
#include "backends/seccomp/Patterns.h"
#include "backends/seccomp/Diagnostics.h"
#include "ir/Constants.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

namespace snapsecc::seccomp {

using ir::Value;
constexpr unsigned maxAlternatives = 4096;

static void readIds(llvm::StringMap<int64_t> &ids, const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return; // an empty machine has no such file
  llvm::SmallVector<llvm::StringRef> lines, fields;
  (*buffer)->getBuffer().split(lines, '\n', -1, false);
  for (llvm::StringRef line : lines) {
    fields.clear();
    line.split(fields, ':');
    uint32_t id = 0;
    if (fields.size() > 2 && !fields[2].getAsInteger(10, id)) ids.try_emplace(fields[0], id);
  }
}

Accounts readAccounts(const ir::Target &target) {
  Accounts accounts;
  for (auto *ids : {&accounts.users, &accounts.groups})
    *ids = {{"root", 0},
            {"snap_daemon", 584788},
            {"snap_microk8s", 584789},
            {"snap_aziotedge", 584790},
            {"snap_aziotdu", 584791},
            {"_daemon_", 584792}};
  if (!target.sysroot.empty()) {
    readIds(accounts.users, target.sysroot + "/etc/passwd");
    readIds(accounts.groups, target.sysroot + "/etc/group");
  }
  return accounts;
}

namespace {
class Matcher {
public:
  Matcher(const ir::Syscall &call, const PatternContext &context) : call(call), context(context) {}

  // The alternatives of the argument's pattern, each a conjunction; nullopt after an error.
  std::optional<std::vector<Clause>> argument(const Value &pattern, uint8_t position) {
    switch (pattern.kind) {
    case Value::Kind::Any: return std::vector<Clause>{{}};
    case Value::Kind::List: return each(pattern.args, [&](const Value &v) { return argument(v, position); });
    case Value::Kind::Range:
      if (pattern.number < 0 || pattern.last < pattern.number) return bad(pattern);
      return one({{position, Operator::GreaterEqual, uint64_t(pattern.number)},
                  {position, Operator::LessEqual, uint64_t(pattern.last)}});
    case Value::Kind::Compare: return comparison(pattern, position);
    case Value::Kind::Call:
      if (pattern.text == "has" && pattern.args.size() == 1) return bits(pattern.args[0], nullptr, position);
      if (pattern.text == "masked" && pattern.args.size() == 2)
        return bits(pattern.args[1], &pattern.args[0], position);
      break;
    default: break;
    }
    std::optional<int64_t> number = evaluate(pattern);
    if (!number) return std::nullopt;
    return one({equal(*number, position)});
  }

private:
  static std::vector<Clause> one(Clause clause) { return {std::move(clause)}; }

  std::nullopt_t bad(const Value &pattern) {
    context.engine.report<diag::BadArgumentPattern>({}, context.where, print(pattern), call.name);
    return std::nullopt;
  }

  template <class F> std::optional<std::vector<Clause>> each(llvm::ArrayRef<Value> values, F alternatives) {
    std::vector<Clause> all;
    for (const Value &value : values) {
      auto some = alternatives(value);
      if (!some) return std::nullopt;
      all.insert(all.end(), some->begin(), some->end());
    }
    return all;
  }

  bool lowWordOnly(uint8_t position) const {
    return isIdArgument(call, position) || llvm::StringRef(call.name) == "copy_file_range";
  }

  // A negative number of an argument that the kernel reads as 32 bits may come in either width.
  bool isNarrow(uint8_t position) const {
    llvm::StringRef letters = call.arguments ? call.arguments : "";
    return position < letters.size() && letters[position] == 'i';
  }

  Test equal(int64_t number, uint8_t position) const {
    uint64_t value = static_cast<uint64_t>(number);
    if (lowWordOnly(position) || (number < 0 && isNarrow(position)))
      return {position, Operator::Masked, value & 0xffffffffu, 0xffffffffu};
    return {position, Operator::Equal, value};
  }

  std::optional<std::vector<Clause>> comparison(const Value &pattern, uint8_t position) {
    static constexpr std::pair<const char *, Operator> operators[] = {
        {"==", Operator::Equal},     {"!=", Operator::NotEqual}, {"<", Operator::Less},
        {"<=", Operator::LessEqual}, {">", Operator::Greater},   {">=", Operator::GreaterEqual}};
    auto found = llvm::find_if(operators, [&](const auto &o) { return pattern.text == o.first; });
    if (found == std::end(operators) || pattern.args.size() != 1) return bad(pattern);
    std::optional<int64_t> number = evaluate(pattern.args[0]);
    if (!number) return std::nullopt;
    if (found->second == Operator::Equal) return one({equal(*number, position)});
    if (*number < 0) return bad(pattern); // arguments have no sign
    return one({{position, found->second, static_cast<uint64_t>(*number)}});
  }

  std::optional<std::vector<Clause>> bits(const Value &value, const Value *mask, uint8_t position) {
    if (value.kind == Value::Kind::List)
      return each(value.args, [&](const Value &v) { return bits(v, mask, position); });
    std::optional<int64_t> wanted = evaluate(value), of = mask ? evaluate(*mask) : wanted;
    if (!wanted || !of) return std::nullopt;
    if (*wanted < 0 || *of < 0 || (*wanted & ~*of)) return bad(value);
    return one({{position, Operator::Masked, static_cast<uint64_t>(*wanted), static_cast<uint64_t>(*of)}});
  }

  std::optional<int64_t> evaluate(const Value &value) {
    if (value.kind == Value::Kind::Number) return value.number;
    if (value.kind == Value::Kind::Word) {
      if (auto constant = ir::constantValue(value.text, context.constants)) return constant;
      context.engine.report<diag::FilterUnknownConstant>({}, context.where, value.text,
                                                         hint(nearest(value.text, ir::constantNames())));
      return std::nullopt;
    }
    if (value.kind == Value::Kind::Call && (value.text == "uid" || value.text == "gid") && value.args.size() == 1 &&
        value.args[0].kind == Value::Kind::String) {
      const auto &ids = value.text == "uid" ? context.accounts.users : context.accounts.groups;
      if (auto found = ids.find(value.args[0].text); found != ids.end()) return found->second;
      context.engine.report<diag::UnknownAccount>({}, context.where, value.text == "uid" ? "user" : "group",
                                                  value.args[0].text);
      return std::nullopt;
    }
    return bad(value);
  }

  static std::string hint(const std::string &name) { return name.empty() ? "" : "; did you mean '" + name + "'?"; }

  const ir::Syscall &call;
  const PatternContext &context;
};
} // namespace

std::optional<std::vector<Clause>> patternClauses(const Value &pattern, const ir::Syscall &call,
                                                  const PatternContext &context) {
  std::vector<Clause> clauses{{}};
  if (pattern.kind != Value::Kind::Call) return clauses;
  if (pattern.args.size() > 6 || (call.arguments && pattern.args.size() > llvm::StringRef(call.arguments).size())) {
    unsigned most = call.arguments ? llvm::StringRef(call.arguments).size() : 6;
    context.engine.report<diag::TooManyArguments>({}, context.where, call.name, most, pattern.args.size());
    return std::nullopt;
  }
  for (size_t i = 0; i < pattern.args.size(); ++i) {
    auto alternatives = Matcher(call, context).argument(pattern.args[i], static_cast<uint8_t>(i));
    if (!alternatives) return std::nullopt;
    if (clauses.size() * alternatives->size() > maxAlternatives) {
      context.engine.report<diag::TooManyPatterns>({}, context.where, call.name, maxAlternatives);
      return std::nullopt;
    }
    std::vector<Clause> product;
    for (const Clause &clause : clauses)
      for (const Clause &more : *alternatives) {
        product.push_back(clause);
        product.back().insert(product.back().end(), more.begin(), more.end());
      }
    clauses = std::move(product);
  }
  for (Clause &clause : clauses)
    llvm::sort(clause);
  return clauses;
}

} // namespace snapsecc::seccomp
