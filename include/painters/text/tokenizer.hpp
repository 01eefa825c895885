// A model's tokenizer: texts to token ids and back.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <painters/text/added_tokens.hpp>
#include <painters/text/byte_level_bpe.hpp>
#include <painters/text/character_bpe.hpp>
#include <painters/text/decoder.hpp>
#include <painters/text/metaspace.hpp>
#include <painters/text/normalizer.hpp>
#include <painters/text/sentencepiece_model.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>
#include <painters/text/word_piece.hpp>

namespace painters::text {

/// What a tokenizer adds around a text when it is asked to.
struct SpecialTokens {
  std::optional<TokenId> bos, eos;  // beginning and end of a text
  bool add_bos = false;             // the model wants bos before every text
};

/// What happens around the algorithm itself.
struct TokenizerStages {
  Normalizer normalizer{};                    // before anything but tokens of the text as it is
  std::optional<MetaspaceRules> metaspace{};  // on every piece that the model is given
  Decoder decoder{};                          // how tokens become text
  TextTemplate surrounding{};                 // what encode_with_special puts around texts
};

/// Immutable; any number of threads may use one at once.
///
/// Added tokens (control tokens such as <|im_end|> and the vocabulary's user-defined ones) are
/// recognised wherever a text spells them, as Hugging Face's tokenizers do and therefore
/// lm-evaluation-harness; nothing is put before or after the text unless that is asked for.
class Tokenizer {
 public:
  /// The algorithm between added tokens; one alternative for each kind of vocabulary.
  using Model = std::variant<ByteLevelBpe, CharacterBpe, WordPiece, SentencePieceModel>;

  /// Throws Error if a special token is outside the vocabulary.
  Tokenizer(Vocabulary vocabulary, Model model, SpecialTokens special, TokenizerStages stages = {})
      : vocabulary_(std::move(vocabulary)),
        model_(std::move(model)),
        special_(special),
        stages_(std::move(stages)),
        added_(
            vocabulary_, [](const AddedTokenRules& rules) { return !rules.normalized; },
            [](const VocabularyEntry& entry) { return entry.piece; }),
        added_normalized_(
            vocabulary_, [](const AddedTokenRules& rules) { return rules.normalized; },
            [&](const VocabularyEntry& entry) { return stages_.normalizer(entry.piece); }) {
    if (special_.bos) vocabulary_.at(*special_.bos);
    if (special_.eos) vocabulary_.at(*special_.eos);
    for (const auto* parts : {&stages_.surrounding.single, &stages_.surrounding.pair})
      for (const TemplatePart& part : *parts)
        if (part.token) vocabulary_.at(*part.token);
  }

  /// The ids of `text`, which may be any bytes.
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
    added_.split(
        text,
        [&](std::string_view piece) {
          if (stages_.normalizer.empty())
            added_normalized_.split(piece, on_normalized, on_token);
          else
            added_normalized_.split(stages_.normalizer(piece), on_normalized, on_token);
        },
        on_token);
    return tokens;
  }

  /// The same with what the model puts around a text ([CLS] and [SEP], a beginning of text), and
  /// the text cut at its end to `most` tokens in all.
  Encoding encode_with_special(std::string_view text, std::size_t most = unlimited) const {
    return assemble(stages_.surrounding.single, encode(text), {}, most);
  }
  /// The same for a pair of texts.
  Encoding encode_with_special(std::string_view text, std::string_view second,
                               std::size_t most = unlimited) const {
    return assemble(stages_.surrounding.pair, encode(text), encode(second), most);
  }

  /// The bytes that the tokens stand for; tokens can end within a character. Throws Error for an id
  /// outside the vocabulary.
  std::string decode(std::span<const TokenId> tokens) const {
    return stages_.decoder(vocabulary_, tokens);
  }

  /// A token as the model's files write it ("Ġthe"). Throws Error for an id outside the vocabulary.
  const std::string& piece(TokenId id) const { return vocabulary_.at(id).piece; }

  /// "WordPiece" and the like, for people.
  std::string_view algorithm() const {
    constexpr std::string_view names[] = {"byte-level BPE", "BPE over characters", "WordPiece",
                                          "SentencePiece"};
    static_assert(std::size(names) == std::variant_size_v<Model>);
    return names[model_.index()];
  }
  std::size_t size() const { return vocabulary_.size(); }
  /// Beginning of a text; empty if the model has none.
  std::optional<TokenId> bos() const { return special_.bos; }
  /// End of a text; empty if the model has none.
  std::optional<TokenId> eos() const { return special_.eos; }
  /// Whether the model expects every text to begin with bos().
  bool add_bos() const { return special_.add_bos; }

 private:
  void encode_piece(std::string_view piece, bool at_start, Tokens& tokens) const {
    const auto append = [&](std::string_view part) {
      std::visit([&](const auto& model) { model.encode(part, tokens); }, model_);
    };
    if (stages_.metaspace)
      split_metaspace(piece, at_start, *stages_.metaspace, append);
    else
      append(piece);
  }

  Vocabulary vocabulary_;
  Model model_;
  SpecialTokens special_;
  TokenizerStages stages_;
  AddedTokens added_, added_normalized_;
};

}  // namespace painters::text
