// SPDX-License-Identifier: Apache-2.0
#include "driver/AllDiagnostics.h"
#include <gmock/gmock.h>
#include <set>

using namespace snapsecc;

TEST(AllDiagnostics, NamesAreUniqueAndKebabCase) {
  std::set<std::string> names;
  for (const DiagInfo &info : driver::allDiagnostics()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_THAT(info.name, testing::MatchesRegex("[a-z0-9-]+"));
  }
}
