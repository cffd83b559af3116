// SPDX-License-Identifier: Apache-2.0
// The values of a rule's item, by the type of their slot: patterns escaped by what is put into them, words, texts,
// calls. Lists are values joined by commas; labels of sides become patterns; udev matches lose their records.
#include "automata/Pattern.h"
#include "frontend/Functions.h"
#include "frontend/InstantiateRules.h"
#include "ir/RuleItems.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc {
namespace {

using IrValue = ir::Value;

class ItemReader {
public:
  ItemReader(const ir::Part &slot, ir::RuleKind rule, Evaluator &evaluation, const Scope &names)
      : part(slot), type(slot.type), kind(rule), evaluator(evaluation), scope(names) {}
  void read(const ast::Expr &expr);
  ItemValues result;

private:
  void readPattern(const ast::Expr &expr);
  void readWordOrText(const ast::Expr &expr);
  void readCall(const ast::Expr &expr, Type::Kind place);
  void readSyscall(const ast::Expr &expr);
  void readCommand(const ast::Expr &expr);
  void addPattern(const Value &value);
  void addText(const Value &value);
  void addFile(const Value &path);
  void add(std::optional<IrValue> value);
  void addMatch(const Value &match);
  void addTagging(const Value &tagging);
  const ast::Reference *freeWord(const ast::Expr &expr) const {
    const ast::Reference *word = expr.bareWord();
    return word && !evaluator.isNameInScope(*word, scope) ? word : nullptr;
  }

  const ir::Part &part;
  ir::SlotType type;
  ir::RuleKind kind;
  Evaluator &evaluator;
  const Scope &scope;
};

// nullopt: an absent value is in it.
std::optional<IrValue> toIr(const Value &value) {
  IrValue result;
  auto convertAll = [&](IrValue::Kind kind) -> std::optional<IrValue> {
    result.kind = kind;
    result.text = value.text;
    for (const Value &element : value.list) {
      std::optional<IrValue> inner = toIr(element);
      if (!inner) return std::nullopt;
      result.args.push_back(std::move(*inner));
    }
    return result;
  };
  switch (value.kind) {
  case Value::Kind::Bool:
  case Value::Kind::Word: return IrValue::word(*plainText(value));
  case Value::Kind::Text: return IrValue::string(value.text);
  case Value::Kind::Int: return IrValue::integer(value.number);
  case Value::Kind::Range: return IrValue{IrValue::Kind::Range, "", value.number, value.last, {}};
  case Value::Kind::Any: return IrValue{IrValue::Kind::Any, "", 0, 0, {}};
  case Value::Kind::List: return convertAll(IrValue::Kind::List);
  case Value::Kind::Call: return convertAll(IrValue::Kind::Call);
  case Value::Kind::Compare: return convertAll(IrValue::Kind::Compare);
  case Value::Kind::Absent:
  case Value::Kind::Record:
  case Value::Kind::Side: break;
  }
  return std::nullopt;
}

void ItemReader::add(std::optional<IrValue> value) {
  if (value)
    result.values.push_back(std::move(*value));
  else
    result.isAbsent = true;
}

void ItemReader::addPattern(const Value &value) {
  if (value.kind == Value::Kind::List) {
    for (const Value &element : value.list)
      addPattern(element);
    return;
  }
  if (value.kind == Value::Kind::Side) return add(IrValue::string(labelOf(*value.side)));
  if (value.kind == Value::Kind::Word && type == ir::SlotType::Address) return add(IrValue::word(value.text));
  Value shown = value;
  // For the system's use: it sees the files of a snap from outside.
  bool forSystem = kind == ir::RuleKind::Ldconfig || kind == ir::RuleKind::Symlink || kind == ir::RuleKind::Export;
  if (forSystem && value.isText() && value.owner) shown.text = expandPath(value.text, *value.owner, true);
  std::optional<std::string> text = patternText(shown);
  add(text ? std::optional<IrValue>(IrValue::string(*text)) : std::nullopt);
}

void ItemReader::readPattern(const ast::Expr &expr) {
  const ast::Reference *word = freeWord(expr);
  if (word && type == ir::SlotType::Label && word->path.front() == "unconfined")
    return add(IrValue::string("unconfined"));
  if (word && type == ir::SlotType::FsType) return add(IrValue::string(word->path.front()));
  addPattern(evaluator.evaluate(expr, scope, Value::Reading::Pattern));
}

void ItemReader::addText(const Value &value) {
  if (value.kind == Value::Kind::List) {
    for (const Value &element : value.list)
      addText(element);
    return;
  }
  // What stands in a file becomes part of the rule, so that the IR stands for itself.
  bool isFile =
      (kind == ir::RuleKind::Polkit && part.role == "rules") || (kind == ir::RuleKind::Udev && part.role == "file");
  if (isFile) return addFile(value);
  std::optional<std::string> text = plainText(value);
  if (!text) return add(std::nullopt);
  // What is spelled like a word is one, so that one thing has one spelling in the IR.
  bool isText = type == ir::SlotType::Text || type == ir::SlotType::String || !ir::isWord(*text);
  add(isText ? IrValue::string(*text) : IrValue::word(*text));
}

// A file of the snap, with its name where that matters (polkit's), or of the library.
void ItemReader::addFile(const Value &path) {
  const std::optional<DataFiles> &data = evaluator.context.library->dataFiles;
  if (data && kind == ir::RuleKind::Udev && path.isText())
    if (auto file = data->find(path.text); file != data->end()) return add(IrValue::string(file->second));
  std::optional<std::string> text = readSnapFile(path, evaluator.context);
  if (!text) return add(std::nullopt);
  if (kind == ir::RuleKind::Udev) return add(IrValue::string(*text));
  llvm::StringRef name = llvm::StringRef(path.text).rsplit('/').second;
  add(IrValue::call("file", {IrValue::string(name), IrValue::string(*text)}));
}

void ItemReader::readWordOrText(const ast::Expr &expr) {
  if (const ast::Reference *word = freeWord(expr))
    addText(Value::word(word->path.front()));
  else
    addText(evaluator.evaluate(expr, scope));
}

const Value *textField(const Value &record, llvm::StringRef name) {
  const Value *field = record.record->find(name);
  return field && !field->isAbsent() ? field : nullptr;
}

IrValue matchCall(llvm::StringRef name, std::vector<IrValue> arguments) {
  return IrValue::call(name, std::move(arguments));
}

// usb(slot), usb({vendor, product}) -> usb(VENDOR, PRODUCT, INTERFACE), as many as there are.
std::optional<IrValue> usbMatch(const Value &ids) {
  std::shared_ptr<const RecordValue> record = ids.kind == Value::Kind::Side ? ids.side->attributes : ids.record;
  if (!record) return std::nullopt;
  std::vector<IrValue> numbers;
  for (llvm::StringRef name : {"vendor", "product", "interface-number"}) {
    Value field = record->lookUp(name);
    if (field.isAbsent()) field = record->lookUp(("usb-" + name).str());
    if (field.kind != Value::Kind::Int) break;
    numbers.push_back(IrValue::integer(field.number));
  }
  if (numbers.empty()) return std::nullopt;
  return matchCall("usb", std::move(numbers));
}

std::optional<IrValue> patternArgument(const Value &value) {
  if (!value.isText()) return toIr(value);
  return IrValue::string(*patternText(value));
}

void ItemReader::addMatch(const Value &match) {
  if (match.kind != Value::Kind::Call) return add(toIr(match));
  if (match.text == "tagging") return addTagging(match);
  bool isRecord =
      match.list.size() == 1 && (match.list[0].kind == Value::Kind::Record || match.list[0].kind == Value::Kind::Side);
  if (match.text == "usb" && isRecord) return add(usbMatch(match.list[0]));
  std::vector<IrValue> arguments;
  for (const Value &argument : match.list) {
    std::optional<IrValue> converted = patternArgument(argument);
    if (!converted) return add(std::nullopt);
    arguments.push_back(std::move(*converted));
  }
  add(matchCall(match.text, std::move(arguments)));
}

void addPairs(const Value &entry, llvm::StringRef field, llvm::StringRef match, std::vector<IrValue> &matches) {
  const Value *map = textField(entry, field);
  if (!map || map->kind != Value::Kind::Record) return;
  for (const RecordValue::Field &pair : map->record->fields)
    if (std::optional<IrValue> value = patternArgument(pair.value))
      matches.push_back(matchCall(match, {IrValue::string(automata::escapeLiteral(pair.name)), *value}));
}

// tagging(ENTRIES, DEVICE): of the entries, those with for-device DEVICE, or without it those whose kernel name is the
// device's; each of them is an alternative. None: no match, which means the name of the node; some drivers name the
// device of a node in a directory with the directory.
void ItemReader::addTagging(const Value &tagging) {
  if (tagging.list.size() != 2 || !tagging.list[1].isText()) return;
  llvm::StringRef device = tagging.list[1].text;
  llvm::StringRef below = device;
  below.consume_front("/dev/");
  llvm::StringRef base = device.rsplit('/').second;
  for (const Value &entry : tagging.list[0].list) {
    if (entry.kind != Value::Kind::Record) continue;
    const Value *forDevice = textField(entry, "for-device"), *kernel = textField(entry, "kernel");
    bool belongs = forDevice ? forDevice->text == device : kernel && (kernel->text == below || kernel->text == base);
    if (!belongs) continue;
    std::vector<IrValue> matches;
    for (llvm::StringRef name : {"kernel", "subsystem"})
      if (const Value *field = textField(entry, name))
        matches.push_back(matchCall(name, {IrValue::string(field->text)}));
    addPairs(entry, "environment", "env", matches);
    addPairs(entry, "attributes", "attr", matches);
    result.alternatives.push_back(std::move(matches));
  }
  if (!result.alternatives.empty()) return;
  result.alternatives.emplace_back();
  if (below != base) result.alternatives.push_back({matchCall("kernel", {IrValue::string(below)})});
}

void ItemReader::readCall(const ast::Expr &expr, Type::Kind place) {
  auto *reference = std::get_if<ast::Reference>(&expr.node);
  if (const ast::Reference *word = freeWord(expr)) return add(IrValue::word(word->path.front()));
  bool isCall = reference && reference->isCall && findFunction(llvm::join(reference->path, "."), place);
  Value value = isCall ? evaluator.keepCall(*reference, scope, place) : evaluator.evaluate(expr, scope);
  std::vector<Value> values = value.kind == Value::Kind::List ? value.list : std::vector<Value>{value};
  for (const Value &one : values) {
    if (place == Type::Kind::Match)
      addMatch(one);
    else if (one.kind == Value::Kind::Text)
      add(IrValue::word(one.text));
    else
      add(toIr(one));
  }
}

void ItemReader::readSyscall(const ast::Expr &expr) {
  auto *reference = std::get_if<ast::Reference>(&expr.node);
  if (const ast::Reference *word = freeWord(expr)) return add(IrValue::word(word->path.front()));
  if (!reference || !reference->isCall) return addText(evaluator.evaluate(expr, scope));
  Value call = Value::call(llvm::join(reference->path, "."), {});
  for (const ast::Argument &argument : reference->args)
    call.list.push_back(evaluator.evaluate(argument.value, scope));
  add(toIr(call));
}

// `start write(..)`: the call; `actions files(..)`: what it finds, each with its text.
void ItemReader::readCommand(const ast::Expr &expr) {
  auto *reference = std::get_if<ast::Reference>(&expr.node);
  bool isCommand =
      reference && reference->isCall && findFunction(llvm::join(reference->path, "."), Type::Kind::Command);
  if (isCommand) return add(toIr(evaluator.keepCall(*reference, scope, Type::Kind::Command)));
  if (const ast::Reference *word = freeWord(expr)) return add(IrValue::word(word->path.front()));
  Value found = evaluator.evaluate(expr, scope);
  if (found.kind != Value::Kind::List) return add(toIr(found));
  ItemReader reader(part, kind, evaluator, scope);
  for (const Value &path : found.list)
    reader.addFile(path);
  if (!reader.result.values.empty()) add(IrValue::call("files", std::move(reader.result.values)));
}

void ItemReader::read(const ast::Expr &expr) {
  switch (ir::slotTypeInfo(type).cls) {
  case ir::SlotClass::Pattern: return readPattern(expr);
  case ir::SlotClass::Words:
  case ir::SlotClass::Text:
  case ir::SlotClass::Perms: return readWordOrText(expr);
  case ir::SlotClass::Syscall: return readSyscall(expr);
  case ir::SlotClass::Name: return readCommand(expr);
  case ir::SlotClass::Call: break;
  }
  switch (type) {
  case ir::SlotType::Match: return readCall(expr, Type::Kind::Match);
  case ir::SlotType::Action: return readCall(expr, Type::Kind::Action);
  case ir::SlotType::Transition: return readCall(expr, Type::Kind::Transition);
  default: return readCall(expr, Type::Kind::Family);
  }
}

} // namespace

// AppArmor sees the flags of a mount, not what only mount(8) or the file system reads (nofail, uid=). None at all is
// `rw`: to leave the part out would allow any.
static void keepFlags(std::vector<ir::Value> &options, bool given) {
  const std::vector<llvm::StringRef> &known = ir::slotTypeInfo(ir::SlotType::MntOpt).words;
  if (options.empty()) return;
  llvm::erase_if(options, [&](const ir::Value &option) {
    // mount(8) leaves these to the file system, though the kernel has a flag of the name.
    bool ofFileSystem = given && (option.text == "acl" || option.text == "noacl");
    return ofFileSystem || !llvm::is_contained(known, option.text);
  });
  if (options.empty()) options.push_back(ir::Value::word("rw"));
}

ItemValues itemValues(const ast::Item &item, const ir::Part &part, ir::RuleKind kind, Evaluator &evaluator,
                      const Scope &scope) {
  ItemReader reader(part, kind, evaluator, scope);
  for (const ast::Expr &expr : item.values)
    reader.read(expr);
  ItemValues result = std::move(reader.result);
  bool given = llvm::any_of(item.values, [](const ast::Expr &expr) { return !expr.bareWord(); });
  if (part.type == ir::SlotType::MntOpt) keepFlags(result.values, given);
  // The other matches of the item hold in each alternative.
  for (std::vector<ir::Value> &alternative : result.alternatives)
    alternative.insert(alternative.begin(), result.values.begin(), result.values.end());
  return result;
}

} // namespace snapsecc
