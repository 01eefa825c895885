// Steering: the difference between the states of two texts, added to those of a third, turns what
// comes next. Under any plan: here with two layers skipped. Argument: MODEL.
#include <cstddef>
#include <exception>
#include <iostream>
#include <vector>

#include <painters/model.hpp>

using namespace painters;

int main(int argc, char** argv) try {
  if (argc != 2) throw UsageError("expected a model's file or folder as the only argument");
  const Model model(argv[1]);
  const Plan plan = model.all() | Skip{20, 22};
  constexpr std::size_t layer = 15;

  std::vector<KeptValues> kept;  // of the last token of each text
  ActivationHooks keep;
  keep.keep(HookPoint::resid_post, {.layers = {layer}, .positions = {-1}}, kept);
  model.states(plan, {"The weather is good and warm", "The weather is bad and cold"}, keep);

  const auto show = [&](float strength) {
    ActivationHooks steer;
    steer.change(HookPoint::resid_post, {.layers = {layer}}, [&](const HookedValues& x) {
      add(x.values, strength, kept[0].values.view());
      add(x.values, -strength, kept[1].values.view());
    });
    const auto scores = model.scores(
        {plan},
        std::vector<engine::Request>{{"Today it is very", " warm"}, {"Today it is very", " cold"}},
        {.hooks = steer});
    const double warmer = scores(0, 0).loglikelihood - scores(0, 1).loglikelihood;
    std::cout << strength << ": \" warm\" over \" cold\" by " << warmer << " nats\n";
    return warmer;
  };
  const double less = show(-1), none = show(0), more = show(1);
  std::cout << (less < none && none < more ? "steered both ways\n" : "not steered\n");
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
