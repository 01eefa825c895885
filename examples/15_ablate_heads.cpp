// Which heads matter for an answer? Each head of a layer is silenced by itself, all of them in one
// batch: text number h runs without head h. Arguments: MODEL [LAYER].
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <vector>

#include <painters/model.hpp>

using namespace painters;

int main(int argc, char** argv) try {
  if (argc < 2) throw UsageError("expected a model's file or folder as the first argument");
  const Model model(argv[1]);
  const std::size_t layer = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 12;
  const std::size_t heads = model.sizes().num_attention_heads;

  const engine::Request request{"The capital of France is", " Paris"};
  ActivationHooks hooks;
  for (std::size_t h = 0; h < heads; ++h)
    hooks.change(HookPoint::z, {.layers = {layer}, .texts = {h}},
                 [h](const HookedValues& z) { fill(z.head(h), 0); });
  const std::vector<engine::Request> requests(heads, request);
  const auto without = model.scores({model.all()}, requests, {.hooks = hooks}).of_plan(0);
  const double with = model.score(model.all(), request.context, request.continuation).loglikelihood;

  std::cout << std::fixed << std::setprecision(3) << "layer " << layer << ", log-likelihood of \""
            << request.continuation << "\" " << with << ", without\n";
  for (std::size_t h = 0; h < heads; ++h)
    std::cout << "  head " << h << "  " << std::showpos << without[h].loglikelihood - with
              << std::noshowpos << "\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
