#include <painters/layers/exchanged_part.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/block_weights.hpp>
#include <painters/layers/hooked_calls.hpp>
#include <painters/pipeline/check_layer.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/block_kinds.hpp"
#include "support/catch.hpp"
#include "support/random_block.hpp"
#include "support/states.hpp"

using namespace painters;
using layers::HiddenStates;
using layers::HookPoint;
using support::Doubles;
using support::Random;
using support::RandomBlock;

namespace {

constexpr double tolerance = 3e-5;  // as for blocks

template <class B>
Doubles values(const HiddenStates<B>& x) {
  return Doubles(layers::on_host(x).view());
}

/// What stands in for a part: half of what it is given.
template <class B>
struct Half {
  void operator()(const HiddenStates<B>& x, typename B::Matrix update) const {
    x.backend().copy(x.values(), update);
    x.backend().scale(update, 0.5f);
  }
};

/// The block in double precision with Half in the place of a part.
Doubles expected(const RandomBlock& block, Part exchanged, Part part, const Doubles& x,
                 const tensor::PackedBatch& batch, std::map<HookPoint, Doubles>& seen) {
  const bool first = exchanged == layers::attention;
  const bool post_norm = block.shape.arrangement == layers::Arrangement::post_norm;
  const HookPoint input = !post_norm                     ? (first ? HookPoint::ln1 : HookPoint::ln2)
                          : first || part == layers::ffn ? HookPoint::resid_pre
                                                         : HookPoint::resid_mid;
  return block.call(part, x, batch, [&](HookPoint point, Doubles& all, std::size_t) {
    if (point == (first ? HookPoint::attn_out : HookPoint::mlp_out)) {
      all = seen.at(input);
      for (double& value : all.values) value *= 0.5;
    }
    seen[point] = all;
  });
}

}  // namespace

TEMPLATE_TEST_CASE("a part of a block of any kind can be exchanged, and the rest stays as it is",
                   "[layers][exchanged]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(1);
  const tensor::PackedBatch batch = support::some_texts();
  for (const auto& [name, shape] : support::kinds) {
    const RandomBlock block(shape, random);
    const auto layer = block.layer(backend);
    const auto x = support::random_states(backend, batch, shape.hidden_size, random);
    for (const Part exchanged : {layers::attention, layers::ffn}) {
      const layers::ExchangedPart<TestType, Half<TestType>> other(layer, exchanged, {});
      for (const char* plan : {"0", "0.attention", "0.ffn"}) {
        CAPTURE(name, exchanged, plan);
        const Part part = parse_plan(plan)[0].part;
        std::map<HookPoint, Doubles> points;
        const Doubles after = expected(block, exchanged, part, values(x), batch, points);
        auto y = x;
        run(parse_plan(plan), stack(std::vector{other}), y);
        CHECK(support::distance(values(y), after) < tolerance);

        // Hooks look into it, too.
        layers::ActivationHooks hooks;
        std::vector<layers::KeptValues> kept;
        for (const HookPoint point : {HookPoint::ln1, HookPoint::attn_out, HookPoint::resid_mid,
                                      HookPoint::ln2, HookPoint::mlp_out})
          if (points.contains(point)) hooks.keep(point, {}, kept);
        y = x;
        layers::HookedCalls<TestType> calls(hooks, 1);
        run(parse_plan(plan), stack(std::vector{other}), y, calls);
        CHECK(kept.size() == hooks.all().size() * batch.segments().size());
        for (const layers::KeptValues& at : kept) {
          CAPTURE(layers::name(at.point), at.text);
          const Doubles& all = points.at(at.point);
          const tensor::Segment& rows = batch.segments()[at.text];
          Doubles of_text(rows.length, all.cols);
          for (std::size_t r = 0; r < rows.length; ++r)
            for (std::size_t c = 0; c < all.cols; ++c) of_text(r, c) = all(rows.first_row + r, c);
          CHECK(support::distance(at.values.view(), of_text) < tolerance);
        }
      }
      const CheckedLayer checked = check_layer(other, x);
      CAPTURE(checked.log);
      CHECK(checked.ok);
    }
  }
}

TEMPLATE_TEST_CASE("the weights of a block can be read back", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(2);
  for (const auto& [name, shape] : support::kinds) {
    CAPTURE(name);
    const RandomBlock block(shape, random, tensor::ElementType::f16);
    const layers::BlockWeights read = layers::weights(block.layer(backend), backend);
    const auto same = [](const layers::LinearWeights& a, const support::RandomLinear& b) {
      return support::distance(a.weight.view(), b.values.view()) == 0 && a.bias == b.bias;
    };
    CHECK(same(read.query, block.query));
    CHECK(same(read.key, block.key));
    CHECK(same(read.value, block.value));
    CHECK(same(read.output, block.output));
    CHECK(same(read.up, block.up));
    CHECK(same(read.down, block.down));
    CHECK((shape.gated ? same(read.gate, block.gate) : read.gate.weight.rows() == 0));
    CHECK(read.attention_norm.weight == block.attention_norm.weight);
    CHECK(read.ffn_norm.weight == block.ffn_norm.weight);
    CHECK(read.ffn_norm.bias == block.ffn_norm.bias);
    if (shape.qk_norm)
      CHECK(read.query_norm.weight == block.query_norm->weight);
    else
      CHECK(read.key_norm.weight.empty());
  }
}
