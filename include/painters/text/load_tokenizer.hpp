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

/// `path`: a tokenizer.model. The files beside it name more tokens (see tokenizer_config.hpp), and
/// tokenizer_config.json may say add_bos_token, add_eos_token, add_prefix_space, and legacy: where
/// that is false, a blank is put before a text that has none, and not before what follows an added
/// token. It is about the file's own way to tokens, and so does not count beside a tokenizer.json,
/// which transformers would read instead. Throws Error if the file cannot be read.
inline Tokenizer read_tokenizer_model(const std::filesystem::path& path) {
  SentencePieceModel model(path);
  const formats::JsonObject config = detail::tokenizer_config(path.parent_path());
  Vocabulary vocabulary(
      detail::ConfiguredTokens(model.entries(), config, path.parent_path()).take(), path.string());
  const SpecialTokens special{model.bos(), model.eos(),
                              detail::flag(config, "add_bos_token", true)};
  const bool blank = model.adds_blank() && detail::flag(config, "add_prefix_space", true);
  TokenizerStages stages{.decoder = {.strip_first_blank = blank},
                         .surrounding = detail::configured_surrounding(config, special)};
  std::error_code error;
  const bool everywhere =
      blank && (detail::flag(config, "legacy", true) ||
                std::filesystem::exists(path.parent_path() / "tokenizer.json", error));
  if (!everywhere && model.adds_blank()) model = model.without_blank();
  if (blank && !everywhere)
    stages.metaspace = MetaspaceRules{.prepend = MetaspaceRules::Prepend::first, .split = false};
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
