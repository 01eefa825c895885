// The rotary frequencies of a model, with the ways in which long-context models scale them.
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/layers/rotary_table.hpp>

namespace painters::models {

/// What turns queries and keys.
struct Rope {
  double theta = 10000;                 // the base, rope_theta
  std::string scaling = "none";         // or "linear", "llama3"
  std::size_t columns = 0;              // of a head that are turned, from its first on
  std::vector<float> frequencies = {};  // [columns / 2], scaled
};

/// Llama 3.1's: frequencies of long waves are divided by `factor`, those of short ones are not, and
/// those between are interpolated. In f32 as Hugging Face has it.
struct Llama3Scaling {
  double factor = 8, low_freq_factor = 1, high_freq_factor = 4;  // names of config.json
  double original_max_position_embeddings = 8192;                // the same

  /// The frequency for an unscaled one.
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

/// Of a config.json: "rope_theta" and "rope_scaling", or "rope_parameters" as transformers 5 has
/// them. `rope`: defaults for what it leaves unsaid, without frequencies; its `columns` are those
/// of a head unless "partial_rotary_factor" says otherwise. Throws Error for a scaling that we
/// lack.
inline Rope read_rope(const formats::JsonObject& config, Rope rope) {
  rope.theta = config.find<double>("rope_theta").value_or(rope.theta);
  std::string type = "default";
  std::optional<formats::JsonObject> scaling;
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    if (!config.find<nlohmann::json>(key)) continue;
    scaling = config.object(key);
    rope.theta = scaling->find<double>("rope_theta").value_or(rope.theta);
    if (const auto part = scaling->find<double>("partial_rotary_factor"))
      rope.columns = static_cast<std::size_t>(static_cast<double>(rope.columns) * *part);
    const auto old_name = scaling->find<std::string>("type");
    type = scaling->find<std::string>("rope_type").value_or(old_name.value_or("default"));
  }
  rope.frequencies = layers::rotary_frequencies(rope.columns, rope.theta);
  if (type == "default") return rope;
  rope.scaling = type;
  const double factor = scaling->get<double>("factor");
  if (!(factor > 0))
    throw Error("expected a positive \"factor\" in " + scaling->place() + ", found " +
                std::to_string(factor));
  if (type == "linear") {
    for (float& f : rope.frequencies) f /= static_cast<float>(factor);
  } else if (type == "llama3") {
    const Llama3Scaling scale{factor, scaling->get<double>("low_freq_factor"),
                              scaling->get<double>("high_freq_factor"),
                              scaling->get<double>("original_max_position_embeddings")};
    if (!(scale.high_freq_factor > scale.low_freq_factor && scale.low_freq_factor > 0))
      throw Error("expected a high_freq_factor above a positive low_freq_factor in " +
                  scaling->place() + ", found " + std::to_string(scale.high_freq_factor) + " and " +
                  std::to_string(scale.low_freq_factor));
    for (float& f : rope.frequencies) f = scale(f);
  } else {
    throw Error("expected rotary embedding scaled by \"linear\" or \"llama3\", or not at all, in " +
                scaling->place() + ", found \"" + type + "\"; such models cannot be run yet");
  }
  return rope;
}

}  // namespace painters::models
