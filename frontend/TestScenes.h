// SPDX-License-Identifier: Apache-2.0
// A `test` block -> the scenes that its `given`s set, each with what must be answered in it. The snap of a scene is
// called "example" where the test does not say, its one application like the snap; who is on the other side of its
// connection, where that is not the system, is called "other".
#pragma once
#include "frontend/Instantiate.h"

namespace snapsecc {

struct Expectation {
  SourceRange range;
  bool granted = false; // `allow`, else `deny`
  ir::Rule access;
};
struct TestScene {
  std::string system; // classic, core, core-desktop
  std::vector<Snap> snaps;
  ConnectOptions connect;
  std::string label; // that is asked
  std::vector<Expectation> expectations;
};
// Scenes without expectations are left out. `interface`: that the test stands in; null: none.
std::vector<TestScene> makeTestScenes(const ast::Statement &test, const Interface *interface, const Library &library,
                                      const ir::Target &target, const SourceManager &sources);

} // namespace snapsecc
