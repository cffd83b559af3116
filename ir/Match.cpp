// SPDX-License-Identifier: Apache-2.0
// The items of a statement against its signature: which item fills which part, or what is wrong with the first that
// fits nowhere.
//   1. Run the signature's automaton over the items with an ordered list of threads (Pike): all readings at once, the
//   preferred
//      one first, linear in the items. A bare word that is a keyword at its place is nothing else there.
//   2. At the end, walk the preferred thread back. On failure, the threads of the last item that fitted say what was
//   expected.
#include "ir/Diagnostics.h"
#include "ir/Signature.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

namespace snapsecc::ir {
namespace {

using Step = Signature::Step;

bool contains(llvm::ArrayRef<std::string> words, llvm::StringRef word) { return llvm::is_contained(words, word); }

bool isName(llvm::StringRef text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                              llvm::StringRef::npos;
}

// Letters of the slot, each at most once.
bool isPermissionSet(llvm::StringRef text, const SlotTypeInfo &info) {
  for (size_t i = 0; i < text.size(); ++i)
    if (!llvm::is_contained(info.words, text.substr(i, 1)) || text.find(text[i], i + 1) != llvm::StringRef::npos)
      return false;
  return !text.empty();
}

// A value whose type only Check knows.
bool isKnownLater(const Shape &value) { return value.kind == Shape::Kind::Reference || value.inScope; }

bool fitsName(SlotType type, const Shape &value) {
  switch (type) {
  case SlotType::Call: return value.kind == Shape::Kind::Call || isKnownLater(value);
  case SlotType::Name: return value.kind == Shape::Kind::Word;
  case SlotType::Snap: return value.kind == Shape::Kind::Word || value.kind == Shape::Kind::String;
  default: return true; // VALUE, TYPE, ...: Check reads them as expressions and types
  }
}

bool fits(SlotType type, const Shape &value) {
  const SlotTypeInfo &info = slotTypeInfo(type);
  bool listed = llvm::is_contained(info.words, value.text);
  switch (info.cls) {
  case SlotClass::Words: // rtmin+1 is no name, so it is quoted
    return isKnownLater(value) || (value.kind == Shape::Kind::Word && listed) ||
           (value.kind == Shape::Kind::String && listed && !isName(value.text));
  case SlotClass::Call:
    return isKnownLater(value) || ((value.kind == Shape::Kind::Word || value.kind == Shape::Kind::Call) && listed);
  case SlotClass::Perms:
    return isKnownLater(value) || (value.kind == Shape::Kind::Word && isPermissionSet(value.text, info));
  case SlotClass::Syscall: return value.kind == Shape::Kind::Word || value.kind == Shape::Kind::Call;
  case SlotClass::Pattern: return value.kind != Shape::Kind::Number;
  case SlotClass::Text:
    return type == SlotType::String ? value.kind == Shape::Kind::String : value.kind != Shape::Kind::Number;
  case SlotClass::Name: return fitsName(type, value);
  }
  return false;
}

bool isWord(const Item &item) {
  return !item.arrow && item.values.size() == 1 && item.values[0].kind == Shape::Kind::Word;
}

bool isKeyword(const Step &step, const Item &item) {
  if (step.element.kind != Element::Kind::Word) return false;
  if (item.arrow) return contains(step.element.words, "->");
  return isWord(item) && contains(step.element.words, item.values[0].text);
}

struct Thread {
  unsigned step = 0;
  unsigned parent = 0; // index into the layer before
};
using Layer = std::vector<Thread>;

class Matcher {
public:
  Matcher(const Signature &sig, llvm::ArrayRef<Item> list) : signature(sig), items(list) {}

  MatchResult run() {
    layers.push_back({Thread{}});
    for (unsigned i = 0; i < items.size(); ++i) {
      layers.push_back(advance(layers.back(), items[i]));
      if (layers.back().empty()) {
        layers.pop_back();
        return {std::nullopt, classify(i)};
      }
    }
    for (unsigned i = 0; i < layers.back().size(); ++i)
      if (signature.steps[layers.back()[i].step].last) return {walkBack(i), {}};
    return {std::nullopt, missing()};
  }

private:
  // A word of this very signature is no free text, wherever it stands, so that a part out of order is seen as one.
  bool isKeywordOfSignature(const Item &item) const {
    return llvm::any_of(signature.steps, [&](const Step &step) { return isKeyword(step, item); });
  }

  bool slotTakes(const Step &step, const Item &item) const {
    if (step.element.kind != Element::Kind::Slot || item.arrow) return false;
    if (item.values.empty() || (item.values.size() > 1 && !step.element.many)) return false;
    SlotClass cls = slotTypeInfo(step.element.type).cls;
    if ((cls == SlotClass::Pattern || cls == SlotClass::Text) && isKeywordOfSignature(item)) return false;
    return llvm::all_of(item.values, [&](const Shape &value) { return fits(step.element.type, value); });
  }

  Layer advance(const Layer &layer, const Item &item) const {
    Layer reached;
    for (unsigned from = 0; from < layer.size(); ++from) {
      const std::vector<unsigned> &next = signature.steps[layer[from].step].next;
      bool keyword = llvm::any_of(next, [&](unsigned to) { return isKeyword(signature.steps[to], item); });
      for (unsigned to : next) {
        const Step &step = signature.steps[to];
        if (!(keyword ? isKeyword(step, item) : slotTakes(step, item))) continue;
        if (llvm::none_of(reached, [&](const Thread &thread) { return thread.step == to; }))
          reached.push_back({to, from});
      }
    }
    return reached;
  }

  Match walkBack(unsigned thread) const {
    Match match;
    for (size_t i = items.size(); i > 0; --i) {
      const Thread &at = layers[i][thread];
      int part = signature.steps[at.step].element.part;
      if (part >= 0) match.filled.push_back({static_cast<unsigned>(part), static_cast<unsigned>(i - 1)});
      thread = at.parent;
    }
    std::reverse(match.filled.begin(), match.filled.end());
    return match;
  }

  // What could have stood behind the items that fitted.
  std::vector<unsigned> candidates() const {
    std::vector<unsigned> found;
    for (const Thread &thread : layers.back())
      for (unsigned to : signature.steps[thread.step].next)
        if (!llvm::is_contained(found, to)) found.push_back(to);
    return found;
  }
  bool mayEnd() const {
    return llvm::any_of(layers.back(), [&](const Thread &thread) { return signature.steps[thread.step].last; });
  }

  static std::string describe(const Step &step) {
    if (step.element.kind == Element::Kind::Slot) return slotTypeInfo(step.element.type).doc;
    return "'" + llvm::join(step.element.words, "' or '") + "'";
  }
  std::string describe(llvm::ArrayRef<unsigned> steps, bool end) const {
    std::vector<std::string> texts;
    for (unsigned step : steps)
      if (std::string text = describe(signature.steps[step]); !llvm::is_contained(texts, text)) texts.push_back(text);
    if (end) texts.push_back("the end of the statement");
    std::string list = texts.front();
    for (size_t i = 1; i < texts.size(); ++i)
      list += (i + 1 == texts.size() ? " or " : ", ") + texts[i];
    return list;
  }

  static std::string describe(const Shape &value) {
    switch (value.kind) {
    case Shape::Kind::String: return "\"" + value.text + "\"";
    case Shape::Kind::Number: return "a number";
    case Shape::Kind::List: return "a list";
    default: return "'" + value.text + "'";
    }
  }

  // The steps behind which the statement can end soonest: what is missing is rarely an optional part.
  std::vector<unsigned> nearestToEnd(llvm::ArrayRef<unsigned> steps) const {
    std::vector<unsigned> best;
    unsigned bestDistance = ~0u;
    for (unsigned step : steps) {
      unsigned distance = distanceToEnd(step);
      if (distance < bestDistance) best.clear();
      bestDistance = std::min(bestDistance, distance);
      if (distance == bestDistance) best.push_back(step);
    }
    return best;
  }
  unsigned distanceToEnd(unsigned start) const {
    std::vector<unsigned> queue = {start}, distance(signature.steps.size(), ~0u);
    distance[start] = 0;
    for (size_t i = 0; i < queue.size(); ++i) {
      const Step &step = signature.steps[queue[i]];
      if (step.last) return distance[queue[i]];
      for (unsigned to : step.next)
        if (distance[to] == ~0u) {
          distance[to] = distance[queue[i]] + 1;
          queue.push_back(to);
        }
    }
    return ~0u;
  }

  MatchError missing() const {
    MatchError error;
    error.kind = MatchError::Kind::Missing;
    error.item = static_cast<unsigned>(items.size());
    error.expected = describe(nearestToEnd(candidates()), false);
    return error;
  }

  MatchError classify(unsigned at) const {
    const Item &item = items[at];
    std::vector<unsigned> next = candidates();
    MatchError error;
    error.item = at;
    if (item.arrow)
      error.found = "'->'";
    else if (!item.values.empty())
      error.found = describe(item.values.front());
    if (outOfOrder(item, error) || tooMany(item, next, error) || unknownWord(item, next, error)) return error;
    error.kind = MatchError::Kind::Unexpected;
    error.expected = next.empty() ? "the end of the statement" : describe(next, mayEnd());
    if (isWord(item)) {
      std::vector<llvm::StringRef> words;
      for (unsigned step : next)
        appendWords(signature.steps[step], words);
      error.suggestion = nearest(item.values[0].text, words);
      if (error.suggestion == item.values[0].text) error.suggestion.clear();
    }
    return error;
  }

  // A keyword that would have to stand before one that is already there.
  bool outOfOrder(const Item &item, MatchError &error) const {
    std::vector<bool> taken(signature.steps.size());
    std::vector<unsigned> path;
    unsigned thread = 0;
    for (size_t i = layers.size() - 1; i > 0; thread = layers[i][thread].parent, --i) {
      path.push_back(layers[i][thread].step);
      taken[path.back()] = true;
    }
    std::reverse(path.begin(), path.end());
    for (unsigned word = 1; word < signature.steps.size(); ++word) {
      if (taken[word] || !isKeyword(signature.steps[word], item)) continue;
      std::vector<bool> later = reachable(word);
      for (unsigned step : path) {
        if (!later[step]) continue;
        error.kind = MatchError::Kind::OutOfOrder;
        error.expected = describe(signature.steps[step]);
        return true;
      }
    }
    return false;
  }
  std::vector<bool> reachable(unsigned start) const {
    std::vector<bool> seen(signature.steps.size());
    std::vector<unsigned> queue = {start};
    for (size_t i = 0; i < queue.size(); ++i)
      for (unsigned to : signature.steps[queue[i]].next)
        if (!seen[to]) {
          seen[to] = true;
          queue.push_back(to);
        }
    return seen;
  }

  bool tooMany(const Item &item, llvm::ArrayRef<unsigned> next, MatchError &error) const {
    if (item.values.size() < 2) return false;
    for (unsigned to : next) {
      const Step &step = signature.steps[to];
      if (step.element.kind != Element::Kind::Slot || step.element.many) continue;
      if (!llvm::all_of(item.values, [&](const Shape &value) { return fits(step.element.type, value); })) continue;
      error.kind = MatchError::Kind::NotAList;
      error.value = 1;
      error.found = describe(item.values[1]);
      error.expected = describe(step);
      return true;
    }
    return false;
  }

  // The one closed slot that could stand here, and the first value that it does not have.
  bool unknownWord(const Item &item, llvm::ArrayRef<unsigned> next, MatchError &error) const {
    const Step *closed = nullptr;
    for (unsigned to : next) {
      const Step &step = signature.steps[to];
      if (step.element.kind != Element::Kind::Slot || slotTypeInfo(step.element.type).words.empty()) continue;
      if (closed) return false;
      closed = &step;
    }
    if (!closed || item.arrow || isKeywordOfSignature(item)) return false;
    for (unsigned i = 0; i < item.values.size(); ++i) {
      const Shape &value = item.values[i];
      if (fits(closed->element.type, value)) continue;
      if (value.kind != Shape::Kind::Word && value.kind != Shape::Kind::Call) return false;
      std::vector<llvm::StringRef> words;
      appendWords(*closed, words);
      std::string own = nearest(value.text, words);
      if (own.empty() && mistypedKeyword(item, next)) return false;
      error.kind = MatchError::Kind::UnknownWord;
      error.value = i;
      error.found = value.text;
      error.expected = describe(*closed);
      if (own != value.text) error.suggestion = own;
      return true;
    }
    return false;
  }
  bool mistypedKeyword(const Item &item, llvm::ArrayRef<unsigned> next) const {
    if (!isWord(item)) return false;
    std::vector<llvm::StringRef> words;
    for (unsigned step : next)
      if (signature.steps[step].element.kind == Element::Kind::Word) appendWords(signature.steps[step], words);
    return !nearest(item.values[0].text, words).empty();
  }

  // Words that a message may suggest; single letters are permissions, and near to everything.
  static void appendWords(const Step &step, std::vector<llvm::StringRef> &words) {
    if (step.element.kind == Element::Kind::Word) {
      for (const std::string &word : step.element.words)
        if (word != "->") words.push_back(word);
    } else if (slotTypeInfo(step.element.type).cls != SlotClass::Perms) {
      llvm::append_range(words, slotTypeInfo(step.element.type).words);
    }
  }

  const Signature &signature;
  llvm::ArrayRef<Item> items;
  std::vector<Layer> layers;
};

} // namespace

MatchResult matchStatement(const Signature &signature, llvm::ArrayRef<Item> items) {
  return Matcher(signature, items).run();
}

void report(const MatchError &error, llvm::StringRef keyword, SourceRange where, Engine &engine) {
  switch (error.kind) {
  case MatchError::Kind::UnknownWord: {
    auto made =
        engine.report<diag::UnknownWord>(where, keyword, error.found, error.expected, didYouMean(error.suggestion));
    if (!error.suggestion.empty()) made.fixIt(where, error.suggestion);
    break;
  }
  case MatchError::Kind::Unexpected: {
    bool near = !error.suggestion.empty();
    std::string expected = near ? "did you mean '" + error.suggestion + "'?" : "expected " + error.expected;
    auto made = engine.report<diag::UnexpectedPart>(where, keyword, error.found, expected);
    if (near) made.fixIt(where, error.suggestion);
    break;
  }
  case MatchError::Kind::OutOfOrder:
    engine.report<diag::PartOutOfOrder>(where, keyword, error.found, error.expected);
    break;
  case MatchError::Kind::Missing: engine.report<diag::MissingPart>(where, keyword, error.expected); break;
  case MatchError::Kind::NotAList: engine.report<diag::NotAList>(where, keyword, error.found, error.expected); break;
  }
}

} // namespace snapsecc::ir
