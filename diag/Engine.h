// SPDX-License-Identifier: Apache-2.0
// The diagnostics of one run. A step takes an Engine& and reports; it never prints. Each diagnostic is a type that
// a component's table makes (diag/Declare.h), so the arguments are checked when the compiler is compiled:
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

struct DiagInfo {
  const char *name;
  Severity severity;
  const char *text, *longText;
};

struct FixIt {
  SourceRange range; // replaced by
  std::string text;
};

struct Diagnostic {
  const DiagInfo *info = nullptr;
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
    static_assert(std::is_constructible_v<typename D::Args, A &&...>,
                  "arguments do not fit the diagnostic's declaration");
    return format(D::info, range, {text(std::forward<A>(args))...});
  }
  static std::string text(llvm::StringRef s) { return s.str(); }
  static std::string text(const std::string &s) { return s; }
  static std::string text(const char *s) { return s; }
  template <class T>
  requires std::is_integral_v<T>
  static std::string text(T number) { return std::to_string(number); }
  static Diagnostic format(const DiagInfo &info, SourceRange range, const std::vector<std::string> &args);
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
