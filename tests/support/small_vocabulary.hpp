// A tokenizer of all bytes and a few words, as metadata of a GGUF file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <painters/text/byte_alphabet.hpp>

#include "support/random_causal_lm.hpp"

namespace support {

/// Tokens 0 to 255 are the bytes; then "Ġt" 256, "he" 257, "Ġthe" 258, "ĠĠ" 259, and 260 and 261,
/// which stand for the beginning and the end of a text where the file says so.
inline constexpr std::uint32_t small_vocabulary_size = 262, small_bos = 260, small_eos = 261;

inline void add_small_vocabulary(GgufParts& parts, std::optional<std::uint32_t> bos,
                                 std::optional<std::uint32_t> eos) {
  std::vector<std::string> pieces;
  for (int b = 0; b < 256; ++b)
    pieces.push_back(painters::text::to_byte_alphabet(std::string(1, static_cast<char>(b))));
  for (const char* piece : {"Ġt", "he", "Ġthe", "ĠĠ", "<s>", "</s>"}) pieces.push_back(piece);
  std::vector<std::int32_t> types(pieces.size(), 1);
  types[small_bos] = types[small_eos] = 3;
  parts.metadata["tokenizer.ggml.model"] = std::string("gpt2");
  parts.metadata["tokenizer.ggml.pre"] = std::string("gpt-2");
  parts.metadata["tokenizer.ggml.tokens"] = pieces;
  parts.metadata["tokenizer.ggml.token_type"] = types;
  parts.metadata["tokenizer.ggml.merges"] = std::vector<std::string>{"Ġ t", "h e", "Ġt he", "Ġ Ġ"};
  if (bos) parts.metadata["tokenizer.ggml.bos_token_id"] = *bos;
  if (eos) parts.metadata["tokenizer.ggml.eos_token_id"] = *eos;
}

}  // namespace support
