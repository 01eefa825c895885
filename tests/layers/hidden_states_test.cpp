#include <painters/layers/hidden_states.hpp>

#include <cstddef>
#include <string>

#include <painters/layers/transformer_block.hpp>
#include <painters/pipeline/check_layer.hpp>
#include <painters/pipeline/dot.hpp>
#include <painters/tensor/packed_batch.hpp>

#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/random_block.hpp"

using namespace painters;
using layers::HiddenStates;
using support::Random;
using tensor::PackedBatch;

TEMPLATE_TEST_CASE("hidden states have an inner product, summed in double", "[layers][states]",
                   PAINTERS_TEST_BACKENDS) {
  TestType backend;
  const PackedBatch batch = tensor::single_sequence(3);
  HiddenStates<TestType> x(backend, batch, 2), y(backend, batch, 2);
  float number = 0;
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 2; ++c) {
      x.values()(r, c) = ++number;
      y.values()(r, c) = 1e8f * static_cast<float>(r);
    }
  x.values()(0, 0) = -100;
  REQUIRE(painters::dot(x, y) == 1e8 * (3 + 4) + 2e8 * (5 + 6));
  y.values()(0, 0) = 0.25f;  // lost beside the rest in float
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
  HiddenStates<TestType> x(backend, batch, 32);
  for (std::size_t r = 0; r < batch.rows(); ++r)
    for (std::size_t c = 0; c < 32; ++c) x.values()(r, c) = random.normal();

  const CheckedLayer checked = check_layer(block.layer(backend), x);
  INFO(checked.log);
  CHECK(checked.ok);
  CHECK(checked.log.find("ok: the layer changes the state in place") != std::string::npos);
  CHECK(checked.log.find("part") != std::string::npos);
}
