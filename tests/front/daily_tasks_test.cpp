// The right side of the README's table of daily tasks; tests/consume/pages.py wants every line of
// it here.
#include <painters/model.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/random_causal_lm.hpp"
#include "support/small_vocabulary.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using support::Doubles;
using text::Tokens;

TEST_CASE("daily tasks are a line each", "[front]") {
  const support::TemporaryFolder folder;
  const support::RandomCausalLm random(
      {{32, 40, {4, 2, 8}}, 4, support::small_vocabulary_size, 64});
  auto parts = random.gguf();
  support::add_small_vocabulary(parts, support::small_bos, support::small_eos);
  const auto path = folder.path() / "m.gguf";
  parts.write(path);
  const std::string text = "the cat", longer_text = "a longer text than the cat";

  // clang-format off
  const Model model(path);
  const Plan all = model.all();
  const Tokens tokens = model.tokens(text);
  const Doubles logits = random.logits(all, tokens);
  const auto near = [](tensor::ConstMatrix a, const Doubles& b) {
    return support::distance(a, b) < 1e-4;
  };
  CHECK(near(model.logits(all, text).view(), logits));
  CHECK(near(model.logits(all, {text, longer_text})[1].view(), random.logits(all, model.tokens(longer_text))));
  CHECK(model.next_tokens(all, text, 5)[0].id == static_cast<int>(support::argmax(logits.row(logits.rows - 1))));
  const auto states = model.states(all, text);
  CHECK(near(states[4].view(), random.run(all, random.embed(tokens))));
  CHECK(near(model.logits(all | Skip{1, 2}, text).view(), random.logits(model.plan("0, 3"), tokens)));
  CHECK(near(model.unembed(states[3].view()).view(), random.logits(model.plan("0..2"), tokens)));

  const std::size_t head = 1;
  std::vector<KeptValues> kept;
  const auto expected = [&](HookPoint wanted, std::size_t layer, const auto& change) {
    return random.run(all, random.embed(tokens), [&](std::uint32_t at, HookPoint point, Doubles& x, std::size_t heads) {
      if (at == layer && point == wanted) change(x, heads);
    });
  };
  {
    ActivationHooks hooks;
    hooks.keep(HookPoint::pattern, {.layers = {2}}, kept);
    model.states(all, text, hooks);
    expected(HookPoint::pattern, 2, [&](const Doubles& x, std::size_t heads) {
      Doubles of_head(x.rows, x.cols / heads);
      for (std::size_t r = 0; r < x.rows; ++r)
        for (std::size_t c = 0; c < of_head.cols; ++c) of_head(r, c) = x(r, head * of_head.cols + c);
      CHECK(near(kept[0].head(head), of_head));
    });
  }
  {
    kept.clear();
    ActivationHooks hooks;
    hooks.keep(HookPoint::post, {.layers = {2}}, kept);
    model.states(all, text, hooks);
    expected(HookPoint::post, 2, [&](const Doubles& x, std::size_t) { CHECK(near(kept[0].values.view(), x)); });
  }
  {
    ActivationHooks hooks;
    hooks.change(HookPoint::z, {.layers = {2}}, [](const HookedValues& z) { fill(z.head(3), 0); });
    CHECK(near(model.states(all, text, hooks)[4].view(), expected(HookPoint::z, 2, [](Doubles& z, std::size_t heads) {
      for (std::size_t r = 0; r < z.rows; ++r)
        for (std::size_t c = 3 * z.cols / heads; c < z.cols; ++c) z(r, c) = 0;
    })));
  }
  const tensor::ConstMatrix v = states[1].view().middle_rows(0, 1), clean = v;
  {
    ActivationHooks hooks;
    hooks.change(HookPoint::resid_pre, {.positions = {-1}}, [&](const HookedValues& x) { copy(clean, x.values); });
    Doubles x = random.embed(tokens);
    for (const char* layer : {"0", "1", "2", "3"}) {
      for (std::size_t c = 0; c < x.cols; ++c) x(x.rows - 1, c) = static_cast<double>(clean(0, c));
      x = random.run(model.plan(layer), x);
    }
    CHECK(near(model.states(all, text, hooks)[4].view(), x));
  }
  {
    ActivationHooks hooks;
    hooks.change(HookPoint::resid_post, {.layers = {2}}, [&](const HookedValues& x) { add(x.values, 4, v); });
    CHECK(near(model.states(all, text, hooks)[4].view(), expected(HookPoint::resid_post, 2, [&](Doubles& x, std::size_t) {
      for (std::size_t r = 0; r < x.rows; ++r)
        for (std::size_t c = 0; c < x.cols; ++c) x(r, c) += 4 * static_cast<double>(v(0, c));
    })));
  }
  CHECK(model.weights(2).down.weight.cols() == 40);
  const auto mine = [](tensor::ConstMatrix, const tensor::PackedBatch&, tensor::Matrix update) { fill(update, 0); };
  CHECK(near(model.with_part(2, Model::ffn, mine).logits(all, text).view(), random.logits(model.plan("0, 1, 2.attention, 3"), tokens)));
  // clang-format on
}
