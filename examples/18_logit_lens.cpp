// The logit lens (nostalgebraist, 2020) under a plan that repeats layers: what would come next if
// the model ended after this step? Arguments: MODEL [PLAN].
#include <cstddef>
#include <exception>
#include <iomanip>
#include <iostream>
#include <vector>

#include <painters/model.hpp>

using namespace painters;

int main(int argc, char** argv) try {
  if (argc < 2) throw UsageError("expected a model's file or folder as the first argument");
  const Model model(argv[1]);
  const Plan plan = model.plan(argc > 2 ? argv[2] : "@looped_parallel(start=12, repeats=2)");
  const auto states = model.states(plan, "The capital of France is");
  std::cout << plan << "\n";
  for (std::size_t step = 0; step < states.size(); ++step) {
    const tensor::ConstMatrix last = states[step].view().middle_rows(states[step].rows() - 1, 1);
    const tensor::Buffer logits = model.unembed(last);
    std::cout << std::setw(4) << step;
    for (const NextToken& next : model.best({logits.data(), logits.cols()}, 3))
      std::cout << "  " << std::setprecision(3) << next.log_probability << next.text;
    std::cout << "\n";
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
