// Shuffle: the order in which CPython's random.seed(seed); random.shuffle(elements) leaves the
// elements. Shuffle<3>{} or Shuffle{3}. Only the number of elements matters: windows of equal
// length are shuffled alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <painters/plan/build.hpp>
#include <painters/plan/combinator.hpp>
#include <painters/plan/cpython_random.hpp>

namespace painters {

namespace plan_detail {

constexpr Plan shuffled(PlanView plan, std::uint64_t seed) {
  std::vector<std::size_t> order = counted(element_starts(plan).size() - 1);
  CPythonRandom(seed).shuffle(order);
  return reorder(plan, order);
}

}  // namespace plan_detail

template <std::uint64_t... Seed>
struct Shuffle;

/// The seed is known at compile time.
template <std::uint64_t Seed>
struct Shuffle<Seed> : PlanFunction<Shuffle<Seed>> {
  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::shuffled(plan, Seed); }
};

/// The seed is known at run time.
template <>
struct Shuffle<> : PlanFunction<Shuffle<>> {
  std::uint64_t seed;  // of random.seed

  /// `s`: the argument of random.seed.
  constexpr explicit Shuffle(std::uint64_t s) : seed(s) {}

  static constexpr std::size_t capacity(std::size_t nodes) { return nodes; }
  constexpr Plan transform(PlanView plan) const { return plan_detail::shuffled(plan, seed); }
};
Shuffle(std::uint64_t)->Shuffle<>;

}  // namespace painters
