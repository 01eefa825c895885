// The plans of all figures of the paper, as the known numbers of calls count them.
#pragma once

#include <cstddef>
#include <vector>

#include <painters/plan/combinators.hpp>
#include <painters/plan/paper.hpp>
#include <painters/plan/plan.hpp>
#include <painters/plan/sequence.hpp>

namespace painters::support {

/// The full model; every single skip and swap; for every start layer skip, middle repeat, reverse,
/// parallel, 3-times looped parallel and ten random orders; with the grid loops of 1 to 28 (Fig.
/// 10).
inline std::vector<Plan> paper_plans(std::size_t layers, bool with_grid) {
  const Plan all(Sequence{layers});
  std::vector<Plan> plans{all};
  for (std::size_t i = 0; i < layers; ++i) plans.push_back(all | paper::skip_one(i));
  for (std::size_t i = 0; i + 1 < layers; ++i) plans.push_back(all | paper::switch_two(i));
  for (std::size_t start = 0; start < layers / 2; ++start) {
    plans.push_back(all | paper::skip(start));
    plans.push_back(all | paper::middle_repeat(start));
    plans.push_back(all | paper::reverse(start));
    plans.push_back(all | paper::looped_parallel(start, 1));
    plans.push_back(all | paper::looped_parallel(start, 3));
    for (std::uint64_t seed = 0; seed < 10; ++seed)
      plans.push_back(all | paper::random(start, seed));
    if (with_grid)
      for (std::uint64_t loops = 1; loops <= 28; ++loops)
        plans.push_back(all | paper::looped_parallel(start, loops));
  }
  return plans;
}

}  // namespace painters::support
