#include <painters/models/model_shape.hpp>

#include "support/catch.hpp"

#include <painters/models/known_shapes.hpp>
#include <painters/plan/node.hpp>
#include <painters/tensor/element_type.hpp>

using namespace painters;
using models::known_shape;
using models::ModelShape;
using tensor::ElementType;

namespace {

// 12 x 8 queries, 2 x 12 x 4 keys and values, 8 x 12 output; 12 x 20 twice or three times.
constexpr ModelShape small{.num_hidden_layers = 3,
                           .hidden_size = 12,
                           .intermediate_size = 20,
                           .num_attention_heads = 4,
                           .num_key_value_heads = 2,
                           .head_dim = 2,
                           .vocab_size = 50};
static_assert(matrix_parameters(small, layers::attention) == 96 + 96 + 96);
static_assert(matrix_parameters(small, layers::ffn) == 720);
static_assert(matrix_parameters(small) == 1008);
static_assert(layer_parameters(small) == 1008 + 24);
static_assert(parameters(small) == 600 + 3 * 1032 + 12 + 600);

constexpr ModelShape with_everything() {
  ModelShape shape = small;
  shape.is_gated = false;
  shape.layer_norm = shape.query_key_norm = shape.query_key_value_bias = shape.bias = true;
  shape.learned_positions = 16;
  shape.type_vocab_size = 2;
  shape.head = models::Head::pooler;
  return shape;
}
static_assert(layer_parameters(with_everything()) ==
              288 + 480 + 2 * 24 + 4 + (8 + 4 + 4) + (12 + 20 + 12));
static_assert(parameters(with_everything()) ==
              (50 + 16 + 2) * 12 + 24 + 3 * layer_parameters(with_everything()) + 12 * 12 + 12);

constexpr ModelShape with_head(models::Head head) {
  ModelShape shape = small;
  shape.head = head;
  return shape;
}
static_assert(head_parameters(with_head(models::Head::tied)) == 0);
static_assert(head_parameters(with_head(models::Head::none)) == 0);

}  // namespace

TEST_CASE("bytes follow from parameters and precision", "[models][shape]") {
  CHECK(models::weight_bytes(1000, ElementType::f32) == 4000);
  CHECK(models::weight_bytes(1000, ElementType::bf16) == 2000);
  CHECK(models::weight_bytes(64, ElementType::q4_0) == 36);
  CHECK(models::weight_bytes(65, ElementType::q4_0) == 54);
  CHECK(models::state_bytes(known_shape("llama-2-70b"), 10) == 10 * 8192 * 4);
}
