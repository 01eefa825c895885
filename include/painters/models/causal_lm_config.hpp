// What there is to know about a causal language model before its weights are read: its
// configuration and the names of its tensors, in one form for every family.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <painters/backend/activation.hpp>
#include <painters/layers/norm.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/models/model_sizes.hpp>
#include <painters/models/rope.hpp>

namespace painters::models {

/// The names are those of Hugging Face's config.json where it has them.
struct CausalLmConfig : ModelSizes {
  std::string model_type;                         // the family: "llama", "gpt_neox", ...
  double norm_eps = 1e-5;                         // rms_norm_eps or layer_norm_eps
  layers::NormKind norm = layers::NormKind::rms;  // of every normalisation
  layers::Arrangement arrangement = layers::Arrangement::pre_norm;  // of every block
  backend::Activation hidden_act = backend::Activation::silu;       // of the feed-forward network
  bool gated = true;                 // whether the feed-forward network is gated
  Rope rope;                         // of queries and keys
  bool attention_bias = false;       // of the projections to queries, keys and values
  bool output_bias = false;          // of the attention's output projection
  bool mlp_bias = false;             // of the feed-forward network
  bool qk_norm = false;              // whether heads of queries and keys are normalised
  bool tie_word_embeddings = false;  // whether the head is the embedding
  /// Tokens that a token sees in each layer, its own included; 0: all. Empty: all in all layers.
  std::vector<std::size_t> sliding_windows;
};

/// Tensor names without ".weight" and ".bias"; {} stands for the layer's number, null for what a
/// family lacks.
struct CausalLmNames {
  ///@{ Tensors of the model.
  const char *embedding = nullptr, *final_norm = nullptr, *head = nullptr;
  ///@}
  ///@{ Tensors of a layer's attention: separate projections, or one for all three.
  const char *attention_norm = nullptr, *query = nullptr, *key = nullptr, *value = nullptr;
  const char *query_key_value = nullptr, *output = nullptr;
  ///@}
  ///@{ Norms of the heads, where the model normalises them.
  const char *query_norm = nullptr, *key_norm = nullptr;
  ///@}
  ///@{ Tensors of a layer's feed-forward network.
  const char *ffn_norm = nullptr, *gate = nullptr, *up = nullptr, *down = nullptr;
  ///@}
  bool interleaved_rotary = false;  // queries and keys as GGUF has them for Llama
  bool fused_by_head = false;  // query_key_value: query, key and value of a head, then the next
};

class ModelFile;

/// How the files of a family are read: what the family's header gives to the table in families.hpp.
struct CausalLmFamily {
  /// The configuration, whose model_type is `family`, the name in the table. Throws Error if
  /// something is missing or is not as the family has it.
  CausalLmConfig (*read_config)(const ModelFile& file, const std::string& family);
  const CausalLmNames* gguf_names;          // null: the family has no GGUF files of its own
  const CausalLmNames* hugging_face_names;  // in safetensors
};

}  // namespace painters::models
