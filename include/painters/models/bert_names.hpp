// What the tensors of a BERT are called.
#pragma once

namespace painters::models {

/// Tensor names without ".weight" and ".bias"; {} stands for the layer's number.
struct BertNames {
  ///@{ Tensors of the model.
  const char *word, *position, *token_type, *embedding_norm, *pooler;
  ///@}
  ///@{ Tensors of a layer.
  const char *query, *key, *value, *attention_output, *attention_norm, *up, *down, *output_norm;
  ///@}
  const char* classifier;  // the same in files with a prefix
};

/// The names in GGUF files.
inline constexpr BertNames gguf_bert_names{"token_embd",
                                           "position_embd",
                                           "token_types",
                                           "token_embd_norm",
                                           "cls",
                                           "blk.{}.attn_q",
                                           "blk.{}.attn_k",
                                           "blk.{}.attn_v",
                                           "blk.{}.attn_output",
                                           "blk.{}.attn_output_norm",
                                           "blk.{}.ffn_up",
                                           "blk.{}.ffn_down",
                                           "blk.{}.layer_output_norm",
                                           "cls.output"};

/// The names in Hugging Face's safetensors, behind a prefix such as "bert.".
inline constexpr BertNames hugging_face_bert_names{"embeddings.word_embeddings",
                                                   "embeddings.position_embeddings",
                                                   "embeddings.token_type_embeddings",
                                                   "embeddings.LayerNorm",
                                                   "pooler.dense",
                                                   "encoder.layer.{}.attention.self.query",
                                                   "encoder.layer.{}.attention.self.key",
                                                   "encoder.layer.{}.attention.self.value",
                                                   "encoder.layer.{}.attention.output.dense",
                                                   "encoder.layer.{}.attention.output.LayerNorm",
                                                   "encoder.layer.{}.intermediate.dense",
                                                   "encoder.layer.{}.output.dense",
                                                   "encoder.layer.{}.output.LayerNorm",
                                                   "classifier"};

}  // namespace painters::models
