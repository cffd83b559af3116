// SPDX-License-Identifier: Apache-2.0
// What patterns mean, against apparmor_parser's own answers (recorded), and the operations against brute force.
#include "automata/Language.h"
#include "automata/Dfa.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MemoryBuffer.h"
#include <gmock/gmock.h>

using namespace snapsecc::automata;

namespace {

Language language(llvm::StringRef text, Slashes slashes = Slashes::Fold) {
  return llvm::cantFail(Language::fromText(text, standardVariables(), {}, slashes));
}
std::string failure(llvm::StringRef text, Limits limits = {}) {
  llvm::Expected<Language> result = Language::fromText(text, standardVariables(), limits);
  return result ? "no error" : llvm::toString(result.takeError());
}

TEST(Language, MatchesWhatTheParserMatches) {
  auto file = llvm::MemoryBuffer::getFile("test/unit/automata/Inputs/parser-facts.txt");
  ASSERT_TRUE(bool(file));
  llvm::SmallVector<llvm::StringRef, 0> lines;
  (*file)->getBuffer().split(lines, '\n', -1, false);
  EXPECT_GT(lines.size(), 500u);
  for (llvm::StringRef line : lines) {
    auto [pattern, rest] = line.split('\t');
    auto [word, answer] = rest.split('\t');
    llvm::Expected<Language> result = Language::fromText(pattern, standardVariables());
    std::string ours = !result ? "error" : result->contains(word) ? "yes" : "no";
    llvm::consumeError(result.takeError());
    EXPECT_EQ(ours, answer.str()) << line.str();
  }
}

// All words of up to four bytes over a small alphabet.
std::vector<std::string> words() {
  std::vector<std::string> out{""};
  for (size_t i = 0; i < out.size() && out[i].size() < 4; ++i)
    for (char c : {'/', 'a', 'b', '.'})
      out.push_back(out[i] + c);
  return out;
}

TEST(Language, OperationsAgreeWithMembership) {
  const std::vector<std::string> patterns = {"",       "/",      "/a",    "/*",           "/**",    "/a*b",
                                             "/{,a}b", "/[^a]*", "/**/b", "/{a,b}{,/**}", "**b/**", "/a{/*,}"};
  const std::vector<std::string> all = words();
  for (const std::string &left : patterns)
    for (const std::string &right : patterns) {
      Language a = language(left), b = language(right);
      Language both = llvm::cantFail(a.intersect(b)), either = llvm::cantFail(a.unite(b));
      Language minus = llvm::cantFail(a.subtract(b));
      for (const std::string &word : all) {
        EXPECT_EQ(both.contains(word), a.contains(word) && b.contains(word)) << left << " " << right << " " << word;
        EXPECT_EQ(either.contains(word), a.contains(word) || b.contains(word)) << left << " " << right << " " << word;
        EXPECT_EQ(minus.contains(word), a.contains(word) && !b.contains(word)) << left << " " << right << " " << word;
      }
      EXPECT_EQ(llvm::cantFail(a.intersects(b)), !both.isEmpty());
      EXPECT_EQ(llvm::cantFail(b.includes(a)), minus.isEmpty());
      EXPECT_EQ(a.equals(b), minus.isEmpty() && llvm::cantFail(b.subtract(a)).isEmpty());
      EXPECT_TRUE(llvm::cantFail(both.unite(minus)).equals(a));
    }
}

TEST(Language, EqualLanguagesAreEqualAutomata) {
  EXPECT_EQ(language("/{a,b}c").dfa(), language("/[ab]c").dfa());
  EXPECT_EQ(language("/a/**").dfa(), language("/a/?**").dfa());
  EXPECT_EQ(language("/{,a,aa,aaa}").dfa(), language("/{,a}{,a}{,a}").dfa());
  EXPECT_FALSE(language("/a/**").equals(language("/a/{,**}")));
  EXPECT_TRUE(Language::empty().isEmpty());
  EXPECT_EQ(Language::empty().dfa(), llvm::cantFail(language("/a").intersect(language("/b"))).dfa());
}

TEST(Language, UnionsCoverWhatNoPartDoes) {
  Language a = language("/d/[a-m]*"), b = language("/d/[^a-m]*"), whole = language("/d/*"), more = language("/d/{,*}");
  EXPECT_TRUE(llvm::cantFail(Language::covers({&a, &b}, {&whole})));
  EXPECT_FALSE(llvm::cantFail(Language::covers({&a}, {&whole})));
  EXPECT_FALSE(llvm::cantFail(Language::covers({&a, &b}, {&more})));
  // Of names that exist: /home//x does not.
  Language sloppy = language("/home/{*,x}/.y"), strict = language("/home/*/.y");
  EXPECT_FALSE(llvm::cantFail(strict.includes(sloppy)));
  EXPECT_TRUE(llvm::cantFail(Language::covers({&strict}, {&sloppy, &Language::canonicalPaths()})));
}

TEST(Language, WitnessesAreShortAndReadable) {
  EXPECT_EQ(language("/a/**").witness(), "/a/a");
  EXPECT_EQ(language("/a/[^.a-z]**").witness(), "/a/0");
  EXPECT_EQ(language("@{HOME}/.ssh/*").witness(), "/root/.ssh/a");
  EXPECT_EQ(Language::empty().witness(), std::nullopt);
  EXPECT_EQ(language("").witness(), "");
}

TEST(Language, VariablesStandForTheirValues) {
  auto expand = [](llvm::StringRef text, Slashes slashes = Slashes::Fold) {
    return llvm::cantFail(expandVariables(text, standardVariables(), slashes));
  };
  EXPECT_EQ(expand("@{HOME}/x"), "{/home/*,/root}/x");
  EXPECT_EQ(expand("@{HOME}x"), "{/home/*/,/root/}x");
  EXPECT_EQ(expand("@{PROC}/x"), "/proc/x");
  EXPECT_EQ(expand("@{PROC}/x", Slashes::Keep), "/proc//x");
  EXPECT_EQ(expand("/a/@{run}/x"), "/a/{run,var/run}/x");
  EXPECT_EQ(expand("\\@{PROC}"), "\\@{PROC}");
  EXPECT_EQ(expand("//a///b"), "//a/b");
  EXPECT_EQ(failure("@{nosuch}/x"), "no variable @{nosuch}");
  Variables own;
  own["a"] = {"@{b}1", "x"};
  own["b"] = {"1", "2"};
  own["loop"] = {"@{loop}"};
  EXPECT_EQ(llvm::cantFail(expandVariables("/@{a}/", own)), "/{11,21,x}/");
  EXPECT_EQ(llvm::toString(expandVariables("@{loop}", own).takeError()), "variables make the pattern too large");
}

TEST(Language, BudgetsEndInANamedError) {
  EXPECT_EQ(failure("/{*a????????????????????,b}"), "the automaton has more than 100000 states");
  EXPECT_EQ(failure("/abcdefgh", {4}), "the automaton has more than 4 states");
  llvm::Expected<Language> result = language("/*a??????????").intersect(language("/*b?????????c"), {100});
  ASSERT_FALSE(bool(result));
  llvm::Error error = result.takeError();
  EXPECT_TRUE(error.isA<BudgetError>());
  llvm::consumeError(std::move(error));
}

TEST(Language, ComesBackAsPatterns) {
  auto patterns = [](const Language &from) {
    std::string out;
    for (const Pattern &pattern : llvm::cantFail(from.toPatterns()))
      out += (out.empty() ? "" : " ") + print(pattern);
    return out;
  };
  EXPECT_EQ(patterns(language("/a/{b,c}/**")), "/a/[bc]/**");
  EXPECT_EQ(patterns(language("/{foo,bar}{,/**}")), "/{bar,foo}{,/**}");
  EXPECT_EQ(patterns(Language::empty()), "");
  Language loops = language("/**/b");
  EXPECT_EQ(llvm::toString(loops.toPatterns().takeError()), "it repeats more than a '*' or '**' does");
  EXPECT_EQ(llvm::toString(llvm::cantFail(language("/*").subtract(language("/{*,}a*"))).toPatterns().takeError()),
            "it repeats bytes that are no '*' or '**'");
}

} // namespace
