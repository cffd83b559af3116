// SPDX-License-Identifier: Apache-2.0
// `except` as patterns: readable, exact (subtractPatterns proves each result; here the proof is done again by other
// means), and an error where patterns cannot say it.
#include "automata/Subtract.h"
#include <gmock/gmock.h>

using namespace snapsecc::automata;
using testing::ElementsAre;

namespace {

using Texts = std::vector<std::string>;

Texts subtract(llvm::StringRef pattern, const Texts &except) {
  llvm::Expected<Texts> result = subtractPatterns(pattern, except, standardVariables());
  if (!result) return {"error: " + llvm::toString(result.takeError())};
  auto unite = [](const Texts &texts) {
    Language all = Language::empty();
    for (const std::string &text : texts)
      all = llvm::cantFail(all.unite(llvm::cantFail(Language::fromText(text, standardVariables()))));
    return llvm::cantFail(all.intersect(Language::canonicalPaths()));
  };
  EXPECT_EQ(unite(*result).witness(), llvm::cantFail(unite({pattern.str()}).subtract(unite(except))).witness());
  EXPECT_TRUE(unite(*result).equals(llvm::cantFail(unite({pattern.str()}).subtract(unite(except))))) << pattern.str();
  // NUL too: what the pattern does not match across the two paths of a link, the result does not.
  for (const std::string &text : *result)
    EXPECT_TRUE(llvm::cantFail(llvm::cantFail(Language::fromText(pattern, standardVariables()))
                                   .includes(llvm::cantFail(Language::fromText(text, standardVariables())))))
        << text;
  return *result;
}

TEST(Subtract, SaysTheDifferencesOfTheLibrary) {
  EXPECT_THAT(subtract("@{HOME}/[^.]**", {"@{HOME}/snap{,/,/**}"}),
              ElementsAre("@{HOME}/{[^.s],s[^\\x00n],sn[^\\x00a],sna[^\\x00p],snap?}**", "@{HOME}/{s,sn,sna}"));
  EXPECT_THAT(subtract("/usr/**", {"/usr/lib{,/**}", "/usr/src{,/**}"}),
              ElementsAre("/usr/{[^\\x00/ls],l[^\\x00i],li[^\\x00b],s[^\\x00r],sr[^\\x00c]}**", "/usr/{l,li,s,sr}",
                          "/usr/{lib,src}?**"));
  EXPECT_THAT(subtract("/{,usr/}lib**", {"/{,usr/}lib{,/}", "/{,usr/}lib/{mod,fw}{,/**}"}),
              ElementsAre("/{,usr/}lib{?,/{[^\\x00fm],f[^\\x00w],m[^\\x00o],mo[^\\x00d]}}**", "/{,usr/}lib/{f,m,mo}",
                          "/{,usr/}lib/{fw,mod}?**"));
  subtract("/var/**", {"/var/{lib,log,snap,tmp}{,/**}"});
  subtract("/var/lib/**", {"/var/lib/{dhcp,extrausers,jenkins,snapd}{,/**}"});
  subtract("/**", {"/snap/{snapd,core}/*/usr/lib/snapd/snap-confine", "/usr/lib/snapd/snap-confine"});
  subtract("/var/lib/snapd/desktop/applications/*.desktop",
           {"/var/lib/snapd/desktop/applications/foo_*.desktop", "/var/lib/snapd/desktop/applications/org.x.desktop"});
}

TEST(Subtract, KeepsStarsAsTheyWere) {
  EXPECT_THAT(subtract("/d/*.c", {"/d/a_*.c"}), ElementsAre("/d/{[^\\x00/a],a[^\\x00/_]}*.c", "/d/{.,a.}c"));
  EXPECT_THAT(subtract("/a/*", {"/a/b"}), ElementsAre("/a/{[^\\x00/b],b?}*"));
  EXPECT_THAT(subtract("/a/{,**}", {"/a/"}), ElementsAre("/a/**"));
  EXPECT_THAT(subtract("/a/**", {"/a/*/b"}), ElementsAre("/a/{?*,?*/}", "/a/*/{[^\\x00b],b[^\\x00]}**"));
}

TEST(Subtract, LeavesWhatTheExceptionsDoNotTouch) {
  EXPECT_THAT(subtract("@{PROC}/a*", {"/sys/**", "@{PROC}/b"}), ElementsAre("@{PROC}/a*"));
  EXPECT_THAT(subtract("/a/b", {"/a/*"}), ElementsAre());
}

TEST(Subtract, OpensVariablesWhereItMust) {
  EXPECT_THAT(subtract("@{PROC}/@{pid}/*", {"@{PROC}/@{pid}/mem"}),
              ElementsAre("@{PROC}/@{pid}/{[^\\x00/m],m[^\\x00/e],me[^\\x00/m],mem?}*", "@{PROC}/@{pid}/{m,me}"));
  EXPECT_THAT(subtract("@{HOME}/a", {"/root/**"}), ElementsAre("/home/*/a"));
  EXPECT_THAT(subtract("/home/*/a", {"@{HOME}/a"}), ElementsAre());
}

TEST(Subtract, SaysSoWhereItCannot) {
  EXPECT_THAT(subtract("/a/*", {"/a/*.c"}), ElementsAre("error: it repeats more than a '*' or '**' does"));
  EXPECT_THAT(subtract("/**", {"/**/x"}), ElementsAre("error: it repeats more than a '*' or '**' does"));
  EXPECT_THAT(subtract("/a/{b", {"/a/c"}), ElementsAre("error: column 3: '{' without '}'"));
  EXPECT_THAT(subtract("/a/b", {"/a/{c"}), ElementsAre("error: column 3: '{' without '}'"));
  EXPECT_THAT(subtract("/**", {"/" + std::string(5000, 'a') + "b"}), ElementsAre("error: it needs too many patterns"));
}

} // namespace
