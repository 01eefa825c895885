// Layer parallelism: neighbours of a middle window run side by side, two by two, so that a model
// needs fewer sequential steps. Nothing is trained. "Leveraging the True Depth of LLMs" (arXiv
// 2502.02790) adds the updates of a pair; its form for two devices does so first for the attentions
// of the pair, then for its feed-forward layers. FFN Fusion (2503.18908) runs only the latter side
// by side. The painters' paper takes the mean.
#include <iostream>
#include <string>
#include <vector>

#include "support/workbench.hpp"

using namespace painters;

int main(int argc, char** argv) {
  return examples::run_on_texts(argc, argv, 4, [](const examples::Workbench& bench) {
    const std::size_t layers = bench.layers();
    std::vector<examples::Variant> variants{{"full model", Sequence{layers}}};
    for (std::size_t pairs = 2; pairs <= layers / 3; pairs += 3) {
      const std::size_t first = layers / 2 - pairs, behind = first + 2 * pairs;

      // A pair becomes one element of the plan, so the next pair stands one position further.
      Plan sums = Sequence{layers}, means = sums, halves = sums;
      for (std::size_t at = first; at < first + pairs; ++at) {
        sums = sums | ParallelSum{at, at + 1};
        means = means | ParallelMean{at, at + 1};
        halves = halves | Skip{at + 1};  // as few steps, for comparison
      }

      Plan parts = Sequence{0, first - 1};
      for (std::size_t layer = first; layer < behind; layer += 2)
        for (const Part part : {layers::attention, layers::ffn})
          parts.append(sequence(call(layer, part), call(layer + 1, part)) | ParallelSum{});
      parts.append(Sequence{behind, layers - 1});

      const std::string name = std::to_string(pairs) + " pairs, ";
      variants.push_back({name + "sums", sums});
      variants.push_back({name + "sums of parts", parts});
      variants.push_back({name + "means", means});
      variants.push_back({name + "one of each", halves});
    }
    const std::vector<double> means = bench.print_table(variants);

    std::size_t better = 0, windows = 0;
    for (std::size_t i = 1; i < means.size(); i += 4, ++windows) better += means[i] > means[i + 3];
    std::cout << "sums of pairs beat one layer of each pair in " << better << " of " << windows
              << " windows\n";
  });
}
