// SPDX-License-Identifier: Apache-2.0
#include "runtime/Json.h"

namespace snapsecc::runtime {
namespace {
constexpr unsigned deepest = 64;
bool isDigit(char c) { return c >= '0' && c <= '9'; }

void appendUtf8(std::string &into, uint32_t code) {
  if (code < 0x80) {
    into += static_cast<char>(code);
    return;
  }
  unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
  into += static_cast<char>(leads[more] | code >> 6 * more);
  while (more-- > 0)
    into += static_cast<char>(0x80 | (code >> 6 * more & 0x3f));
}
} // namespace

void JsonReader::fail() {
  if (!wrong) wrong = at;
  at = text.size();
}

char JsonReader::peek() {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
    ++at;
  return at < text.size() ? text[at] : '\0';
}

bool JsonReader::take(char c) {
  if (peek() == c && at < text.size()) return ++at, true;
  fail();
  return false;
}

void JsonReader::list(char close, const std::function<void()> &element) {
  if (++depth > deepest) fail();
  if (peek() == close) {
    ++at;
  } else {
    while (!wrong) {
      element();
      if (peek() != ',') {
        take(close);
        break;
      }
      ++at;
    }
  }
  --depth;
}

void JsonReader::object(const std::function<void(const std::string &key)> &member) {
  if (!take('{')) return;
  list('}', [&] {
    std::string key = string();
    if (!take(':')) return;
    peek();
    size_t before = at;
    member(key);
    if (at == before) skip();
  });
}

void JsonReader::array(const std::function<void()> &element) {
  if (!take('[')) return;
  list(']', [&] {
    peek();
    size_t before = at;
    element();
    if (at == before) skip();
  });
}

std::optional<uint32_t> JsonReader::hex4() {
  uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i, ++at) {
    char c = at < text.size() ? text[at] : '\0';
    if (isDigit(c))
      value = value << 4 | static_cast<uint32_t>(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
      value = value << 4 | static_cast<uint32_t>((c | 0x20) - 'a' + 10);
    else
      return std::nullopt;
  }
  return value;
}

// `at` stands behind the backslash.
void JsonReader::appendEscape(std::string &into) {
  char c = at < text.size() ? text[at++] : '\0';
  constexpr std::string_view letters = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  if (size_t which = letters.find(c); which != letters.npos) {
    into += values[which];
    return;
  }
  std::optional<uint32_t> code = c == 'u' ? hex4() : std::nullopt;
  if (code && *code >= 0xd800 && *code < 0xdc00) { // the first half of a pair
    bool second = text.substr(at, 2) == "\\u";
    at += second ? 2 : 0;
    std::optional<uint32_t> low = second ? hex4() : std::nullopt;
    if (low && *low >= 0xdc00 && *low < 0xe000)
      code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
    else
      code = std::nullopt;
  } else if (code && *code >= 0xdc00 && *code < 0xe000) {
    code = std::nullopt;
  }
  if (!code) return fail();
  appendUtf8(into, *code);
}

std::string JsonReader::string() {
  std::string value;
  if (!take('"')) return value;
  while (at < text.size()) {
    char c = text[at++];
    if (c == '"') return value;
    if (static_cast<unsigned char>(c) < 0x20) break;
    if (c == '\\')
      appendEscape(value);
    else
      value += c;
  }
  fail();
  return {};
}

uint64_t JsonReader::number() {
  uint64_t value = 0;
  if (!isDigit(peek())) return fail(), 0;
  for (; at < text.size() && isDigit(text[at]); ++at) {
    if (value > (UINT64_MAX - 9) / 10) return fail(), 0;
    value = value * 10 + static_cast<uint64_t>(text[at] - '0');
  }
  return value;
}

void JsonReader::skip() {
  switch (peek()) {
  case '{': return object([](const std::string &) {});
  case '[': return array([] {});
  case '"': string(); return;
  }
  for (std::string_view word : {"true", "false", "null"})
    if (text.substr(at, word.size()) == word) {
      at += word.size();
      return;
    }
  size_t before = at;
  while (at < text.size() && (isDigit(text[at]) || std::string_view("+-.eE").find(text[at]) != std::string_view::npos))
    ++at;
  if (at == before) fail();
}

bool JsonReader::finish() {
  peek();
  if (at < text.size()) fail();
  return !wrong;
}

} // namespace snapsecc::runtime
