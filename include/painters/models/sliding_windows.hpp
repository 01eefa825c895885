// What tokens see in models with sliding windows (Beltagy et al., 2020; Mistral, Qwen).
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>

namespace painters::models {

/// How a family's config.json describes windows.
struct WindowKeys {
  std::size_t sliding_window = 0;  // where the key is absent; 0: no window, as null always means
  bool has_switch = false;         // "use_sliding_window", off by default, and "max_window_layers"
};

/// CausalLmConfig::sliding_windows of a config.json: in all layers, in those that
/// "layer_types" calls sliding_attention, or from "max_window_layers" on where there is a switch.
/// Throws Error if it contradicts itself.
inline std::vector<std::size_t> read_windows(const formats::JsonObject& json, WindowKeys keys,
                                             std::size_t num_hidden_layers) {
  const auto types = json.find<std::vector<std::string>>("layer_types");
  if (types && types->size() != num_hidden_layers)
    throw Error("expected \"layer_types\" of " + std::to_string(num_hidden_layers) + " layers in " +
                json.place() + ", found " + std::to_string(types->size()) +
                "; the configuration contradicts itself");
  const auto slides = [](const std::string& type) { return type == "sliding_attention"; };
  for (const std::string& type : types.value_or(std::vector<std::string>()))
    if (!slides(type) && type != "full_attention")
      throw Error("expected \"layer_types\" in " + json.place() +
                  " to be full_attention or sliding_attention, found \"" + type +
                  "\"; such models cannot be run");

  std::optional<std::size_t> window = json.find<std::size_t>("sliding_window");
  if (!json.contains("sliding_window") && keys.sliding_window != 0) window = keys.sliding_window;
  if (keys.has_switch && !json.find<bool>("use_sliding_window").value_or(false)) window.reset();
  if (!window) {
    if (types && std::any_of(types->begin(), types->end(), slides))
      throw Error("expected a sliding window in " + json.place() +
                  " for the layers of sliding_attention in \"layer_types\", found none; the "
                  "configuration contradicts itself");
    return {};
  }
  if (*window == 0)
    throw Error("expected \"sliding_window\" in " + json.place() +
                " to be at least 1, or null for none, found 0; the configuration is damaged");

  std::vector<std::size_t> windows(num_hidden_layers, *window);
  const std::size_t full =
      keys.has_switch ? json.find<std::size_t>("max_window_layers").value_or(28) : 0;
  for (std::size_t i = 0; i < windows.size(); ++i)
    if (types ? !slides((*types)[i]) : i < full) windows[i] = 0;
  return windows;
}

}  // namespace painters::models
