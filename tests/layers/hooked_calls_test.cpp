#include <painters/layers/hooked_calls.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/block_kinds.hpp"
#include "support/catch.hpp"
#include "support/message.hpp"
#include "support/random_block.hpp"
#include "support/states.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using layers::ActivationHooks;
using layers::ConstHookedValues;
using layers::HiddenStates;
using layers::HookedCalls;
using layers::HookedValues;
using layers::HookPoint;
using layers::KeptValues;
using support::Doubles;
using support::Random;
using support::RandomBlock;
using tensor::PackedBatch;

namespace {

/// As for blocks without hooks.
constexpr double tolerance = 3e-5;

std::vector<HookPoint> all_points() {
  std::vector<HookPoint> points;
  for (std::size_t i = 0; i < layers::hook_point_names.size(); ++i)
    points.push_back(static_cast<HookPoint>(i));
  return points;
}

bool has_point(const support::BlockShape& shape, HookPoint point) {
  if (point == HookPoint::resid_mid) return shape.arrangement != layers::Arrangement::parallel;
  return point != HookPoint::pre_linear || shape.gated;
}

template <class B>
Doubles values(const HiddenStates<B>& x) {
  return Doubles(layers::on_host(x).view());
}

/// A network of one block.
template <class B>
auto net_of(const RandomBlock& block, B& backend) {
  std::vector<layers::TransformerBlock<B>> all;
  all.push_back(block.layer(backend));
  return stack(std::move(all));
}

/// What happens to an element of head number `head` at a point that is changed.
template <class T>
T changed(T value, std::size_t head) {
  return value * (T{0.5} + T{0.25} * static_cast<T>(head));
}

/// A segment's part of values for all rows, of the pattern only the keys of its chain.
Doubles part_of(const Doubles& all, HookPoint point, std::size_t heads, const PackedBatch& batch,
                std::size_t segment) {
  std::vector<std::size_t> columns;
  if (point == HookPoint::pattern) {
    for (std::size_t head = 0; head < heads; ++head)
      for (const std::size_t s : batch.chain(segment))
        for (std::size_t i = 0; i < batch.segments()[s].length; ++i)
          columns.push_back(head * batch.rows() + batch.segments()[s].first_row + i);
  } else {
    for (std::size_t c = 0; c < all.cols; ++c) columns.push_back(c);
  }
  const tensor::Segment& rows = batch.segments()[segment];
  Doubles part(rows.length, columns.size());
  for (std::size_t r = 0; r < part.rows; ++r)
    for (std::size_t c = 0; c < part.cols; ++c) part(r, c) = all(rows.first_row + r, columns[c]);
  return part;
}

}  // namespace

TEMPLATE_TEST_CASE("hooks see the values of their definition at every point of every kind of block",
                   "[layers][hooks]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(1);
  const PackedBatch batch = support::some_texts();
  for (const auto& [name, shape] : support::kinds) {
    const RandomBlock block(shape, random);
    const auto net = net_of(block, backend);
    const auto x = support::random_states(backend, batch, shape.hidden_size, random);
    std::map<HookPoint, std::pair<Doubles, std::size_t>> expected;
    block.call(whole, values(x), batch, [&](HookPoint point, Doubles& at, std::size_t heads) {
      expected[point] = {at, heads};
    });
    ActivationHooks hooks;
    std::vector<KeptValues> kept;
    for (const HookPoint point : all_points())
      if (has_point(shape, point)) hooks.keep(point, {}, kept);
    auto y = x;
    HookedCalls<TestType> calls(hooks, 1);
    run(parse_plan("0"), net, y, calls);

    CAPTURE(name);
    CHECK(kept.size() == expected.size() * batch.segments().size());
    for (const KeptValues& seen : kept) {
      CAPTURE(layers::name(seen.point), seen.text);
      const auto& [all, heads] = expected.at(seen.point);
      CHECK(seen.heads == heads);
      CHECK(seen.call.layer == 0);
      CHECK(seen.position == batch.segments()[seen.text].first_position);
      CHECK(support::distance(seen.values.view(),
                              part_of(all, seen.point, heads, batch, seen.text)) < tolerance);
    }
    auto without = x;
    run(parse_plan("0"), net, without);
    CHECK(support::distance(values(y), values(without)) < 1e-5);  // looking changes nothing
  }
}

TEMPLATE_TEST_CASE("a block goes on with what hooks leave, at every point and in every part",
                   "[layers][hooks]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(2);
  const PackedBatch batch = support::some_texts();
  for (const auto& [name, shape] : support::kinds) {
    const RandomBlock block(shape, random);
    const auto net = net_of(block, backend);
    const auto x = support::random_states(backend, batch, shape.hidden_size, random);
    for (const char* plan : {"0", "0.attention", "0.ffn"})
      for (const HookPoint point : all_points()) {
        if (!has_point(shape, point)) continue;
        ActivationHooks hooks;
        hooks.change(point, {}, [](const HookedValues& at) {
          for (std::size_t h = 0; h < at.heads; ++h)
            for (std::size_t r = 0; r < at.values.rows; ++r)
              for (std::size_t c = 0; c < at.head(h).cols; ++c)
                at.head(h)(r, c) = changed(at.head(h)(r, c), h);
        });
        auto y = x;
        HookedCalls<TestType> calls(hooks, 1);
        run(parse_plan(plan), net, y, calls);
        bool reached = false;
        const Doubles expected = block.call(parse_plan(plan)[0].part, values(x), batch,
                                            [&](HookPoint at, Doubles& all, std::size_t heads) {
                                              if (at != point) return;
                                              reached = true;
                                              for (std::size_t r = 0; r < all.rows; ++r)
                                                for (std::size_t c = 0; c < all.cols; ++c)
                                                  all(r, c) =
                                                      changed(all(r, c), c / (all.cols / heads));
                                            });
        CAPTURE(name, plan, layers::name(point), reached);
        CHECK(support::distance(values(y), expected) < tolerance);
      }
  }
}

TEMPLATE_TEST_CASE("hooks are for chosen layers, calls, texts and tokens", "[layers][hooks]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(3);
  const support::BlockShape shape = support::kinds[0].shape;
  const RandomBlock block(shape, random);
  std::vector<layers::TransformerBlock<TestType>> blocks;
  for (int i = 0; i < 3; ++i) blocks.push_back(block.layer(backend));
  const auto net = stack(std::move(blocks));
  PackedBatch batch;
  batch.add(3);
  batch.add(5);
  const auto x = support::random_states(backend, batch, shape.hidden_size, random);
  struct Seen {
    std::size_t call, layer, text, position, rows;
    bool operator==(const Seen&) const = default;
  };
  const auto seen = [&](layers::HookFilter filter, const char* plan) {
    std::vector<Seen> all;
    ActivationHooks hooks;
    hooks.read(HookPoint::z, std::move(filter), [&](const ConstHookedValues& at) {
      all.push_back({at.call.number, at.call.layer, at.text, at.position, at.values.rows});
    });
    auto y = x;
    HookedCalls<TestType> calls(hooks, 3);
    run(parse_plan(plan), net, y, calls);
    return all;
  };
  CHECK(seen({.layers = {1}}, "0, 1 x2, 2") ==
        std::vector<Seen>{{1, 1, 0, 0, 3}, {1, 1, 1, 0, 5}, {2, 1, 0, 0, 3}, {2, 1, 1, 0, 5}});
  CHECK(seen({.calls = {2}, .texts = {1}}, "0, 1 x2, 2") == std::vector<Seen>{{2, 1, 1, 0, 5}});
  CHECK(seen({.layers = {0, 2}, .texts = {0}}, "0, mean(1, 2)") ==
        std::vector<Seen>{{0, 0, 0, 0, 3}, {2, 2, 0, 0, 3}});
  CHECK(seen({.calls = {0}, .positions = {-1, 0, 4}}, "1") ==
        std::vector<Seen>{
            {0, 1, 0, 2, 1}, {0, 1, 0, 0, 1}, {0, 1, 1, 4, 1}, {0, 1, 1, 0, 1}, {0, 1, 1, 4, 1}});
  CHECK(seen({.layers = {1}}, "0, 2").empty());
  CHECK(seen({.layers = {1}}, "1.ffn").empty());
}

TEMPLATE_TEST_CASE("hooks that would never be called are refused", "[layers][hooks]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(4);
  const auto run_with = [&](const support::BlockShape& shape, HookPoint point,
                            layers::HookFilter filter) {
    const RandomBlock block(shape, random);
    const auto net = net_of(block, backend);
    auto x = support::random_states(backend, tensor::single_sequence(4), shape.hidden_size, random);
    ActivationHooks hooks;
    hooks.read(point, std::move(filter), [](const ConstHookedValues&) {});
    return support::message([&] {
      HookedCalls<TestType> calls(hooks, net.size());
      run(parse_plan("0"), net, x, calls);
    });
  };
  CHECK(run_with(support::kinds[0].shape, HookPoint::z, {.layers = {1}}) ==
        "expected a hook at z of layers below 1, as many as there are, found one of layer 1");
  for (const auto& [name, shape] : support::kinds) {
    CAPTURE(name);
    if (!has_point(shape, HookPoint::resid_mid))
      CHECK_THAT(run_with(shape, HookPoint::resid_mid, {}),
                 ContainsSubstring("found one at resid_mid, which it lacks"));
    if (!has_point(shape, HookPoint::pre_linear))
      CHECK_THAT(run_with(shape, HookPoint::pre_linear, {}),
                 ContainsSubstring("found one at pre_linear, which it lacks"));
  }
  ActivationHooks hooks;
  hooks.read(HookPoint::q, {.calls = {3}, .texts = {2}}, [](const ConstHookedValues&) {});
  CHECK_NOTHROW(hooks.check(1, 4, 3));
  CHECK_THROWS_AS(hooks.check(1, 3, 3), UsageError);
  CHECK_THROWS_AS(hooks.check(1, 4, 2), UsageError);
}

TEMPLATE_TEST_CASE("a state is usable after a hook has ended its run", "[layers][hooks]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(5);
  const support::BlockShape shape = support::kinds[0].shape;
  const RandomBlock block(shape, random);
  const auto net = net_of(block, backend);
  auto x = support::random_states(backend, tensor::single_sequence(4), shape.hidden_size, random);
  {
    ActivationHooks hooks;
    hooks.read(HookPoint::q, {},
               [](const ConstHookedValues&) { throw std::runtime_error("enough"); });
    HookedCalls<TestType> calls(hooks, 1);
    CHECK_THROWS_WITH(run(parse_plan("0"), net, x, calls), "enough");
  }
  const Doubles before = values(x);
  run(parse_plan("0"), net, x);
  CHECK(support::distance(values(x), block.call(whole, before, tensor::single_sequence(4))) <
        tolerance);
}
