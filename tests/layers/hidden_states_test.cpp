#include <painters/layers/hidden_states.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/pipeline/check_layer.hpp>
#include <painters/pipeline/dot.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_block.hpp"
#include "support/states.hpp"

using namespace painters;
using layers::HiddenStates;
using support::Random;
using tensor::PackedBatch;

TEMPLATE_TEST_CASE("hidden states have an inner product, summed in double", "[layers][states]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  const PackedBatch batch = tensor::single_sequence(3);
  HiddenStates<TestType> x(backend, batch, 2), y(backend, batch, 2);
  backend.upload(support::of_values(3, 2, {-100, 2, 3, 4, 5, 6}).view(), x.values());
  backend.upload(support::of_values(3, 2, {0, 0, 1e8f, 1e8f, 2e8f, 2e8f}).view(), y.values());
  REQUIRE(painters::dot(x, y) == 1e8 * (3 + 4) + 2e8 * (5 + 6));
  // In float the first product is lost among the others.
  backend.upload(support::of_values(3, 2, {0.25f, 0, 1e8f, 1e8f, 2e8f, 2e8f}).view(), y.values());
  REQUIRE(painters::dot(x, y) == 1e8 * (3 + 4) + 2e8 * (5 + 6) - 25);
}

TEMPLATE_TEST_CASE("a transformer block behaves as a layer", "[layers][states]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(9);
  const support::RandomBlock block({32, 48, {4, 2, 8}, 10000, 1e-5f}, random);
  PackedBatch batch;
  const std::size_t question = batch.add(5);
  batch.add(3, question);
  batch.add(7);
  const HiddenStates<TestType> x = support::random_states(backend, batch, 32, random);

  const CheckedLayer checked = check_layer(block.layer(backend), x);
  INFO(checked.log);
  CHECK(checked.ok);
  CHECK(checked.log.find("ok: the layer changes the state in place") != std::string::npos);
  CHECK(checked.log.find("part") != std::string::npos);
}

TEMPLATE_TEST_CASE("hidden states keep the batch that they are made from", "[layers][states]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  // A temporary: states and their copies may outlive it.
  HiddenStates<TestType> x(backend, tensor::single_sequence(3), 2);
  const HiddenStates<TestType> copy = x;
  CHECK(copy.batch().rows() == 3);
  CHECK(&copy.batch() == &x.batch());
}

TEMPLATE_TEST_CASE("states of different texts are not added", "[layers][states]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  HiddenStates<TestType> x(backend, tensor::single_sequence(3), 2);
  const HiddenStates<TestType> longer(backend, tensor::single_sequence(4), 2),
      wider(backend, tensor::single_sequence(3), 3);
  CHECK_THROWS_WITH(add_scaled(x, 1, longer),
                    "expected states of the same texts, found [3, 2] and [4, 2]: make both from "
                    "the same tokens");
  CHECK_THROWS_AS(dot(x, wider), Error);

  tensor::PackedBatch two_texts;
  two_texts.add(1);
  two_texts.add(2);
  const HiddenStates<TestType> divided(backend, two_texts, 2);
  CHECK_THROWS_WITH(add_scaled(x, 1, divided),
                    "expected states of the same texts, found [3, 2] and [3, 2] whose rows are "
                    "divided into texts differently: make both from the same tokens");
  HiddenStates<TestType> alike(backend, tensor::single_sequence(3), 2);
  alike.backend().scale(x.values(), 0);
  alike.backend().scale(alike.values(), 0);
  CHECK_NOTHROW(add_scaled(x, 1, alike));
}

TEMPLATE_TEST_CASE("states without values and rows that are not there are refused",
                   "[layers][states]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(3);
  auto x = support::random_states(backend, tensor::single_sequence(3), 4, random);
  const HiddenStates<TestType> same = x;
  const auto rows_of = [&](std::vector<std::size_t> rows, std::size_t height, std::size_t width) {
    auto y = backend.buffer(height, width);
    take_rows(x, rows, y.view());
  };
  rows_of({2, 0, 2}, 3, 4);
  CHECK_THROWS_AS(rows_of({3}, 1, 4), UsageError);
  CHECK_THROWS_AS(rows_of({0, 1}, 1, 4), UsageError);
  CHECK_THROWS_AS(rows_of({0}, 1, 8), UsageError);

  HiddenStates<TestType> moved(std::move(x));
  CHECK(moved.values().rows == 3);
  CHECK(x.batch().rows() == 3);
  CHECK_THROWS_AS(x.values(), UsageError);
  CHECK_THROWS_AS(scale(x, 2), UsageError);
  CHECK_THROWS_AS(add_scaled(moved, 1, x), UsageError);
  CHECK_THROWS_AS(painters::dot(x, moved), UsageError);
  CHECK_THROWS_AS(layers::on_host(x), UsageError);
  x = same;
  CHECK(painters::dot(x, moved) == painters::dot(same, same));
  moved = std::move(x);
  CHECK_THROWS_AS(x.values(), UsageError);
  x = moved;
  x.release();
  const HiddenStates<TestType> copy = x;
  CHECK_THROWS_AS(copy.values(), UsageError);
  x.allocate();
  CHECK(x.values().rows == 3);
}

TEMPLATE_TEST_CASE("a block refuses states of another size or without values, other parts and rows",
                   "[layers][states]", PAINTERS_TEST_BACKENDS) {
  TestType backend;
  Random random(4);
  const support::RandomBlock block({32, 48, {4, 2, 8}, 10000, 1e-5f}, random);
  const auto layer = block.layer(backend);
  for (const std::size_t size : {16, 64}) {
    auto other = support::random_states(backend, tensor::single_sequence(3), size, random);
    CHECK_THROWS_AS(layer(other), Error);
  }
  auto x = support::random_states(backend, tensor::single_sequence(3), 32, random);
  CHECK_THROWS_AS(layer.apply(3, x), UsageError);
  auto y = backend.buffer(2, 32);
  CHECK_THROWS_AS(layer.apply_at(whole, x, std::vector<std::size_t>{1, 0}, y.view()), UsageError);
  CHECK_THROWS_AS(layer.apply_at(whole, x, std::vector<std::size_t>{1, 3}, y.view()), UsageError);
  CHECK_THROWS_AS(layer.apply_at(whole, x, std::vector<std::size_t>{1}, y.view()), UsageError);
  const HiddenStates<TestType> moved = std::move(x);
  CHECK_THROWS_AS(layer(x), UsageError);
}
