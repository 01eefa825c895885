// Reads the rotary frequencies of a model, with the ways in which long-context models scale them.
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/layers/rotary_table.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/rope.hpp>

namespace painters::models {

/// The scaling of Llama 3.1: frequencies of long waves are divided by `factor`, those of short ones
/// are kept, and those between are interpolated. Computed in f32, as Hugging Face does.
struct Llama3Scaling {
  ///@{ The names are those of config.json.
  double factor = 8, low_freq_factor = 1, high_freq_factor = 4;
  double original_max_position_embeddings = 8192;
  ///@}

  /// The scaled frequency.
  float operator()(float frequency) const {
    const float wavelength = 2 * std::numbers::pi_v<float> / frequency;
    const double original = original_max_position_embeddings;
    if (wavelength > static_cast<float>(original / low_freq_factor))
      return frequency / static_cast<float>(factor);
    if (wavelength < static_cast<float>(original / high_freq_factor)) return frequency;
    const float smooth =
        (static_cast<float>(original) / wavelength - static_cast<float>(low_freq_factor)) /
        static_cast<float>(high_freq_factor - low_freq_factor);
    return (1 - smooth) * frequency / static_cast<float>(factor) + smooth * frequency;
  }
};

namespace detail {

/// Rotary embedding without scaling. Throws Error unless the columns are pairs within a head.
inline Rope make_rope(std::size_t columns, double theta, std::size_t head_dim,
                      const std::string& place) {
  if (columns % 2 != 0 || columns > head_dim)
    throw Error("expected an even number of columns for rotary embedding, at most head_dim (" +
                std::to_string(head_dim) + "), in " + place + ", found " + std::to_string(columns) +
                "; the configuration is damaged");
  if (!(theta >= 1))
    throw Error("expected a rope_theta of at least 1 in " + place + ", found " +
                std::to_string(theta) + "; the configuration is damaged");
  return {theta, "none", columns, layers::rotary_frequencies(columns, theta)};
}

/// Moves positions `factor` times closer together.
inline void scale_linearly(Rope& rope, double factor, const std::string& place) {
  if (!(factor > 0))
    throw Error("expected a positive factor of rotary embedding in " + place + ", found " +
                std::to_string(factor) + "; the configuration is damaged");
  for (float& f : rope.frequencies) f /= static_cast<float>(factor);
  rope.scaling = "linear";
}

/// Throws Error for rotary embeddings that differ between kinds of layers, as transformers 5 writes
/// them: {"full_attention": {...}, "sliding_attention": {...}}.
inline void refuse_by_layer_type(const formats::JsonObject& json, const char* key) {
  for (const auto& [name, value] : json.value().items())
    if (value.is_object())
      throw Error("expected one rotary embedding for all layers in " + json.place() + ", found \"" +
                  std::string(key) + "\" with one for layers of the type \"" + name +
                  "\"; such models cannot be run yet");
}

inline Llama3Scaling read_llama3_scaling(const formats::JsonObject& json) {
  const Llama3Scaling scale{json.get<double>("factor"), json.get<double>("low_freq_factor"),
                            json.get<double>("high_freq_factor"),
                            json.get<double>("original_max_position_embeddings")};
  if (!(scale.factor > 0 && scale.low_freq_factor > 0 &&
        scale.high_freq_factor > scale.low_freq_factor &&
        scale.original_max_position_embeddings > 0))
    throw Error("expected positive factors, and a high_freq_factor above low_freq_factor, in " +
                json.place() + ", found factor " + std::to_string(scale.factor) + " with " +
                std::to_string(scale.low_freq_factor) + " and " +
                std::to_string(scale.high_freq_factor) + "; the configuration is damaged");
  return scale;
}

}  // namespace detail

/// The rotary embedding of a config.json: "rope_theta", "partial_rotary_factor" and "rope_scaling",
/// or "rope_parameters" as transformers 5 has them. `theta` and `part`, the part of a head's
/// columns that is turned, are the family's defaults. Throws Error for a scaling that we lack.
inline Rope read_rope(const formats::JsonObject& config, std::size_t head_dim, double theta = 10000,
                      double part = 1) {
  std::string type = "default";
  std::optional<formats::JsonObject> scaling;
  const auto read = [&](const formats::JsonObject& from) {
    theta = from.find<double>("rope_theta").value_or(theta);
    part = from.find<double>("partial_rotary_factor").value_or(part);
  };
  read(config);
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    if (!config.find<nlohmann::json>(key)) continue;
    scaling = config.object(key);
    detail::refuse_by_layer_type(*scaling, key);
    read(*scaling);
    const auto old_name = scaling->find<std::string>("type");
    type = scaling->find<std::string>("rope_type").value_or(old_name.value_or("default"));
  }
  if (!(part >= 0 && part <= 1))
    throw Error("expected rotary embedding of a part between 0 and 1 of a head in " +
                config.place() + ", found " + std::to_string(part) +
                "; the configuration is damaged");
  Rope rope = detail::make_rope(static_cast<std::size_t>(static_cast<double>(head_dim) * part),
                                theta, head_dim, config.place());
  if (type == "default") return rope;
  if (type == "linear") {
    detail::scale_linearly(rope, scaling->get<double>("factor"), scaling->place());
  } else if (type == "llama3") {
    const Llama3Scaling scale = detail::read_llama3_scaling(*scaling);
    for (float& f : rope.frequencies) f = scale(f);
    rope.scaling = type;
  } else {
    throw Error("expected rotary embedding scaled by \"linear\" or \"llama3\", or not at all, in " +
                scaling->place() + ", found \"" + type + "\"; such models cannot be run yet");
  }
  return rope;
}

/// The rotary embedding of a GGUF file, which scales by a divisor for every frequency, in the
/// tensor rope_freqs.weight (Llama 3.1), or by one for all. Throws Error for a scaling that we
/// lack.
inline Rope read_rope(const ModelFile& file, const GgufKeys& keys, std::size_t head_dim) {
  Rope rope =
      detail::make_rope(keys.find_size("rope.dimension_count").value_or(head_dim),
                        static_cast<double>(keys.find<float>("rope.freq_base").value_or(10000)),
                        head_dim, file.place());
  // As llama.cpp reads it: a factor without a type is linear, and older files call it scale_linear.
  const std::string type = keys.find<std::string>("rope.scaling.type").value_or("linear");
  auto factor = keys.find<float>("rope.scaling.factor");
  if (!factor) factor = keys.find<float>("rope.scale_linear");
  if (type == "linear") {
    if (factor && *factor != 0 && *factor != 1)  // 0 stands for none there
      detail::scale_linearly(rope, static_cast<double>(*factor), file.place());
  } else if (type != "none")
    throw Error("expected rotary embedding that is scaled linearly or not at all, in " +
                file.place() + ", found \"" + type + "\"; such models cannot be run yet");
  if (file.find("rope_freqs.weight")) {
    const std::vector<float> divisors = file.vector("rope_freqs.weight", rope.frequencies.size());
    for (std::size_t i = 0; i < divisors.size(); ++i) {
      if (!(divisors[i] > 0))
        throw Error("expected positive divisors of frequencies in 'rope_freqs.weight' of " +
                    file.place() + ", found " + std::to_string(divisors[i]) +
                    "; the file is damaged");
      rope.frequencies[i] /= divisors[i];
    }
    rope.scaling = "llama3";
  }
  return rope;
}

}  // namespace painters::models
