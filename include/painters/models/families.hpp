// Which families of models can be run, and what is said about the others.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include <painters/error.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/model_file.hpp>

namespace painters::models {

/// As "model_type" of config.json has them; all are causal language models but BERT. GGUF files of
/// Mistral call themselves llama, those of GPT-NeoX gptneox.
inline constexpr const char* families[] = {"llama", "mistral",  "qwen2",
                                           "qwen3", "gpt_neox", "bert"};

namespace detail {

/// "llama, mistral or qwen2".
inline std::string family_names() {
  std::string text;
  std::size_t left = std::size(families);
  for (const char* name : families)
    (text += text.empty() ? "" : left > 1 ? ", " : " or ") += name, --left;
  return text;
}

/// " with 8 experts" where feed-forward networks have several, else empty.
inline std::string experts(const ModelFile& file) {
  std::size_t count = 0;
  if (const formats::Gguf* gguf = file.gguf())
    count = GgufKeys(*gguf, file.architecture()).find_size("expert_count").value_or(0);
  else
    for (const char* key : {"num_local_experts", "num_experts", "n_routed_experts"})
      if (count == 0) count = file.config()->find<std::size_t>(key).value_or(0);
  return count == 0 ? "" : " with " + std::to_string(count) + " experts";
}

/// " with an encoder and a decoder" for such a model, else empty.
inline std::string encoder_and_decoder(const ModelFile& file) {
  const formats::Gguf* gguf = file.gguf();
  const bool has =
      gguf ? GgufKeys(*gguf, file.architecture()).find_size("decoder_start_token_id").has_value()
           : file.config()->find<bool>("is_encoder_decoder").value_or(false);
  return has ? " with an encoder and a decoder" : "";
}

}  // namespace detail

/// Throws Error unless the file's family is the one asked for, which it is if `is_expected`, and
/// the model has nothing that our families lack: experts, or an encoder beside its decoder.
inline void check_family(const ModelFile& file, bool is_expected) {
  const std::string more = detail::experts(file) + detail::encoder_and_decoder(file);
  if (is_expected && more.empty()) return;
  const bool is_ours = more.empty() && std::find(std::begin(families), std::end(families),
                                                 file.architecture()) != std::end(families);
  throw Error("expected a model of the families " + detail::family_names() + " in " +
              file.config_place() + ", found \"" + file.architecture() + "\"" + more +
              (is_ours ? "; open it as a model of that family" : "; such models cannot be run"));
}

}  // namespace painters::models
