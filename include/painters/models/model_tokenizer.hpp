// The tokenizer beside or inside a model's file, held to the model's vocabulary.
#pragma once

#include <cstddef>
#include <filesystem>

#include <painters/text/tokenizer.hpp>

namespace painters::models {

/// `path`: the model's. Throws Error if text::load_tokenizer does, or if the tokens are not the
/// model's: a GGUF file has as many as the model embeds, a folder may have fewer, since embeddings
/// are often padded, and added tokens beyond them, such as one for padding that was never trained.
text::Tokenizer load_model_tokenizer(const std::filesystem::path& path, std::size_t vocab_size);

}  // namespace painters::models

#ifndef PAINTERS_COMPILED_ONCE
#include <painters/models/model_tokenizer_reading.hpp>
#endif
