// SPDX-License-Identifier: Apache-2.0
// Two texts to a unified diff: what they share at both ends is set aside; for the rest the greedy algorithm of Myers
// (An O(ND) Difference Algorithm, 1986) finds the fewest lines to remove and add; these are printed with their context.
#include "driver/TextDiff.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace snapsecc::driver {
namespace {

using Lines = llvm::SmallVector<llvm::StringRef, 0>;

struct Edit {
  char mark; // ' ', '-' or '+'
  llvm::StringRef line;
};

Lines split(llvm::StringRef text) {
  Lines lines;
  text.split(lines, '\n');
  if (lines.back().empty()) lines.pop_back(); // behind the last line end
  return lines;
}

// furthest[d][k + d]: how many lines of `a` are done after d edits on the diagonal k = (lines of a) - (lines of b).
std::vector<Edit> editsOf(llvm::ArrayRef<llvm::StringRef> a, llvm::ArrayRef<llvm::StringRef> b) {
  auto n = static_cast<ptrdiff_t>(a.size()), m = static_cast<ptrdiff_t>(b.size());
  std::vector<std::vector<ptrdiff_t>> furthest;
  auto reached = [&](ptrdiff_t d, ptrdiff_t k) {
    return k < -d || k > d ? ptrdiff_t(-1) : furthest[static_cast<size_t>(d)][static_cast<size_t>(k + d)];
  };
  auto comesDown = [&](ptrdiff_t d, ptrdiff_t k) { // by adding a line of b
    return k == -d || (k != d && reached(d - 1, k - 1) < reached(d - 1, k + 1));
  };
  auto startOf = [&](ptrdiff_t d, ptrdiff_t k) {
    if (d == 0) return ptrdiff_t(0);
    return comesDown(d, k) ? reached(d - 1, k + 1) : reached(d - 1, k - 1) + 1;
  };
  bool done = false;
  for (ptrdiff_t d = 0; !done; ++d) {
    furthest.emplace_back(static_cast<size_t>(2 * d + 1), -1);
    for (ptrdiff_t k = -d; k <= d && !done; k += 2) {
      ptrdiff_t x = startOf(d, k);
      if (x > n || x - k > m || x < 0) continue;
      while (x < n && x - k < m && a[static_cast<size_t>(x)] == b[static_cast<size_t>(x - k)])
        ++x;
      furthest.back()[static_cast<size_t>(k + d)] = x;
      done = x == n && x - k == m;
    }
  }

  std::vector<Edit> edits; // backwards
  ptrdiff_t x = n, k = n - m;
  for (auto d = static_cast<ptrdiff_t>(furthest.size()) - 1; d >= 0; --d) {
    for (ptrdiff_t start = startOf(d, k); x > start; --x)
      edits.push_back({' ', a[static_cast<size_t>(x - 1)]});
    if (d == 0) break;
    if (comesDown(d, k)) {
      edits.push_back({'+', b[static_cast<size_t>(x - k - 1)]});
      ++k;
    } else {
      edits.push_back({'-', a[static_cast<size_t>(--x)]});
      --k;
    }
  }
  std::reverse(edits.begin(), edits.end());
  return edits;
}

void printHunk(llvm::ArrayRef<Edit> edits, size_t oldLine, size_t newLine, std::string &into) {
  size_t removed = 0, added = 0;
  for (const Edit &edit : edits) {
    removed += edit.mark != '+';
    added += edit.mark != '-';
  }
  into += fmt::format("@@ -{},{} +{},{} @@\n", oldLine + (removed > 0), removed, newLine + (added > 0), added);
  for (const Edit &edit : edits)
    into += fmt::format("{}{}\n", edit.mark, std::string_view(edit.line));
}

} // namespace

std::string unifiedDiff(llvm::StringRef before, llvm::StringRef after, llvm::StringRef name) {
  if (before == after) return "";
  constexpr size_t context = 3;
  Lines a = split(before), b = split(after);
  std::vector<Edit> edits = editsOf(a, b);
  std::string text = fmt::format("--- {0}\n+++ {0}\n", name.str());
  size_t oldLine = 0, newLine = 0, printed = 0; // lines and edits before `printed`
  for (size_t i = 0; i < edits.size();) {
    if (edits[i].mark == ' ') {
      ++i;
      continue;
    }
    size_t begin = std::max(printed, i > context ? i - context : 0), end = i; // behind the last change of the hunk
    for (size_t j = i; j < edits.size() && j <= end + 2 * context; ++j)
      if (edits[j].mark != ' ') end = j + 1;
    size_t stop = std::min(edits.size(), end + context);
    for (; printed < begin; ++printed, ++oldLine, ++newLine) {
    }
    printHunk(llvm::makeArrayRef(edits).slice(begin, stop - begin), oldLine, newLine, text);
    for (; printed < stop; ++printed) {
      oldLine += edits[printed].mark != '+';
      newLine += edits[printed].mark != '-';
    }
    i = stop;
  }
  return text;
}

} // namespace snapsecc::driver
