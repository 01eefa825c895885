// A model's tokenizer: texts to token ids and back.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <painters/text/text_template.hpp>
#include <painters/text/token.hpp>

namespace painters::text {

class ByteLevelBpe;
class CharacterBpe;
class SentencePieceModel;
class Vocabulary;
class WordPiece;
struct TokenizerStages;

/// What a tokenizer adds around a text when it is asked to.
struct SpecialTokens {
  std::optional<TokenId> bos, eos;  // beginning and end of a text
  bool add_bos = false;             // the model wants bos before every text
};

/// Immutable; any number of threads may use one at once, and copies are one and the same.
///
/// Added tokens (control tokens such as <|im_end|> and the vocabulary's user-defined ones) are
/// recognised wherever a text spells them, as Hugging Face's tokenizers do and therefore
/// lm-evaluation-harness; nothing is put before or after the text unless that is asked for.
class Tokenizer {
 public:
  /// The algorithm between added tokens; one alternative for each kind of vocabulary.
  using Model = std::variant<ByteLevelBpe, CharacterBpe, WordPiece, SentencePieceModel>;

  /// Throws Error if a special token is outside the vocabulary. tokenizer_parts.hpp has the types
  /// of the arguments.
  Tokenizer(Vocabulary vocabulary, Model model, SpecialTokens special, TokenizerStages stages);

  ///@{ Copies, no moves: what was moved from would be no tokenizer.
  Tokenizer(const Tokenizer&) = default;
  Tokenizer& operator=(const Tokenizer&) = default;
  ///@}
  ~Tokenizer() = default;

  /// The ids of `text`, which may be any bytes.
  Tokens encode(std::string_view text) const;

  /// The same with what the model puts around a text ([CLS] and [SEP], a beginning of text), and
  /// the text cut at its end to `most` tokens in all.
  Encoding encode_with_special(std::string_view text, std::size_t most = unlimited) const;
  /// The same for a pair of texts.
  Encoding encode_with_special(std::string_view text, std::string_view second,
                               std::size_t most = unlimited) const;

  /// The bytes that the tokens stand for; tokens can end within a character. Throws Error for an id
  /// outside the vocabulary.
  std::string decode(std::span<const TokenId> tokens) const;

  /// A token as the model's files write it ("Ġthe"). Throws Error for an id outside the vocabulary.
  const std::string& piece(TokenId id) const;

  /// Whether a token is found in texts as a whole; it may then be no more than a name in a file,
  /// for which the model has no embedding. Throws Error for an id outside the vocabulary.
  bool is_added(TokenId id) const;

  /// "WordPiece" and the like, for people.
  std::string_view algorithm() const;
  /// How many tokens there are.
  std::size_t size() const;
  /// Beginning of a text; empty if the model has none.
  std::optional<TokenId> bos() const { return special_.bos; }
  /// End of a text; empty if the model has none.
  std::optional<TokenId> eos() const { return special_.eos; }
  /// Whether the model expects every text to begin with bos().
  bool add_bos() const { return special_.add_bos; }

 private:
  struct Parts;

  SpecialTokens special_;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace painters::text

#ifndef PAINTERS_COMPILED_ONCE
#include <painters/text/tokenizer_parts.hpp>
#endif
