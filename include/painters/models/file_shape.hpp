// The shape of a model in a file, so that planning knows what it costs.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/layers/norm.hpp>
#include <painters/models/bert_file.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/families.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/model_shape.hpp>
#include <painters/models/model_sizes.hpp>

namespace painters::models {

/// The shape of a causal language model, with the window of one of its layers.
inline ModelShape shape_of(const CausalLmConfig& config, std::size_t layer = 0) {
  ModelShape shape{static_cast<const ModelSizes&>(config)};
  if (!config.sliding_windows.empty()) shape.sliding_window = config.sliding_windows.at(layer);
  shape.gated = config.gated;
  shape.attention_bias = config.attention_bias;
  shape.output_bias = config.output_bias;
  shape.mlp_bias = config.mlp_bias;
  shape.layer_norm = config.norm == layers::NormKind::layer;
  shape.qk_norm = config.qk_norm;
  shape.head = config.tie_word_embeddings ? Head::tied : Head::untied;
  return shape;
}

/// The shape of a BERT with the heads that its file has.
inline ModelShape shape_of(const BertFile& file) {
  ModelShape shape{static_cast<const ModelSizes&>(file.config())};
  shape.is_causal = shape.gated = false;
  shape.attention_bias = shape.output_bias = shape.mlp_bias = shape.layer_norm = true;
  shape.learned_positions = true;
  shape.type_vocab_size = file.config().type_vocab_size;
  shape.head = Head::none;
  shape.pooler = file.has_pooler();
  if (file.head() == BertHeadKind::classifier) shape.num_labels = file.config().num_labels;
  if (file.head() == BertHeadKind::masked_lm) {
    shape.transforms_head = true;
    shape.head = file.ties_vocabulary() ? Head::tied : Head::untied;
  }
  return shape;
}

/// The shape of the model in a file, once for each layer, as their windows may differ. A causal
/// language model's folder needs no weights. Throws Error for a file that cannot be run, or whose
/// parameters are more than can be counted.
inline std::vector<ModelShape> layer_shapes(ModelFile file) {
  const std::string place = file.config_place();
  std::vector<ModelShape> shapes;
  if (kind_of(file) == ModelKind::causal_lm) {
    const auto [family, name] = family_as<CausalLmFamily>(file, "a causal language model");
    const CausalLmConfig config = family.read_config(file, name);
    for (std::size_t i = 0; i < config.num_hidden_layers; ++i)
      shapes.push_back(shape_of(config, i));
  } else {
    const BertFile bert(std::move(file));
    shapes.assign(bert.config().num_hidden_layers, shape_of(bert));
  }
  constexpr double most = 1ull << 60;
  const double layers = static_cast<double>(shapes.size());
  // Sizes are at most 2^24, so that no layer overflows; all of them together may.
  if (layers * static_cast<double>(layer_parameters(shapes.front())) > most)
    throw Error("expected sizes of a model with fewer than 2^60 parameters in " + place +
                ", found more; the configuration is damaged");
  return shapes;
}

}  // namespace painters::models
