// The part of CPython 3's `random` that the paper's random order needs: seed(int) and
// shuffle(list), bit for bit.
//
// The generator is MT19937 with init_by_array (Matsumoto and Nishimura, 2002); Random.seed hands it
// the integer's 32-bit digits, the lowest first. shuffle draws j = randbelow(i + 1) for i from n -
// 1 down to 1 and swaps elements i and j.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace painters {

/// random.Random of CPython, seeded with an integer.
class CPythonRandom {
 public:
  /// random.seed(seed), for any 64-bit non-negative seed.
  constexpr explicit CPythonRandom(std::uint64_t seed) {
    const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(seed),
                                           static_cast<std::uint32_t>(seed >> 32)};
    seed_by_array(key, key[1] == 0 ? 1 : 2);
  }

  /// random.getrandbits(bits), 1 <= bits <= 32.
  constexpr std::uint32_t getrandbits(unsigned bits) { return next() >> (32 - bits); }

  /// An equally likely integer in 0..bound-1; bound >= 1. Numbers that are too large are drawn
  /// again.
  constexpr std::uint32_t randbelow(std::uint32_t bound) {
    const auto bits = static_cast<unsigned>(std::bit_width(bound));
    std::uint32_t drawn = getrandbits(bits);
    while (drawn >= bound) drawn = getrandbits(bits);
    return drawn;
  }

  /// random.shuffle(list), for anything with size() < 2^32 and operator[].
  template <class List>
  constexpr void shuffle(List& list) {
    for (std::size_t i = list.size(); i > 1; --i) {
      const std::size_t j = randbelow(static_cast<std::uint32_t>(i));
      const auto kept = list[i - 1];
      list[i - 1] = list[j];
      list[j] = kept;
    }
  }

 private:
  static constexpr std::size_t words = 624;
  static constexpr std::size_t period = 397;

  constexpr void seed_by_array(const std::array<std::uint32_t, 2>& key, std::size_t length) {
    state_[0] = 19650218u;
    for (std::uint32_t i = 1; i < words; ++i) state_[i] = 1812433253u * mixed(i) + i;
    std::size_t i = 1;
    for (std::size_t k = 0, j = 0; k < words; ++k, j = (j + 1) % length) {
      state_[i] = (state_[i] ^ (mixed(i) * 1664525u)) + key[j] + static_cast<std::uint32_t>(j);
      i = after(i);
    }
    for (std::size_t k = 1; k < words; ++k) {
      state_[i] = (state_[i] ^ (mixed(i) * 1566083941u)) - static_cast<std::uint32_t>(i);
      i = after(i);
    }
    state_[0] = 0x80000000u;
  }

  constexpr std::uint32_t mixed(std::size_t i) const {
    return state_[i - 1] ^ (state_[i - 1] >> 30);
  }

  /// Word 0 only carries the last word into the next round.
  constexpr std::size_t after(std::size_t i) {
    if (i + 1 < words) return i + 1;
    state_[0] = state_[words - 1];
    return 1;
  }

  constexpr std::uint32_t next() {
    if (used_ == words) renew();
    std::uint32_t y = state_[used_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }

  constexpr void renew() {
    for (std::size_t k = 0; k < words; ++k) {
      const std::uint32_t y = (state_[k] & 0x80000000u) | (state_[(k + 1) % words] & 0x7fffffffu);
      state_[k] = state_[(k + period) % words] ^ (y >> 1) ^ ((y & 1u) * 0x9908b0dfu);
    }
    used_ = 0;
  }

  std::array<std::uint32_t, words> state_{};
  std::size_t used_ = words;
};

}  // namespace painters
