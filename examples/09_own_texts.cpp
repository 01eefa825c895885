// A real model on texts of your own: how likely it finds each continuation under several plans. The
// argument is a model's file or folder, by default the default model.
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <vector>

#include <painters/backend/default.hpp>
#include <painters/engine/encoding.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/engine/scores.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/painters.hpp>
#include <painters/text/tokenizer.hpp>

#include "support/default_model.hpp"

using namespace painters;
using Backend = backend::Default;  // backend::OneDnn, or backend::Reference without it

int main(int argc, char** argv) try {
  const std::filesystem::path path = argc > 1 ? argv[1] : examples::default_model();
  if (argc < 2 && !std::filesystem::exists(path)) {
    std::cout << "skipped: the default model is not there; fetch it with cmake/fetch_model.sh\n";
    return 77;
  }
  Backend backend;
  const models::CausalLm<Backend> model(path, backend);
  const text::Tokenizer tokenizer = models::load_model_tokenizer(path, model.config().vocab_size);

  std::vector<engine::TokenRequest> requests;
  for (const engine::Request& request : {engine::Request{"The capital of France is", " Paris"},
                                         {"Two plus two equals", " four"},
                                         {"Once upon a time, there was a", " little girl"}})
    requests.push_back(engine::encode(tokenizer, request));

  const std::size_t layers = model.layers().size(), middle = layers / 2;
  const Plan all = Sequence{layers};
  const std::vector<Plan> plans{all, all | Skip{middle}, all | Swap{middle, middle + 1},
                                all | ParallelMean{middle - 2, middle + 1},
                                parse_plan("@reverse(start=4)", layers)};
  const engine::Scores scores = engine::Scorer(model).score(plans, requests);  // in one sweep

  std::cout << "log-likelihoods of " << requests.size() << " continuations, * the likeliest\n"
            << std::fixed << std::setprecision(3);
  for (std::size_t p = 0; p < plans.size(); ++p) {
    for (const engine::Score& score : scores.of_plan(p))
      std::cout << std::setw(9) << score.loglikelihood << (score.is_greedy ? '*' : ' ');
    std::cout << "  " << plans[p] << "\n";
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
