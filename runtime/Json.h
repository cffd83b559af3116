// SPDX-License-Identifier: Apache-2.0
// A reader of JSON (RFC 8259) that makes no tree: the caller goes through objects and arrays and takes what it knows.
// The first fault ends all: from then on every call gives nothing.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace snapsecc::runtime {

class JsonReader {
public:
  explicit JsonReader(std::string_view bytes) : text(bytes) {}
  // Calls `member` with each key; it takes the value, or leaves it and it is skipped.
  void object(const std::function<void(const std::string &key)> &member);
  void array(const std::function<void()> &element);
  std::string string();
  uint64_t number(); // a whole one, not negative
  void skip();
  // Nothing but white space is left, and nothing was wrong.
  bool finish();
  // Where it stopped making sense.
  std::optional<size_t> fault() const { return wrong; }

private:
  char peek(); // behind white space; 0 at the end
  bool take(char c);
  void fail();
  void list(char close, const std::function<void()> &element);
  void appendEscape(std::string &into);
  std::optional<uint32_t> hex4();

  std::string_view text;
  size_t at = 0;
  unsigned depth = 0;
  std::optional<size_t> wrong;
};

} // namespace snapsecc::runtime
