// SPDX-License-Identifier: Apache-2.0
#include "diag/Engine.h"
#include "diag/Diagnostics.h"
#include "diag/Render.h"
#include <gmock/gmock.h>

using namespace snapsecc;

TEST(Engine, PointsAtTheRangeInClangsManner) {
  SourceManager sources;
  FileId file = sources.add("a.sif", "first\nsecond word\n");
  Engine engine(sources);
  engine.report<diag::CannotRead>({file, 13, 17}, "b.sif", "gone").fixIt({file, 13, 17}, "other");
  std::string text;
  llvm::raw_string_ostream out(text);
  renderText(engine, out, {});
  EXPECT_EQ(out.str(), "a.sif:2:8: error: cannot read 'b.sif': gone [cannot-read]\n"
                       "  2 | second word\n"
                       "    |        ^~~~\n"
                       "    |        other\n");
}

TEST(Engine, SuggestsTheNearestWord) {
  EXPECT_EQ(nearest("sesion", {"session", "system"}), "session");
  EXPECT_EQ(nearest("zebra", {"session", "system"}), "");
}
