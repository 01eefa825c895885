// The tokenizer of a model, whatever the model's files are.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/gguf_tokenizer.hpp>
#include <painters/text/json_surrounding.hpp>
#include <painters/text/json_tokenizer.hpp>
#include <painters/text/sentencepiece_model.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/tokenizer_parts.hpp>
#include <painters/text/vocab_txt_tokenizer.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// `path`: a tokenizer.model; tokenizer_config.json beside it may say add_bos_token and
/// add_eos_token. Throws Error if it cannot be read.
inline Tokenizer read_tokenizer_model(const std::filesystem::path& path) {
  SentencePieceModel model(path);
  Vocabulary vocabulary = model.vocabulary(path.string());
  const formats::JsonObject config = detail::tokenizer_config(path.parent_path());
  const SpecialTokens special{model.bos(), model.eos(),
                              detail::flag(config, "add_bos_token", true)};
  TokenizerStages stages{.decoder = {.strip_first_blank = model.adds_blank()},
                         .surrounding = detail::configured_surrounding(config, special)};
  return Tokenizer(std::move(vocabulary), std::move(model), special, std::move(stages));
}

/// `path`: a .gguf file (weights are not needed), a folder with tokenizer.json, tokenizer.model or
/// BERT's vocab.txt (the first of these that is there), or such a file. Throws Error if there is no
/// tokenizer that we can read.
inline Tokenizer load_tokenizer(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    for (const char* name : {"tokenizer.json", "tokenizer.model", "vocab.txt"})
      if (std::filesystem::exists(path / name, error)) return load_tokenizer(path / name);
    throw Error("expected tokenizer.json, tokenizer.model or vocab.txt in the folder " +
                path.string() + ", found none; fetch the model's tokenizer");
  }
  if (path.extension() == ".json") return read_tokenizer_json(path);
  if (path.extension() == ".model") return read_tokenizer_model(path);
  if (path.extension() == ".txt") return read_vocab_txt(path);
  return read_tokenizer(formats::Gguf::open(path));
}

}  // namespace painters::text
