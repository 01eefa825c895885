// A looped middle block with damping.
#include "support/workbench.hpp"

using namespace painters;
using examples::Variant;

int main(int argc, char** argv) {
  return examples::run_on_texts(argc, argv, 4, [](const examples::Workbench& bench) {
    const std::size_t layers = bench.layers(), first = layers / 2 - 3, last = first + 3;
    const Plan all = Sequence{layers};
    std::vector<Variant> variants{{"full model", all}};
    for (const std::size_t times : {2, 3, 4}) {
      const std::string loop = std::to_string(times) + " times, ";
      const auto share = 1.0f / static_cast<float>(times);
      const auto looped = [&](const auto& block) { return all | window(first, last, block | Loop{times}); };
      variants.push_back({loop + "whole", looped(Damped{1.0f})});
      variants.push_back({loop + "half", looped(Damped{0.5f})});
      variants.push_back({loop + "share", looped(Damped{share})});
      variants.push_back({loop + "each share", looped(each(Damped{share}))});
      variants.push_back({loop + "extra .1", all | window(first, last, Loop{1}) | window(last + 1, last + 1, Loop{1})});
    }
    for (std::size_t f = 2; f + 5 < layers; f += 4) {
      for (float scale : {1.f, .5f}) 
      variants.push_back({"block from " + std::to_string(f) + " twice "+std::to_string(scale),
                          all | window(f, f + 3, Damped{scale} | Loop{2})});
    }
    bench.print_table(variants);
  });
}
