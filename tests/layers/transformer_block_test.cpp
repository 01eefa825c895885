#include <painters/layers/transformer_block.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include <painters/pipeline/check_layer.hpp>
#include <painters/pipeline/concepts.hpp>
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
using support::Doubles;
using support::Random;
using support::RandomBlock;
using tensor::PackedBatch;

namespace {

using layers::Arrangement;
using support::kinds;

/// States of about 1. A layer adds a few products of that size, each rounded by some 1e-6.
constexpr double tolerance = 3e-5;

using support::random_states;
using support::some_texts;

template <class B>
Doubles values(const HiddenStates<B>& x) {
  return Doubles(layers::on_host(x).view());
}
Doubles rows_of(const Doubles& all, const std::vector<std::size_t>& rows) {
  Doubles some(rows.size(), all.cols);
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < all.cols; ++c) some(r, c) = all(rows[r], c);
  return some;
}

/// A network of blocks, whose weights need not be copyable.
template <class... Blocks>
auto stack_of(Blocks... blocks) {
  std::vector<std::common_type_t<Blocks...>> layers;
  (layers.push_back(std::move(blocks)), ...);
  return stack(std::move(layers));
}

}  // namespace

TEMPLATE_TEST_CASE("a transformer block of every kind matches its definition", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  static_assert(Layer<layers::TransformerBlock<TestType>, HiddenStates<TestType>> &&
                LayerWithParts<layers::TransformerBlock<TestType>, HiddenStates<TestType>>);
  TestType backend;
  Random random(1);
  for (const auto& [name, shape] : kinds) {
    const RandomBlock block(shape, random);
    const auto layer = block.layer(backend);
    for (const PackedBatch& batch :
         {some_texts(), tensor::single_sequence(1), tensor::single_sequence(203)}) {
      CAPTURE(name, batch.rows());
      const auto x = random_states(backend, batch, shape.hidden_size, random);
      for (const Part part : {whole, layers::attention, layers::ffn}) {
        auto y = x;
        layer.apply(part, y);
        const Doubles expected = block.call(part, values(x), batch);
        CHECK(support::distance(values(y), expected) < tolerance);
      }
      auto y = x;
      layer(y);
      CHECK(support::distance(values(y), block.call(whole, values(x), batch)) < tolerance);
    }
  }
}

TEMPLATE_TEST_CASE("the parts of a block make the layer, one after another or side by side",
                   "[layers][block]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(6);
  const PackedBatch batch = some_texts();
  for (const auto& [name, shape] : kinds) {
    CAPTURE(name);
    const RandomBlock block(shape, random);
    const auto net = stack_of(block.layer(backend));
    const auto x = random_states(backend, batch, shape.hidden_size, random);
    const auto after = [&](const char* plan) {
      auto y = x;
      run(parse_plan(plan), net, y);
      return y;
    };
    const auto all = after("0"), in_sequence = after("0.attention, 0.ffn"),
               side_by_side = after("sum(0.attention, 0.ffn)");
    const bool parallel = shape.arrangement == Arrangement::parallel;
    CHECK(block.layer(backend).parts_in_sequence() == !parallel);
    CHECK(support::distance(values(all), values(parallel ? side_by_side : in_sequence)) < 1e-5);
    CHECK(support::distance(values(all), values(parallel ? in_sequence : side_by_side)) > 1e-2);
  }
}

TEMPLATE_TEST_CASE("blocks of every kind behave as layers", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(8);
  const PackedBatch batch = some_texts();
  for (const auto& [name, shape] : kinds) {
    const RandomBlock block(shape, random);
    const auto x = random_states(backend, batch, shape.hidden_size, random);
    const CheckedLayer checked = check_layer(block.layer(backend), x);
    CAPTURE(name, checked.log);
    CHECK(checked.ok);
  }
}

TEMPLATE_TEST_CASE("every text of a packed batch gets the states that it gets alone",
                   "[layers][block]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(2);
  const PackedBatch batch = some_texts();
  for (const auto& [name, shape] : kinds) {
    const RandomBlock block(shape, random);
    const auto layer = block.layer(backend);
    const auto x = random_states(backend, batch, shape.hidden_size, random);
    auto packed = x;
    layer(packed);
    layer(packed);
    const bool causal = shape.attention.causal;  // only then texts can share their beginning
    for (const std::size_t leaf :
         causal ? std::vector<std::size_t>{1, 2, 4, 5} : std::vector<std::size_t>{2, 5}) {
      CAPTURE(name, leaf);
      std::vector<std::size_t> rows;
      for (const std::size_t s : batch.chain(leaf))
        for (std::size_t i = 0; i < batch.segments()[s].length; ++i)
          rows.push_back(batch.segments()[s].first_row + i);
      const PackedBatch text = tensor::single_sequence(rows.size());
      HiddenStates<TestType> alone(backend, text, shape.hidden_size);
      take_rows(x, rows, alone.values());
      layer(alone);
      layer(alone);
      CHECK(support::distance(values(alone), rows_of(values(packed), rows)) < tolerance);
    }
  }
}

TEMPLATE_TEST_CASE("plans with groups, loops and parts run over blocks", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(3);
  const PackedBatch batch = some_texts();
  for (const auto& [name, shape] : kinds) {
    CAPTURE(name);
    const RandomBlock a(shape, random), b(shape, random);
    const auto net = stack_of(a.layer(backend), b.layer(backend));
    auto x = random_states(backend, batch, shape.hidden_size, random);
    Doubles h = values(x);
    run(parse_plan("1, mean(0 * 3, 1.ffn) x2, sum(0.attention * 0.5)"), net, x);
    h = b.call(whole, h, batch);
    for (int loop = 0; loop < 2; ++loop) {
      const Doubles first = a.call(whole, h, batch), second = b.call(layers::ffn, h, batch);
      for (std::size_t i = 0; i < h.values.size(); ++i)
        h.values[i] = 0.75 * first.values[i] + 0.25 * second.values[i];
    }
    const Doubles update = a.call(layers::attention, h, batch);
    for (std::size_t i = 0; i < h.values.size(); ++i)
      h.values[i] += 0.5 * (update.values[i] - h.values[i]);
    CHECK(support::distance(values(x), h) < 4 * tolerance);
  }
}

TEMPLATE_TEST_CASE("some rows of a layer's result are those of the whole", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(7);
  const PackedBatch batch = some_texts();
  for (const auto& [name, shape] : kinds) {
    const RandomBlock block(shape, random);
    const auto layer = block.layer(backend);
    const auto x = random_states(backend, batch, shape.hidden_size, random);
    for (const Part part : {whole, layers::attention, layers::ffn}) {
      auto all = x;
      layer.apply(part, all);
      for (const std::vector<std::size_t>& queries : {std::vector<std::size_t>{},
                                                      {0},
                                                      {36, 40, 110},
                                                      {35, 36, 37, 38, 41, 42, 90, 91, 124},
                                                      batch.all_rows()}) {
        CAPTURE(name, part, queries.size());
        auto some = backend.buffer(queries.size(), shape.hidden_size);
        layer.apply_at(part, x, queries, some.view());
        const Doubles found(backend::on_host(backend, std::as_const(some).view()).view());
        CHECK(support::distance(found, rows_of(values(all), queries)) < tolerance);
      }
    }
  }
}

TEMPLATE_TEST_CASE("a block on no tokens does nothing", "[layers][block]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(4);
  const PackedBatch none;
  for (const auto& [name, shape] : kinds) {
    CAPTURE(name);
    const RandomBlock block(shape, random);
    const auto layer = block.layer(backend);
    HiddenStates<TestType> x(backend, none, shape.hidden_size);
    for (const Part part : {whole, layers::attention, layers::ffn}) layer.apply(part, x);
    CHECK(values(x).rows == 0);
  }
}

TEMPLATE_TEST_CASE("a copy of hidden states has values of its own", "[layers][hidden_states]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(5);
  const PackedBatch batch = tensor::single_sequence(50);
  auto x = random_states(backend, batch, 20, random);
  const auto y = random_states(backend, batch, 20, random);
  auto copy = x;
  const Doubles before = values(x);
  scale(copy, 2);
  add_scaled(copy, -0.5, y);
  CHECK(support::distance(values(x), before) == 0);
  Doubles expected = before;
  const Doubles added = values(y);
  for (std::size_t i = 0; i < expected.values.size(); ++i)
    expected.values[i] = 2 * expected.values[i] - 0.5 * added.values[i];
  CHECK(support::distance(values(copy), expected) < 1e-6);
  x = copy;
  CHECK(support::distance(values(x), values(copy)) == 0);
  CHECK(&x.batch() == &copy.batch());
  CHECK(&x.backend() == &backend);
}
