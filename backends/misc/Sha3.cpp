// SPDX-License-Identifier: Apache-2.0
// FIPS 202: Keccak-f[1600], section 3.3, in the usual form of 25 lanes (theta, rho with pi, chi, iota); SHA3-384 has a
// rate of 104 bytes and the domain bits 01 (section 6.1).
#include "backends/misc/Sha3.h"
#include <array>
#include <bit>
#include <cstdint>

namespace snapsecc::misc {
namespace {

using State = std::array<uint64_t, 25>; // lane x, y at x + 5 * y
constexpr size_t rate = 104, digestSize = 48;

// The round constants are the output of a shift register of eight bits (algorithm 5).
uint64_t roundConstant(uint8_t &shift) {
  uint64_t constant = 0;
  for (unsigned j = 0; j < 7; ++j) {
    if (shift & 1) constant |= uint64_t(1) << ((1u << j) - 1);
    shift = static_cast<uint8_t>(shift << 1 ^ (shift & 0x80 ? 0x71 : 0));
  }
  return constant;
}

void permute(State &state) {
  uint8_t shift = 1;
  for (unsigned round = 0; round < 24; ++round) {
    std::array<uint64_t, 5> column{};
    for (unsigned i = 0; i < 25; ++i)
      column[i % 5] ^= state[i];
    for (unsigned i = 0; i < 25; ++i)
      state[i] ^= column[(i + 4) % 5] ^ std::rotl(column[(i + 1) % 5], 1);
    State moved{};
    moved[0] = state[0];
    unsigned x = 1, y = 0;
    for (int t = 0; t < 24; ++t) {
      unsigned nextY = (2 * x + 3 * y) % 5;
      moved[y + 5 * nextY] = std::rotl(state[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
      x = y;
      y = nextY;
    }
    for (unsigned i = 0; i < 25; ++i)
      state[i] = moved[i] ^ (~moved[i / 5 * 5 + (i + 1) % 5] & moved[i / 5 * 5 + (i + 2) % 5]);
    state[0] ^= roundConstant(shift);
  }
}

void mix(State &state, size_t at, uint8_t byte) { state[at / 8] ^= uint64_t(byte) << 8 * (at % 8); }

} // namespace

std::string sha3_384(llvm::StringRef data) {
  State state{};
  size_t at = 0;
  for (unsigned char byte : data) {
    mix(state, at, byte);
    if (++at < rate) continue;
    permute(state);
    at = 0;
  }
  mix(state, at, 0x06);
  mix(state, rate - 1, 0x80);
  permute(state);
  constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (size_t i = 0; i < digestSize; i += 3) {
    uint32_t group = 0;
    for (size_t j = i; j < i + 3; ++j)
      group = group << 8 | uint8_t(state[j / 8] >> 8 * (j % 8));
    for (int bits = 18; bits >= 0; bits -= 6)
      text += letters[group >> bits & 63];
  }
  return text;
}

} // namespace snapsecc::misc
