// Tokenizers of model folders: tokenizer.json, and the files beside it where transformers lets them
// win. Format: the tokenizers library of Hugging Face. What it can ask for and we do not do is
// refused, never ignored.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/text/byte_alphabet.hpp>
#include <painters/text/byte_level_bpe.hpp>
#include <painters/text/character_bpe.hpp>
#include <painters/text/json_stages.hpp>
#include <painters/text/json_surrounding.hpp>
#include <painters/text/json_vocabulary.hpp>
#include <painters/text/merges.hpp>
#include <painters/text/metaspace.hpp>
#include <painters/text/python_text.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/tokenizer_config.hpp>
#include <painters/text/tokenizer_parts.hpp>
#include <painters/text/word_piece.hpp>

namespace painters::text {

namespace detail {

/// Byte-level BPE, or BPE of characters.
inline Tokenizer::Model json_bpe(const JsonObject& model, const Vocabulary& vocabulary,
                                 const JsonWords& words) {
  for (const char* option : {"continuing_subword_prefix", "end_of_word_suffix"})
    if (!model.find<std::string>(option).value_or("").empty())
      unsupported(model, std::string("no ") + option);
  if (model.find<double>("dropout").value_or(0) != 0) unsupported(model, "no dropout");
  const auto unknown = json_unknown(model, vocabulary);
  const bool byte_fallback = flag(model, "byte_fallback", false);
  if (words.byte_level) {
    if (byte_fallback || words.metaspace) unsupported(model, "bytes or characters, not both");
    return ByteLevelBpe(vocabulary, json_merges(model), words.rules, unknown);
  }
  if (!words.rules.patterns.empty())
    unsupported(model, "ByteLevel or Metaspace, or no pre-tokenizer, with BPE");
  return CharacterBpe(vocabulary, Merges(vocabulary, json_merges(model)),
                      {.unknown = unknown,
                       .fuse_unknown = flag(model, "fuse_unk", false),
                       .byte_fallback = byte_fallback,
                       .ignore_merges = words.rules.ignore_merges});
}

inline WordPiece json_word_piece(const JsonObject& model, const Vocabulary& vocabulary,
                                 std::string_view mark) {
  WordPiece::Ids beginnings, continuations;
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    const std::string& piece = vocabulary.entries()[i].piece;
    if (piece.empty()) continue;
    const bool marked = piece.size() > mark.size() && piece.starts_with(mark);
    (marked ? continuations : beginnings)
        .try_emplace(marked ? piece.substr(mark.size()) : piece, static_cast<TokenId>(i));
  }
  const auto unknown = json_unknown(model, vocabulary);
  if (!unknown) unsupported(model, "an unk_token that is in the vocabulary");
  return {std::move(beginnings), std::move(continuations), *unknown,
          model.find<std::size_t>("max_input_chars_per_word").value_or(100)};
}

/// What a token of characters stands for.
inline std::string json_character_bytes(const std::string& piece, const JsonDecoder& decoder) {
  if (const auto byte = decoder.bytes ? byte_of_piece(piece) : std::nullopt)
    return std::string(1, *byte);
  return decoder.metaspace ? replace(piece, metaspace, " ") : piece;
}

/// What a token of words stands for.
inline std::string json_word_bytes(const std::string& piece, std::string_view mark) {
  return piece.starts_with(mark) ? piece.substr(mark.size()) : " " + piece;
}

}  // namespace detail

/// `path`: a tokenizer.json or the folder that holds it. Throws Error if it is another kind of
/// tokenizer, asks for something that we do not do, or contradicts itself.
inline Tokenizer read_tokenizer_json(const std::filesystem::path& path) {
  const auto json_path = std::filesystem::is_directory(path) ? path / "tokenizer.json" : path;
  const formats::JsonObject file = formats::read_json(json_path);
  const formats::JsonObject model = file.object("model");
  const auto type = model.find<std::string>("type").value_or("BPE");
  if (type != "BPE" && type != "WordPiece")
    throw Error("expected a tokenizer of type BPE or WordPiece in " + file.place() + ", found " +
                type + "; use a model with one of these, or with a tokenizer.model");

  const formats::JsonObject config = detail::tokenizer_config(json_path.parent_path());
  const detail::JsonWords words = detail::json_words(file, config);
  const detail::JsonDecoder decoder = detail::json_decoder(file);
  const auto mark = model.find<std::string>("continuing_subword_prefix").value_or("##");
  auto entries = detail::json_vocabulary(file, [&](const std::string& piece) {
    return type == "WordPiece" ? detail::json_word_bytes(piece, mark)
           : words.byte_level  ? from_byte_alphabet(piece).value_or(piece)
                               : detail::json_character_bytes(piece, decoder);
  });
  Vocabulary vocabulary(
      detail::ConfiguredTokens(std::move(entries), config, json_path.parent_path()).take(),
      file.place());
  if (words.bert != (type == "WordPiece") || (words.bert && (words.byte_level || words.metaspace)))
    detail::unsupported(file, "BertPreTokenizer alone with WordPiece, and only there");
  Tokenizer::Model algorithm =
      words.bert ? Tokenizer::Model(detail::json_word_piece(model, vocabulary, mark))
                 : detail::json_bpe(model, vocabulary, words);

  auto surrounding = detail::json_surrounding(file);
  const SpecialTokens special = detail::special_tokens(config, vocabulary, false);
  TokenizerStages stages{.normalizer = detail::json_normalizer(file, config),
                         .metaspace = words.metaspace,
                         .prefix_blank = words.prefix_blank,
                         .decoder = decoder.decoder,
                         .surrounding = surrounding
                                            ? std::move(*surrounding)
                                            : detail::configured_surrounding(config, special)};
  return Tokenizer(std::move(vocabulary), std::move(algorithm), special, std::move(stages));
}

}  // namespace painters::text
