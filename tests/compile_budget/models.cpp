// at most: 18
// turns: 1 5
//
// A whole program of models, plans and scores in one file, with the default backend, where
// painters::model compiles what reads files: 25 s where plans alone take 1.4.
#if PAINTERS_LARGE
#define PAINTERS_COMPILED_ONCE
#include <painters/models.hpp>

using namespace painters;

int main(int, char** argv) {
  backend::Default backend;
  const models::CausalLm model(argv[1], backend);
  const auto tokenizer = models::load_model_tokenizer(argv[1], model.config().vocab_size);
  const std::vector<Plan> plans{Sequence{model.layers().size()}, Sequence{1} | Loop{3}};
  const std::vector requests{engine::encode(tokenizer, {"The capital of", " France"})};
  const engine::Scores scores = engine::Scorer(model).score(plans, requests);

  const std::vector<text::Tokens> texts{tokenizer.encode("The capital of France is")};
  auto x = model.embed(texts[0], tensor::single_sequence(texts[0].size()));
  run(plans[1], model.layers(), x);
  const auto outputs = engine::text_outputs(
      model, plans[0], texts, {.states = true, .logits = engine::LogitsOf::last_token});
  const tensor::Buffer& logits = outputs[0].logits;
  const std::size_t shape[] = {logits.rows(), logits.cols()};
  tensor::write_npy("logits.npy", shape, logits.data());
  const auto best = engine::top_logits({logits.data(), logits.cols()}, 1)[0];
  return scores(1, 0).is_greedy && best == 0 ? 0 : 1;
}
#else
#include <painters/painters.hpp>

using namespace painters;

void f(double& x) {
  const auto net = stack<8>([](std::size_t) { return [](double& y) { y += 0.5 * y; }; });
  run(net.size() == 8 ? Plan(Sequence<8>{}) : Plan(), net, x);
}
#endif
