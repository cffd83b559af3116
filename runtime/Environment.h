// SPDX-License-Identifier: Apache-2.0
// The variables that a snap's program is started with: those of the caller, over them what snapd sets (`snap run`,
// snap-exec), over them what the snap's own metadata says.
#pragma once
#include "runtime/RuntimeFile.h"
#include <sys/types.h>

namespace snapsecc::runtime {

// Who the program runs as.
struct User {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name, home; // name "": not in the user database
};
// A name or a number; of a number that nobody has the group is the same number and the home "/nonexistent".
Result<User> findUser(const std::string &nameOrNumber);

class Environment {
public:
  explicit Environment(char **from);
  void set(const std::string &name, const std::string &value) { variables[name] = value; }
  std::string get(const std::string &name) const;
  // $NAME and ${NAME} are the variable's value, of an unknown one nothing; $ before anything else is itself.
  std::string expand(const std::string &text) const;
  std::vector<std::string> strings() const; // NAME=VALUE, sorted

private:
  std::map<std::string, std::string> variables;
};

// `arch`: of the policy's target, Debian's name.
Environment makeEnvironment(const SnapInfo &snap, const LabelInfo &label, const User &user, const std::string &arch,
                            char **from);

} // namespace snapsecc::runtime
