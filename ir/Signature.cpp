// SPDX-License-Identifier: Apache-2.0
// The notation of the tables to a tree, and the tree to the automaton that the matcher runs.
//   1. parse: alternatives / sequences of words, slots and [optional] parts; 2. name the parts by their roles;
//   3. number the words and slots and find for each what may stand behind it (Glushkov's construction), so that no step
//   is empty.
#include "ir/Signature.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <cassert>
#include <map>

namespace snapsecc::ir {
namespace {

struct WordList {
  SlotType type;
  const char *words;
};
constexpr WordList wordLists[] = {
#define WORDS(Id, Text) {SlotType::Id, Text},
#include "ir/Words.def"
#undef WORDS
};

std::optional<SlotType> findSlotType(llvm::StringRef name) {
#define SLOT_TYPE(Id, Name, Class, Doc)                                                                                \
  if (name == Name) return SlotType::Id;
#include "ir/SlotTypes.def"
#undef SLOT_TYPE
  return std::nullopt;
}

bool isSlotName(llvm::StringRef token) { return !token.empty() && token.front() >= 'A' && token.front() <= 'Z'; }

Element sequence(std::vector<Element> children) {
  Element made;
  made.kind = Element::Kind::Sequence;
  made.children = std::move(children);
  return made;
}

Element wrap(Element::Kind kind, Element child) {
  Element made;
  made.kind = kind;
  made.children.push_back(std::move(child));
  return made;
}

class NotationParser {
public:
  explicit NotationParser(llvm::StringRef text) : rest(text) {}

  Element run() {
    Element root = alternatives();
    assert(rest.empty() && "a signature has a bracket too many");
    return root;
  }

private:
  // The next of: [ ] / or a run of anything else.
  llvm::StringRef next() {
    rest = rest.ltrim(' ');
    size_t length = rest.find_first_of(" []");
    if (length == 0) length = 1;
    llvm::StringRef token = rest.take_front(length);
    rest = rest.drop_front(token.size());
    return token;
  }
  llvm::StringRef peek() {
    llvm::StringRef saved = rest, token = next();
    rest = saved;
    return token;
  }

  Element alternatives() {
    std::vector<Element> found;
    found.push_back(parseSequence());
    while (peek() == "/") {
      next();
      found.push_back(parseSequence());
    }
    rest = rest.ltrim(' ');
    if (found.size() == 1) return std::move(found.front());
    Element either;
    either.kind = Element::Kind::Either;
    either.children = std::move(found);
    return either;
  }

  Element parseSequence() {
    std::vector<Element> children;
    for (llvm::StringRef token = peek(); !token.empty() && token != "]" && token != "/"; token = peek())
      children.push_back(element());
    return sequence(std::move(children));
  }

  Element element() {
    llvm::StringRef token = next();
    if (token == "[") {
      Element optional = wrap(Element::Kind::Optional, alternatives());
      [[maybe_unused]] llvm::StringRef close = next();
      assert(close == "]" && "a signature has an open bracket");
      return optional;
    }
    return isSlotName(token) ? slot(token) : word(token);
  }

  static Element word(llvm::StringRef token) {
    Element made;
    made.kind = Element::Kind::Word;
    llvm::SmallVector<llvm::StringRef, 4> words;
    token.split(words, '|');
    for (llvm::StringRef one : words)
      made.words.push_back(one.str());
    return made;
  }

  // SLOT, SLOT+ (joined by commas), SLOT? (optional), SLOT* (any number of items)
  static Element slot(llvm::StringRef token) {
    char suffix = token.back();
    llvm::StringRef name = suffix == '+' || suffix == '?' || suffix == '*' ? token.drop_back() : token;
    std::optional<SlotType> type = findSlotType(name);
    assert(type && "a signature names a slot that SlotTypes.def does not have");
    Element made;
    made.kind = Element::Kind::Slot;
    made.type = *type;
    made.many = suffix == '+' || suffix == '*';
    if (suffix == '?') return wrap(Element::Kind::Optional, std::move(made));
    if (suffix == '*') return wrap(Element::Kind::Repeat, std::move(made));
    return made;
  }

  llvm::StringRef rest;
};

// Gives each part its role. The same role again: ROLE2 within one alternative, the same part in another.
class PartNamer {
public:
  explicit PartNamer(std::vector<Part> &into) : parts(into) {}

  void name(Element &element) {
    switch (element.kind) {
    case Element::Kind::Word: add(element, llvm::join(element.words, "|")); break;
    case Element::Kind::Slot:
      if (element.type != SlotType::If) add(element, slotTypeInfo(element.type).name);
      break;
    case Element::Kind::Optional:
    case Element::Kind::Repeat: name(element.children.front()); break;
    case Element::Kind::Sequence: nameSequence(element); break;
    case Element::Kind::Either: nameAlternatives(element); break;
    }
  }

private:
  // A single word in front of a slot is that slot's role and no part of its own.
  void nameSequence(Element &element) {
    for (size_t i = 0; i < element.children.size(); ++i) {
      Element &child = element.children[i];
      bool leads = child.kind == Element::Kind::Word && child.words.size() == 1 && i + 1 < element.children.size() &&
                   element.children[i + 1].kind == Element::Kind::Slot && element.children[i + 1].type != SlotType::If;
      if (leads)
        add(element.children[++i], child.words.front());
      else
        name(child);
    }
  }

  void nameAlternatives(Element &element) {
    auto outer = count;
    for (Element &child : element.children) {
      count = outer;
      name(child);
    }
  }

  void add(Element &element, std::string role) {
    unsigned nth = ++count[role];
    if (nth > 1) role += std::to_string(nth);
    Part part{std::move(role), element.type, element.kind == Element::Kind::Word, element.many};
    for (size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].role != part.role) continue;
      assert(parts[i].type == part.type && parts[i].isFlag == part.isFlag && parts[i].many == part.many &&
             "one role, two meanings");
      element.part = static_cast<int>(i);
      return;
    }
    element.part = static_cast<int>(parts.size());
    parts.push_back(std::move(part));
  }

  std::vector<Part> &parts;
  std::map<std::string, unsigned> count;
};

// What a subtree begins and ends with, and whether it may be empty.
struct Fragment {
  std::vector<unsigned> first, last;
  bool nullable = true;
};

class StepBuilder {
public:
  explicit StepBuilder(std::vector<Signature::Step> &into) : steps(into) {}

  void build(const Element &root) {
    steps.emplace_back();
    Fragment all = visit(root);
    steps[0].next = all.first;
    steps[0].last = all.nullable;
    for (unsigned step : all.last)
      steps[step].last = true;
  }

private:
  Fragment visit(const Element &element) {
    switch (element.kind) {
    case Element::Kind::Word: return leaf(element);
    case Element::Kind::Slot: return element.type == SlotType::If ? Fragment{} : leaf(element);
    case Element::Kind::Optional: {
      Fragment inner = visit(element.children.front());
      inner.nullable = true;
      return inner;
    }
    case Element::Kind::Repeat: {
      Fragment inner = visit(element.children.front());
      follow(inner.last, inner.first);
      inner.nullable = true;
      return inner;
    }
    case Element::Kind::Sequence: return visitSequence(element);
    case Element::Kind::Either: return visitEither(element);
    }
    return {};
  }

  Fragment visitSequence(const Element &element) {
    Fragment all;
    for (const Element &child : element.children) {
      Fragment one = visit(child);
      follow(all.last, one.first);
      if (all.nullable) append(all.first, one.first);
      if (!one.nullable) all.last.clear();
      append(all.last, one.last);
      all.nullable = all.nullable && one.nullable;
    }
    return all;
  }

  Fragment visitEither(const Element &element) {
    Fragment all;
    all.nullable = false;
    for (const Element &child : element.children) {
      Fragment one = visit(child);
      append(all.first, one.first);
      append(all.last, one.last);
      all.nullable = all.nullable || one.nullable;
    }
    return all;
  }

  Fragment leaf(const Element &element) {
    unsigned index = static_cast<unsigned>(steps.size());
    steps.push_back({element, {}, false});
    return {{index}, {index}, false};
  }

  void follow(const std::vector<unsigned> &from, const std::vector<unsigned> &to) {
    for (unsigned step : from)
      append(steps[step].next, to);
  }
  static void append(std::vector<unsigned> &list, const std::vector<unsigned> &more) {
    list.insert(list.end(), more.begin(), more.end());
  }

  std::vector<Signature::Step> &steps;
};

std::string printElement(const Element &element, bool repeated = false) {
  std::vector<std::string> children;
  for (const Element &child : element.children)
    children.push_back(printElement(child, element.kind == Element::Kind::Repeat));
  switch (element.kind) {
  case Element::Kind::Word: return llvm::join(element.words, "|");
  case Element::Kind::Slot:
    return std::string(slotTypeInfo(element.type).name) + (element.many && !repeated ? "+" : "");
  case Element::Kind::Optional: return "[" + children.front() + "]";
  case Element::Kind::Repeat: return children.front() + "*";
  case Element::Kind::Sequence: return llvm::join(children, " ");
  case Element::Kind::Either: return llvm::join(children, " / ");
  }
  return "";
}

} // namespace

const SlotTypeInfo &slotTypeInfo(SlotType type) {
  static const std::vector<SlotTypeInfo> infos = [] {
    std::vector<SlotTypeInfo> made = {
#define SLOT_TYPE(Id, Name, Class, Doc) {Name, SlotClass::Class, Doc, {}},
#include "ir/SlotTypes.def"
#undef SLOT_TYPE
    };
    for (const WordList &list : wordLists) {
      llvm::SmallVector<llvm::StringRef, 64> words;
      llvm::StringRef(list.words).split(words, ' ', -1, /*KeepEmpty=*/false);
      made[static_cast<size_t>(list.type)].words.assign(words.begin(), words.end());
    }
    return made;
  }();
  return infos[static_cast<size_t>(type)];
}

std::optional<unsigned> Signature::find(llvm::StringRef role) const {
  for (size_t i = 0; i < parts.size(); ++i)
    if (parts[i].role == role) return static_cast<unsigned>(i);
  return std::nullopt;
}

unsigned Signature::index(llvm::StringRef role) const {
  std::optional<unsigned> found = find(role);
  assert(found && "the signature has no part with this role");
  return *found;
}

Signature parseSignature(llvm::StringRef text) {
  Signature signature;
  signature.root = NotationParser(text).run();
  PartNamer(signature.parts).name(signature.root);
  StepBuilder(signature.steps).build(signature.root);
  return signature;
}

std::string print(const Signature &signature) { return printElement(signature.root); }

} // namespace snapsecc::ir
