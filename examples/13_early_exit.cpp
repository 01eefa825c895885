// Early exit: the head reads the state after k layers. LayerSkip (arXiv 2404.16710) drafts tokens
// with such an exit and verifies them with all layers; this shows, without its training, how much
// is already right after each layer, and how deep each token has to go. All exits are one sweep: a
// plan of k layers begins as one of k + 1 does, so that together they cost as much as the full one.
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "support/workbench.hpp"

using namespace painters;

int main(int argc, char** argv) {
  return examples::run_on_texts(argc, argv, 5, [](const examples::Workbench& bench) {
    const Plan all = Sequence{bench.layers()};
    std::vector<Plan> exits{Plan()};  // the head on the embedding
    for (std::size_t last = 0; last < bench.layers(); ++last) exits.push_back(Sequence{0, last});

    // Each token of a text as a request of its own, after the tokens before it.
    std::vector<engine::TokenRequest> tokens;
    for (const text::Tokens& text : bench.texts())
      for (auto token = text.begin() + 1; token != text.end(); ++token)
        tokens.push_back({{text.begin(), token}, {*token}});
    const auto of_tokens = bench.scores(exits, tokens);
    const auto of_documents = bench.scores(exits, bench.documents());

    const auto right = [](std::span<const engine::Score> scores) {
      return std::count_if(scores.begin(), scores.end(),
                           [](const engine::Score& score) { return score.is_greedy; });
    };
    std::cout << "layers   mean  tokens right  last words right\n" << std::fixed;
    for (std::size_t k = 0; k < exits.size(); ++k)
      std::cout << std::setw(6) << k << std::setw(9) << std::setprecision(3)
                << bench.mean(of_tokens.of_plan(k)) << std::setw(7) << right(of_tokens.of_plan(k))
                << " of " << tokens.size() << std::setw(7) << right(of_documents.of_plan(k))
                << " of " << bench.documents().size() << "\n";

    // A token is settled after k layers if it is right there and at every later exit: never, if
    // the full model is wrong.
    std::cout << "\nlayers until a token of the first text is right and stays so, - where the full "
                 "model is wrong:\n";
    for (std::size_t t = 0; t + 1 < bench.texts().front().size(); ++t) {
      std::size_t k = exits.size();
      while (k > 0 && of_tokens(k - 1, t).is_greedy) --k;
      std::cout << bench.tokenizer().decode(tokens[t].continuation) << "["
                << (k < exits.size() ? std::to_string(k) : "-") << "]";
    }
    const double full = bench.mean(bench.scores({all}, tokens).of_plan(0));
    std::cout << "\n\nthe last exit and the full model "
              << (std::abs(bench.mean(of_tokens.of_plan(exits.size() - 1)) - full) < 1e-3
                      ? "agree"
                      : "differ")
              << "\n";
  });
}
