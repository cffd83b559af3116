// SPDX-License-Identifier: Apache-2.0
// The rules of a library by their places, and which of them decided an answer.
#pragma once
#include "frontend/Library.h"
#include "ir/Policy.h"
#include "llvm/Support/raw_ostream.h"

namespace snapsecc::driver {

class Coverage {
public:
  // Every rule but those of tests and invariants.
  Coverage(const Library &library, const SourceManager &sources);
  void touch(const ir::Origin &origin);
  SourceRange rangeOf(const ir::Origin &origin) const; // invalid for what is no rule of the library
  // A line a file, `FILE: N of M rules`, behind each the rules that nothing touched; then the sum.
  void print(llvm::raw_ostream &out) const;

private:
  struct Site {
    SourceRange range;
    bool touched = false;
  };
  void add(const std::vector<ast::Statement> &statements);
  const SourceManager &sources;
  std::map<std::string, std::map<std::pair<unsigned, unsigned>, Site>> files; // by name; line, column
};

} // namespace snapsecc::driver
