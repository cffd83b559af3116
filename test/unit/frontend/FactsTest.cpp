// SPDX-License-Identifier: Apache-2.0
#include "frontend/Facts.h"
#include <gmock/gmock.h>
#include <set>

using namespace snapsecc;

TEST(Facts, HaveTypesAndStages) {
  const Fact *names = findFact("snap.names");
  ASSERT_TRUE(names);
  EXPECT_EQ(names->type.kind, Type::Kind::Glob);
  EXPECT_EQ(names->stage, Stage::Snap);
  const Fact *users = findFact("snap.system-usernames");
  ASSERT_TRUE(users);
  EXPECT_TRUE(users->type.optional);
  EXPECT_EQ(typeName(users->type), "[text]");
  const Fact *provider = findFact("side.provider");
  ASSERT_TRUE(provider);
  EXPECT_THAT(provider->type.words, testing::Contains("gadget"));
  EXPECT_EQ(findFact("host.clasic"), nullptr);
}

TEST(Facts, RecordsKeepTheirFields) {
  const Fact *layout = findFact("snap.layout");
  ASSERT_TRUE(layout && layout->type.element && layout->type.element->record);
  const RecordType::Field *source = layout->type.element->record->find("source");
  ASSERT_TRUE(source);
  EXPECT_TRUE(source->type.optional);
  EXPECT_EQ(layout->type.element->record->find("target"), nullptr);
}

TEST(Facts, CallsHaveParameters) {
  const Fact *plugs = findFact("snap.plugs");
  ASSERT_TRUE(plugs);
  EXPECT_TRUE(plugs->isCall);
  ASSERT_EQ(plugs->parameters.size(), 1u);
  EXPECT_EQ(plugs->parameters[0].name, "interface");
}

TEST(Functions, AreToldApartByPlace) {
  EXPECT_EQ(findFunction("parent")->resultOf, "p");
  EXPECT_EQ(findFunction("parent", Type::Kind::Match)->result.kind, Type::Kind::Match);
  EXPECT_EQ(findFunction("netlink"), nullptr);
  EXPECT_TRUE(findFunction("netlink", Type::Kind::Family)->parameters[0].repeats);
  EXPECT_EQ(findFunction("parent", Type::Kind::Action), nullptr);
}

TEST(Functions, SayWhichArgumentsMayBeAbsentOrLeftOut) {
  const Function *files = findFunction("files");
  ASSERT_TRUE(files);
  EXPECT_TRUE(files->parameters[0].takesAbsent);
  EXPECT_FALSE(files->parameters[0].mayBeLeftOut);
  EXPECT_EQ(files->parameters[0].types.size(), 3u);
  EXPECT_TRUE(findFunction("expand")->parameters[1].mayBeLeftOut);
  EXPECT_TRUE(findFunction("set")->parameters[0].types.empty());
}

TEST(Functions, NamesRepeatOnlyBetweenPlaces) {
  std::set<std::pair<std::string, Type::Kind>> seen;
  for (const Function &function : allFunctions()) {
    Type::Kind place = isPlace(function.result.kind) ? function.result.kind : Type::Kind::Bool;
    EXPECT_TRUE(seen.insert({function.name, place}).second) << function.name;
  }
}
