// SPDX-License-Identifier: Apache-2.0
// Pattern text -> tree, in three steps that follow apparmor_parser's:
//   1. read bytes and escapes (parser_misc.c, processunquoted): \ooo \dNNN \xHH \a \e \f \n \r \t \" \\ are bytes; a
//   byte that is
//      special in patterns stays escaped; `\` before anything else stays for step 2, where it makes the next byte
//      literal
//   2. the globbing syntax (parser_regex.c, convert_aaregex_to_pcre)
//   3. the inside of [] (libapparmor_re/parse.y, charset)
#include "automata/Pattern.h"
#include "llvm/ADT/StringExtras.h"
#include <optional>

namespace snapsecc::automata {

char PatternError::ID = 0;

const ByteSet &anyByte() {
  static const ByteSet set = [] {
    ByteSet all;
    all.set();
    all.reset(0);
    return all;
  }();
  return set;
}

const ByteSet &anyButSlash() {
  static const ByteSet set = [] {
    ByteSet bytes = anyByte();
    bytes.reset('/');
    return bytes;
  }();
  return set;
}

namespace {

constexpr llvm::StringLiteral specialBytes = "*?[]{}^,\\";
constexpr unsigned maxDepth = 50;

// A byte of the text after step 1.
struct Unit {
  unsigned char byte = 0;
  bool escaped = false;
  size_t column = 0;
};

// The number at the front of `text`, of at most `digits` digits and at most 255; nullopt where there is none.
std::optional<unsigned> takeNumber(llvm::StringRef &text, unsigned base, unsigned digits) {
  unsigned value = 0;
  bool any = false;
  for (; digits > 0 && !text.empty(); --digits) {
    unsigned digit = llvm::hexDigitValue(text[0]);
    if (digit >= base || value * base + digit > 255) break;
    value = value * base + digit;
    any = true;
    text = text.drop_front();
  }
  return any ? std::optional(value) : std::nullopt;
}

// The byte that an escape stands for; `text` begins behind the backslash and loses what was read.
std::optional<unsigned> takeEscape(llvm::StringRef &text) {
  char c = text[0];
  if (c >= '0' && c <= '7') return takeNumber(text, 8, 3);
  llvm::StringRef rest = text.drop_front();
  std::optional<unsigned> value;
  switch (c) {
  case '\\':
  case '"': value = c; break;
  case 'a': value = '\a'; break;
  case 'e': value = 27; break;
  case 'f': value = '\f'; break;
  case 'n': value = '\n'; break;
  case 'r': value = '\r'; break;
  case 't': value = '\t'; break;
  case 'd': value = takeNumber(rest, 10, 3); break;
  case 'x': value = takeNumber(rest, 16, 2); break;
  default: break;
  }
  if (value) text = rest;
  return value;
}

llvm::Expected<std::vector<Unit>> readUnits(llvm::StringRef text) {
  std::vector<Unit> units;
  units.reserve(text.size());
  llvm::StringRef rest = text;
  while (!rest.empty()) {
    Unit unit{static_cast<unsigned char>(rest[0]), false, text.size() - rest.size()};
    rest = rest.drop_front();
    if (unit.byte == '\\') {
      if (rest.empty()) return llvm::make_error<PatternError>(unit.column, "'\\' at the end");
      if (std::optional<unsigned> value = takeEscape(rest)) {
        unit.byte = static_cast<unsigned char>(*value);
        unit.escaped = unit.byte == 0 || specialBytes.contains(static_cast<char>(unit.byte));
      } else {
        unit.byte = static_cast<unsigned char>(rest[0]);
        unit.escaped = true;
        rest = rest.drop_front();
      }
    }
    units.push_back(unit);
  }
  return units;
}

class Parser {
public:
  explicit Parser(std::vector<Unit> text) : units(std::move(text)) { frames.push_back({}); }
  llvm::Expected<Pattern> run();

private:
  // An open brace: its finished alternatives, and the one that is being read. The first frame is the whole text.
  struct Frame {
    size_t column = 0;
    std::vector<Pattern> alternatives;
    Pattern current;
  };

  bool at(size_t index, char c) const {
    return index < units.size() && !units[index].escaped && units[index].byte == c;
  }
  llvm::Error fail(size_t column, const char *message) const { return llvm::make_error<PatternError>(column, message); }
  size_t variableEnd() const;
  void addLiteral(unsigned char byte);
  void addStar();
  llvm::Error addClass();
  llvm::Error closeBrace();
  llvm::Error step();

  std::vector<Unit> units;
  size_t next = 0;
  std::vector<Frame> frames;
};

// For `next` at "@{name}": the index behind the brace; 0 where no well-formed variable stands there.
size_t Parser::variableEnd() const {
  if (!at(next, '@') || !at(next + 1, '{')) return 0;
  size_t end = next + 2;
  for (; end < units.size() && !units[end].escaped; ++end) {
    char c = static_cast<char>(units[end].byte);
    if (c == '}') return end + 1;
    bool first = end == next + 2;
    if (first ? !llvm::isAlpha(c) : !llvm::isAlnum(c) && c != '_') return 0;
  }
  return 0;
}

void Parser::addLiteral(unsigned char byte) {
  std::vector<Pattern> &children = frames.back().current.children;
  if (children.empty() || children.back().kind != Pattern::Kind::Literal) {
    children.emplace_back();
    children.back().kind = Pattern::Kind::Literal;
  }
  children.back().text += static_cast<char>(byte);
}

void Parser::addStar() {
  std::vector<Pattern> &children = frames.back().current.children;
  bool behindSlash =
      !children.empty() && children.back().kind == Pattern::Kind::Literal && children.back().text.back() == '/';
  size_t end = next;
  while (at(end, '*'))
    ++end;
  Pattern star;
  star.kind = at(next + 1, '*') ? Pattern::Kind::DoubleStar : Pattern::Kind::Star;
  star.atLeastOne = behindSlash && (end == units.size() || at(end, '/'));
  next += star.kind == Pattern::Kind::DoubleStar ? 2 : 1;
  children.push_back(std::move(star));
}

// `next` is behind the '['. Elements are bytes and ranges; '-' stands for itself only in front, '^' anywhere but in
// front.
llvm::Error Parser::addClass() {
  size_t column = units[next - 1].column;
  auto isCaret = [&](size_t index) { return index < units.size() && units[index].byte == '^'; };
  auto isDash = [&](size_t index) { return index < units.size() && units[index].byte == '-'; };
  bool negated = isCaret(next);
  if (negated) ++next;
  Pattern set;
  set.kind = Pattern::Kind::Set;
  bool first = true;
  for (;; first = false) {
    if (next >= units.size()) return fail(column, "'[' without ']'");
    const Unit &unit = units[next];
    if (at(next, ']')) break;
    if (!unit.escaped && (unit.byte == '*' || unit.byte == '?'))
      return fail(unit.column, "'*' and '?' in [] need a '\\' in front");
    if (variableEnd() != 0) return fail(unit.column, "a variable cannot stand in []");
    if (!first && isDash(next)) return fail(unit.column, "'-' in [] stands for itself only in front");
    // An escaped comma in a class is both bytes: the backslash is an element of its own.
    if (unit.escaped && unit.byte == ',') set.bytes.set('\\');
    ++next;
    unsigned low = unit.byte, high = low;
    bool caretFirst = first && negated && low == '^'; // [^^-x]: the grammar knows no range here
    if (isDash(next) && !(low == '-' && first && at(next + 1, ']'))) {
      if (caretFirst || next + 1 >= units.size() || at(next + 1, ']') || isDash(next + 1))
        return fail(units[next].column, "'-' in [] stands for itself only in front");
      high = units[next + 1].byte;
      if (!units[next + 1].escaped && (high == '*' || high == '?'))
        return fail(units[next + 1].column, "'*' and '?' in [] need a '\\' in front");
      if (units[next + 1].escaped && high == ',') return fail(units[next + 1].column, "a range cannot end in '\\,'");
      next += 2;
    }
    if (low > high) std::swap(low, high);
    for (unsigned byte = low; byte <= high; ++byte)
      set.bytes.set(byte);
  }
  if (first) return fail(column, "an empty []");
  ++next;
  if (negated) set.bytes.flip();
  frames.back().current.children.push_back(std::move(set));
  return llvm::Error::success();
}

llvm::Error Parser::closeBrace() {
  if (frames.size() == 1) return fail(units[next].column, "'}' without '{'");
  Frame frame = std::move(frames.back());
  if (frame.alternatives.empty()) return fail(frame.column, "{} needs at least two alternatives");
  frames.pop_back();
  frame.alternatives.push_back(std::move(frame.current));
  Pattern alternation;
  alternation.kind = Pattern::Kind::Alternation;
  alternation.children = std::move(frame.alternatives);
  frames.back().current.children.push_back(std::move(alternation));
  ++next;
  return llvm::Error::success();
}

llvm::Error Parser::step() {
  const Unit &unit = units[next];
  if (size_t end = variableEnd()) {
    Pattern variable;
    variable.kind = Pattern::Kind::Variable;
    for (size_t i = next + 2; i + 1 < end; ++i)
      variable.text += static_cast<char>(units[i].byte);
    if (variable.text.empty()) return fail(unit.column, "a variable without a name");
    frames.back().current.children.push_back(std::move(variable));
    next = end;
    return llvm::Error::success();
  }
  switch (unit.escaped ? 0 : unit.byte) {
  case '*': addStar(); return llvm::Error::success();
  case '?': {
    Pattern any;
    any.kind = Pattern::Kind::Set;
    any.bytes = anyButSlash();
    frames.back().current.children.push_back(std::move(any));
    break;
  }
  case '[': ++next; return addClass();
  case ']': return fail(unit.column, "']' without '['");
  case '{':
    if (frames.size() >= maxDepth) return fail(unit.column, "{} nested 50 deep");
    frames.push_back({unit.column, {}, {}});
    break;
  case '}': return closeBrace();
  case ',':
    if (frames.size() > 1) {
      frames.back().alternatives.push_back(std::move(frames.back().current));
      frames.back().current = {};
      break;
    }
    [[fallthrough]];
  default: addLiteral(unit.byte);
  }
  ++next;
  return llvm::Error::success();
}

llvm::Expected<Pattern> Parser::run() {
  while (next < units.size())
    if (llvm::Error error = step()) return error;
  if (frames.size() > 1) return llvm::make_error<PatternError>(frames.back().column, "'{' without '}'");
  return std::move(frames.back().current);
}

} // namespace

llvm::Expected<Pattern> parsePattern(llvm::StringRef text) {
  llvm::Expected<std::vector<Unit>> units = readUnits(text);
  if (!units) return units.takeError();
  return Parser(std::move(*units)).run();
}

llvm::Expected<std::string> readEscapes(llvm::StringRef text) {
  llvm::Expected<std::vector<Unit>> units = readUnits(text);
  if (!units) return units.takeError();
  std::string out;
  for (const Unit &unit : *units) {
    if (unit.byte == 0) {
      out += "\\x00";
      continue;
    }
    if (unit.escaped) out += '\\';
    out += static_cast<char>(unit.byte);
  }
  return out;
}

std::string escapeLiteral(llvm::StringRef text) {
  std::string out;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += {'\\', 'x', llvm::hexdigit(byte >> 4, true), llvm::hexdigit(byte & 15, true)};
      continue;
    }
    if (c != '^' && specialBytes.contains(c)) out += '\\';
    out += c;
  }
  return out;
}

bool hasMeta(llvm::StringRef text) { return text.find_first_of("*?[]{}\\") != llvm::StringRef::npos; }

} // namespace snapsecc::automata
