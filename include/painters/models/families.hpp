// Which families of models can be run, and what is said about the others.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/formats/json.hpp>
#include <painters/models/gguf_keys.hpp>

namespace painters::models {

/// As "model_type" of config.json has them; all are causal language models but BERT. GGUF files of
/// Mistral call themselves llama, those of GPT-NeoX gptneox.
inline constexpr const char* families[] = {"llama", "mistral",  "qwen2",
                                           "qwen3", "gpt_neox", "bert"};

/// Whether it is one of them.
inline bool is_family(const std::string& name) {
  return std::find(std::begin(families), std::end(families), name) != std::end(families);
}

namespace detail {

/// "llama, mistral or qwen2".
inline std::string family_names() {
  std::string text;
  std::size_t left = std::size(families);
  for (const char* name : families)
    (text += text.empty() ? "" : left > 1 ? ", " : " or ") += name, --left;
  return text;
}

/// " with 8 experts", " with an encoder and a decoder", both or "".
inline std::string more_than_ours(std::size_t experts, bool has_encoder_and_decoder) {
  return (experts == 0 ? "" : " with " + std::to_string(experts) + " experts") +
         (has_encoder_and_decoder ? " with an encoder and a decoder" : "");
}

}  // namespace detail

/// What a model has that our families lack, for messages: experts, or an encoder beside its
/// decoder; empty if nothing.
inline std::string more_than_ours(const formats::JsonObject& config) {
  std::size_t experts = 0;
  for (const char* key : {"num_local_experts", "num_experts", "n_routed_experts"})
    if (experts == 0) experts = config.find<std::size_t>(key).value_or(0);
  return detail::more_than_ours(experts, config.find<bool>("is_encoder_decoder").value_or(false));
}
/// The same of a GGUF file.
inline std::string more_than_ours(const formats::Gguf& file, const std::string& architecture) {
  const GgufKeys keys(file, architecture);
  return detail::more_than_ours(keys.find_size("expert_count").value_or(0),
                                keys.find_size("decoder_start_token_id").has_value());
}

/// Throws Error unless the family is the one asked for, which it is if `is_expected`, and the
/// model has nothing that our families lack: `more`, see more_than_ours. `place`: what says so.
inline void check_family(const std::string& family, const std::string& more,
                         const std::string& place, bool is_expected) {
  if (is_expected && more.empty()) return;
  throw Error("expected a model of the families " + detail::family_names() + " in " + place +
              ", found \"" + family + "\"" + more +
              (more.empty() && is_family(family) ? "; open it as a model of that family"
                                                 : "; such models cannot be run"));
}

}  // namespace painters::models
