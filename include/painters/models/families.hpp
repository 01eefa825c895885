// The families of models that can be run: the one table of them, and how a file finds its row.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <painters/error.hpp>
#include <painters/joined.hpp>
#include <painters/models/bert_config.hpp>
#include <painters/models/causal_lm_config.hpp>
#include <painters/models/gguf_keys.hpp>
#include <painters/models/gpt_neox.hpp>
#include <painters/models/llama.hpp>
#include <painters/models/model_file.hpp>
#include <painters/models/read_bert_config.hpp>

namespace painters::models {

/// What a model is for, and with it which type runs it.
enum class ModelKind {
  causal_lm,  // models::CausalLm: what comes after a text
  encoder     // models::Bert: states of a whole text
};

/// A row of the table.
struct Family {
  std::string_view name;  // "model_type" of config.json
  std::string_view gguf;  // "general.architecture" of GGUF; empty: such files use another name
  std::variant<CausalLmFamily, BertFamily> files;  // how they are read

  /// Whether a file says that it is of this family.
  bool is_of(const ModelFile& file) const {
    const std::string_view own = file.gguf() ? gguf : name;
    return !own.empty() && own == file.architecture();
  }
  /// Which of the two it is.
  constexpr ModelKind kind() const {
    return std::holds_alternative<CausalLmFamily>(files) ? ModelKind::causal_lm
                                                         : ModelKind::encoder;
  }
};

/// A new family is a header and a row here.
inline constexpr Family families[] = {
    {"llama", "llama", llama_family},          // TinyLlama and SmolLM2 too
    {"mistral", "", mistral_family},           // llama in GGUF
    {"qwen2", "qwen2", qwen2_family},          // Qwen2.5 too
    {"qwen3", "qwen3", qwen3_family},          //
    {"gpt_neox", "gptneox", gpt_neox_family},  // Pythia
    {"bert", "bert", bert_family},             // sentence encoders too
};

namespace detail {

/// What a model has that no family here has, for messages: " with 8 experts", " with an encoder and
/// a decoder", both or "".
inline std::string unknown_features(const ModelFile& file) {
  std::size_t experts = 0;
  bool has_encoder_and_decoder = false;
  if (const formats::JsonObject* config = file.config()) {
    for (const char* key : {"num_local_experts", "num_experts", "n_routed_experts"})
      if (experts == 0) experts = config->find<std::size_t>(key).value_or(0);
    has_encoder_and_decoder = config->find<bool>("is_encoder_decoder").value_or(false);
  } else {
    const GgufKeys keys(*file.gguf(), file.architecture());
    experts = keys.find_size("expert_count").value_or(0);
    has_encoder_and_decoder = keys.find_size("decoder_start_token_id").has_value();
  }
  return (experts == 0 ? "" : " with " + std::to_string(experts) + " experts") +
         (has_encoder_and_decoder ? " with an encoder and a decoder" : "");
}

}  // namespace detail

/// The row of a file's family. Throws Error if there is none, or if the model has what no family
/// here has, such as experts. Needs no weights.
inline const Family& family_of(const ModelFile& file) {
  const std::string more = detail::unknown_features(file);
  for (const Family& family : families)
    if (more.empty() && family.is_of(file)) return family;
  throw Error("expected a model of the families " +
              joined(families, " or ", [](const Family& family) { return family.name; }) + " in " +
              file.config_place() + ", found \"" + file.architecture() + "\"" + more +
              "; such models cannot be run");
}

/// Causal language model or encoder; throws like family_of.
inline ModelKind kind_of(const ModelFile& file) { return family_of(file).kind(); }

/// How a file of one kind is read, CausalLmFamily or BertFamily, and the family's name. Throws
/// Error like family_of, and for a family of the other kind; `expected` names this kind in the
/// message.
template <class Files>
std::pair<const Files&, std::string> family_as(const ModelFile& file, const char* expected) {
  const Family& family = family_of(file);
  if (const Files* files = std::get_if<Files>(&family.files))
    return {*files, std::string(family.name)};
  throw Error("expected " + std::string(expected) + " in " + file.config_place() + ", found \"" +
              file.architecture() + "\"; open it as a model of that family");
}

}  // namespace painters::models
