// What a GGUF file of a causal language model says under its architecture's name, and which tensors
// its layers have, is read, known to change nothing, or refused by name: a key that nobody reads
// may change what the model computes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/formats/gguf_value.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/tensor_groups.hpp>

namespace painters::models {

namespace detail {

/// Keys that read_sizes, read_rope and the families read, and those that change nothing in them:
/// what scaling says beside its factor matters to kinds that are refused.
inline constexpr std::string_view known_gguf_keys[] = {"attention.head_count",
                                                       "attention.head_count_kv",
                                                       "attention.key_length",
                                                       "attention.layer_norm_epsilon",
                                                       "attention.layer_norm_rms_epsilon",
                                                       "attention.sliding_window",
                                                       "block_count",
                                                       "context_length",
                                                       "embedding_length",
                                                       "feed_forward_length",
                                                       "pooling_type",
                                                       "rope.dimension_count",
                                                       "rope.freq_base",
                                                       "rope.scale_linear",
                                                       "rope.scaling.attn_factor",
                                                       "rope.scaling.factor",
                                                       "rope.scaling.finetuned",
                                                       "rope.scaling.original_context_length",
                                                       "rope.scaling.type",
                                                       "rope.scaling.yarn_attn_factor",
                                                       "rope.scaling.yarn_beta_fast",
                                                       "rope.scaling.yarn_beta_slow",
                                                       "rope.scaling.yarn_ext_factor",
                                                       "rope.scaling.yarn_log_multiplier",
                                                       "tensor_data_layout",
                                                       "use_parallel_residual",
                                                       "vocab_size"};

inline constexpr double neutral_zero[] = {0};
inline constexpr double neutral_zero_or_one[] = {0, 1};
/// Keys that change nothing as long as they have one of these values.
struct NeutralNumber {
  std::string_view name;
  std::span<const double> values;
};
inline constexpr NeutralNumber neutral_gguf_keys[] = {
    {"attention.clamp_kqv", neutral_zero},    {"attention.max_alibi_bias", neutral_zero},
    {"attention.scale", neutral_zero},        {"attn_logit_softcapping", neutral_zero},
    {"embedding_scale", neutral_zero_or_one}, {"expert_count", neutral_zero},
    {"expert_used_count", neutral_zero},      {"final_logit_softcapping", neutral_zero},
    {"logit_scale", neutral_zero_or_one},     {"residual_scale", neutral_zero_or_one}};

/// Tensors of layers that no family here reads and llama.cpp does not use either.
inline constexpr std::string_view unused_gguf_tensors[] = {"blk.{}.attn_rot_embd.weight",
                                                           "blk.{}.attn_rot_embd"};

inline std::optional<double> number_of(const formats::GgufValue& value) {
  if (const auto flag = formats::gguf_as<bool>(value)) return *flag ? 1 : 0;
  if (const auto real = formats::gguf_as<double>(value)) return real;
  if (const auto whole = formats::gguf_as<std::int64_t>(value)) return static_cast<double>(*whole);
  return std::nullopt;
}

inline bool changes_nothing(std::string_view key, const formats::GgufValue& value,
                            const CausalLmConfig& c) {
  if (std::ranges::find(known_gguf_keys, key) != std::end(known_gguf_keys)) return true;
  const std::optional<double> number = number_of(value);
  if (!number) return false;
  if (key == "attention.causal") return *number == 1;
  if (key == "attention.value_length") return *number == static_cast<double>(c.head_dim);
  for (const NeutralNumber& neutral : neutral_gguf_keys)
    if (key == neutral.name)
      return std::ranges::find(neutral.values, *number) != neutral.values.end();
  return false;
}

inline bool reads_tensor(const std::string& group, const CausalLmNames& names) {
  if (std::ranges::find(unused_gguf_tensors, group) != std::end(unused_gguf_tensors)) return true;
  for (const char* name : {names.attention_norm, names.query, names.key, names.value,
                           names.query_key_value, names.output, names.query_norm, names.key_norm,
                           names.ffn_norm, names.gate, names.up, names.down})
    if (name && (group == std::string(name) + ".weight" || group == std::string(name) + ".bias"))
      return true;
  return false;
}

}  // namespace detail

/// Throws Error for a key under the file's architecture, or a tensor of a layer, that is neither
/// read nor known to change nothing, unless it is among `ignored`: whole keys and names of tensors.
/// A folder has nothing of the kind.
inline void refuse_unknown(const ModelFile& file, const CausalLmConfig& config,
                           const CausalLmNames& names, std::span<const std::string> ignored) {
  if (!file.gguf()) return;
  const auto refuse = [&](const std::string& kind, const std::string& name) {
    if (std::ranges::find(ignored, name) != ignored.end()) return;
    throw Error("expected " + kind + " that a " + config.model_type +
                " model is known to have in " + file.place() + ", found '" + name +
                "', which may change what it computes; such models cannot be run (to run it as "
                "if that were not there: --ignore-unknown " +
                name + ", or ModelOptions::ignored)");
  };
  const std::string prefix = file.architecture() + ".";
  for (const auto& [key, value] : file.gguf()->all_metadata())
    if (key.starts_with(prefix) &&
        !detail::changes_nothing(std::string_view(key).substr(prefix.size()), value, config))
      refuse("metadata", key);
  for (const auto& [name, tensor] : file.tensors())
    if (name.starts_with("blk.") && !detail::reads_tensor(name_of_group(name), names))
      refuse("tensors", name);
}

}  // namespace painters::models
