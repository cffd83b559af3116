// SPDX-License-Identifier: Apache-2.0
#include "driver/TextDiff.h"
#include <gtest/gtest.h>

namespace snapsecc::driver {
namespace {

TEST(TextDiff, PrintsWhatChanges) {
  EXPECT_EQ(unifiedDiff("a\nb\n", "a\nb\n", "f"), "");
  EXPECT_EQ(unifiedDiff("a\nb\nc\n", "a\nx\nc\n", "f"), "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
  EXPECT_EQ(unifiedDiff("", "a\n", "f"), "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n");
  EXPECT_EQ(unifiedDiff("a\n", "", "f"), "--- f\n+++ f\n@@ -1,1 +0,0 @@\n-a\n");
}

TEST(TextDiff, PartsHunksThatAreFarApart) {
  std::string before, after;
  for (int i = 1; i <= 20; ++i) {
    std::string line = std::to_string(i) + "\n";
    before += line;
    after += i == 2 ? "two\n" : i == 19 ? "" : line;
  }
  EXPECT_EQ(unifiedDiff(before, after, "f"), "--- f\n+++ f\n@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n"
                                             "@@ -16,5 +16,4 @@\n 16\n 17\n 18\n-19\n 20\n");
  std::string near = "1\ntwo\n3\n4\n5\n6\n7\n8\n9\nten\n";
  EXPECT_EQ(unifiedDiff("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", near, "f"),
            "--- f\n+++ f\n@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -7,4 +7,4 @@\n 7\n 8\n 9\n-10\n+ten\n");
}

} // namespace
} // namespace snapsecc::driver
