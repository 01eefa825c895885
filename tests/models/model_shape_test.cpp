#include <painters/models/model_shape.hpp>

#include "support/catch.hpp"

#include <painters/plan/node.hpp>
#include <painters/tensor/element_type.hpp>

using namespace painters;
using models::ModelShape;
using tensor::ElementType;

namespace {

// 12 x 8 queries, 2 x 12 x 4 keys and values, 8 x 12 output; 12 x 20 twice or three times.
constexpr ModelShape small{{.num_hidden_layers = 3,
                            .hidden_size = 12,
                            .intermediate_size = 20,
                            .num_attention_heads = 4,
                            .num_key_value_heads = 2,
                            .head_dim = 2,
                            .vocab_size = 50,
                            .max_position_embeddings = 16}};
static_assert(matrix_parameters(small, layers::attention) == 96 + 96 + 96);
static_assert(matrix_parameters(small, layers::ffn) == 720);
static_assert(matrix_parameters(small) == 1008);
static_assert(layer_parameters(small) == 1008 + 24);
static_assert(parameters(small) == 600 + 3 * 1032 + 12 + 600);

constexpr ModelShape with_everything() {
  ModelShape shape = small;
  shape.gated = false;
  shape.layer_norm = shape.qk_norm = shape.learned_positions = true;
  shape.attention_bias = shape.output_bias = shape.mlp_bias = true;
  shape.type_vocab_size = 2;
  shape.head = models::Head::none;
  shape.pooler = true;
  shape.num_labels = 3;
  return shape;
}
static_assert(layer_parameters(with_everything()) ==
              288 + 480 + 2 * 24 + 4 + (8 + 4 + 4) + (12 + 20 + 12));
static_assert(parameters(with_everything()) == (50 + 16 + 2) * 12 + 24 +
                                                   3 * layer_parameters(with_everything()) +
                                                   12 * 12 + 12 + 3 * 13);

constexpr ModelShape with_head(models::Head head) {
  ModelShape shape = small;
  shape.head = head;
  return shape;
}
static_assert(head_parameters(with_head(models::Head::tied)) == 0);
static_assert(head_parameters(with_head(models::Head::none)) == 0);

constexpr ModelShape with_masked_tokens(models::Head head) {
  ModelShape shape = with_head(head);
  shape.transforms_head = true;
  return shape;
}
static_assert(head_parameters(with_masked_tokens(models::Head::tied)) == 12 * 12 + 12 + 24 + 50);
static_assert(head_parameters(with_masked_tokens(models::Head::untied)) ==
              600 + 12 * 12 + 12 + 24 + 50);

}  // namespace

TEST_CASE("bytes follow from parameters and precision", "[models][shape]") {
  CHECK(models::weight_bytes(1000, ElementType::f32) == 4000);
  CHECK(models::weight_bytes(1000, ElementType::bf16) == 2000);
  CHECK(models::weight_bytes(64, ElementType::q4_0) == 36);
  CHECK(models::weight_bytes(65, ElementType::q4_0) == 54);
}
