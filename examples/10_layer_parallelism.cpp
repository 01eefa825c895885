// Layer parallelism: neighbours of a middle window run side by side, two by two, so that a model
// needs fewer steps one after another. Nothing is trained.
#include "support/workbench.hpp"

using namespace painters;

int main(int argc, char** argv) {
  return examples::run_on_texts(argc, argv, 4, [](const examples::Workbench& bench) {
    const std::size_t layers = bench.layers();
    std::vector<examples::Variant> variants{{"full model", Sequence{layers}}};
    for (std::size_t pairs = 2; pairs <= layers / 3; pairs += 2) {
      const std::size_t first = layers / 2 - pairs + 1;
      Plan sums = Sequence{layers}, means = sums, by_parts = Sequence{0, first - 1};
      for (std::size_t at = first; at < first + pairs; ++at) {  // a pair becomes one element
        sums = sums | ParallelSum{at, at + 1};
        means = means | ParallelMean{at, at + 1};
      }
      for (std::size_t layer = first; layer < first + 2 * pairs; layer += 2)
        for (const Part part : {attention, ffn})
          by_parts.append(sequence(call(layer, part), call(layer + 1, part)) | ParallelSum{});
      by_parts.append(Sequence{first + 2 * pairs, layers - 1});
      const std::string count = std::to_string(pairs) + " pairs, ";
      variants.push_back({count + "sums", sums});
      variants.push_back({count + "sums by parts", by_parts});
      variants.push_back({count + "means", means});
    }
    const std::vector<double> scores = bench.print_table(variants);
  });
}
