// SPDX-License-Identifier: Apache-2.0
// Sources: udev(7); systemd src/udev/udev-rules.c (how a value is read: up to the next '"' that has no '\' in front;
// '|' separates alternatives) and src/shared/udev-util; patterns are fnmatch(3) without flags.
//   A pattern of ours becomes alternatives without {}; `*` and `**` are both `*` there, for names hold no '/'.
#include "backends/cgroup/UdevText.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

namespace snapsecc::cgroup {
namespace {

using automata::ByteSet;
using automata::FlatPattern;
using automata::Pattern;

llvm::Error problem(const llvm::Twine &text) { return llvm::createStringError(llvm::inconvertibleErrorCode(), text); }

// A value in quotes. There is no escape for '"' that every udev reads, and a '\' at the end would take the quote away.
llvm::Expected<std::string> quote(llvm::StringRef value) {
  for (unsigned char c : value)
    if (c < 0x20 || c == 0x7f || c == '"') return problem("'" + value + "' has a quote or a control character");
  if (value.endswith("\\")) return problem("'" + value + "' ends in a backslash");
  return ("\"" + value + "\"").str();
}

// The name of an attribute or property, which stands in {}.
llvm::Error checkName(llvm::StringRef name) {
  bool good = !name.empty() &&
              llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || llvm::StringRef("_./:-").contains(c); });
  return good ? llvm::Error::success() : problem("'" + name + "' is no name of an attribute or property");
}

// [a-f0-9] of the set's bytes, with `front` behind the bracket; empty where fnmatch has no plain way to say it.
std::string bracket(ByteSet bytes, const char *front) {
  std::string text = front;
  for (auto [first, last] : {std::pair('a', 'z'), std::pair('A', 'Z'), std::pair('0', '9')})
    for (int c = first; c <= last; ++c) {
      int end = c;
      while (end <= last && bytes[size_t(end)])
        bytes.reset(size_t(end++));
      if (end - c > 2)
        text += {static_cast<char>(c), '-', static_cast<char>(end - 1)};
      else
        for (int one = c; one < end; ++one)
          text += static_cast<char>(one);
      c = end;
    }
  for (char c : llvm::StringRef("_.,:@+=~#"))
    if (bytes[size_t(c)]) {
      text += c;
      bytes.reset(size_t(c));
    }
  return bytes.none() ? '[' + text + ']' : "";
}

llvm::Expected<std::string> atomText(const Pattern &atom) {
  switch (atom.kind) {
  case Pattern::Kind::Star:
  case Pattern::Kind::DoubleStar: return std::string("*");
  case Pattern::Kind::Set: {
    if (atom.bytes == automata::anyButSlash()) return std::string("?");
    ByteSet outside = ~atom.bytes;
    std::string text = atom.bytes.count() > 128 ? bracket(outside, "!") : bracket(atom.bytes, "");
    if (text.empty()) return problem("udev has no way to say the [] of '" + automata::print(atom) + "'");
    return text;
  }
  case Pattern::Kind::Literal:
    if (atom.text.find_first_of("*?[\\") == std::string::npos) return atom.text;
    return problem("'" + atom.text + "' has a character that udev takes for a pattern");
  default: return problem("udev does not know the variable '" + automata::print(atom) + "'");
  }
}

llvm::Expected<std::string> flatText(llvm::ArrayRef<Pattern> atoms) {
  std::string text;
  for (const Pattern &atom : atoms) {
    llvm::Expected<std::string> more = atomText(atom);
    if (!more) return more.takeError();
    text += *more;
  }
  return text;
}

llvm::Expected<std::vector<FlatPattern>> alternatives(llvm::StringRef pattern) {
  llvm::Expected<Pattern> parsed = automata::parsePattern(pattern);
  if (!parsed) return parsed.takeError();
  std::optional<std::vector<FlatPattern>> flat = automata::flatten(*parsed, 256);
  if (!flat) return problem("'" + pattern + "' has more than 256 alternatives");
  return std::move(*flat);
}

// A pattern of ours as a quoted udev pattern.
llvm::Expected<std::string> matchValue(llvm::StringRef pattern) {
  llvm::Expected<std::vector<FlatPattern>> flat = alternatives(pattern);
  if (!flat) return flat.takeError();
  std::vector<std::string> texts;
  for (const FlatPattern &one : *flat) {
    llvm::Expected<std::string> text = flatText(one);
    if (!text) return text.takeError();
    texts.push_back(std::move(*text));
  }
  return quote(llvm::join(texts, "|"));
}

// The part of a node's pattern behind the last '/', in udev's terms.
llvm::Expected<std::string> baseName(const FlatPattern &path) {
  FlatPattern base = path;
  for (size_t i = base.size(); i-- > 0;) {
    size_t slash = base[i].kind == Pattern::Kind::Literal ? base[i].text.rfind('/') : std::string::npos;
    if (slash == std::string::npos) continue;
    base[i].text.erase(0, slash + 1);
    base.erase(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(base[i].text.empty() ? i + 1 : i));
    break;
  }
  bool named = false;
  for (const Pattern &atom : base) {
    if (atom.kind == Pattern::Kind::DoubleStar) return problem("'**' may reach into directories");
    if (atom.kind != Pattern::Kind::Literal) continue;
    named = true;
    if (atom.text.find('|') != std::string::npos) return problem("a name with '|' means several names to udev");
  }
  if (!named) return problem("a name that is all pattern says too little");
  return flatText(base);
}

struct Key {
  const char *name, *key;
};
constexpr Key matchKeys[] = {
    {"kernel", "KERNEL"},   {"subsystem", "SUBSYSTEM"}, {"subsystems", "SUBSYSTEMS"}, {"parent", "KERNELS"},
    {"parents", "KERNELS"}, {"driver", "DRIVER"},       {"drivers", "DRIVERS"},       {"tag", "TAG"},
    {"action", "ACTION"}};
constexpr Key namedMatchKeys[] = {{"attr", "ATTR"}, {"attrs", "ATTRS"}, {"env", "ENV"}};
// An action with one or two texts. oneName: udev would take blanks for the end of a first name.
struct Action {
  const char *name, *before, *inside;
  bool oneName;
};
constexpr Action actions[] = {{"symlink", "SYMLINK+=", "", true},
                              {"tag", "TAG+=", "", true},
                              {"group", "GROUP=", "", true},
                              {"owner", "OWNER=", "", true},
                              {"static_node", "OPTIONS+=", "static_node=", true},
                              {"env", "ENV", "", false},
                              {"attr", "ATTR", "", false}};

const char *findKey(llvm::ArrayRef<Key> keys, llvm::StringRef name) {
  for (const Key &key : keys)
    if (name == key.name) return key.key;
  return nullptr;
}

bool hasTexts(const ir::Value &call, size_t count) {
  return call.args.size() == count && llvm::all_of(call.args, [](const ir::Value &arg) {
           return arg.kind == ir::Value::Kind::String || arg.kind == ir::Value::Kind::Word;
         });
}

// usb(VENDOR [, PRODUCT [, INTERFACE]])
llvm::Expected<UdevMatch> usbMatch(const ir::Value &match, bool negated) {
  auto isId = [](const ir::Value &id) {
    return id.kind == ir::Value::Kind::Number && id.number >= 0 && id.number <= 0xffff;
  };
  if (match.args.empty() || match.args.size() > 3 || !llvm::all_of(match.args, isId))
    return problem("usb() takes the numbers of vendor, product and interface");
  if (negated && match.args.size() > 1) return problem("of several numbers udev cannot say that not all of them match");
  const char *equal = negated ? "!=" : "==";
  UdevMatch made;
  made.text = fmt::format("ATTRS{{idVendor}}{}\"{:04x}\"", equal, match.args[0].number);
  if (match.args.size() > 1) made.text += fmt::format(", ATTRS{{idProduct}}==\"{:04x}\"", match.args[1].number);
  if (match.args.size() > 2)
    made.text += fmt::format(", ENV{{ID_USB_INTERFACE_NUM}}==\"{:02x}\"", match.args[2].number);
  made.needsUsbIds = match.args.size() > 2;
  return made;
}

// In what udev assigns, $ and % begin a substitution.
std::string withoutSubstitutions(llvm::StringRef value) {
  std::string text;
  for (char c : value) {
    if (c == '$' || c == '%') text += c;
    text += c;
  }
  return text;
}

} // namespace

llvm::Expected<UdevMatch> udevMatch(const ir::Value &match, bool negated) {
  const std::string equal = negated ? "!=" : "==";
  if (match.isCall("usb")) return usbMatch(match, negated);
  if (match.isCall("node") && hasTexts(match, 1)) {
    llvm::Expected<std::vector<std::string>> names = nodeMatches(match.args[0].text, negated);
    if (!names) return names.takeError();
    if (names->size() != 1) return problem("node() takes one node");
    return UdevMatch{std::move(names->front())};
  }
  const char *key = findKey(matchKeys, match.text), *named = findKey(namedMatchKeys, match.text);
  bool isBus = match.isCall("bus");
  if (isBus) key = "SUBSYSTEMS";
  if (match.kind != ir::Value::Kind::Call || !hasTexts(match, named ? 2 : 1) || !(key || named))
    return problem("'" + print(match) + "' is no match of udev");
  std::string left = key ? key : named;
  if (named) {
    std::optional<std::string> name = automata::literalText(match.args[0].text);
    if (!name) return problem("'" + match.args[0].text + "' must be a name");
    if (llvm::Error error = checkName(*name)) return error;
    left += "{" + *name + "}";
  }
  llvm::Expected<std::string> value = matchValue(match.args.back().text);
  if (!value) return value.takeError();
  return UdevMatch{left + equal + *value, isBus && match.args[0].text == "usb"};
}

llvm::Expected<std::string> udevAction(const ir::Value &action) {
  auto isNumber = [](const ir::Value &arg) {
    return arg.kind == ir::Value::Kind::Number && arg.number >= 0 && arg.number <= 07777;
  };
  bool isMode = action.isCall("access") || action.isCall("mode");
  if (isMode && action.args.size() == 1 && isNumber(action.args[0]))
    return fmt::format("MODE=\"{:04o}\"", action.args[0].number);

  const Action *known = llvm::find_if(actions, [&](const Action &one) { return action.isCall(one.name); });
  const bool named = known != std::end(actions) && !known->oneName;
  if (known == std::end(actions) || !hasTexts(action, named ? 2 : 1))
    return problem("'" + print(action) + "' is nothing that a rule may do");
  llvm::StringRef value = action.args.back().text;
  if (known->oneName && (value.empty() || value.find_first_of(" \t,") != llvm::StringRef::npos))
    return problem("'" + value + "' is no single name");
  std::string left = known->before;
  if (named) {
    if (llvm::Error error = checkName(action.args[0].text)) return error;
    left += "{" + action.args[0].text + "}=";
  }
  llvm::Expected<std::string> quoted = quote(known->inside + withoutSubstitutions(value));
  if (!quoted) return quoted.takeError();
  return left + *quoted;
}

llvm::Expected<std::vector<std::string>> nodeMatches(llvm::StringRef nodes, bool negated) {
  llvm::Expected<std::vector<FlatPattern>> flat = alternatives(nodes);
  if (!flat) return flat.takeError();
  std::vector<std::string> matches;
  for (const FlatPattern &path : *flat) {
    llvm::Expected<std::string> name = baseName(path);
    if (!name) return name.takeError();
    llvm::Expected<std::string> quoted = quote(*name);
    if (!quoted) return quoted.takeError();
    std::string match = (negated ? "KERNEL!=" : "KERNEL==") + *quoted;
    if (!llvm::is_contained(matches, match)) matches.push_back(std::move(match));
  }
  return matches;
}

std::string udevTag(llvm::StringRef label) {
  std::string tag;
  for (char c : label)
    tag += c == '+' ? "__" : c == '.' ? "_" : std::string(1, c);
  return tag;
}

} // namespace snapsecc::cgroup
