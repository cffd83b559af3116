// SPDX-License-Identifier: Apache-2.0
// Rules on processes, sockets, messages and resources. Facts: parser_yacc.y; dbus.cc, af_unix.cc, signal.cc, ptrace.cc,
// mqueue.cc, io_uring.cc, network.cc (network_mappings) for what a part that is absent stands for.
#include "reader/ProfileReader.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::reader {
using automata::Slashes;
using ir::RuleKind;
using ir::SlotType;
using ir::Value;
using llvm::StringRef;

namespace {

using Spellings = std::pair<StringRef, StringRef>;
constexpr Spellings messageWords[] = {{"write", "send"}, {"w", "send"},  {"read", "receive"}, {"r", "receive"},
                                      {"rw", "send"},    {"wr", "send"}, {"rw", "receive"},   {"wr", "receive"}};
constexpr Spellings dbusWords[] = {{"bind", "own"},     {"write", "send"}, {"w", "send"},
                                   {"read", "receive"}, {"r", "receive"},  {"rw", "send"},
                                   {"wr", "send"},      {"rw", "receive"}, {"wr", "receive"}};
constexpr Spellings traceWords[] = {{"write", "trace"}, {"w", "trace"}, {"r", "read"},  {"rw", "read"},
                                    {"rw", "trace"},    {"wr", "read"}, {"wr", "trace"}};
constexpr Spellings queueWords[] = {{"r", "read"},   {"w", "write"}, {"rw", "read"},
                                    {"rw", "write"}, {"wr", "read"}, {"wr", "write"}};

Value any() { return Value::word("any"); }

struct Unit {
  StringRef name;
  uint64_t factor; // in the resource's own unit
};
constexpr uint64_t usec = 1, msec = 1000, sec = 1000 * msec, minute = 60 * sec, hour = 60 * minute, day = 24 * hour;
constexpr Unit timeUnits[] = {
    {"us", usec},   {"usec", usec}, {"microsecond", usec}, {"ms", msec},     {"msec", msec},     {"millisecond", msec},
    {"s", sec},     {"sec", sec},   {"second", sec},       {"min", minute},  {"minute", minute}, {"h", hour},
    {"hour", hour}, {"d", day},     {"day", day},          {"week", 7 * day}};
constexpr Unit sizeUnits[] = {{"KB", 1024},   {"K", 1024},     {"MB", 1 << 20},
                              {"M", 1 << 20}, {"GB", 1 << 30}, {"G", 1 << 30}};

std::optional<uint64_t> factorOf(StringRef unit, llvm::ArrayRef<Unit> units) {
  for (const Unit &one : units)
    if (unit == one.name || (unit == (one.name + "s").str() && one.name.size() > 2)) return one.factor;
  return std::nullopt;
}

} // namespace

bool ProfileReader::capability(Rules &into, Prefix own) {
  std::vector<Value> list;
  while (!scanner->peekSymbol(",")) {
    std::optional<Name> name = scanner->takeName(Scanner::Style::Free);
    if (!name) return expected("a capability or ','");
    std::optional<Value> value = word("capability", *name, SlotType::Capability);
    if (!value) return false;
    if (!llvm::is_contained(list, *value)) list.push_back(std::move(*value));
  }
  if (!endOfRule()) return false;
  if (list.empty()) return add(into, own, RuleKind::Capability, {{"any", {any()}}});
  return add(into, own, RuleKind::Capability, {{"CAPABILITY", list}});
}

bool ProfileReader::network(Rules &into, Prefix own) {
  std::vector<Name> names;
  if (scanner->peekSymbol("(") || scanner->peekCondition())
    return unsupported(scanner->here(), "network", "accesses and addresses are not mediated here");
  while (!scanner->peekSymbol(",")) {
    std::optional<Name> name = scanner->takeName(Scanner::Style::NoAssign);
    if (!name || names.size() == 2) return expected("',' at the end of the rule");
    if (scanner->peekSymbol("=") || scanner->peekCondition())
      return unsupported(name->range, "network", "accesses and addresses are not mediated here");
    names.push_back(std::move(*name));
  }
  if (!endOfRule()) return false;
  if (names.empty()) return add(into, own, RuleKind::Network, {{"any", {any()}}});
  // Families that tcp, udp and icmp are types of, and the types that they stand for.
  constexpr Spellings aliases[] = {{"tcp", "stream"}, {"udp", "dgram"}, {"icmp", "raw"}};
  Operands operands;
  StringRef last = names.back().text, type;
  for (auto [spelling, meaning] : aliases)
    if (last == spelling) type = meaning;
  bool alias = !type.empty();
  if (!alias && llvm::is_contained(ir::slotTypeInfo(SlotType::SockType).words, last)) type = last;
  bool familyFirst = names.size() == 2 || type.empty();
  std::vector<Value> families;
  if (!familyFirst && alias)
    families = {Value::word("inet"), Value::word("inet6")};
  else if (!familyFirst)
    families = {any()};
  else if (std::optional<Value> family = word("network", names.front(), SlotType::Family))
    families = {std::move(*family)};
  else
    return false;
  operands.push_back({"FAMILY", families});
  if (names.size() == 2 && type.empty()) return word("network", names.back(), SlotType::SockType).has_value();
  if (!type.empty()) operands.push_back({"SOCKTYPE", {Value::word(type)}});
  return add(into, own, RuleKind::Network, operands);
}

bool ProfileReader::unixRule(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(false);
  if (!read || !conditionsAre(read->conditions, {"type", "addr"}) || !conditionsAre(read->peer, {"addr", "label"}))
    return false;
  auto access = verbs("unix", read->access, SlotType::UnixVerb, messageWords);
  if (!access) return false;
  size_t errors = engine.errorCount();
  // Without accesses the peer's conditions leave those that have a peer.
  if (access->empty() && read->peer.empty()) access = {any()};
  if (access->empty())
    access = {Value::word("accept"), Value::word("connect"), Value::word("send"), Value::word("receive")};
  Operands operands = {{"UNIXVERB", *access}};
  for (const Condition &one : read->conditions)
    if (one.name == "type") {
      std::optional<Value> type = word("unix", one.values.front(), SlotType::SockType);
      if (!type || one.values.size() > 1) return unsupported(one.range, "type", "it takes one type of sockets");
      operands.push_back({"SOCKTYPE", {*type}});
    }
  addPattern(operands, "addr", read->conditions, "addr", Slashes::Fold);
  addPattern(operands, "peer", read->peer, "label", Slashes::Keep);
  addPattern(operands, "peer-addr", read->peer, "addr", Slashes::Fold);
  for (auto &[role, values] : operands)
    if (StringRef(role).endswith("addr") && values.front().text == "none") values.front() = Value::word("none");
  return engine.errorCount() == errors && add(into, own, RuleKind::Unix, operands);
}

bool ProfileReader::dbus(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(false);
  if (!read || !conditionsAre(read->conditions, {"bus", "name", "path", "interface", "member"}) ||
      !conditionsAre(read->peer, {"name", "label"}))
    return false;
  auto access = verbs("dbus", read->access, SlotType::DbusVerb, dbusWords);
  if (!access) return false;
  size_t errors = engine.errorCount();
  Operands operands, bus;
  addPattern(bus, "bus", read->conditions, "bus", Slashes::Keep);
  bool known =
      !bus.empty() && llvm::is_contained(ir::slotTypeInfo(SlotType::Bus).words, bus.front().second.front().text);
  operands.push_back({"BUS", {known ? Value::word(bus.front().second.front().text) : any()}});
  if (!known && !bus.empty()) operands.push_back(bus.front());
  addPattern(operands, "name", read->conditions, "name", Slashes::Keep);
  bool service = operands.back().first == "name";
  addPattern(operands, "name", read->peer, "name", Slashes::Keep);
  addPattern(operands, "path", read->conditions, "path", Slashes::Fold);
  addPattern(operands, "iface", read->conditions, "interface", Slashes::Keep);
  addPattern(operands, "member", read->conditions, "member", Slashes::Keep);
  addPattern(operands, "peer", read->peer, "label", Slashes::Keep);
  if (engine.errorCount() > errors) return false;
  bool message = !read->peer.empty() || llvm::any_of(operands, [](const auto &operand) {
    return operand.first == "path" || operand.first == "iface" || operand.first == "member";
  });
  bool sends = llvm::is_contained(*access, Value::word("send")) || llvm::is_contained(*access, Value::word("receive"));
  bool owns = llvm::is_contained(*access, Value::word("own"));
  bool eavesdrops = llvm::is_contained(*access, Value::word("eavesdrop"));
  if ((service && (message || sends)) || (message && owns) || (eavesdrops && (message || service)))
    return unsupported(scanner->from(own.begin), "dbus",
                       "a name that is owned has a bus alone, a message no own name, what is eavesdropped on neither");
  if (access->empty() && service)
    access = {Value::word("own")};
  else if (access->empty() && message)
    access = {Value::word("send"), Value::word("receive")};
  else if (access->empty())
    access = {any()};
  operands.push_back({"DBUSVERB", *access});
  return add(into, own, RuleKind::Dbus, operands);
}

bool ProfileReader::signal(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(false);
  if (!read || !conditionsAre(read->conditions, {"set", "peer"}) || !conditionsAre(read->peer, {})) return false;
  auto access = verbs("signal", read->access, SlotType::SigVerb, messageWords);
  if (!access) return false;
  size_t errors = engine.errorCount();
  Operands operands = {{"SIGVERB", access->empty() ? std::vector<Value>{any()} : *access}};
  std::vector<Name> names;
  for (const Condition &one : read->conditions)
    if (one.name == "set") names.insert(names.end(), one.values.begin(), one.values.end());
  auto set = verbs("signal", names, SlotType::Signal, {{"rtmin+0", "rtmin+0"}});
  if (!set) return false;
  if (!set->empty()) operands.push_back({"set", *set});
  addPattern(operands, "peer", read->conditions, "peer", Slashes::Keep);
  return engine.errorCount() == errors && add(into, own, RuleKind::Signal, operands);
}

bool ProfileReader::ptrace(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(false);
  if (!read || !conditionsAre(read->conditions, {"peer"}) || !conditionsAre(read->peer, {})) return false;
  auto access = verbs("ptrace", read->access, SlotType::PtVerb, traceWords);
  if (!access) return false;
  size_t errors = engine.errorCount();
  Operands operands = {{"PTVERB", access->empty() ? std::vector<Value>{any()} : *access}};
  addPattern(operands, "peer", read->conditions, "peer", Slashes::Keep);
  return engine.errorCount() == errors && add(into, own, RuleKind::Ptrace, operands);
}

bool ProfileReader::mqueue(Rules &into, Prefix own) {
  Clause read;
  if (scanner->peekSymbol("(")) {
    if (!listOf(read.access)) return false;
  } else {
    while (!scanner->peekWord().empty() && !scanner->peekCondition())
      read.access.push_back(*scanner->takeName(Scanner::Style::NoAssign));
  }
  if (!conditions(read)) return false;
  if (!scanner->peekSymbol(",")) read.operand = scanner->takeName(Scanner::Style::NoAssign);
  if (!endOfRule() || !conditionsAre(read.conditions, {"type"}) || !conditionsAre(read.peer, {})) return false;
  for (const Condition &one : read.conditions)
    if (one.values.front().text != "posix")
      return unsupported(one.range, "type=" + one.values.front().text, "only POSIX message queues have rules here");
  auto access = verbs("mqueue", read.access, SlotType::MqPerm, queueWords);
  if (!access) return false;
  if (access->empty() && !read.operand) return add(into, own, RuleKind::Mqueue, {{"any", {any()}}});
  if (access->empty())
    for (StringRef one : ir::slotTypeInfo(SlotType::MqPerm).words)
      access->push_back(Value::word(one));
  std::string path = read.operand ? pattern(*read.operand, Slashes::Fold) : "/**";
  if (path.empty()) return false;
  return add(into, own, RuleKind::Mqueue, {{"GLOB", {Value::string(path)}}, {"MQPERM", *access}});
}

bool ProfileReader::userns(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(false);
  if (!read || !conditionsAre(read->conditions, {}) || !conditionsAre(read->peer, {})) return false;
  for (const Name &name : read->access)
    if (name.text != "create") return unsupported(name.range, "userns " + name.text, "a user namespace can be created");
  return add(into, own, RuleKind::Userns, {});
}

bool ProfileReader::ioUring(Rules &into, Prefix own) {
  std::optional<Clause> read = clause(false);
  if (!read || !conditionsAre(read->conditions, {"label"}) || !conditionsAre(read->peer, {})) return false;
  auto access = verbs("io_uring", read->access, SlotType::IoUring, {});
  if (!access) return false;
  size_t errors = engine.errorCount();
  Operands operands;
  addPattern(operands, "peer", read->conditions, "label", Slashes::Keep);
  if (access->empty() && operands.empty()) return add(into, own, RuleKind::IoUring, {{"any", {any()}}});
  if (access->empty()) access = {Value::word("sqpoll"), Value::word("override_creds")};
  operands.push_back({"IOURING", *access});
  return engine.errorCount() == errors && add(into, own, RuleKind::IoUring, operands);
}

bool ProfileReader::rlimit(Rules &into, Prefix own) {
  if (!scanner->takeWord("rlimit")) return expected("'rlimit'");
  std::optional<Name> name = scanner->takeName(Scanner::Style::NoAssign);
  if (!name) return expected("a resource");
  if (*name == "ofile") name->text = "nofile";
  std::optional<Value> resource = word("rlimit", *name, SlotType::Rlimit);
  if (!resource) return false;
  if (!scanner->takeSymbol("<=")) return expected("'<='");
  std::optional<Name> amount = scanner->takeName(Scanner::Style::NoAssign), unit;
  if (!amount) return expected("a number or 'infinity'");
  if (!scanner->peekSymbol(",")) unit = scanner->takeName(Scanner::Style::NoAssign);
  if (!endOfRule()) return false;
  StringRef text = amount->text;
  if (text == "infinity")
    return add(into, own, RuleKind::Rlimit, {{"RLIMIT", {*resource}}, {"TEXT", {Value::string("infinity")}}});
  size_t digits = text.find_first_not_of("0123456789", text.startswith("-") ? 1 : 0);
  StringRef suffix = unit ? StringRef(unit->text) : text.substr(std::min(digits, text.size()));
  int64_t number = 0;
  bool time = *name == "cpu" || *name == "rttime", nice = *name == "nice";
  constexpr StringRef sizes[] = {"fsize", "data", "stack", "core", "rss", "as", "memlock", "msgqueue"};
  bool size = llvm::is_contained(sizes, name->text);
  if (text.take_front(digits).getAsInteger(10, number) || (nice ? number < -20 || number > 19 : number < 0))
    return unsupported(amount->range, text, "no amount of this resource");
  std::optional<uint64_t> factor = 1;
  if (!suffix.empty()) factor = time ? factorOf(suffix, timeUnits) : size ? factorOf(suffix, sizeUnits) : std::nullopt;
  if (!factor || (*factor > 1 && number > INT64_MAX / static_cast<int64_t>(*factor)))
    return unsupported(unit ? unit->range : amount->range, suffix, "no unit of this resource");
  number *= static_cast<int64_t>(*factor);
  if (*name == "cpu" && !suffix.empty()) number /= static_cast<int64_t>(sec);
  return add(into, own, RuleKind::Rlimit, {{"RLIMIT", {*resource}}, {"TEXT", {Value::string(std::to_string(number))}}});
}

} // namespace snapsecc::reader
