// A small random model, and requests that have much in common.
#pragma once

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <vector>

#include <painters/engine/request.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/plan.hpp>
#include <painters/text/token.hpp>

#include "support/random.hpp"
#include "support/random_causal_lm.hpp"
#include "support/temporary_folder.hpp"

namespace support {

/// Plans of every kind for a model of four layers.
inline std::vector<painters::Plan> plans_of_four_layers() {
  std::vector<painters::Plan> plans;
  for (const char* text : {"0..3", "none", "0, 2", "3..0", "0, mean(1..2) x3, 3",
                           "0 x2, sum(1 * 0.5, 2), 3.ffn, 3.attention"})
    plans.push_back(painters::parse_plan(text));
  return plans;
}

/// Four layers, a vocabulary of 60 tokens, a context of 64.
inline const RandomCausalLm& random_model() {
  static const RandomCausalLm one({{32, 40, {4, 2, 8}}, 4, 60, 64});
  return one;
}

/// The model of random_model() on a backend.
template <class B>
struct ModelOfFourLayers {
  TemporaryFolder folder;
  B backend;
  painters::models::CausalLm<B> model;

  ModelOfFourLayers() : model(write(folder), backend) {}

  static std::filesystem::path write(const TemporaryFolder& folder) {
    random_model().gguf().write(folder.path() / "m.gguf");
    return folder.path() / "m.gguf";
  }
};

inline painters::text::Tokens some_tokens(std::size_t n, Random& random) {
  painters::text::Tokens tokens(n);
  for (auto& token : tokens) token = static_cast<painters::text::TokenId>(random.between(0, 59));
  return tokens;
}

/// Questions with a few answers each, repeated requests, texts of their own, and some that are
/// longer than the model's context.
inline std::vector<painters::engine::TokenRequest> some_requests(Random& random,
                                                                 std::size_t questions) {
  std::vector<painters::engine::TokenRequest> requests;
  for (std::size_t q = 0; q < questions; ++q) {
    const auto context = some_tokens(random.between(1, q % 5 == 4 ? 90 : 40), random);
    for (std::size_t answers = random.between(1, 4); answers > 0; --answers)
      requests.push_back({context, some_tokens(random.between(1, 6), random)});
    if (random.between(0, 3) == 0) requests.push_back(requests.back());
    if (random.between(0, 3) == 0) {  // the other way round: only the contexts differ
      auto other = requests.back();
      other.context.back() = static_cast<painters::text::TokenId>(random.between(0, 59));
      requests.push_back(other);
    }
  }
  return requests;
}

/// Whether scores agree; design and users rely on 1e-4 of a summed log-likelihood.
inline bool same(const painters::engine::Score& a, const painters::engine::Score& b) {
  return std::abs(a.loglikelihood - b.loglikelihood) < 1e-4 && a.is_greedy == b.is_greedy &&
         a.tokens == b.tokens;
}

}  // namespace support
