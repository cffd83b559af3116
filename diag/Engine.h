// SPDX-License-Identifier: Apache-2.0
// The diagnostics of one run. A step takes an Engine& and reports; it never prints. Each diagnostic is a type that
// Diagnostics.def makes, so the arguments are checked when the compiler is compiled:
//   engine.report<diag::UnknownWord>(range, "sesion", "bus").fixIt(range, "session");
#pragma once
#include "diag/SourceFile.h"
#include "llvm/ADT/StringRef.h"
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace snapsecc {

enum class Severity : uint8_t { Note, Warning, Error };

enum class DiagKind : uint16_t {
#define DIAG(Id, Name, Sev, Text, Long, ...) Id,
#include "diag/Diagnostics.def"
#undef DIAG
};

struct DiagInfo {
  const char *id, *name;
  Severity severity;
  const char *text, *longText;
};
const DiagInfo &diagInfo(DiagKind kind);
// All diagnostics in the order of the table.
const std::vector<DiagInfo> &allDiagInfos();

namespace diag {
#define DIAG(Id, Name, Sev, Text, Long, ...)                                                                           \
  struct Id {                                                                                                          \
    using Args = std::tuple<__VA_ARGS__>;                                                                              \
    static constexpr DiagKind kind = DiagKind::Id;                                                                     \
  };
#include "diag/Diagnostics.def"
#undef DIAG
} // namespace diag

struct FixIt {
  SourceRange range; // replaced by
  std::string text;
};

struct Diagnostic {
  DiagKind kind{};
  Severity severity = Severity::Error;
  SourceRange range;
  std::string message;
  std::vector<FixIt> fixIts;
  std::vector<Diagnostic> notes;
};

class Engine {
public:
  explicit Engine(SourceManager &sources) : sourceManager(sources) {}

  // What report() returns: notes and fix-its for the diagnostic just made.
  class Builder {
  public:
    template <class D, class... A> Builder &note(SourceRange range, A &&...args) {
      diagnostic().notes.push_back(make<D>(range, std::forward<A>(args)...));
      return *this;
    }
    Builder &fixIt(SourceRange range, llvm::StringRef text) {
      diagnostic().fixIts.push_back({range, text.str()});
      return *this;
    }

  private:
    friend class Engine;
    Builder(Engine &owner, size_t position) : engine(owner), index(position) {}
    Diagnostic &diagnostic() { return engine.list[index]; }
    Engine &engine;
    size_t index;
  };

  template <class D, class... A> Builder report(SourceRange range, A &&...args) {
    return add(make<D>(range, std::forward<A>(args)...));
  }

  SourceManager &sources() { return sourceManager; }
  const SourceManager &sources() const { return sourceManager; }
  const std::vector<Diagnostic> &diagnostics() const { return list; }
  bool hasErrors() const { return errors > 0; }
  size_t errorCount() const { return errors; }
  size_t warningCount() const { return list.size() - errors; }
  // -Werror (empty name) and -Werror=NAME; to be set before anything is reported.
  void makeError(llvm::StringRef name) { promoted.insert(name.str()); }

private:
  template <class D, class... A> static Diagnostic make(SourceRange range, A &&...args) {
    static_assert(std::is_constructible_v<typename D::Args, A &&...>, "arguments do not fit Diagnostics.def");
    return format(D::kind, range, {text(std::forward<A>(args))...});
  }
  static std::string text(llvm::StringRef s) { return s.str(); }
  static std::string text(const std::string &s) { return s; }
  static std::string text(const char *s) { return s; }
  template <class T>
  requires std::is_integral_v<T>
  static std::string text(T number) { return std::to_string(number); }
  static Diagnostic format(DiagKind kind, SourceRange range, const std::vector<std::string> &args);
  Builder add(Diagnostic diagnostic);

  SourceManager &sourceManager;
  std::vector<Diagnostic> list;
  std::set<std::string> promoted;
  size_t errors = 0;
};

// "session" for "sesion": the candidate with the least edit distance, empty where none is near.
std::string nearest(llvm::StringRef word, const std::vector<llvm::StringRef> &candidates);
// The end of a message: "; did you mean 'session'?", nothing where there is no suggestion.
std::string didYouMean(llvm::StringRef suggestion);

} // namespace snapsecc
