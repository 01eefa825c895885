// A model's tokenizer: texts to token ids and back.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <painters/text/added_tokens.hpp>
#include <painters/text/byte_level_bpe.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// What a tokenizer adds around a text when it is asked to.
struct SpecialTokens {
  std::optional<TokenId> bos, eos;  // beginning and end of a text
  bool add_bos = false;             // the model wants bos before every text
};

/// Immutable; any number of threads may use one at once.
///
/// Added tokens (control tokens such as <|im_end|> and the vocabulary's user-defined ones) are
/// recognised wherever a text spells them, as Hugging Face's tokenizers do and therefore
/// lm-evaluation-harness; nothing is ever put before or after the text.
class Tokenizer {
 public:
  /// The algorithm between added tokens; one alternative for each kind of vocabulary.
  using Model = std::variant<ByteLevelBpe>;

  /// Throws Error if a special token is outside the vocabulary.
  Tokenizer(Vocabulary vocabulary, Model model, SpecialTokens special)
      : vocabulary_(std::move(vocabulary)),
        model_(std::move(model)),
        added_(vocabulary_),
        special_(special) {
    if (special_.bos) vocabulary_.at(*special_.bos);
    if (special_.eos) vocabulary_.at(*special_.eos);
  }

  /// The ids of `text`, which may be any bytes.
  Tokens encode(std::string_view text) const {
    Tokens tokens;
    added_.split(
        text,
        [&](std::string_view piece) {
          std::visit([&](const auto& model) { model.encode(piece, tokens); }, model_);
        },
        [&](TokenId id) { tokens.push_back(id); });
    return tokens;
  }

  /// The bytes that the tokens stand for; tokens can end within a character. Throws Error for an id
  /// outside the vocabulary.
  std::string decode(std::span<const TokenId> tokens) const {
    std::string text;
    for (const TokenId id : tokens) text += vocabulary_.at(id).bytes;
    return text;
  }

  /// A token as the model's files write it ("Ġthe"). Throws Error for an id outside the vocabulary.
  const std::string& piece(TokenId id) const { return vocabulary_.at(id).piece; }

  std::size_t size() const { return vocabulary_.size(); }
  /// Beginning of a text; empty if the model has none.
  std::optional<TokenId> bos() const { return special_.bos; }
  /// End of a text; empty if the model has none.
  std::optional<TokenId> eos() const { return special_.eos; }
  /// Whether the model expects every text to begin with bos().
  bool add_bos() const { return special_.add_bos; }

 private:
  Vocabulary vocabulary_;
  Model model_;
  AddedTokens added_;
  SpecialTokens special_;
};

}  // namespace painters::text
