// SPDX-License-Identifier: Apache-2.0
// Times of this process alone: the median of the processor time of some runs.
#pragma once
#include "llvm/ADT/STLExtras.h"
#include <ctime>
#include <vector>

namespace snapsecc {

constexpr unsigned measuredRuns = 9;

inline double median(std::vector<double> times) {
  llvm::sort(times);
  return times[times.size() / 2];
}

template <class F> double medianMilliseconds(F work) {
  std::vector<double> times;
  for (unsigned i = 0; i < measuredRuns; ++i) {
    const std::clock_t before = std::clock();
    work();
    times.push_back(1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  }
  return median(std::move(times));
}

} // namespace snapsecc
