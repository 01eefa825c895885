// A transformer block of random weights, for a backend and in double precision.
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include <painters/backend/concept.hpp>
#include <painters/layers/rotary_table.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/plan/node.hpp>

#include "support/doubles.hpp"
#include "support/random.hpp"

namespace support {

struct BlockShape {
  std::size_t hidden_size, intermediate_size;
  painters::backend::AttentionShape attention;
  double theta = 10000;
  float eps = 1e-5f;
};

/// With weights that keep states at about 1.
struct RandomBlock {
  BlockShape shape;
  std::vector<float> attention_norm, ffn_norm;
  StoredWeight query, key, value, output, gate, up, down;

  RandomBlock(const BlockShape& s, Random& random,
              painters::tensor::ElementType type = painters::tensor::ElementType::f32)
      : shape(s),
        attention_norm(random.normals(s.hidden_size)),
        ffn_norm(random.normals(s.hidden_size)) {
    const auto weight = [&](std::size_t rows, std::size_t cols) {
      return random_weight(type, rows, cols, random, 0, 1 / std::sqrt(static_cast<float>(cols)));
    };
    query = weight(s.attention.query_size(), s.hidden_size);
    key = weight(s.attention.key_value_size(), s.hidden_size);
    value = weight(s.attention.key_value_size(), s.hidden_size);
    output = weight(s.hidden_size, s.attention.query_size());
    gate = weight(s.intermediate_size, s.hidden_size);
    up = weight(s.intermediate_size, s.hidden_size);
    down = weight(s.hidden_size, s.intermediate_size);
  }

  /// The block must outlive what it gives.
  template <painters::backend::Backend B>
  painters::layers::TransformerBlock<B> layer(
      B& backend, std::shared_ptr<const painters::layers::RotaryTable> rotary) const {
    return {painters::layers::Arrangement::pre_norm,
            {attention_norm, shape.eps},
            {{backend.pack({query.weight, key.weight, value.weight})},
             {backend.pack({output.weight})},
             shape.attention,
             std::move(rotary)},
            {ffn_norm, shape.eps},
            {{backend.pack({gate.weight, up.weight})},
             {backend.pack({down.weight})},
             shape.intermediate_size}};
  }
  template <painters::backend::Backend B>
  painters::layers::TransformerBlock<B> layer(B& backend) const {
    return layer(backend,
                 std::make_shared<const painters::layers::RotaryTable>(
                     painters::layers::rotary_frequencies(shape.attention.head_dim, shape.theta)));
  }

  /// The state after the layer or one of its parts.
  Doubles call(painters::Part part, Doubles x, const painters::tensor::PackedBatch& batch) const {
    if (part != painters::ffn) x = add(x, attention_update(x, batch));
    if (part != painters::attention) x = add(x, ffn_update(x));
    return x;
  }

 private:
  static Doubles times(const Doubles& x, const StoredWeight& w) {
    return product(x, Doubles(w.values.view()));
  }
  Doubles attention_update(const Doubles& x, const painters::tensor::PackedBatch& batch) const {
    const Doubles normed = rms_norm(x, attention_norm, static_cast<double>(shape.eps));
    const auto turned = [&](const StoredWeight& w, std::size_t heads) {
      return rotary(times(normed, w), heads, shape.attention.head_dim, shape.theta,
                    batch.positions());
    };
    return times(support::attention(turned(query, shape.attention.num_attention_heads),
                                    turned(key, shape.attention.num_key_value_heads),
                                    times(normed, value), batch, shape.attention),
                 output);
  }
  Doubles ffn_update(const Doubles& x) const {
    const Doubles normed = rms_norm(x, ffn_norm, static_cast<double>(shape.eps));
    const Doubles g = times(normed, gate), u = times(normed, up);
    Doubles both(x.rows, 2 * shape.intermediate_size);
    for (std::size_t r = 0; r < x.rows; ++r)
      for (std::size_t c = 0; c < shape.intermediate_size; ++c)
        both(r, c) = g(r, c), both(r, shape.intermediate_size + c) = u(r, c);
    return times(swiglu(both), down);
  }
};

}  // namespace support
