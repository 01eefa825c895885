#include <painters/layers/transformer_block.hpp>

#include <cstddef>
#include <utility>
#include <vector>

#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/stack.hpp>
#include <painters/plan/parse.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_block.hpp"

using namespace painters;
using layers::HiddenStates;
using support::Doubles;
using support::Random;
using support::RandomBlock;
using tensor::PackedBatch;

namespace {

constexpr support::BlockShape shapes[] = {{32, 48, {4, 2, 8}, 10000, 1e-5f},
                                          {64, 128, {9, 3, 16}, 100000, 1e-5f},
                                          {40, 33, {1, 1, 6}, 500, 1e-3f},
                                          {96, 64, {5, 1, 80}, 10000, 1e-6f}};

/// States of about 1. A layer adds a few products of that size, each rounded by some 1e-6.
constexpr double tolerance = 3e-5;

template <class B>
HiddenStates<B> random_states(B& backend, const PackedBatch& batch, std::size_t hidden_size,
                              Random& random) {
  HiddenStates<B> x(backend, batch, hidden_size);
  for (std::size_t r = 0; r < batch.rows(); ++r)
    for (std::size_t c = 0; c < hidden_size; ++c) x.values()(r, c) = random.normal();
  return x;
}

template <class B>
tensor::ConstMatrix values(const HiddenStates<B>& x) {
  return x.values();
}

PackedBatch some_texts() {
  PackedBatch batch;
  const std::size_t question = batch.add(37);
  batch.add(4, question);
  batch.add(70);
  const std::size_t answer = batch.add(1, question);
  batch.add(12, answer);
  batch.add(1);
  return batch;
}

}  // namespace

TEMPLATE_TEST_CASE("a transformer block is the sum of its definition", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  static_assert(Layer<layers::TransformerBlock<TestType>, HiddenStates<TestType>> &&
                LayerWithParts<layers::TransformerBlock<TestType>, HiddenStates<TestType>>);
  TestType backend;
  Random random(1);
  for (const auto& shape : shapes) {
    const RandomBlock block(shape, random);
    const auto layer = block.layer(backend);
    for (const PackedBatch& batch :
         {some_texts(), tensor::single_sequence(1), tensor::single_sequence(203)}) {
      CAPTURE(shape.hidden_size, batch.rows());
      const auto x = random_states(backend, batch, shape.hidden_size, random);
      for (const Part part : {whole, attention, ffn}) {
        auto y = x;
        layer.apply(part, y);
        const Doubles expected = block.call(part, Doubles(values(x)), batch);
        CHECK(support::distance(values(y), expected) < tolerance);
      }
      auto y = x, z = x;
      layer(y);
      CHECK(support::distance(values(y), block.call(whole, Doubles(values(x)), batch)) < tolerance);
      layer.apply(attention, z);
      layer.apply(ffn, z);
      CHECK(support::distance(values(y), values(z)) < 1e-6);
    }
  }
}

TEMPLATE_TEST_CASE("every text of a packed batch gets the states that it gets alone",
                   "[layers][block]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(2);
  const PackedBatch batch = some_texts();
  for (const auto& shape : shapes) {
    const RandomBlock block(shape, random);
    const auto layer = block.layer(backend);
    const auto x = random_states(backend, batch, shape.hidden_size, random);
    auto packed = x;
    layer(packed);
    layer(packed);
    for (const std::size_t leaf : {1, 2, 4, 5}) {
      CAPTURE(shape.hidden_size, leaf);
      std::vector<std::size_t> rows;
      for (const std::size_t s : batch.chain(leaf))
        for (std::size_t i = 0; i < batch.segments()[s].length; ++i)
          rows.push_back(batch.segments()[s].first_row + i);
      const PackedBatch text = tensor::single_sequence(rows.size());
      HiddenStates<TestType> alone(backend, text, shape.hidden_size);
      for (std::size_t r = 0; r < rows.size(); ++r)
        std::copy_n(values(x).row(rows[r]), shape.hidden_size, alone.values().row(r));
      layer(alone);
      layer(alone);
      double most = 0;
      for (std::size_t r = 0; r < rows.size(); ++r)
        most = std::max(most, support::distance(values(alone).middle_rows(r, 1),
                                                values(packed).middle_rows(rows[r], 1)));
      CHECK(most < tolerance);
    }
  }
}

TEMPLATE_TEST_CASE("plans with groups, loops and parts run over blocks", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(3);
  const RandomBlock a(shapes[0], random), b(shapes[0], random);
  const auto net = stack(std::vector{a.layer(backend), b.layer(backend)});
  const PackedBatch batch = some_texts();
  auto x = random_states(backend, batch, shapes[0].hidden_size, random);
  Doubles h(values(x));
  run(parse_plan("1, mean(0 * 3, 1.ffn) x2, sum(0.attention * 0.5)"), net, x);
  h = b.call(whole, h, batch);
  for (int loop = 0; loop < 2; ++loop) {
    const Doubles first = a.call(whole, h, batch), second = b.call(ffn, h, batch);
    for (std::size_t i = 0; i < h.values.size(); ++i)
      h.values[i] = 0.75 * first.values[i] + 0.25 * second.values[i];
  }
  const Doubles update = a.call(attention, h, batch);
  for (std::size_t i = 0; i < h.values.size(); ++i)
    h.values[i] += 0.5 * (update.values[i] - h.values[i]);
  CHECK(support::distance(values(x), h) < 2 * tolerance);
}

TEMPLATE_TEST_CASE("some rows of a layer's result are those of the whole", "[layers][block]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(7);
  const RandomBlock block(shapes[1], random);
  const auto layer = block.layer(backend);
  const PackedBatch batch = some_texts();
  const auto x = random_states(backend, batch, shapes[1].hidden_size, random);
  for (const std::vector<std::size_t>& queries : {std::vector<std::size_t>{},
                                                  {0},
                                                  {36, 40, 110},
                                                  {35, 36, 37, 38, 41, 42, 90, 91, 124},
                                                  batch.all_rows()})
    for (const Part part : {whole, attention, ffn}) {
      auto all = x;
      layer.apply(part, all);
      tensor::Buffer some(queries.size(), shapes[1].hidden_size);
      layer.apply_at(part, x, queries, some.view());
      for (std::size_t i = 0; i < queries.size(); ++i)
        for (std::size_t c = 0; c < some.cols(); ++c)
          REQUIRE(some.view()(i, c) == Approx(values(all)(queries[i], c)).margin(tolerance));
    }
}

TEMPLATE_TEST_CASE("a block on no tokens does nothing", "[layers][block]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(4);
  const RandomBlock block(shapes[0], random);
  const auto layer = block.layer(backend);
  const PackedBatch none;
  HiddenStates<TestType> x(backend, none, shapes[0].hidden_size);
  for (const Part part : {whole, attention, ffn}) layer.apply(part, x);
  CHECK(values(x).rows == 0);
}

TEMPLATE_TEST_CASE("a copy of hidden states has values of its own", "[layers][hidden_states]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(5);
  const PackedBatch batch = tensor::single_sequence(50);
  auto x = random_states(backend, batch, 20, random);
  const auto y = random_states(backend, batch, 20, random);
  auto copy = x;
  const Doubles before(values(x));
  scale(copy, 2);
  add_scaled(copy, -0.5, y);
  CHECK(support::distance(values(x), before) == 0);
  Doubles expected = before;
  for (std::size_t i = 0; i < expected.values.size(); ++i)
    expected.values[i] = 2 * expected.values[i] - 0.5 * Doubles(values(y)).values[i];
  CHECK(support::distance(values(copy), expected) < 1e-6);
  x = copy;
  CHECK(support::distance(values(x), values(copy)) == 0);
  CHECK(&x.batch() == &batch);
  CHECK(&x.backend() == &backend);
}
