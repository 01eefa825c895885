// Greedy layer removal by measured harm: of all models that lack one more layer the best one stays.
// TALE (arXiv 2510.22767) does this with a task's validation set, SLEB and Shortened LLaMA
// (2402.02834) with perplexity. Measures of similarity such as ShortGPT's (2403.03853) are cheaper
// but a poor guide to harm (2605.14075). Here a round is one sweep: the beginnings that the shorter
// plans share are computed once.
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <vector>

#include "support/workbench.hpp"

using namespace painters;

int main(int argc, char** argv) {
  return examples::run_on_texts(argc, argv, 2, [](const examples::Workbench& bench) {
    Plan plan = Sequence{bench.layers()};
    std::cout << std::fixed << std::setprecision(3) << "   mean  removed  left\n"
              << std::setw(7) << bench.mean_loglikelihoods({plan}).front() << "           " << plan
              << std::endl;
    for (std::size_t round = 0; round < bench.layers() / 7; ++round) {
      std::vector<Plan> shorter;
      for (std::size_t position = 0; position < elements(plan); ++position)
        shorter.push_back(plan | Skip{position});
      const std::vector<double> means = bench.mean_loglikelihoods(shorter);
      const auto best =
          static_cast<std::size_t>(std::max_element(means.begin(), means.end()) - means.begin());
      std::cout << std::setw(7) << means[best] << std::setw(9) << plan[best].value << "  "
                << shorter[best] << std::endl;
      plan = shorter[best];
    }
  });
}
