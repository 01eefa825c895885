// A real model on texts of your own: what comes next, how likely continuations are, and the states
// on the way, under any plans, with hooks and with a part exchanged. The argument is a model's file or folder.
#include <cstddef>
#include <exception>
#include <iostream>
#include <vector>

#include <painters/model.hpp>

using namespace painters;

int main(int argc, char** argv) try {
  if (argc != 2) throw UsageError("expected a model's file or folder as the only argument");
  const Model model(argv[1]);
  for (const NextToken& next : model.next_tokens("@skip(start=12)", "The capital of France is", 3))
    std::cout << next.log_probability << next.text << "\n";

  const Plan all = model.all();
  const std::vector<PlanInput> plans{all, all | ParallelMean{12, 15}, "@reverse(start=9)"};
  const std::vector<engine::Request> requests{{"The capital of France is", " Paris"},
                                              {"Two plus two equals", " four"}};
  const engine::Scores scores = model.scores(plans, requests);  // in one sweep
  for (std::size_t p = 0; p < plans.size(); ++p) {
    for (const engine::Score& score : scores.of_plan(p))
      std::cout << score.loglikelihood << (score.is_greedy ? "* " : "  ");  // * the likeliest
    std::cout << model.plan(plans[p]) << "\n";
  }

  const std::vector<TextInput> texts{"One text", "and another one, which is longer"};
  for (const auto& states : model.states(all, texts))  // before the first layer and after each
    std::cout << states.size() << " states of " << states[0].rows() << " tokens\n";

  ActivationHooks hooks;  // head 3 of layer 12 says nothing
  hooks.change(HookPoint::z, {.layers = {12}}, [](const HookedValues& z) { fill(z.head(3), 0); });
  const auto no_feed_forward = [](tensor::ConstMatrix, const auto&, tensor::Matrix update) {
    fill(update, 0);
  };
  const Model edited = model.with_part(12, Model::ffn, no_feed_forward);
  std::cout << model.next_tokens(all, "The capital of France is", 1, hooks)[0].text << ","
            << edited.next_tokens(all, "The capital of France is", 1)[0].text << "\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
