// The tokenizer inside a GGUF file; the file needs no weights.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/gguf.hpp>
#include <painters/text/bert_text.hpp>
#include <painters/text/byte_alphabet.hpp>
#include <painters/text/byte_level_bpe.hpp>
#include <painters/text/character_bpe.hpp>
#include <painters/text/gguf_vocabulary.hpp>
#include <painters/text/metaspace.hpp>
#include <painters/text/normalizer.hpp>
#include <painters/text/pre_tokenizer.hpp>
#include <painters/text/python_text.hpp>
#include <painters/text/score_merges.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/tokenizer_parts.hpp>
#include <painters/text/word_piece.hpp>

namespace painters::text {

namespace detail {

/// Files older than the key say nothing about the rules; for two architectures there is only one
/// possibility.
inline PreTokenizerRules gguf_rules(const formats::Gguf& file) {
  if (const auto name = file.find_metadata<std::string>("tokenizer.ggml.pre"))
    return pre_tokenizer_rules(*name);
  const auto architecture = file.metadata<std::string>("general.architecture");
  if (architecture == "gpt2") return pre_tokenizer_rules("gpt-2");
  if (architecture == "gptneox") return pre_tokenizer_rules("gpt-neox");
  throw Error("expected tokenizer.ggml.pre in " + file.path().string() +
              ", found no such key; convert the model again");
}

/// Kind 'gpt2': bytes and merges.
inline Tokenizer gguf_byte_level(const formats::Gguf& file) {
  Vocabulary vocabulary = gguf_vocabulary(file, [](std::string_view piece, int) {
    return from_byte_alphabet(piece).value_or(std::string(piece));
  });
  std::vector<std::pair<std::string, std::string>> merges;
  for (const std::string_view merge :
       file.metadata<std::vector<std::string_view>>("tokenizer.ggml.merges")) {
    const std::size_t space = merge.find(' ', 1);
    if (space == std::string_view::npos)
      throw Error("expected merges of two tokens in " + file.path().string() + ", found '" +
                  std::string(merge) + "'; the file is damaged");
    merges.emplace_back(merge.substr(0, space), merge.substr(space + 1));
  }
  ByteLevelBpe model(vocabulary, merges, gguf_rules(file));
  auto [special, surrounding] = gguf_special(file, false);
  return Tokenizer(std::move(vocabulary), std::move(model), special,
                   {.surrounding = std::move(surrounding)});
}

/// Kind 'llama': characters, and scores that say which merge comes first.
inline Tokenizer gguf_sentence_piece(const formats::Gguf& file) {
  Vocabulary vocabulary = gguf_vocabulary(file, [](std::string_view piece, int type) {
    const auto byte = type == gguf_byte ? byte_of_piece(piece) : std::nullopt;
    return byte ? std::string(1, *byte) : replace(piece, metaspace, " ");
  });
  const auto scores = gguf_array<float>(file, "tokenizer.ggml.scores", vocabulary.size());
  if (!scores)
    throw Error("expected tokenizer.ggml.scores in " + file.path().string() +
                ", found no such key; convert the model again");
  const std::vector<int> types = gguf_types(file, vocabulary.size());
  ScoreMerges merges = merges_by_score(vocabulary, *scores, [&](std::size_t i) {
    return types[i] != gguf_unknown && types[i] != gguf_control && types[i] != gguf_byte;
  });
  const CharacterRules rules{.unknown =
                                 gguf_token(file, vocabulary, {"unknown_token_id"}, "<unk>")};
  CharacterBpe model(vocabulary, std::move(merges.merges), rules,
                     std::move(merges.more_characters));

  auto [special, surrounding] = gguf_special(file, true);
  TokenizerStages stages{.surrounding = std::move(surrounding)};
  if (file.find_metadata<bool>("tokenizer.ggml.add_space_prefix").value_or(true)) {
    stages.normalizer.then(prepend(" "));
    stages.decoder.strip_first_blank = true;
  }
  stages.normalizer.then(replace_text(" ", std::string(metaspace)));
  return Tokenizer(std::move(vocabulary), std::move(model), special, std::move(stages));
}

/// Whether a vocabulary writes words in lower case only; GGUF does not say how texts are read.
inline bool is_uncased(const Vocabulary& vocabulary) {
  return std::ranges::none_of(vocabulary.entries(), [](const VocabularyEntry& entry) {
    return !entry.added && entry.piece.find('[') == std::string::npos &&
           std::ranges::any_of(entry.piece, [](char c) { return c >= 'A' && c <= 'Z'; });
  });
}

/// Kind 'bert': WordPiece, where words begin with "▁" and what continues them has no mark; other
/// files have no mark for words, and "##" before what continues them.
inline Tokenizer gguf_word_piece(const formats::Gguf& file) {
  const auto pieces = file.metadata<std::vector<std::string_view>>("tokenizer.ggml.tokens");
  const bool marks_words = std::ranges::any_of(
      pieces, [](std::string_view piece) { return piece.starts_with(metaspace); });
  const auto mark = marks_words ? metaspace : std::string_view("##");
  const auto unmarked = [&](std::string_view piece) {
    const bool marked = piece.size() > mark.size() && piece.starts_with(mark);
    return std::pair(marked ? piece.substr(mark.size()) : piece, marked == marks_words);
  };
  Vocabulary vocabulary = gguf_vocabulary(file, [&](std::string_view piece, int) {
    const auto [text, begins] = unmarked(piece);
    return (begins ? " " : "") + std::string(text);
  });

  WordPiece::Ids beginnings, continuations;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (vocabulary.entries()[i].added) continue;
    const auto [text, begins] = unmarked(pieces[i]);
    (begins ? beginnings : continuations).try_emplace(std::string(text), static_cast<TokenId>(i));
  }
  const auto special = [&](std::initializer_list<std::string_view> keys, std::string_view name) {
    const auto id = gguf_token(file, vocabulary, keys, name);
    if (!id)
      throw Error("expected a token " + std::string(name) + " in " + file.path().string() +
                  ", found none; the file is not a tokenizer of BERT");
    return *id;
  };
  const TokenId unknown = special({"unknown_token_id"}, "[UNK]"),
                cls = special({"cls_token_id", "bos_token_id"}, "[CLS]"),
                sep =
                    special({"seperator_token_id", "separator_token_id", "eos_token_id"}, "[SEP]");
  WordPiece model(std::move(beginnings), std::move(continuations), unknown);

  const bool uncased = is_uncased(vocabulary);
  TokenizerStages stages{.decoder = {.strip_first_blank = true, .words = true, .clean_up = true},
                         .surrounding = TextTemplate::bert(cls, sep)};
  stages.normalizer.then(bert_text({.strip_accents = uncased, .lowercase = uncased}));
  return Tokenizer(std::move(vocabulary), std::move(model), {}, std::move(stages));
}

}  // namespace detail

/// Throws Error if the file has no tokenizer, or one of another kind, or one that contradicts
/// itself.
inline Tokenizer read_tokenizer(const formats::Gguf& file) {
  const auto kind = file.metadata<std::string>("tokenizer.ggml.model");
  if (kind == "gpt2") return detail::gguf_byte_level(file);
  if (kind == "llama") return detail::gguf_sentence_piece(file);
  if (kind == "bert") return detail::gguf_word_piece(file);
  throw Error("expected a tokenizer of kind 'gpt2', 'llama' or 'bert' in " + file.path().string() +
              ", found '" + kind + "'; use a model with such a vocabulary");
}

}  // namespace painters::text
