// SPDX-License-Identifier: Apache-2.0
// The cheap answers of a PatternTable must be those of the languages.
#include "automata/PatternTable.h"
#include <gmock/gmock.h>

using namespace snapsecc::automata;

namespace {

const std::vector<std::string> patterns = {"/",
                                           "/a",
                                           "/a/",
                                           "/*",
                                           "/**",
                                           "/a/**",
                                           "/a/{,**}",
                                           "/a/*",
                                           "/a/{b,c}",
                                           "/{a,b}/c",
                                           "/{,usr/}lib/*",
                                           "/usr/**",
                                           "/a/b*",
                                           "/a/[^b]*",
                                           "/a/[b-d]**",
                                           "@{HOME}/.x",
                                           "/home/*/.x",
                                           "/root/.*",
                                           "/home/**",
                                           "@{PROC}/@{pid}/**",
                                           "/proc/[0-9]*/mem",
                                           "/{home,root}/**",
                                           "/a/?",
                                           "/a/b/",
                                           "/a//b",
                                           "/{a/b,a/c}",
                                           "/{a,ab}*"};

Language language(llvm::StringRef text) { return llvm::cantFail(Language::fromText(text, standardVariables())); }

TEST(PatternTable, AgreesWithTheLanguages) {
  PatternTable table(standardVariables());
  const Language *paths = &Language::canonicalPaths();
  for (const std::string &left : patterns)
    for (const std::string &right : patterns) {
      Language a = language(left), b = language(right);
      PatternTable::Id x = llvm::cantFail(table.add(left)), y = llvm::cantFail(table.add(right));
      EXPECT_EQ(table.overlap(x, y), !llvm::cantFail(Language::covers({}, {&a, &b, paths}))) << left << " " << right;
      EXPECT_EQ(table.covered(x, {y}, 1000), llvm::cantFail(Language::covers({&b}, {&a, paths})))
          << left << " " << right;
      for (const char *third : {"/a/**", "/home/*/.x", "/*"}) {
        Language c = language(third);
        PatternTable::Id z = llvm::cantFail(table.add(third));
        EXPECT_EQ(table.covered(x, {y, z}, 1000), llvm::cantFail(Language::covers({&b, &c}, {&a, paths})))
            << left << right << third;
        EXPECT_EQ(table.overlap(x, y, {z}), !llvm::cantFail(Language::covers({&c}, {&a, &b, paths})))
            << left << right << third;
      }
    }
}

TEST(PatternTable, KnowsWhatAllWordsBeginWith) {
  PatternTable table(standardVariables());
  auto prefix = [&](llvm::StringRef text) { return table.prefix(llvm::cantFail(table.add(text))).str(); };
  EXPECT_EQ(prefix("/a/{bc,bd}e"), "/a/b");
  EXPECT_EQ(prefix("/a/{b,b}c"), "/a/bc");
  EXPECT_EQ(prefix("/a/[b]c*"), "/a/bc");
  EXPECT_EQ(prefix("@{PROC}/@{pid}/x"), "/proc/");
  EXPECT_EQ(prefix("@{HOME}/x"), "/");
  EXPECT_EQ(llvm::toString(table.add("/a{").takeError()), "column 2: '{' without '}'");
}

TEST(PatternTable, MultipliesOutWhatMatchesTheSame) {
  PatternTable table(standardVariables());
  auto alternatives = [&](llvm::StringRef text) {
    std::string out;
    for (PatternTable::Id id : table.alternatives(llvm::cantFail(table.add(text))))
      out += table.text(id).str() + " ";
    return out;
  };
  EXPECT_EQ(alternatives("/a"), "/a ");
  EXPECT_EQ(alternatives("@{HOME}/{a,b}*"), "@{HOME}/a* @{HOME}/b* ");
  EXPECT_EQ(alternatives("/{a,*}"), "/a /{,*} ");
  EXPECT_EQ(alternatives("/{a/,b}/c"), "/b/c ");
  EXPECT_EQ(alternatives("/{@{run},b}/c"), "/b/c "); // /run//c is no path
  EXPECT_EQ(alternatives("@{run}{/,a}"), "/run/a /var/run/a ");
  EXPECT_FALSE(table.overlap(llvm::cantFail(table.add("/{a/,b}/c")), llvm::cantFail(table.add("/a/c"))));
  EXPECT_EQ(table.covered(llvm::cantFail(table.add("/{a/,b}/[c-e]")), {llvm::cantFail(table.add("/b/{c,d,e}"))}, 100),
            true);
}

TEST(PatternTable, BudgetsAreAnsweredOnTheSafeSide) {
  PatternTable table(standardVariables(), Slashes::Fold, {16});
  PatternTable::Id a = llvm::cantFail(table.add("/**a??????")), b = llvm::cantFail(table.add("/**b?????"));
  EXPECT_TRUE(table.overlap(a, b));
  EXPECT_EQ(table.covered(a, {b, a}, 16), true);
  PatternTable::Id c = llvm::cantFail(table.add("/**[ab]??????")), d = llvm::cantFail(table.add("/**b??????"));
  EXPECT_EQ(table.covered(c, {a, d}, 16), std::nullopt);
}

} // namespace
