#include <painters/engine/layer_rate.hpp>

#include <cmath>
#include <cstddef>
#include <string>

#include "support/backends.hpp"
#include "support/catch.hpp"

#include <painters/models/flops.hpp>
#include <painters/models/known_shapes.hpp>
#include <painters/plan/node.hpp>

using namespace painters;
using models::known_shape;
using models::ModelShape;
using models::Workload;

TEST_CASE("the seconds of a call are its products, its attention and its weights",
          "[engine][rate]") {
  const ModelShape& shape = known_shape("llama-2-7b");
  const engine::LayerRate rate{
      .attention = 50e9, .ffn = 100e9, .seconds_to_open = 1e-9, .tokens_per_pass = 16384};
  const double attended = models::flops(shape, {1000, 128}, layers::attention);
  const double fed = models::flops(shape, {1000, 128}, layers::ffn);
  const double matrix = 4096.0 * 4096, wide = 4096.0 * 11008;
  CHECK(rate.seconds(shape, {1000, 128}, layers::attention) ==
        Approx(attended / 50e9 + 4 * matrix * 1e-9));
  CHECK(rate.seconds(shape, {1000, 128}, layers::ffn) == Approx(fed / 100e9 + 3 * wide * 1e-9));
  CHECK(rate.seconds(shape, {1000, 128}) ==
        Approx(rate.seconds(shape, {1000, 128}, layers::attention) +
               rate.seconds(shape, {1000, 128}, layers::ffn)));
  // Three passes, the last of them short.
  CHECK(rate.seconds(shape, {40000, 128}, layers::ffn) ==
        Approx(models::flops(shape, {40000, 128}, layers::ffn) / 100e9 + 3 * 3 * wide * 1e-9));
}

TEMPLATE_TEST_CASE("a rate can be measured for every family and amount of work", "[engine][rate]",
                   PAINTERS_TEST_BACKENDS) {
  for (const char* name : {"pythia-14m", "bert-tiny", "qwen2-0.5b"})
    for (const Workload& work : {Workload{1, 1}, {10, 128}, {50, 20}}) {
      CAPTURE(std::string(name), work.tokens);
      TestType backend;
      const auto rate = engine::measure_layer_rate(backend, known_shape(name), work, 16384);
      CHECK((std::isfinite(rate.attention) && rate.attention > 0));
      CHECK((std::isfinite(rate.ffn) && rate.ffn > 0));
      CHECK((std::isfinite(rate.seconds_to_open) && rate.seconds_to_open >= 0));
      CHECK(rate.tokens_per_pass == 16384);
    }
}
