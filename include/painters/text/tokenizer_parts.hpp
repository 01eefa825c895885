// What a tokenizer is made of.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <painters/compiled_once.hpp>
#include <painters/text/added_tokens.hpp>
#include <painters/text/bert_text.hpp>
#include <painters/text/byte_level_bpe.hpp>
#include <painters/text/character_bpe.hpp>
#include <painters/text/decoder.hpp>
#include <painters/text/metaspace.hpp>
#include <painters/text/normalizer.hpp>
#include <painters/text/sentencepiece_model.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>
#include <painters/text/vocabulary.hpp>
#include <painters/text/word_piece.hpp>

namespace painters::text {

/// What happens around the algorithm itself.
struct TokenizerStages {
  Normalizer normalizer{};                    // before anything but tokens of the text as it is
  std::optional<MetaspaceRules> metaspace{};  // on every piece that the model is given
  bool prefix_blank = false;   // before every piece that does not begin with white space
  Decoder decoder{};           // how tokens become text
  TextTemplate surrounding{};  // what encode_with_special puts around texts
};

/// What copies of a tokenizer share.
struct Tokenizer::Parts {
  Vocabulary vocabulary;         // all tokens, added ones too
  Model model;                   // cuts words into tokens
  TokenizerStages stages;        // around it
  AddedTokens added;             // found in a text as it is
  AddedTokens added_normalized;  // found after normalisation

  /// Prepares the search for added tokens.
  Parts(Vocabulary all, Model algorithm, TokenizerStages around)
      : vocabulary(std::move(all)),
        model(std::move(algorithm)),
        stages(std::move(around)),
        added(
            vocabulary, [](const AddedTokenRules& rules) { return !rules.normalized; },
            [](const VocabularyEntry& entry) { return entry.piece; }),
        added_normalized(
            vocabulary, [](const AddedTokenRules& rules) { return rules.normalized; },
            [&](const VocabularyEntry& entry) { return stages.normalizer(entry.piece); }) {}

  /// The ids of a text.
  Tokens encode(std::string_view text) const {
    Tokens tokens;
    bool at_start = true;
    const auto on_token = [&](TokenId id) {
      tokens.push_back(id);
      at_start = false;
    };
    const auto on_normalized = [&](std::string_view piece) {
      encode_piece(piece, at_start, tokens);
      at_start = false;
    };
    added.split(
        text,
        [&](std::string_view piece) {
          if (stages.normalizer.empty())
            added_normalized.split(piece, on_normalized, on_token);
          else
            added_normalized.split(stages.normalizer(piece), on_normalized, on_token);
        },
        on_token);
    return tokens;
  }

 private:
  void encode_piece(std::string_view piece, bool at_start, Tokens& tokens) const {
    const auto append = [&](std::string_view part) {
      std::visit([&](const auto& algorithm) { algorithm.encode(part, tokens); }, model);
    };
    if (stages.prefix_blank && !detail::begins_with_white_space(piece))
      append(" " + std::string(piece));
    else if (stages.metaspace)
      split_metaspace(piece, at_start, *stages.metaspace, append);
    else
      append(piece);
  }
};

PAINTERS_INLINE Tokenizer::Tokenizer(Vocabulary vocabulary, Model model, SpecialTokens special,
                                     TokenizerStages stages)
    : special_(special),
      parts_(std::make_shared<const Parts>(std::move(vocabulary), std::move(model),
                                           std::move(stages))) {
  if (special_.bos) parts_->vocabulary.at(*special_.bos);
  if (special_.eos) parts_->vocabulary.at(*special_.eos);
  for (const auto* around : {&parts_->stages.surrounding.single, &parts_->stages.surrounding.pair})
    for (const TemplatePart& part : *around)
      if (part.token) parts_->vocabulary.at(*part.token);
}

PAINTERS_INLINE Tokens Tokenizer::encode(std::string_view text) const {
  return parts_->encode(text);
}

PAINTERS_INLINE Encoding Tokenizer::encode_with_special(std::string_view text,
                                                        std::size_t most) const {
  return assemble(parts_->stages.surrounding.single, encode(text), {}, most);
}

PAINTERS_INLINE Encoding Tokenizer::encode_with_special(std::string_view text,
                                                        std::string_view second,
                                                        std::size_t most) const {
  return assemble(parts_->stages.surrounding.pair, encode(text), encode(second), most);
}

PAINTERS_INLINE std::string Tokenizer::decode(std::span<const TokenId> tokens) const {
  return parts_->stages.decoder(parts_->vocabulary, tokens);
}

PAINTERS_INLINE const std::string& Tokenizer::piece(TokenId id) const {
  return parts_->vocabulary.at(id).piece;
}

PAINTERS_INLINE bool Tokenizer::is_added(TokenId id) const {
  return parts_->vocabulary.at(id).added;
}

PAINTERS_INLINE std::string_view Tokenizer::algorithm() const {
  constexpr std::string_view names[] = {"byte-level BPE", "BPE over characters", "WordPiece",
                                        "SentencePiece"};
  static_assert(std::size(names) == std::variant_size_v<Model>);
  return names[parts_->model.index()];
}

PAINTERS_INLINE std::size_t Tokenizer::size() const { return parts_->vocabulary.size(); }

}  // namespace painters::text
