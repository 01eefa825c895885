// A looped middle block: depth added at test time to a model that was never trained for it. Inner
// Loop Inference (arXiv 2602.14759) runs a block again; Training-Free Looped Transformers
// (2605.23872) find that this usually hurts and that damped steps h + a (f(h) - h) do not. Here a
// block f of four layers runs several times: naively, with half of its update, with steps that add
// up to one whole update (a = 1 / times), and with each of its layers damped by itself.
#include <iostream>
#include <string>
#include <vector>

#include "support/workbench.hpp"

using namespace painters;

int main(int argc, char** argv) {
  return examples::run_on_texts(argc, argv, 4, [](const examples::Workbench& bench) {
    const std::size_t first = bench.layers() / 2 - 2, last = first + 3;
    const Plan all = Sequence{bench.layers()};
    std::vector<examples::Variant> variants{{"full model", all}};
    for (const std::size_t times : {2, 3, 4}) {
      const float a = 1.0f / static_cast<float>(times);
      const std::string name = std::to_string(times) + " times, ";
      variants.push_back({name + "naive", all | window(first, last, Loop{times})});
      variants.push_back({name + "half", all | window(first, last, Damped{0.5f} | Loop{times})});
      variants.push_back({name + "steps", all | window(first, last, Damped{a} | Loop{times})});
      variants.push_back(
          {name + "layers' steps", all | window(first, last, each(Damped{a}) | Loop{times})});
    }
    const std::vector<double> means = bench.print_table(variants);

    std::size_t better = 0, loops = 0;
    for (std::size_t i = 1; i < means.size(); i += 4, ++loops) better += means[i + 2] > means[i];
    std::cout << "damped steps beat the naive loop in " << better << " of " << loops
              << " repeat counts\n";
  });
}
