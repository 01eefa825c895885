// Depth up-scaling: a deeper model made of copies of its own layers. SOLAR (arXiv 2312.15166)
// stacks two overlapping slices and LLaMA-Pro (2401.02415) inserts copies that change nothing at
// first; both train the result. RYS (D. N. Ng) runs a block of about seven middle layers a second
// time, without training. What does each do before it is trained?
#include <string>
#include <vector>

#include "support/workbench.hpp"

using namespace painters;

int main(int argc, char** argv) {
  return examples::run_on_texts(argc, argv, 4, [](const examples::Workbench& bench) {
    const std::size_t layers = bench.layers();
    const Plan all = Sequence{layers};
    std::vector<examples::Variant> variants{{"full model", all}};

    // SOLAR: the first slice lacks the last `cut` layers, the second one the first `cut`.
    for (const std::size_t cut : {layers / 4, layers / 2 - 2})
      variants.push_back({"SOLAR, " + std::to_string(2 * (layers - cut)) + " layers",
                          sequence(Sequence{0, layers - 1 - cut}, Sequence{cut, layers - 1})});

    // RYS: a block of seven run twice, from every fourth layer.
    for (std::size_t first = 0; first + 7 <= layers; first += 4)
      variants.push_back({"block from " + std::to_string(first) + " twice",
                          all | window(first, first + 6, Loop{2})});

    // The same number of calls, but each layer twice in a row.
    const std::size_t first = layers / 2 - 3;
    variants.push_back({"each layer there twice", all | window(first, first + 6, Repeat{2})});

    // LLaMA-Pro: a copy after every fourth layer, with none, a tenth and all of its update.
    for (const char* share : {"0", "0.1", "1"}) {
      Plan copies;
      for (std::size_t layer = 0; layer < layers; ++layer) {
        copies.append(call(layer));
        if (layer % 4 == 3) copies.append(call(layer) | Damped{std::stof(share)});
      }
      variants.push_back({std::string("LLaMA-Pro, copies * ") + share, copies});
    }
    bench.print_table(variants);
  });
}
