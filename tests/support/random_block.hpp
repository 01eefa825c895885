// A transformer block of random weights and any kind, for a backend and in double precision.
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/backend/concept.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/rotary_table.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/models/stored_norm.hpp>
#include <painters/plan/node.hpp>

#include "support/doubles.hpp"
#include "support/random.hpp"

namespace support {

/// Named as in models::CausalLmConfig.
struct BlockShape {
  std::size_t hidden_size, intermediate_size;
  painters::backend::AttentionShape attention;
  double theta = 10000;
  float eps = 1e-5f;
  painters::layers::Arrangement arrangement = painters::layers::Arrangement::pre_norm;
  painters::layers::NormKind norm = painters::layers::NormKind::rms;
  painters::backend::Activation hidden_act = painters::backend::Activation::silu;
  bool gated = true;
  std::optional<std::size_t> rotary_columns = {};  // of a head; empty: all; 0: none
  bool attention_bias = false, output_bias = false, mlp_bias = false;
  bool qk_norm = false;
};

struct RandomLinear : StoredWeight {
  std::vector<float> bias;  // empty for none
};

/// The weights keep the elements of states near 1.
struct RandomBlock {
  BlockShape shape;
  painters::models::StoredNorm attention_norm, ffn_norm;
  std::optional<painters::models::StoredNorm> query_norm, key_norm;
  RandomLinear query, key, value, output, gate, up, down;  // no gate if it is not gated
  std::vector<double> frequencies;                         // of rotary embedding; empty for none

  RandomBlock(const BlockShape& s, Random& random,
              painters::tensor::ElementType type = painters::tensor::ElementType::f32)
      : shape(s),
        attention_norm(random_norm(s, random)),
        ffn_norm(random_norm(s, random)),
        frequencies(rotary_frequencies(s.rotary_columns.value_or(s.attention.head_dim), s.theta)) {
    const auto linear = [&](std::size_t rows, std::size_t cols, bool bias) {
      const float deviation = 1 / std::sqrt(static_cast<float>(cols));
      return RandomLinear{random_weight(type, rows, cols, random, 0, deviation),
                          bias ? random.normals(rows, 0.5f) : std::vector<float>()};
    };
    query = linear(s.attention.query_size(), s.hidden_size, s.attention_bias);
    key = linear(s.attention.key_value_size(), s.hidden_size, s.attention_bias);
    value = linear(s.attention.key_value_size(), s.hidden_size, s.attention_bias);
    output = linear(s.hidden_size, s.attention.query_size(), s.output_bias);
    if (s.gated) gate = linear(s.intermediate_size, s.hidden_size, s.mlp_bias);
    up = linear(s.intermediate_size, s.hidden_size, s.mlp_bias);
    down = linear(s.hidden_size, s.intermediate_size, s.mlp_bias);
    if (s.qk_norm)
      for (auto* norm : {&query_norm, &key_norm})
        norm->emplace(painters::models::StoredNorm{random.normals(s.attention.head_dim), s.eps});
  }

  /// The block that it makes must not outlive this object.
  template <painters::backend::Backend B>
  painters::layers::TransformerBlock<B> layer(B& backend) const {
    std::shared_ptr<const painters::layers::RotaryTable<B>> rotary;
    if (!frequencies.empty())
      rotary = std::make_shared<const painters::layers::RotaryTable<B>>(
          std::vector<float>(frequencies.begin(), frequencies.end()));
    const auto norm = [&](const auto& stored) { return painters::models::norm(backend, stored); };
    const auto head_norm = [&](const std::optional<painters::models::StoredNorm>& stored) {
      return stored ? std::optional(norm(*stored)) : std::nullopt;
    };
    return {shape.arrangement,
            norm(attention_norm),
            {packed(backend, {&query, &key, &value}), packed(backend, {&output}), shape.attention,
             rotary, head_norm(query_norm), head_norm(key_norm)},
            norm(ffn_norm),
            {shape.gated ? packed(backend, {&gate, &up}) : packed(backend, {&up}),
             packed(backend, {&down}), shape.intermediate_size, shape.hidden_act, shape.gated}};
  }

  /// Is shown the values at a point, and may change them. Those of attention's pattern are [rows,
  /// heads * rows].
  using Tap = std::function<void(painters::layers::HookPoint, Doubles& values, std::size_t heads)>;

  /// The state after the layer or one of its parts.
  Doubles call(
      painters::Part part, const Doubles& x, const painters::tensor::PackedBatch& batch,
      const Tap& tap = [](painters::layers::HookPoint, Doubles&, std::size_t) {}) const {
    using painters::layers::Arrangement, painters::layers::HookPoint;
    const bool attends = part != painters::layers::ffn, feeds = part != painters::layers::attention;
    const auto shown = [&](HookPoint point, Doubles values) {
      tap(point, values, 1);
      return values;
    };
    const auto normed_1 = [&](const Doubles& h) {
      return shown(HookPoint::ln1, normed(h, attention_norm));
    };
    const auto normed_2 = [&](const Doubles& h) {
      return shown(HookPoint::ln2, normed(h, ffn_norm));
    };
    Doubles y = shown(HookPoint::resid_pre, x);
    const Doubles start = y;
    const auto between = [&] {
      if (attends && feeds) tap(HookPoint::resid_mid, y, 1);
    };
    switch (shape.arrangement) {
      case Arrangement::pre_norm:
        if (attends) y = add(y, attention_update(normed_1(y), batch, tap));
        between();
        if (feeds) y = add(y, ffn_update(normed_2(y), tap));
        break;
      case Arrangement::parallel:
        if (attends) y = add(y, attention_update(normed_1(start), batch, tap));
        if (feeds) y = add(y, ffn_update(normed_2(start), tap));
        break;
      case Arrangement::post_norm:
        if (attends) y = normed_1(add(y, attention_update(y, batch, tap)));
        between();
        if (feeds) y = normed_2(add(y, ffn_update(y, tap)));
        break;
    }
    return shown(HookPoint::resid_post, y);
  }

  /// x, normalised.
  static Doubles normed(const Doubles& x, const painters::models::StoredNorm& norm) {
    const double eps = static_cast<double>(norm.eps);
    if (norm.kind == painters::layers::NormKind::rms) return rms_norm(x, norm.weight, eps);
    return layer_norm(x, norm.weight, norm.bias, eps);
  }

 private:
  static painters::models::StoredNorm random_norm(const BlockShape& s, Random& random) {
    painters::models::StoredNorm norm{random.normals(s.hidden_size), s.eps, s.norm};
    if (s.norm == painters::layers::NormKind::layer) norm.bias = random.normals(s.hidden_size);
    return norm;
  }
  template <class B>
  static painters::layers::Linear<B> packed(B& backend,
                                            std::initializer_list<const RandomLinear*> parts) {
    painters::tensor::StackedWeight stacked;
    std::vector<float> bias;
    for (const RandomLinear* part : parts) {
      stacked.push_back(part->weight);
      bias.insert(bias.end(), part->bias.begin(), part->bias.end());
    }
    return {backend.pack(stacked), backend.vector(bias)};
  }

  static Doubles times(const Doubles& x, const RandomLinear& w) {
    const Doubles y = product(x, Doubles(w.values.view()));
    return w.bias.empty() ? y : add_bias(y, w.bias);
  }
  Doubles attention_update(const Doubles& x, const painters::tensor::PackedBatch& batch,
                           const Tap& tap) const {
    using painters::layers::HookPoint;
    const std::size_t heads = shape.attention.num_attention_heads;
    const std::size_t key_heads = shape.attention.num_key_value_heads;
    const auto heads_of = [&](const RandomLinear& w,
                              const std::optional<painters::models::StoredNorm>& norm,
                              std::size_t count, HookPoint before, HookPoint after) {
      Doubles all = times(x, w);
      tap(before, all, count);
      if (norm) all = normed(all, *norm);
      all = rotary(all, count, shape.attention.head_dim, frequencies, batch.positions());
      tap(after, all, count);
      return all;
    };
    const Doubles q = heads_of(query, query_norm, heads, HookPoint::q, HookPoint::rot_q);
    const Doubles k = heads_of(key, key_norm, key_heads, HookPoint::k, HookPoint::rot_k);
    Doubles v = times(x, value);
    tap(HookPoint::v, v, key_heads);
    Doubles pattern = attention_pattern(q, k, batch, shape.attention);
    tap(HookPoint::pattern, pattern, heads);
    Doubles z = attend_with(pattern, v, shape.attention);
    tap(HookPoint::z, z, heads);
    Doubles update = times(z, output);
    tap(HookPoint::attn_out, update, 1);
    return update;
  }
  Doubles ffn_update(const Doubles& x, const Tap& tap) const {
    using painters::layers::HookPoint;
    Doubles u = times(x, up), neurons;
    if (shape.gated) {
      Doubles g = times(x, gate);
      tap(HookPoint::pre, g, 1);
      tap(HookPoint::pre_linear, u, 1);
      neurons = support::gate(shape.hidden_act, beside(g, u));
    } else {
      tap(HookPoint::pre, u, 1);
      neurons = activated(shape.hidden_act, u);
    }
    tap(HookPoint::post, neurons, 1);
    Doubles update = times(neurons, down);
    tap(HookPoint::mlp_out, update, 1);
    return update;
  }
};

}  // namespace support
