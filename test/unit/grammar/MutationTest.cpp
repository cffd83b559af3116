// SPDX-License-Identifier: Apache-2.0
// Real files with something wrong in them: reading ends, every range lies in the text, and what is still whole is kept.
#include "test/unit/grammar/Sif.h"
#include <fstream>
#include <gmock/gmock.h>
#include <random>
#include <sstream>

using namespace snapsecc;

namespace {

std::string load(const char *name) {
  std::ifstream in(std::string("stdlib/interfaces/") + name + ".sif");
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

class Mutator {
public:
  explicit Mutator(unsigned seed) : random(seed) {}

  std::string mutate(std::string text) {
    for (size_t changes = 1 + upTo(3); changes > 0 && !text.empty(); --changes)
      change(text);
    return text;
  }

private:
  size_t upTo(size_t last) { return random() % (last + 1); }

  void change(std::string &text) {
    static constexpr const char *pieces[] = {"{",    "}",        "(",   ")",  "[",    "]",        ";",      "\"",
                                             "${",   ",",        "->",  "if", "else", "when a {", "##",     "=",
                                             "\xff", "\xc3\xa4", "not", "..", "@",    "\n",       "let x ="};
    size_t at = upTo(text.size() - 1);
    switch (upTo(4)) {
    case 0: text.erase(at, 1 + upTo(20)); break;
    case 1: text.insert(at, pieces[upTo(std::size(pieces) - 1)]); break;
    case 2: text.insert(at, text.substr(upTo(text.size() - 1), upTo(100))); break;
    case 3: text.resize(at); break;
    default: text[at] = static_cast<char>(random());
    }
  }

  std::mt19937 random;
};

void expectWithin(const std::vector<ast::Statement> &statements, SourceRange outer) {
  for (const ast::Statement &one : statements) {
    EXPECT_LE(outer.begin, one.range.begin);
    EXPECT_LT(one.range.begin, one.range.end);
    EXPECT_LE(one.range.end, outer.end);
    if (auto *rule = std::get_if<ast::Rule>(&one.node))
      if (rule->block) expectWithin(rule->block->statements, one.range);
  }
}

} // namespace

TEST(Mutation, ReadingSurvivesIt) {
  for (const char *name : {"home", "content", "browser-support", "serial-port", "mpris"}) {
    std::string whole = load(name);
    for (unsigned seed = 0; seed < 100; ++seed) {
      std::string text = Mutator(seed).mutate(whole);
      SCOPED_TRACE(std::string(name) + " " + std::to_string(seed));
      Sif sif(text);
      auto size = static_cast<uint32_t>(text.size());
      for (const Diagnostic &one : sif.engine.diagnostics()) {
        EXPECT_LE(one.range.begin, one.range.end);
        EXPECT_LE(one.range.end, size);
      }
      EXPECT_LE(sif.engine.errorCount(), 21u + 20u);
      expectWithin(sif.file.statements, {1, 0, size});
      EXPECT_FALSE(sif.dump().empty() && !sif.engine.hasErrors() && !text.empty() && text.size() > 200);
    }
  }
}

TEST(Mutation, OneTokenTooManySpoilsOneStatement) {
  std::string whole = load("home");
  auto lines = [](const std::string &text) { return std::count(text.begin(), text.end(), '\n'); };
  auto statements = lines(Sif(whole).dump());
  ASSERT_GT(statements, 10);
  for (size_t at = whole.find(';'); at != std::string::npos; at = whole.find(';', at + 1)) {
    std::string text = whole;
    text.insert(at, " = ");
    Sif sif(text);
    EXPECT_EQ(sif.engine.errorCount(), 1u) << at;
    EXPECT_GE(lines(sif.dump()), statements - 2) << at; // the statement, and its reason
  }
}
