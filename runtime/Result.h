// SPDX-License-Identifier: Apache-2.0
// What a step of the runtime gives back: a value, or why there is none. The text is for the one line on stderr.
#pragma once
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace snapsecc::runtime {

struct Failure {
  std::string what;
};

// "cannot open '/x': Permission denied"
inline Failure systemFailure(std::string what, int code = errno) { return {std::move(what) + ": " + strerror(code)}; }

template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : state(std::move(value)) {}
  Result(Failure failure) : state(std::move(failure)) {}
  explicit operator bool() const { return std::holds_alternative<T>(state); }
  T &operator*() { return std::get<T>(state); }
  T *operator->() { return &std::get<T>(state); }
  const T &operator*() const { return std::get<T>(state); }
  const T *operator->() const { return &std::get<T>(state); }
  const Failure &failure() const { return std::get<Failure>(state); }

private:
  std::variant<T, Failure> state;
};

// A step without a value: true is good.
class [[nodiscard]] Status {
public:
  Status() = default;
  Status(Failure failure) : why(std::move(failure)) {}
  explicit operator bool() const { return !why; }
  const Failure &failure() const { return *why; }

private:
  std::optional<Failure> why;
};

} // namespace snapsecc::runtime
